#!/bin/bash
# shellcheck disable=SC2317,SC2016,SC2123,SC2154,SC2034,SC2094 # tests are called by their names; some make a PATH of their own
# run-qemu.sh against a QEMU that is played by tests/fake-qemu: every exit status and every trap, on any host.
. "$(dirname "$0")/part.bash" || exit
. "$top/tests/stage.bash" || exit

# guest                       exit  the last line on standard error
outcomes() { cat <<'END'
pass                          0
quoted-panic                  0
harmless                      0
carriage-returns              0
kernel-words-after            0
fail                          1     a check failed
usage                         2     does not know: there is no check called x
refused                       3     refused: the kernel lacks CONFIG_VETH
dies                          3     before the guest's first word.*Cannot allocate memory
mute-exit                     3     before the guest's first word
panic                         4     crashed: Kernel panic - not syncing: Attempted to kill init! exitcode=0x9$
panic-mid-line                4     crashed: Kernel panic - not syncing: sysrq triggered$
panic-after-pass              4     crashed: Kernel panic - not syncing: hung_task
caller-id                     4     crashed: Kernel panic - not syncing: with the caller
warn                          4     crashed: WARNING: CPU: 0 PID: 1 at net/core/dev.c:1
oops                          4     crashed: BUG: kernel NULL pointer dereference
stall                         4     crashed: rcu: INFO: rcu_sched self-detected stall
lockup                        4     crashed: watchdog: BUG: soft lockup
hang                          5     no verdict within 1 s
stubborn                      5     no verdict within 1 s
silent                        5     no verdict within 1 s: the guest said nothing at all
no-verdict                    6     cannot be believed: the guest gave none
no-verdict-fail               6     cannot be believed: the guest gave none
powered-off                   6     cannot be believed: the guest gave none
killed                        6     cannot be believed: the guest gave none .QEMU ended with status 137
two-verdicts                  6     cannot be believed: the guest gave 2
two-opinions                  6     cannot be believed: the guest gave 2
wrong-nonce                   6     cannot be believed: it is not in the words of this run
cut-verdict                   6     cannot be believed: it is not in the words of this run
unknown-verdict               6     cannot be believed: the console says splendid, the exit channel pass
console-pass-channel-fail     6     cannot be believed: the console says pass, the exit channel fail
console-fail-channel-pass     6     cannot be believed: the console says fail, the exit channel pass
verdict-without-channel       6     cannot be believed: the console says pass, the exit channel nothing
channel-without-console       6     cannot be believed: the guest gave none
late-words                    6     cannot be believed: it is not the last thing
END
}

every_outcome() {
	local guest want words
	stage
	while read -r guest want words; do
		FAKE_GUEST=$guest run_lab --accel tcg --timeout 1
		echo "guest $guest"
		expect_status "$want"
		if [ "$want" = 0 ]; then expect_no_err; else expect_last_err "^run-qemu.sh: .*$words"; fi
		nothing_left
	done < <(outcomes)
}
test_outcomes_dash() { shell=dash; every_outcome; }
test_outcomes_bash() { shell='bash --posix'; every_outcome; }
test_outcomes_busybox_ash() { shell='busybox ash'; every_outcome; }

test_outcomes_busybox_applets() { # a host where awk, sed, od, timeout and the others are busybox
	local tool
	for tool in awk sed od df cut grep tr head tail cat cp mv rm mkdir mkfifo mktemp readlink timeout wc id uname \
		nproc sleep printf kill chmod stat tee touch stty ls dirname dd; do
		mkdir -p applets
		ln -s "$(command -v busybox)" "applets/$tool"
	done
	shell="$(command -v busybox) ash"
	ln -s "$(command -v busybox)" applets/sh
	PATH=$scratch/applets:$PATH
	every_outcome
}

test_console_is_the_guests() { # standard output is what the guest said, byte for byte
	stage
	run_lab --accel tcg --seed 7
	expect_status 0
	printf 'KTAP version 1\n1..2\nok 1 topology # as drawn\nok 2 redirect # delivered, TTL 64\n' >expected
	head -n 4 out | cmp - expected || fail "the console was changed on its way"
	tail -n 1 out | grep -qx '# verdict [0-9a-f]\{16\} pass' || fail "no verdict line"
}

test_crash_shows_the_panic() {
	stage
	FAKE_GUEST=panic run_lab --accel tcg
	expect_status 4
	expect_out 'Kernel panic - not syncing: Attempted to kill init'
}

# --- KVM ----------------------------------------------------------------------------------------------------

test_kvm_that_works_is_used() {
	stage; : >kvm
	run_lab
	expect_status 0; expect_no_err
	grep -q -e '-accel kvm -cpu host' calls || fail "KVM was not tried"
	[ "$(wc -l <calls)" = 1 ] || fail "more than one boot"
	! grep -q icount calls || fail "icount under KVM"
}

