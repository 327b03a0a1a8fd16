#!/bin/bash
# What a person at --shell has of the host: a shared directory, and terminals more.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

test_bad_words() {
	run "$top/run-qemu.sh" --share "$scratch"
	expect_status 2
	expect_last_err 'goes with --shell'
	run "$top/run-qemu.sh" --shell --share "$scratch/none"
	expect_status 3
	expect_last_err 'none: no such directory'
	run "$top/run-qemu.sh" --attach --verbose
	expect_status 2
	expect_last_err 'goes with no other option'
	run "$top/run-qemu.sh" --attach
	expect_status 2
	expect_last_err 'wants a terminal'
	TMPDIR=$scratch run script -qec "$top/run-qemu.sh --attach" /dev/null
	expect_status 3
	expect_out 'no run-qemu.sh --shell of yours'
}

test_three_consoles_and_a_share() {
	command -v expect >/dev/null || skip "there is no expect"
	export TMPDIR=$scratch/tmp
	mkdir tmp share
	cat >session <<-'END'
		source $env(top)/tests/terminal.tcl
		spawn -noecho [lindex $argv 0] --accel tcg --shell --share [lindex $argv 1]
		set main $spawn_id
		at "# "
		spawn -noecho [lindex $argv 0] --attach
		at "console 2: Enter"
		send "\r"
		at "# "
		send "echo \$((6 * 7)) >/share/made\r"
		at "# "
		the_terminal_is_the_guests
		send "\035"
		at "comes back"
		wait
		spawn -noecho [lindex $argv 0] --attach 3
		set third $spawn_id
		at "console 3: Enter"
		spawn -noecho [lindex $argv 0] --attach 3
		at "console 3 is taken"
		wait
		set spawn_id $main
		send "cat /share/made\r"
		at "\n42\r"
		send "exit\r"
		at "verdict"
		set status [ended]
		set spawn_id $third
		at "the lab is over"
		exit $status
	END
	run expect session "$top/run-qemu.sh" "$scratch/share"
	expect_status 0
	[ "$(cat share/made)" = 42 ] || fail "the host does not see what was made inside"
	[ -z "$(ls -A tmp)" ] || fail "left: $(ls -A tmp)"
}

run_tests "${1-}"
