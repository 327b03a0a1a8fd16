# make test [TESTS="PART… PART/NAME…"]: all tests, or these. The last line is `N passed, N failed`.
.PHONY: test
test:
	@$(TOP)/tests/run $(TESTS)
