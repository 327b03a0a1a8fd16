# Sourced by the parts that have run-qemu.sh boot a QEMU that is played by tests/fake-qemu.
# shellcheck shell=bash disable=SC2154,SC2034

# A checkout with an image that only looks like one, in a path with blanks and a comma; its own TMPDIR, in which
# nothing may stay; its own KVM device.
stage() {
	lab="$scratch/a lab, staged"
	export TMPDIR="$scratch/tmp dir" FAKE_PIDS=$scratch/pids FAKE_CALLS=$scratch/calls
	export REDIRECT_LAB_KVM=$scratch/kvm REDIRECT_LAB_KVM_SILENCE=1
	mkdir -p "$lab/build/x86_64" "$lab/tools" "$TMPDIR" bin
	cp "$top/run-qemu.sh" "$lab"
	cp "$top/tools/kernel" "$top/tools/archive" "$lab/tools"
	printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\2\0\076\0 not quite a kernel' >"$lab/build/x86_64/vmlinux"
	printf '\050\265\057\375 not quite an archive' >"$lab/build/x86_64/initramfs.cpio.zst"
	cp "$lab/build/x86_64/initramfs.cpio.zst" "$lab/build/x86_64/shell.cpio.zst"
	printf 'topology\tas drawn\nredirect\tTTL 64\nredirect-no-mac\tnot delivered\n' >"$lab/build/x86_64/checks"
	cat >"$lab/tools/deps" <<-'END'
		#!/bin/sh
		case $1 in
		--list-missing) [ -z "${LACKING-}" ] || echo "$LACKING" ;;
		--print) echo "the-package-manager install what-is-lacking" ;;
		*) exit 1 ;;
		esac
	END
	chmod +x "$lab/tools/deps"
	cp "$top/tests/fake-qemu" bin/qemu-system-x86_64
	: >bin/qboot.rom
	PATH=$scratch/bin:$PATH
}

run_lab() { run ${shell-} "$lab/run-qemu.sh" "$@"; }

nothing_left() { # no process that played QEMU, no file
	local pid
	[ -z "$(ls -A "$TMPDIR")" ] || fail "left in the temporary directory: $(ls -A "$TMPDIR")"
	while read -r pid; do
		! kill -0 "$pid" 2>/dev/null || fail "QEMU $pid outlived the script"
	done <"$FAKE_PIDS"
}

start_lab() { # in a session of its own, with the signals of a terminal's job: $script is its process
	setsid env --default-signal=INT,QUIT "$lab/run-qemu.sh" "$@" >out 2>err </dev/null &
	script=$!
	ran="run-qemu.sh $*" status=unknown
	wait_for test -s "$FAKE_PIDS"
}
session_is_empty() { [ -z "$(ps -o pid= -s "$script")" ]; }    # ps fails where there is none
all_gone() {
	wait_for session_is_empty
	nothing_left
}

ends_by() { # ends_by SIGNAL STATUS: to the whole job, as a terminal does
	kill "-$1" -- "-$script"
	status=0
	wait "$script" || status=$?
	expect_status "$2"
	nothing_left
	all_gone
}
