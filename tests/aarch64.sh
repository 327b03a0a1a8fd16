#!/bin/bash
# The lab for aarch64, with its own kernel and init, wherever its image is built: it takes a build of its own.
# shellcheck disable=SC2317,SC2123,SC2154 # tests are called by their names; one makes a PATH of its own
. "$(dirname "$0")/part.bash" || exit
arch=aarch64
image=$top/build/$arch

wants_image() { [ -e "$image/Image" ] || skip "the image for aarch64 is not built: make ARCH=aarch64"; }
wants_qemu() {
	command -v qemu-system-aarch64 >/dev/null ||
		skip "there is no qemu-system-aarch64: tools/deps --install --arch aarch64 run"
}
arm() { # arm OPTION…: lab, for that architecture; never the first to build it
	wants_image
	wants_qemu
	lab --arch aarch64 "$@"
}

test_the_image_is_built() { # of this tree, and not of an older one
	wants_image
	run make -C "$top" ARCH=aarch64 image
	expect_status 0
}

# clang makes this kernel, and inlines veth_xdp_rcv_skb: without it the ways under XDP cannot be told.
test_every_check_passes() {
	arm --seed 7 --output o
	expect_status 0
	expect_no_err
	[ "$(grep -cE '^ok [0-9]+ ' out)" = "$(wc -l <"$image/checks")" ] || fail "not every check is ok"
	refuse_out '^not ok'
	! grep '# SKIP' out | grep -vE '^ok [0-9]+ path-xdp[a-z-]* # SKIP the kernel lacks veth_xdp_rcv_skb ' ||
		fail "skipped for another reason"
	expect_out '^ok [0-9]+ control-routed # .*TTL 63.* 1/1.*instructions'
	expect_out '^ok [0-9]+ redirect # .*TTL 64.* 0/0.*TC_ACT_REDIRECT.*instructions'
	expect_out '^ok [0-9]+ path-redirect # .* 0 lost$'
	xmllint --noout o/junit.xml || fail "junit.xml"
	jq -e '.host | .exit_status == 0 and .qemu_status == 65 and .arch == "aarch64" and .machine == "virt" and .deterministic' \
		o/result.json >/dev/null || fail "result.json: $(jq -c .host o/result.json)"
}

# name              exit  the last line on standard error                       the console
breaks() { cat <<'END'
redirect=redirect-no-mac	1	a check failed	^not ok 1 redirect #
panic	4	crashed: Kernel panic - not syncing	Kernel panic
hang	5	no verdict within 10 s	.*
no-verdict	6	the guest gave none	^KTAP
channels-disagree	6	the console says pass, the exit channel fail	# verdict
END
}
test_breaks() {
	local name want words console
	while IFS='	' read -r name want words console; do
		echo "break $name"
		case $name in hang) set -- --timeout 10 ;; *) set -- ;; esac
		arm --check redirect --break "$name" "$@"
		expect_status "$want"
		expect_last_err "^run-qemu.sh: .*$words"
		expect_out "$console"
	done < <(breaks)
}

test_same_seed_same_console() {
	arm --check topology redirect path-redirect peer --seed 42
	expect_status 0
	mv out first
	arm --check topology redirect path-redirect peer --seed 42
	cmp first out || fail "two boots with one seed differ"
	arm --check topology redirect path-redirect peer --seed 43
	! cmp -s first out || fail "another seed, the same console: the seed fixes nothing"
}

test_cost() { # its counter goes on with every instruction too
	arm --cost --seed 3 --output o
	expect_status 0
	mv out first
	jq -e '[.lanes[] | {(.name): .prices["16 bytes"]}] | add | .peer < .redirect and .redirect < .["routed, no program"]' \
		o/cost.json >/dev/null || fail "$(cat o/cost.json)"
	arm --cost --seed 3 --output o
	cmp first out || fail "two tables of one seed differ"
}

# skb_consume_udp is inlined here, so that the way ends, and is told, one function earlier.
test_trace() {
	arm --trace redirect
	expect_status 0
	expect_no_err
	expect_out "^  -> redirected here: netns_1's IP layer is not entered"
	grep -A 1 ' netns_2 veth2@2 .* __udp_enqueue_schedule_skb$' out | tail -n 1 |
		grep -qxF "  -> delivered: in the listener's queue" || fail "it was not delivered into the queue"
	refuse_out 'skb_consume_udp'
}

test_shell() {
	wants_image
	wants_qemu
	echo 'uname -m' >lines
	typed --arch aarch64 --timeout 120 <lines
	expect_status 0
	expect_out '^aarch64$'
	tail -n 1 out | grep -qE '^# verdict [0-9a-f]{16} pass$' || fail "the last line is not the verdict"
}

test_no_kvm() { # which has no semihosting
	arm --accel kvm
	expect_status 3
	expect_last_err "no KVM for this aarch64 guest: .*; --accel tcg needs none"
	arm --machine microvm
	expect_status 2
	expect_last_err 'no --machine microvm; the nearest is '
	arm --print-command
	expect_status 0
	expect_out '^qemu-system-aarch64 '
	expect_out '^ +-machine virt,'
	expect_out '^ +-semihosting-config enable=on,'
}

test_no_qemu() { # all tools but that; and none that could install it
	local dir
	mkdir tools
	for dir in /bin /usr/bin /usr/sbin /usr/local/bin; do ln -sf "$dir"/* tools; done 2>/dev/null
	rm -f tools/qemu-system-aarch64
	PATH=$scratch/tools
	run "$top/run-qemu.sh" --arch aarch64 --doctor
	expect_status 3
	expect_out '^QEMU +lacks +there is no qemu-system-aarch64 here; install it: '
	rm -f tools/apt-get tools/dnf tools/pacman tools/zypper tools/apk
	wants_image
	run "$top/run-qemu.sh" --arch aarch64
	expect_status 3
	expect_err '^run-qemu.sh: this host lacks: qemu '
	expect_last_err 'install what is lacking first'
}

# This kernel has inlined a function of exercise 15's way: that is nobody's mistake.
test_solutions_have_full_marks() {
	wants_image
	wants_qemu
	[ -e "$image/compiler.squashfs" ] || skip "the compiler's disk for aarch64 is not made: make ARCH=aarch64 workshop"
	arm --seed 7 --grade "$top/rootfs/solutions"
	expect_status 0
}

run_tests "${1-}"
