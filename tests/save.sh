#!/bin/bash
# What a participant makes survives: `lab save`, what is told before it is lost, and a shared directory.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

# One boot. What is unsaved is told at `exit` and at `poweroff`, once, and where somebody stood they are again.
test_asked_once() {
	command -v expect >/dev/null || skip "there is no expect"
	export TMPDIR=$scratch/tmp
	mkdir tmp
	cat >session <<-'END'
		set timeout 60
		set prompt {lab:[^ ]*# }
		proc at {what} {
			expect {
				-re $what {}
				-re "never-this|verdict" { exit 96 }
				timeout { exit 98 }
				eof { exit 97 }
			}
		}
		spawn -noecho [lindex $argv 0] --accel tcg --shell --output o
		set main $spawn_id
		at $prompt
		send "cd 03-egress; echo // mine >>redirect.bpf.c; sleep 1000 & exit\r"
		at "not saved, .*03-egress/redirect.bpf.c\r.*lab save. puts it into work/ of --output\\. The same again"
		at "lab:.*03-egress# "
		send "kill -0 \$(pidof sleep) && echo still''-there; pwd\r"
		at "still-there.*/root/03-egress\r"
		at $prompt
		# Another terminal may come and go: nothing is lost with it.
		spawn -noecho [lindex $argv 0] --attach
		at "console 2: Enter"
		send "\r"
		at $prompt
		send "exit\r"
		at "console 2: Enter"
		send "\035"
		at "comes back"
		wait
		set spawn_id $main
		send "lab save\r"
		at "saved, .*03-egress/redirect.bpf.c"
		at $prompt
		send "echo more >'two words'; poweroff\r"
		at "not saved, .*#   03-egress/two words\r.*leaves without it"
		at $prompt
		send "busybox poweroff -f\r"
		at "not permitted"
		at $prompt
		send "busybox poweroff\r"
		expect "verdict"
		expect eof
		exit [lindex [wait] 3]
	END
	run expect session "$top/run-qemu.sh"
	expect_status 0
	tail -n 1 o/work/03-egress/redirect.bpf.c | grep -qx '// mine' || fail "not saved"
	[ "$(find o/work -type f)" = o/work/03-egress/redirect.bpf.c ] || fail "saved what nobody saved"
	[ -z "$(ls -A tmp)" ] || fail "left: $(ls -A tmp)"
}

run_tests "${1-}"