test_kvm_silent_falls_back() {
	stage; : >kvm
	FAKE_KVM=silent run_lab
	expect_status 0
	[ "$(cat err)" = "run-qemu.sh: KVM does not run a guest here (it said nothing in 1 s): going on under TCG" ] ||
		fail "not exactly the one line"
	sed -n 1p calls | grep -q 'accel kvm' || fail "KVM was not tried"
	sed -n 2p calls | grep -q 'accel tcg' || fail "TCG was not tried"
	nothing_left
}

test_kvm_aborting_falls_back() {
	stage; : >kvm
	FAKE_KVM=abort run_lab
	expect_status 0
	[ "$(wc -l <err)" = 1 ] || fail "not exactly one line"
	expect_err 'KVM does not run a guest here \(QEMU ended with status 134: error: failed to set MSR 0x345\): going on'
	nothing_left
}

test_kvm_asked_for_and_silent() {
	stage; : >kvm
	FAKE_KVM=silent run_lab --accel kvm --output o
	expect_status 3
	expect_last_err 'KVM does not run a guest here \(it said nothing in 1 s\)'
	[ "$(wc -l <calls)" = 1 ] || fail "TCG was tried though KVM was asked for"
	jq -e '.host.exit_status == 3 and .guest == null' o/result.json >/dev/null || fail "result.json"
	nothing_left
}

test_kvm_asked_for_and_aborting() {
	stage; : >kvm
	FAKE_KVM=abort run_lab --accel=kvm
	expect_status 3
	expect_last_err 'failed to set MSR'
	nothing_left
}

test_kvm_asked_for_and_absent() {
	stage
	run_lab --accel kvm
	expect_status 3
	expect_last_err 'there is no .*kvm'
	[ ! -e calls ] || fail "QEMU was started"
}

test_kvm_absent_is_no_news() {
	stage
	run_lab
	expect_status 0; expect_no_err
	grep -q 'accel tcg' calls || fail "TCG was not used"
}

test_bench_wants_real_time() { # no fallback: emulated numbers only for who asked for them
	stage
	run_lab --bench
	expect_status 3
	expect_last_err '^run-qemu.sh: --bench: there is no .*kvm; there is no real time to be had without it; --accel tcg gives'
	[ ! -e calls ] || fail "QEMU was started"
	: >kvm
	FAKE_KVM=silent run_lab --bench
	expect_status 3
	expect_last_err 'said nothing in 1 s\); there is no real time'
	[ "$(wc -l <calls)" = 1 ] || fail "TCG was tried though nobody asked for it"
	run_lab --bench --seed 4
	expect_status 2
	expect_last_err 'real time, which --seed cannot fix'
	run_lab --bench --accel kvm --seed 4
	expect_status 2
	nothing_left
}

test_kvm_guest_that_crashes_is_no_fallback() { # what spoke under KVM is judged, not tried again
	stage; : >kvm
	FAKE_GUEST=panic run_lab
	expect_status 4
	[ "$(wc -l <calls)" = 1 ] || fail "a guest that spoke was booted again"
}

test_kvm_deadline_holds() {
	stage; : >kvm
	FAKE_GUEST=hang run_lab --timeout 2
	expect_status 5
	expect_last_err 'no verdict within 2 s'
	nothing_left
}

test_seed_means_tcg() {
	stage; : >kvm
	run_lab --seed 5
	expect_status 0; expect_no_err
	grep -q 'accel tcg' calls || fail "--seed ran under KVM"
	run_lab --seed 5 --accel kvm
	expect_status 2
	run_lab --seed 5 --cpus 2
	expect_status 2
}

# --- ends that are not the guest's --------------------------------------------------------------------------------

interrupted() { # interrupted SIGNAL STATUS GUEST
	stage
	export FAKE_GUEST=$3
	start_lab --accel tcg
	ends_by "$1" "$2"
}
test_ctrl_c() { interrupted INT 130 hang; }
test_ctrl_c_of_a_stubborn_qemu() { interrupted INT 130 stubborn; }
test_ctrl_c_of_a_silent_guest() { interrupted INT 130 silent; }
test_terminate() { interrupted TERM 143 stubborn; }
test_hang_up() { interrupted HUP 129 stubborn; }

test_signal_to_the_script_alone() {
	stage
	export FAKE_GUEST=stubborn
	start_lab --accel tcg
	kill -TERM "$script"
	status=0
	wait "$script" || status=$?
	expect_status 143
	all_gone
}

test_kill_9() { # the script cannot clean up: its watchdog does
	stage
	export FAKE_GUEST=stubborn
	start_lab --accel tcg
	kill -KILL "$script"
	wait_for session_is_empty
	wait_for rmdir "$TMPDIR"
	mkdir "$TMPDIR"
	nothing_left
}

