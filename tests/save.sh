#!/bin/bash
# What a participant makes survives: `lab save`, what is told before it is lost, and a shared directory.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

kept=o/work

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
				"verdict" { exit 96 }
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
		expect "verdict" {} timeout { exit 95 }
		expect eof {} timeout { exit 94 }
		exit [lindex [wait] 3]
	END
	run expect session "$top/run-qemu.sh"
	expect_status 0
	tail -n 1 "$kept"/03-egress/redirect.bpf.c | grep -qx '// mine' || fail "not saved"
	[ "$(find "$kept" -type f)" = "$kept"/03-egress/redirect.bpf.c ] || fail "saved what nobody saved"
	[ -z "$(ls -A tmp)" ] || fail "left: $(ls -A tmp)"
}

# Three boots: a first session saves, a second goes on where it ended, and one that keeps nothing says so.
test_saved_and_gone_on() {
	typed --output o <<-'END'
		mkdir 'a b'; echo one >'a b/c d'; echo '#!/bin/sh' >run; chmod +x run; ln -s run link; clang 2>vmlinux.h
		echo '// one' >>03-egress/redirect.bpf.c
		lab save
		touch run; echo '// two' >>03-egress/redirect.bpf.c
		lab save
		lab save
		echo three >'a b/c d'
	END
	expect_status 0
	expect_err 'what was saved is in .*/o/work$'
	in_order '^lab.* lab save$' '^# saved, ' '^#   03-egress/redirect.bpf.c$' '^#   a b/c d$' '^#   run$' \
		'^lab.* lab save$' '^# saved, ' '^#   03-egress/redirect.bpf.c$' '^lab.* lab save$' '^# nothing in /root is unsaved' \
		'^# not saved, and lost' '^#   a b/c d$' '^# .*too late' '^# verdict'
	[ "$(cd "$kept" && find . -type f | sort | tr '\n' ' ')" = './03-egress/redirect.bpf.c ./a b/c d ./run ' ] || fail "$(find "$kept")"
	{ [ -x "$kept/run" ] && [ "$(cat "$kept/a b/c d")" = one ]; } || fail "not as they were saved"
	{ cat "$top/rootfs/workshop/03-egress/redirect.bpf.c"; printf '// one\n// two\n'; } | cmp - "$kept"/03-egress/redirect.bpf.c

	typed --output o <<-'END'
		tail -n 1 03-egress/redirect.bpf.c; ./run && echo it runs; echo four >>'a b/c d'
		lab save
		poweroff
		sleep 1000
	END
	expect_status 0
	expect_err '/root has what was saved in .*/o/work$'
	in_order '^// two$' '^it runs$' '^# saved, ' '^#   a b/c d$' '^# verdict'
	refuse_out '^# not saved'
	refuse_out '^#   (run|03-egress)'
	[ "$(cat "$kept/a b/c d")" = "$(printf 'one\nfour')" ] || fail "the second session is not saved"

	printf '%s\n' 'echo x >x; lab save; echo "status $?"' 'i=0; while [ $i -lt 20 ]; do echo $i >n$i; i=$((i+1)); done' | typed
	expect_status 0
	expect_out '^lab save: this machine keeps nothing: begin with --shell --share DIR, or --shell --output DIR'
	in_order '^status 1$' '^# not saved' '^#   n0$' '^#   and 9 more$' '^# this machine keeps nothing'
}

# One boot, on the machine with PCI, of somebody who is not root.
test_share_of_an_ordinary_user() {
	[ "$(id -u)" != 0 ] || command -v setpriv >/dev/null || skip "root without setpriv"
	user=$(id -u)
	as=''
	if [ "$user" = 0 ]; then
		user=65534 as="setpriv --reuid=$user --regid=$user --clear-groups"
		$as test -r "$top/build/$arch/shell.cpio.zst" || skip "user $user may not read $top"
	fi
	mkdir share "tmp of"
	echo before >share/notes
	chmod 711 .
	[ -z "$as" ] || chown "$user" share share/notes "tmp of"
	cat >lines <<-'END'
		mkdir -p a/b; echo deep >a/b/deep; echo now >notes; echo '// mine' >>03-egress/redirect.bpf.c
		lab save
		lab save; echo made >/share/made; rm /share/nothing; chmod 600 /share/made; cat /share/notes
		echo unsaved >later
	END
	ran="--share" status=0
	TMPDIR="$scratch/tmp of" $as "$top/run-qemu.sh" --accel tcg --machine q35 --shell --share share <lines >console 2>err || status=$?
	tr -d '\r' <console >out
	expect_status 0
	in_order '^# saved, in /share:$' '^#   03-egress/redirect.bpf.c$' '^#   a/b/deep$' '^#   notes$' '^# nothing in /root is unsaved' '^now$' \
		'^# not saved' '^#   later$' '^# .lab save. copies it to /share'
	refuse_out '^#   made'
	[ "$(cat share/notes share/notes~ share/made share/a/b/deep)" = "$(printf 'now\nbefore\nmade\ndeep')" ] || fail "$(head share/*)"
	tail -n 1 share/03-egress/redirect.bpf.c | grep -qx '// mine' || fail "not saved"
	[ -z "$(find share ! -user "$user")" ] || fail "not the user's: $(find share ! -user "$user")"
	[ "$(find share -type f | wc -l)" = 5 ] || fail "more than was made: $(find share -type f)"
	[ "$(stat -c %a share/made)" = 600 ] || fail "its mode"
	[ -z "$(ls -A "tmp of")" ] || fail "left: $(ls -A "tmp of")"
}

run_tests "${1-}"
