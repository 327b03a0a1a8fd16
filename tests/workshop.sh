#!/bin/bash
# The workshop's shell: the article's own commands, typed in the machine.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

test_workshop_is_built() { run make -C "$top" workshop; expect_status 0; }

test_every_program_runs() {
	typed --timeout 240 <<-'END'
		ip -V
		tc -V
		ss -V
		make --version
		tcpdump --version
		bpftool version
		sudo uname -s
	END
	expect_status 0
	in_order '^ip utility, iproute2-6.1.0, libbpf' '^tc utility, iproute2-6.1.0, libbpf' '^ss utility' '^GNU Make 4.4.1' \
		'^tcpdump version 4.99.6' '^bpftool v' '^Linux$'
}

run_tests "${1-}"