test_kill_9_at_any_moment() { # between the temporary directory and QEMU too
	local pause
	stage
	export FAKE_GUEST=stubborn
	: >pids
	for pause in 0.005 0.01 0.015 0.02 0.025 0.03 0.04 0.05 0.07; do
		setsid "$lab/run-qemu.sh" --accel tcg >out 2>err </dev/null &
		script=$!
		sleep "$pause"
		kill -KILL "$script"
		wait "$script" || true
		wait_for session_is_empty
	done
	while read -r pid; do
		! kill -0 "$pid" 2>/dev/null || fail "QEMU $pid outlived the script"
	done <pids
}

test_no_stray_process_after_a_run() {
	stage
	start_lab --accel tcg
	wait "$script" || fail "it did not pass"
	session_is_empty || fail "still there: $(ps -o pid=,args= -s "$script")"
	nothing_left
}

test_several_at_once() {
	local n pids=()
	stage
	for n in 1 2 3 4 5 6; do
		"$lab/run-qemu.sh" --accel tcg --seed "$n" --output "o$n" >"out$n" 2>&1 </dev/null &
		pids+=($!)
	done
	for n in "${pids[@]}"; do wait "$n" || fail "one of six did not pass"; done
	for n in 1 2 3 4 5 6; do
		jq -e ".host.seed == $n and .host.exit_status == 0" "o$n/result.json" >/dev/null || fail "o$n is not of run $n"
		cmp -s "out$n" "o$n/console.log" || fail "console $n is not of run $n"
	done
	nothing_left
}

# --- where it is called from, and on what host --------------------------------------------------------------------

test_from_anywhere_through_a_symlink() {
	stage
	mkdir else where
	ln -s "$lab/run-qemu.sh" "where/the link"
	ln -s "../where/the link" else/again
	(cd / && run "$scratch/else/again" --accel tcg && expect_status 0)
	(cd else && run ./again --accel tcg && expect_status 0)
	PATH=$scratch/else:$PATH run again --accel tcg
	expect_status 0
}

test_comma_in_paths() { # in QEMU's option lists a comma is written twice
	stage
	TMPDIR="$scratch/t,m p"
	mkdir "$TMPDIR"
	run_lab --accel tcg --output "out, put"
	expect_status 0
	expect_out 'verdict'
	jq -e . "out, put/result.json" >/dev/null || fail "no result.json"
	nothing_left
}

test_print_command_can_be_pasted() {
	stage
	run_lab --accel tcg --seed 9 --print-command
	expect_status 0
	[ ! -e calls ] || fail "something was run"
	cp out command
	nothing_printed=$(sh ./command) || true
	grep -q -e "-kernel $lab/build/x86_64/vmlinux" calls || fail "the pasted command is another one: $(cat calls)"
	grep -q 'lab.seed=9' calls || fail "the pasted command lost its kernel's words"
	[ -n "$nothing_printed" ] || fail "the pasted command showed no console"
	[ -z "$(ls -A "$TMPDIR")" ] || fail "a temporary directory for nothing"
}

test_no_network_no_disk() {
	stage
	run_lab --accel tcg --output o
	expect_status 0
	grep -q -e '-nodefaults -no-user-config -display none' calls || fail "defaults are not off"
	grep -q -e '-sandbox on' calls || fail "no sandbox"
	! grep -qE -e '-(net|nic|netdev|drive|blockdev|hda|cdrom|virtfs|fsdev)' calls || fail "a network or a disk"
}

test_without_seccomp() {
	stage
	FAKE_SANDBOX=no run_lab --accel tcg
	expect_status 0
	! grep -q -e '-sandbox' calls || fail "-sandbox to a QEMU that has none"
}

test_machine_microvm() { stage; run_lab --accel tcg; grep -q 'microvm,acpi=off' calls || fail "not microvm"; }
test_machine_without_microvm() {
	stage
	FAKE_MACHINES='pc q35' run_lab --accel tcg
	expect_status 0
	grep -q -e '-machine q35' calls || fail "not q35"
}
test_machine_without_firmware() {
	stage
	FAKE_FIRMWARE=$scratch/nowhere run_lab --accel tcg
	expect_status 0
	grep -q -e '-machine q35' calls || fail "not q35"
}
test_machine_asked_for() { stage; run_lab --accel tcg --machine q35; grep -q -e '-machine q35' calls || fail "not q35"; }
test_machine_asked_for_and_absent() {
	stage
	FAKE_MACHINES=pc run_lab --accel tcg --machine microvm
	expect_status 3
	expect_last_err 'no machine microvm.*the-package-manager install'
}

