#!/bin/bash
# The workshop's shell: the article's own commands, typed in the machine.
# shellcheck disable=SC2317,SC2154 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

typed() { # the lines of standard input are typed at the prompt
	ran="run-qemu.sh --shell" status=0
	"$top/run-qemu.sh" --accel tcg --shell --timeout 240 2>"$scratch/err" | tr -d '\r' >"$scratch/out" || status=$?
	expect_status 0
}
in_order() { # in_order PATTERN…: each on a line of the last run's output after that of the one before
	local pattern line=0 found
	for pattern; do
		found=$(tail -n "+$((line + 1))" "$scratch/out" | grep -nE -m 1 -e "$pattern" | cut -d : -f 1)
		[ -n "$found" ] || fail "after line $line there is no: $pattern"
		line=$((line + found))
	done
}

test_workshop_is_built() { run make -C "$top" workshop; expect_status 0; }

test_every_program_runs() {
	typed <<-'END'
		ip -V
		tc -V
		ss -V
		make --version
		tcpdump --version
		bpftool version
		sudo uname -s
	END
	in_order '^ip utility, iproute2-6.1.0, libbpf' '^tc utility, iproute2-6.1.0, libbpf' '^ss utility' '^GNU Make 4.4.1' \
		'^tcpdump version 4.99.6' '^bpftool v' '^Linux$'
}

run_tests "${1-}"
