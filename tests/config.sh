#!/bin/bash
# tools/check-config: what a fragment asks for is in the kernel, or named.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

configured() { # the fragment that the tests ask for, and a configuration that has it all
	printf '# why\nCONFIG_VETH=y\nCONFIG_NR_CPUS=8\n# CONFIG_MODULES is not set\nCONFIG_CMDLINE="a b"\n' >fragment
	printf 'CONFIG_OTHER=y\nCONFIG_VETH=y\nCONFIG_NR_CPUS=8\nCONFIG_CMDLINE="a b"\n' >config
}
check() { run "$top/tools/check-config" "$@"; }
refused() { expect_status 1; expect_err "$1"; }

test_all_there() { configured; check fragment config; expect_status 0; expect_no_err; }
test_fell_out() { configured; sed -i /VETH/d config; check fragment config; refused CONFIG_VETH; }
test_is_not_set() { configured; sed -i 's/CONFIG_VETH=y/# CONFIG_VETH is not set/' config; check fragment config; refused CONFIG_VETH; }
test_became_a_module() { configured; sed -i 's/VETH=y/VETH=m/' config; check fragment config; refused CONFIG_VETH; }
test_other_value() { configured; sed -i 's/=8/=64/' config; check fragment config; refused CONFIG_NR_CPUS; }
test_unwanted_is_there() { configured; echo CONFIG_MODULES=y >>config; check fragment config; refused CONFIG_MODULES; }
test_names_all_that_fell_out() {
	configured
	: >config
	check fragment config
	refused CONFIG_VETH
	refused CONFIG_NR_CPUS
	refused CONFIG_CMDLINE
}
test_longer_name_is_not_it() { configured; sed -i 's/VETH=y/VETHER=y/' config; check fragment config; refused CONFIG_VETH; }
test_later_fragment_wins() {
	configured
	echo CONFIG_NR_CPUS=4 >second
	check fragment second config
	refused CONFIG_NR_CPUS
	sed -i 's/=8/=4/' config
	check fragment second config
	expect_status 0
}
test_no_such_file() { configured; check fragment nowhere; [ "$status" != 0 ] || fail "a missing configuration passed"; }

test_the_kernel_that_was_built() {
	[ -e "$image/linux/.config" ] || skip "no kernel is built"
	check "$top/kernel-config/lab.config" "$top/kernel-config/$arch.config" "$image/linux/.config"
	expect_status 0
}

test_the_build_stops() { # the same rule, through make's own words: an option that cannot be had
	[ -e "$image/linux/.config" ] || skip "no kernel is built"
	sed '/^CONFIG_VETH=/d' "$image/linux/.config" >config
	check "$top/kernel-config/lab.config" "$top/kernel-config/$arch.config" config
	refused CONFIG_VETH
	grep -q 'check-config' "$top/kernel-config/kernel.mk" || fail "the build does not check its configuration"
}

run_tests "${1-}"