test_deterministic_machine() { # with one CPU under TCG; the same seed, the same command but for its own paths
	stage
	run_lab --accel tcg --seed 3
	run_lab --accel tcg --seed 3
	grep -c -e '-icount shift=0,sleep=off -rtc base=2026-01-01,clock=vm -seed 3' calls | grep -qx 2 || fail "not deterministic"
	[ "$(sed 's/.*-append//' calls | sort -u | wc -l)" = 1 ] || fail "the kernel's words differ between two runs of one seed"
	run_lab --accel tcg --cpus 2
	expect_status 0
	! tail -n 1 calls | grep -q -e icount -e lab.price || fail "a price with two CPUs"
}

test_nonce_is_drawn_anew() {
	stage
	run_lab --accel tcg
	run_lab --accel tcg
	[ "$(grep -o 'lab.nonce=[0-9a-f]*' calls | sort -u | wc -l)" = 2 ] || fail "two runs with one nonce"
}

test_words_of_the_options() {
	stage
	run_lab --accel tcg --check topology redirect --check=redirect-no-mac --repeat 3 --printk --verbose --break panic --memory 64
	expect_status 0
	for word in lab.check=topology,redirect,redirect-no-mac lab.repeat=3 lab.printk=1 lab.verbose=1 lab.break=panic \
		lab.mode=check panic_on_warn=1 oops=panic; do
		grep -q " $word" calls || fail "the kernel was not told $word"
	done
	grep -q -e '-smp 1 -m 64 ' calls || fail "not 64 MiB"
	! grep -q quiet calls || fail "--verbose and quiet"
}

test_old_qemu() {
	stage
	for version in 2.11.1 6.2.0 7.1.94; do
		FAKE_VERSION=$version run_lab
		expect_status 3
		expect_last_err "QEMU $version is too old: the lab needs 7.2 or later"
	done
	for version in 7.2.0 8.0.50 10.1.0; do
		FAKE_VERSION=$version run_lab --accel tcg
		expect_status 0
	done
	FAKE_VERSION='' run_lab
	expect_status 3
}

without_qemu() { # a PATH that has all tools but QEMU
	local tool
	mkdir tools
	for tool in sh env awk sed od df cut grep tr head tail cat cp mv rm mkdir mkfifo mktemp readlink timeout wc id uname \
		nproc sleep kill chmod stty ls make flock; do
		! command -v "$tool" >/dev/null || ln -s "$(command -v "$tool")" tools
	done
	PATH=$scratch/tools
}

test_no_qemu() {
	stage
	bin=$PATH
	without_qemu
	LACKING=qemu-system-x86 run_lab
	PATH=$bin
	expect_status 3
	expect_err 'this host lacks: qemu-system-x86'
	expect_last_err 'the-package-manager install what-is-lacking'
}

test_too_little_memory_on_the_host() {
	stage
	run_lab --accel tcg --memory 1048576
	if [ "$(awk '/^MemAvailable/ { print int($2 / 1024) }' /proc/meminfo)" -gt 1048576 ]; then skip "the host has a TiB free"; fi
	expect_status 3
	expect_last_err 'wants 1048576 MiB of memory and the host has [0-9]+ left'
	[ ! -e calls ] || fail "QEMU was started"
}

# --- an image or a kernel that is none ------------------------------------------------------------------------

test_damaged_vmlinux() {
	stage
	echo "not a kernel" >"$lab/build/x86_64/vmlinux"
	run_lab --accel tcg
	expect_status 3
	expect_last_err 'vmlinux is damaged; remove it'
}
test_damaged_initramfs() {
	stage
	: >"$lab/build/x86_64/initramfs.cpio.zst"
	run_lab --accel tcg
	expect_status 3
	expect_last_err 'initramfs.cpio.zst is damaged; remove it'
}
test_kernel_that_is_none() {
	stage
	echo "#!/bin/sh" >script
	: >empty
	mkdir directory
	MACHINE=183 "$top/tests/fake-kernel" vmlinux >arm64
	for kernel in script empty arm64 directory /nowhere; do
		run_lab --accel tcg --kernel "$kernel"
		expect_status 3
		expect_last_err "^run-qemu.sh: --kernel $kernel: "
	done
	[ ! -e calls ] || fail "QEMU was started"
}
test_kernel_elf_and_bzimage() {
	stage
	"$top/tests/fake-kernel" vmlinux >"my vmlinux"
	run_lab --accel tcg --kernel "my vmlinux"
	expect_status 0; expect_no_err
	grep -qE -e '-kernel [^ ]*/tmp dir/[^ ]*/[.]kernel/kernel -initrd .*/initramfs.cpio.zst ' calls || fail "another kernel was booted"
	"$top/tests/fake-kernel" bzimage gzip >bzImage
	run_lab --accel tcg --kernel=bzImage
	expect_status 0; expect_no_err
	nothing_left
}
test_kernel_taken_apart_before() {
	stage
	mkdir -p "its parts"
	"$top/tests/fake-kernel" vmlinux >"its parts/kernel"
	echo "an archive" >"its parts/modules.cpio"
	run_lab --accel tcg --kernel "its parts"
	expect_status 0; expect_no_err
	grep -q -e "-kernel $scratch/its parts/kernel -initrd $TMPDIR/[^ ]*/[.]initramfs " calls || fail "not its parts: $(cat calls)"
	nothing_left
	: >calls
	run_lab --accel tcg --kernel "its parts" --print-command
	expect_status 0
	cp out command
	sh ./command >/dev/null || true
	grep -q -e "-initrd $scratch/its parts/initramfs " calls || fail "the pasted command has no modules"
	cat "its parts/modules.cpio" "$lab/build/x86_64/initramfs.cpio.zst" | cmp - "its parts/initramfs" || fail "not both archives"
}
test_kernel_to_take_apart_and_print_command() {
	stage
	"$top/tests/fake-kernel" vmlinux >vmlinux
	run_lab --accel tcg --kernel vmlinux --print-command
	expect_status 2
	expect_last_err 'tools/kernel --into DIR vmlinux'
}
test_kernel_with_output_is_on_q35() { # a distribution's kernel finds no ports on microvm
	stage
	"$top/tests/fake-kernel" vmlinux >vmlinux
	run_lab --accel tcg --kernel vmlinux --output o
	expect_status 0
	tail -n 1 calls | grep -q -e '-machine q35' || fail "not q35"
	jq -e --arg kernel "$scratch/vmlinux" '.host.kernel == $kernel' o/result.json >/dev/null || fail "$(cat o/result.json)"
}

