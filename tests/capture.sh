#!/bin/bash
# What --capture writes, read by Wireshark's own reader.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

fields() { # fields FILE FILTER FIELD…: a line a frame, with single blanks
	local file=$1 filter=$2 field options=()
	shift 2
	for field; do options+=(-e "$field"); done
	tshark -r "$file" -Y "$filter" -T fields -E separator=' ' "${options[@]}" 2>err
}
way() { # way FILE CHECK: where its datagram went by: interface, direction (1 in, 2 out), to which MAC, TTL
	fields "$1" "frame.comment == \"$2\" && udp.dstport == 7777" \
		frame.interface_name frame.packet_flags_direction eth.dst ip.ttl |
		sed 's/0x0000000//'
}
expect_way() { # expect_way CHECK FIELDS…: as way() says it, where `other` is any MAC but the server's
	local check=$1
	shift
	way way.pcapng "$check" | sed -E '/ 02:00:00:00:00:00 /!s/ ([0-9a-f]{2}:){5}[0-9a-f]{2} / other /' >seen
	printf '%s\n' "$@" >expected
	cmp -s expected seen || fail "$check went another way: $(diff expected seen)"
}

# One boot: the redirect, the route that is its control, a drop, and a frame that is handed over.
test_ways() {
	lab --check redirect control-routed redirect-ingress peer xdp --capture way.pcapng
	expect_status 0
	expect_out '^# captured [0-9]+ frames, 0 were lost$'
	expect_way redirect 'veth1@1 2 other 64' 'backlog netns_1 1 other 64' 'veth1@2 1 other 64' \
		'veth2@1 2 02:00:00:00:00:00 64' 'backlog netns_2 1 02:00:00:00:00:00 64' 'veth2@2 1 02:00:00:00:00:00 64'
	expect_way control-routed 'veth1@1 2 other 64' 'backlog netns_1 1 other 64' 'veth1@2 1 other 64' \
		'veth2@1 2 02:00:00:00:00:00 63' 'backlog netns_2 1 02:00:00:00:00:00 63' 'veth2@2 1 02:00:00:00:00:00 63'
	expect_way redirect-ingress 'veth1@1 2 other 64' 'backlog netns_1 1 other 64' 'veth1@2 1 other 64' \
		'backlog netns_1 1 02:00:00:00:00:00 64' 'veth2@1 1 02:00:00:00:00:00 64'
	expect_way peer 'veth1@1 2 other 64' 'backlog netns_1 1 other 64' 'veth1@2 1 other 64' 'veth2@2 1 other 64'
	expect_way xdp 'veth1@1 2 other 64' 'veth2@2 1 02:00:00:00:00:00 64'
	[ "$(fields way.pcapng 'frame.comment == "OTHERHOST" && udp' frame.interface_name frame.packet_flags_reception_type)" = \
		$'backlog netns_1 4\nveth2@1 4' ] || fail "the frame for another host is not marked as one"
	fields way.pcapng udp udp.payload >payloads
	[ "$(sort -u payloads | wc -l)" = 5 ] || fail "not one datagram a check"
	grep -qE '^68656c6c6f20[0-9a-f]{32}0a$' payloads || fail "the payload is not: hello NONCE"
	[ "$(fields way.pcapng 'frame.time_epoch < 1767225600 || frame.time_epoch > 1767225700' frame.number)" = "" ] ||
		fail "the frames are not of the machine's first seconds, 2026-01-01"
	capinfos -T -m -r -c way.pcapng >info || fail "capinfos does not read it"
	grep -q ",$(sed -n 's/^# captured \([0-9]*\) .*/\1/p' out)\$" info || fail "not as many frames as the guest says"
	[ "$(capinfos -I way.pcapng | grep -cE 'Name = (veth[12]@[12]|backlog (host|netns_1|netns_2))$')" = 7 ] || fail "not the seven interfaces"
}
# Nothing is judged otherwise because somebody looks on, and nothing is lost of 20000 frames.
test_every_check_under_capture() {
	lab --capture all.pcapng
	expect_status 0
	expect_out '^# captured [0-9]{5} frames, 0 were lost$'
	refuse_out '^not ok'
	[ "$(grep -c '^ok ' out)" = "$(wc -l <"$image/checks")" ] || fail "not every check passed"
	[ "$(fields all.pcapng 'frame.comment == "tcp-cut"' frame.number | wc -l)" -gt 5000 ] || fail "few frames of a MiB each way"
}
test_the_same_bytes_again() {
	lab --check redirect --seed 7 --capture a.pcapng
	expect_status 0
	lab --check redirect --seed 7 --capture b.pcapng
	expect_status 0
	cmp a.pcapng b.pcapng
}
test_in_the_shell() {
	ran="run-qemu.sh --shell --capture" status=0
	printf 'lab send hello\n' |
		"$top/run-qemu.sh" --accel tcg --shell --timeout 60 --capture way.pcapng >out 2>err || status=$?
	expect_status 0
	[ "$(fields way.pcapng 'udp.dstport == 7777' frame.interface_name | paste -sd ,)" = \
		"veth1@1,backlog netns_1,veth1@2,veth2@1,backlog netns_2,veth2@2" ] || fail "not the way of what was sent"
}
test_what_is_lost_fails() {
	lab --check burst-cut --break small-ring --capture way.pcapng
	expect_status 1
	expect_out '^ok 1 burst-cut'
	expect_out '^# captured [0-9]+ frames, [1-9][0-9]* were lost$'
	[ "$(tshark -r way.pcapng 2>err | wc -l)" = "$(sed -n 's/^# captured \([0-9]*\) .*/\1/p' out)" ] || fail "the file has another number"
	# The statistics of the last interface, before their end and their length: isb_ifdrop.
	[ "$(tail -c 16 way.pcapng | od -An -N8 -tu8 | tr -d ' ')" -gt 0 ] || fail "the file does not tell of the loss"
}
test_nothing_is_left_of_a_run_that_failed() {
	lab --check redirect --break panic --capture way.pcapng
	expect_status 4
	expect_last_err 'way.pcapng was not written$'
	[ -z "$(find . -name '*way.pcapng*')" ] || fail "left: $(find . -name '*way.pcapng*')"
}
test_bad_input() {
	local words
	for words in '--capture' '--capture way.pcap' '--capture .pcapng' '--capture w.pcapng --cost' '--capture w.pcapng --bench' \
		'--capture w.pcapng --list' '--capture w.pcapng --doctor' '--capture w.pcapng --memory 64'; do
		# shellcheck disable=SC2086 # these are the words
		lab $words
		expect_status 2
		expect_err '^run-qemu.sh: --capture'
	done
	mkdir d.pcapng
	for words in --capture\ none/w.pcapng --capture\ d.pcapng; do
		# shellcheck disable=SC2086 # these are the words
		lab $words
		expect_status 3
		expect_err '^run-qemu.sh: --capture'
	done
	[ -z "$(find . -name 'w.pcapng')" ] || fail "something was written"
}

test_a_file_that_is_cut_short_is_none() { # whoever writes it is killed, and the shell goes on
	printf '%s\n' 'for it in $(pidof init); do [ $it = 1 ] || kill -9 $it; done' >lines
	typed --timeout 60 --capture way.pcapng <lines
	expect_status 6
	expect_last_err 'the capture is cut short; .*way.pcapng was not written'
	[ -z "$(find . -name '*way.pcapng*')" ] || fail "something of it is there"
}

run_tests "${1-}"