# --- no image ---------------------------------------------------------------------------------------------------

fresh() { # a checkout with nothing built and a Makefile that only takes note
	stage
	mv "$lab/build" "$scratch/built"
	cat >"$lab/Makefile" <<-END
		.RECIPEPREFIX = |
		.DEFAULT:
		|@echo \$@ >>$scratch/made; [ -z "\$\$BROKEN" ] || exit 1; mkdir -p build/x86_64
		|@if [ \$@ = image ]; then cp -r $scratch/built/x86_64 build; else cp $scratch/built/x86_64/checks build/x86_64; fi
	END
}

test_builds_what_is_not_there() {
	fresh
	run_lab --accel tcg
	expect_status 0
	expect_err 'no image is built yet'
	grep -q image made || fail "make image was not called"
	run_lab --accel tcg
	expect_status 0; expect_no_err
}
test_list_needs_no_kernel() {
	fresh
	run_lab --list
	expect_status 0
	expect_out '^redirect-no-mac +not delivered'
	! grep -qx image made || fail "the whole image was built to name the checks"
}
test_build_that_fails() {
	fresh
	BROKEN=1 run_lab --accel tcg
	expect_status 3
	expect_last_err 'could not be built'
}
test_build_lacks_tools() {
	fresh
	LACKING=a-compiler run_lab --accel tcg
	expect_status 3
	expect_err 'this host lacks: a-compiler'
	expect_last_err 'install what is lacking first: the-package-manager install'
}

read_only() { # read_only DIR COMMAND…: with DIR mounted read-only
	unshare -m sh -c 'mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" && exec "$@"' "$@"
}
test_read_only_checkout() {
	stage
	read_only "$lab" true 2>/dev/null || skip "mounting is not permitted here"
	run read_only "$lab" "$lab/run-qemu.sh" --accel tcg
	expect_status 0
	rm -r "$lab/build/x86_64"
	run read_only "$lab" "$lab/run-qemu.sh" --accel tcg
	expect_status 3
	expect_last_err 'cannot be written'
}

on_small_disk() { # on_small_disk DIR COMMAND…: with 64 KiB there
	unshare -m sh -c 'mount -t tmpfs -o size=64k small "$0" && exec "$@"' "$@"
}
test_full_disk() {
	stage
	mkdir small
	on_small_disk small true 2>/dev/null || skip "mounting is not permitted here"
	TMPDIR=$scratch/small run on_small_disk small "$lab/run-qemu.sh" --accel tcg
	expect_status 3
	expect_last_err 'is full: [0-9]+ KiB left'
	run on_small_disk small "$lab/run-qemu.sh" --accel tcg --output small
	expect_status 3
	expect_last_err 'is full: [0-9]+ KiB left'
	[ ! -e calls ] || fail "QEMU was started"
	nothing_left_in_tmp=$(ls -A "$TMPDIR")
	[ -z "$nothing_left_in_tmp" ] || fail "left: $nothing_left_in_tmp"
}

# --- usage ------------------------------------------------------------------------------------------------------

test_usage_errors() {
	stage
	while IFS='|' read -r arguments words; do
		eval "run_lab $arguments"
		expect_status 2
		expect_last_err "$words"
		[ "$(wc -l <err)" = 1 ] || fail "more than one line"
	done <<'END'
--verbos|no option --verbos; the nearest is --verbose
--chek redirect|no option --chek; the nearest is --check
--kernal=x|no option --kernal; the nearest is --kernel
-x|no option -x
--check redirekt|no check redirekt; the nearest is redirect
--check redirect no-mac|no check no-mac; the nearest is redirect-no-mac|
--check topology,nonsense|no check nonsense
--check|--check wants a value
--check --list|--check wants a value
--check=|--check wants a value
--output|--output wants a value
--list=yes|--list takes no value
redirect|an option was expected, not redirect
--machine pc|no --machine pc; the nearest is
--accel kwm|no --accel kwm; the nearest is kvm
--arch arm64|--arch arm64: the lab has x86_64 and aarch64
--modules dir|--modules goes with --kernel
--cpus 0|--cpus wants a whole number from 1 to 8, not 0
--cpus two|--cpus wants a whole number from 1 to 8, not two
--memory 63|--memory wants a whole number from 64
--memory -1|--memory wants a whole number
--timeout 0|--timeout wants a whole number
--timeout 1.5|--timeout wants a whole number
--seed 4294967296|--seed wants a whole number from 0 to 4294967295
--seed 99999999999999999999|--seed wants a whole number
--seed 007|--seed wants a whole number
--repeat 1001|--repeat wants a whole number from 1 to 1000
--break panik|no --break panik; the nearest is panic
--break "no such"|no --break no such
END
	[ ! -e calls ] || fail "QEMU was started"
}

test_help() {
	stage
	run_lab --help
	expect_status 0; expect_no_err
	sed -n 's/^\(--[a-z-]*\) .*/\1/p' "$lab/run-qemu.sh" | while read -r option; do expect_out "^  $option "; done
	for status in 0 1 2 3 4 5 6; do expect_out "^  $status  "; done
	expect_out '^sabotage'
	expect_out '^  channels-disagree '
	expect_out 'only TCG can'
}

test_list() {
	stage
	run_lab --list
	expect_status 0
	[ "$(wc -l <out)" = 3 ] || fail "not a line a check"
	expect_out '^topology +as drawn$'
}

# --- results ------------------------------------------------------------------------------------------------------

test_output_whole() {
	stage
	run_lab --accel tcg --output new/dir
	expect_status 0
	[ "$(find new/dir -type f | sort | tr '\n' ' ')" = \
		"new/dir/console.log new/dir/junit.xml new/dir/result.json new/dir/results.tap " ] || fail "files: $(ls -A new/dir)"
	cmp out new/dir/console.log || fail "console.log is not the console"
	xmllint --noout new/dir/junit.xml || fail "junit.xml"
	grep -qx 'ok 2 redirect' new/dir/results.tap || fail "results.tap"
	! grep -q 'Bail out' new/dir/results.tap || fail "Bail out! of a run that passed"
	jq -e '.host.exit_status == 0 and .host.accelerator == "tcg" and .host.qemu_version == "8.2.0" and
		.host.machine == "microvm" and .guest.kernel == "6.12"' new/dir/result.json >/dev/null || fail "result.json"
}

test_output_of_a_lost_run() { # what the guest did not come to say, the host says
	local guest
	stage
	for guest in panic hang no-verdict dies; do
		FAKE_GUEST=$guest run_lab --accel tcg --timeout 1 --output o
		outcome=$(sed -n 's/^run-qemu.sh: //p' err)
		jq -e --arg outcome "$outcome" --argjson status "$status" \
			'.host.outcome == $outcome and .host.exit_status == $status and .guest == null' o/result.json >/dev/null ||
			fail "result.json: $(cat o/result.json)"
		xmllint --noout o/junit.xml || fail "junit.xml"
		[ "$(xmllint --xpath 'string(//testsuite/@errors)' o/junit.xml)" = 1 ] || fail "junit.xml names no error"
		[ "$(xmllint --xpath 'string(//error/@message)' o/junit.xml)" = "$outcome" ] || fail "junit.xml: another error"
		[ "$(tail -n 1 o/results.tap)" = "Bail out! $outcome" ] || fail "results.tap does not bail out"
	done
}

test_output_not_writable() {
	stage
	: >file
	run_lab --accel tcg --output file/below
	expect_status 3
	expect_last_err 'cannot be written'
	[ ! -e calls ] || fail "QEMU was started"
}

# --- the shell ------------------------------------------------------------------------------------------------------

test_shell_piped() { # lines are typed one at a time, at a prompt; the end of the input leaves the shell
	stage
	ran="run-qemu.sh --shell" status=0
	printf 'ip link\nlab send hello\n' | FAKE_GUEST=shell "$lab/run-qemu.sh" --shell --accel tcg >out 2>err || status=$?
	expect_status 0
	expect_out 'typed: ip link'
	expect_out 'typed: lab send hello'
	grep -q -e '-initrd .*/shell.cpio.zst ' calls || fail "an image without a shell"
	grep -q lab.mode=shell calls || fail "not lab.mode=shell"
	! grep -q lab.rows calls || fail "a window's size without a window"
	nothing_left
}

test_shell_empty_input() {
	stage
	export FAKE_GUEST=shell
	run_lab --shell --accel tcg
	expect_status 0
	nothing_left
}

test_shell_piped_and_guest_dies() { # who waits for the next line of standard input is not left behind
	stage
	mkfifo input
	sleep 1000 >input &
	sleeper=$!
	FAKE_GUEST=prompt-and-die setsid "$lab/run-qemu.sh" --shell --accel tcg <input >out 2>err &
	script=$!
	ran="run-qemu.sh --shell" status=0
	wait "$script" || status=$?
	left=$(ps -o args= -s "$script") || true
	kill "$sleeper"
	expect_status 6
	[ -z "$left" ] || fail "still there: $left"
	nothing_left
}

test_shell_at_a_terminal() { # its size is told, its state comes back though QEMU was killed, no deadline
	stage
	command -v script >/dev/null || skip "there is no script(1)"
	export lab
	FAKE_GUEST=raw-terminal SHELL=/bin/sh script -qec 'stty rows 33 cols 111; stty -g >before
		"$lab/run-qemu.sh" --shell --accel tcg 2>err; echo $? >status; stty -g >after' typescript </dev/null >/dev/null
	cmp before after || fail "the terminal is not as before"
	[ "$(cat status)" = 6 ] || fail "status $(cat status)"
	grep -q 'lab.rows=33 lab.cols=111' calls || fail "the window's size was not told"
	nothing_left
}

# --- what `lab save` sent ----------------------------------------------------------------------------------------------

block() { printf '%s' "$1" | dd bs=512 conv=sync 2>/dev/null; } # block TEXT: filled up, as init/parcel.c does
parcel() { # parcel [NAME TEXT]…
	while [ $# -gt 0 ]; do
		block "file 644 ${#2} $1"
		block "$2"
		shift 2
	done
	block saved
}
kept="o, ut/work"
run_with_saved() { # run_with_saved <PARCELS: whose guest has sent them
	cat >parcels
	stage
	FAKE_SAVED=$scratch/parcels run_lab --shell --accel tcg --output "o, ut"
}

test_saved_work() { # the last of a file wins; what a save has not is left
	mkdir -p "$kept"
	echo before >"$kept/a"
	echo mine >"$kept/other"
	run_with_saved < <({ parcel a one "b c/d" two; parcel a three; })
	expect_status 0
	expect_err "^run-qemu.sh: what was saved is in .*/o, ut/work\$"
	[ "$(cat "$kept/a" "$kept/b c/d" "$kept/other")" = "threetwomine" ] || fail "$(find o* -type f -exec head {} +)"
	nothing_left
}

test_saved_work_cut_short() { # told, and nothing of it comes
	local whole bytes
	{ parcel a one; parcel a two b three; } >all
	whole=$(wc -c <all)
	for bytes in 1600 1537 2100 3000 3072 $((whole - 512)) 100; do
		rm -rf "o, ut"
		mkdir -p "$kept"
		echo before >"$kept/a"
		run_with_saved < <(head -c "$bytes" all)
		expect_status 3
		expect_last_err 'not all came to .*/o, ut/work'
		[ "$(ls "$kept")" = a ] || fail "$bytes bytes: $(ls "$kept")"
		[ "$bytes" = 100 ] || [ "$(cat "$kept/a")" = one ] || fail "$bytes bytes: the save before is lost"
		[ "$bytes" != 100 ] || [ "$(cat "$kept/a")" = before ] || fail "100 bytes: what was there is lost"
		nothing_left
	done
}

test_saved_work_of_a_stranger() { # nothing lands beside the directory
	local name
	for name in ../x a/../../x "$scratch/x" ./x a//x . .. '' 'a/.' x/ $'a\nb'; do
		run_with_saved < <(parcel "$name" evil)
		expect_status 3
		expect_last_err 'not all came'
		[ -z "$(find . -name x -o -name 'a*' ! -path './a lab*')" ] || fail "$name: $(find . -name x -o -name a)"
	done
	for name in "link 644 1 x" "file 4755 1 x" "file 644 99999999 x" "file 644 -1 x" "file 644 1k x" "file 644 x"; do
		run_with_saved < <({ block "$name"; block 1; block saved; })
		expect_status 3
		expect_last_err 'not all came'
		[ ! -e "$kept/x" ] || fail "$name"
	done
	nothing_left
}

test_saved_work_outlives_the_script() { # whoever ends it, what was saved comes
	local signal
	parcel a one >parcels
	stage
	export FAKE_GUEST=hang FAKE_SAVED=$scratch/parcels
	for signal in HUP KILL; do
		rm -rf "o, ut" pids
		start_lab --accel tcg --shell --output "o, ut"
		wait_for eval '[ -s "$TMPDIR"/*/saved ]'
		kill "-$signal" "$script"
		wait "$script" || true
		wait_for session_is_empty
		wait_for rmdir "$TMPDIR"
		mkdir "$TMPDIR"
		[ "$(cat "$kept/a")" = one ] || fail "nothing after SIG$signal"
	done
}

test_saved_work_not_writable() {
	[ "$(id -u)" != 0 ] || skip "root may write everywhere"
	mkdir -p "$kept"
	chmod a-w "$kept"
	run_with_saved < <(parcel a one)
	expect_status 3
	expect_last_err 'cannot be written there'
}

# --- a shared directory, and terminals more -----------------------------------------------------------------------------

test_command_line_of_share() { # on each machine; commas twice, blanks kept
	local machine device
	stage
	mkdir "a, share"
	while read -r machine device; do
		run_lab --accel tcg --shell --machine "$machine" --share "a, share" --print-command
		expect_status 0
		cp out command
		: >calls
		sh ./command >/dev/null </dev/null || true
		grep -qF -e "-fsdev local,id=share,security_model=none,multidevs=remap,path=$scratch/a,, share -device $device,fsdev=share,mount_tag=share" calls ||
			fail "$machine: $(cat calls)"
	done <<-'END'
		microvm virtio-9p-device
		q35 virtio-9p-pci
	END
}

test_command_line_of_consoles() { # a pair of pipes each, and no second serial bus beside --output's
	stage
	TMPDIR="$scratch/t,m p"
	mkdir "$TMPDIR"
	export lab
	script -qec '"$lab/run-qemu.sh" --shell --accel tcg --output o' /dev/null >out 2>&1 </dev/null || fail "$(cat out)"
	for number in 2 3; do
		grep -qF -e "pipe,id=console$number,path=$scratch/t,,m p/redirect-lab." calls || fail "console $number: $(cat calls)"
		grep -qF -e "virtconsole,chardev=console$number" calls || fail "console $number is no device"
	done
	[ "$(grep -o 'virtio-serial-device' calls | wc -l)" = 1 ] || fail "not one serial bus: $(cat calls)"
	nothing_left
}

test_attach_chooses_among_labs() { # two that are at work, by their directories, and one that has ended
	stage
	sleep 1000 & first=$!
	sleep 1000 & second=$!
	for lab_of in "$first" "$second" 99999999; do
		mkdir "$TMPDIR/redirect-lab.$lab_of"
		echo "$lab_of" >"$TMPDIR/redirect-lab.$lab_of/consoles"
		echo "of $lab_of" >"$TMPDIR/redirect-lab.$lab_of/console2.out"
		: >"$TMPDIR/redirect-lab.$lab_of/console2.in"
		echo "third of $lab_of" >"$TMPDIR/redirect-lab.$lab_of/console3.out"
		: >"$TMPDIR/redirect-lab.$lab_of/console3.in"
	done
	attached() { # attached WORD…: its exit status, and what it said, in out
		run script -qec "'$lab/run-qemu.sh' --attach $*" /dev/null
	}
	attached
	expect_status 2
	expect_out "choose with --attach PID, of: ($first $second|$second $first)"
	attached "$second"
	expect_status 0
	expect_out "^of $second"
	attached 3 "$first"
	expect_out "^third of $first"
	attached 99999999
	expect_status 3
	expect_out 'no run-qemu.sh --shell of yours with the number 99999999'
	kill "$first"
	wait "$first" || true
	attached
	expect_status 0
	expect_out "^of $second"
	kill "$second"
}

# --- the doctor -----------------------------------------------------------------------------------------------------

test_doctor() {
	stage
	run_lab --doctor
	expect_status 0
	expect_out '^QEMU +ok +8.2.0'
	expect_out '^KVM +no +'
	expect_out '^memory +ok'
	expect_out '^kernels +(ok|no) +--kernel '
	LACKING=shellcheck run_lab --doctor
	expect_status 3
	expect_out 'lacks +shellcheck.*the-package-manager install'
	FAKE_VERSION=6.0.0 run_lab --doctor
	expect_status 3
	expect_out '^QEMU +lacks .*too old'
}
test_doctor_tries_kvm() {
	stage; : >kvm
	run_lab --doctor
	expect_out '^KVM +ok +runs a guest'
	FAKE_KVM=silent run_lab --doctor
	expect_status 0
	expect_out '^KVM +no +.*said nothing in 1 s'
	nothing_left
}

run_tests "${1-}"
