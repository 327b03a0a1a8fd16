#!/bin/bash
# The way of a datagram, function by function, from the real tracer in the real machine.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

test_trace() {
	lab --trace redirect
	expect_status 0
	expect_no_err
	in_order '^SKB +CPU PROCESS +NETNS +IFACE +MARK PROTO +MTU +LEN TYPE +FUNCTION$' \
		'^0x[0-9a-f]{16} +0 init\(1\) +host +- .* ip_send_skb$' ' host +veth1@1 .* veth_xmit$' \
		' netns_1 veth1@2 .* tcf_classify$' ' skb_do_redirect$' "^  -> redirected here: netns_1's IP layer is not entered" \
		' __bpf_redirect$' ' netns_1 veth2@1 .* __dev_queue_xmit$' ' netns_2 veth2@2 .* ip_rcv$' \
		' netns_2 +- .* skb_consume_udp$' '^ok 1 redirect # delivered, TTL 64.* 0 lost$' '^# verdict [0-9a-f]+ pass$'
	refuse_out 'netns_1 .* ip_rcv$'
	[ "$(grep -oE '^0x[0-9a-f]+' out | sort -u | wc -l)" = 1 ] || fail "more than one skb"
}
test_trace_of_the_routed_control() {
	lab --trace control-routed
	expect_status 0
	in_order ' netns_1 veth1@2 .* ip_rcv$' ' ip_forward$' '^  -> routed here: TTL 64 becomes 63' ' netns_1 veth2@1 .* veth_xmit$'
	refuse_out '(tcf_classify|redirect)$'
}
test_trace_of_a_drop() { # what the article does not tell of its second trace
	lab --trace redirect-ingress
	expect_status 0
	in_order ' skb_do_redirect$' ' __bpf_redirect$' ' veth2@1 .* netif_rx_internal$' ' veth2@1 .* OTHERHOST ip_rcv$' \
		' sk_skb_reason_drop\(OTHERHOST\)$' '^  -> dropped here: OTHERHOST$'
}
test_trace_of_a_copy() {
	lab --trace redirect-mirror
	expect_status 0
	[ "$(grep -oE '^0x[0-9a-f]+' out | sort -u | wc -l)" = 2 ] || fail "not two skbs"
}
# One boot: every way is held to its itinerary, and no way passes for another's.
test_trace_all() {
	lab --trace all
	expect_status 0
	refuse_out '^not ok'
	refuse_out '# SKIP'
	[ "$(grep -cE '^ok [0-9]+ path-.* 0 lost$' out)" = "$(cut -f 1 "$image/checks" | grep -c '^path-')" ] ||
		fail "not every path check was traced"
	# Where the article says that it goes: the tables begin with the routed control, and the first has redirect next.
	in_order '^ +control-routed$' '^ +\|    redirect$' '^tcf_classify +\. +1 ' '^skb_do_redirect +\. +1 ' '^ip_rcv +12 +2 ' \
		'^ip_forward +1 +\. ' '^ +control-routed$' '^KTAP version 1$'
	[ "$(awk '/^KTAP/ { exit } length > 110' out | wc -l)" = 0 ] || fail "the table is too wide"
}
# With --output any run that traces leaves trace.json and the pictures; one that does not leaves neither.
test_pictures() {
	local name
	lab --check path-redirect path-mirror path-xdp redirect --output o
	expect_status 0
	[ "$(cd o && echo *.svg)" = "path-mirror.svg path-redirect.svg path-xdp.svg" ] || fail "pictures: $(ls o)"
	xmllint --noout o/*.svg || fail "a picture is not XML"
	for name in path-redirect path-mirror path-xdp; do
		jq -r --arg name "$name" '.ways[] | select(.name == $name) | .steps[].function' o/trace.json |
			sort >traced
		sed -n 's/^<text class="\(step\|drop\)"[^>]*>\([^<]*\).*/\2/p' "o/$name.svg" | sort >drawn
		[ "$(wc -l <traced)" -gt 15 ] || fail "$name: a short way"
		cmp traced drawn || fail "$name: the picture shows another way: $(diff traced drawn)"
	done
	jq -e '[.ways[] | select(.name == "path-redirect") | .steps[] | select(.turn) | .function] ==
		["veth_xmit", "tcf_classify", "skb_do_redirect", "__dev_queue_xmit", "ip_rcv", "skb_consume_udp"]' \
		o/trace.json >/dev/null || fail "turns: $(jq -c '[.ways[0].steps[].turn]' o/trace.json)"
	jq -e '.ways | length == 3 and all(.lost == 0 and .status == "pass")' o/trace.json >/dev/null || fail "trace.json"
	lab --check redirect --output p
	expect_status 0
	[ "$(cd p && echo *)" = "console.log junit.xml result.json results.tap" ] || fail "left: $(ls p)"
	lab --trace fib --output q
	expect_status 0
	jq -e '.ways[0].name == "fib"' q/trace.json >/dev/null || fail "no trace.json of a trace"
	[ "$(cd q && echo *.svg)" = fib.svg ] || fail "no picture of a trace"
}
test_every_tracer_sees_the_same() { # in the same order, however the kernel lets it look
	local tracer
	for tracer in kprobe.multi fentry kprobe; do
		lab --trace redirect-mirror --tracer "$tracer" --seed 5
		expect_status 0
		expect_out "^# traced with $tracer\$"
		sed -n '/^0x/s/^0x[0-9a-f]* *//p' out >"way-$tracer"
		lab --trace xdp --tracer "$tracer" --seed 5
		expect_status 0
		sed -n '/^0x/s/^0x[0-9a-f]* *//p; /^frame/p' out >>"way-$tracer"
		cmp way-kprobe.multi "way-$tracer" || fail "$tracer sees another way: $(diff way-kprobe.multi "way-$tracer")"
	done
	[ "$(wc -l <way-fentry)" -gt 80 ] || fail "two short ways: $(cat way-fentry)"
}
test_two_traces_beside_each_other() {
	lab --trace control-routed --trace redirect
	expect_status 0
	in_order '^host +- +ip_send_skb +\| host +- +ip_send_skb *$' '^netns_1 veth1@2 ip_forward +\| *$' \
		'^netns_2 veth2@2 ip_rcv +\| netns_2 veth2@2 ip_rcv *$' '^1\.\.2$' '^ok 1 control-routed #' '^ok 2 redirect #'
	expect_out '^ +\| netns_1 veth1@2 skb_do_redirect *$'
}
test_trace_refuses() {
	lab --trace redirec
	expect_status 2
	expect_last_err 'no check or technique to trace, redirec; the nearest is redirect '
	lab --trace teardown
	expect_status 2
	lab --trace redirect --check redirect
	expect_status 2
	expect_last_err 'neither --check'
	lab --trace
	expect_status 2
	lab --trace redirect --trace fob
	expect_status 2
	expect_last_err 'the nearest is fib '
	lab --trace redirect --trace fib --trace neigh
	expect_status 2
	lab --trace all --trace fib
	expect_status 2
	lab --trace fib --tracer ftrace
	expect_status 2
	expect_last_err 'nearest is '
}
test_trace_that_lost_something() {
	lab --trace redirect-mirror --break small-ring
	expect_status 1
	expect_out '^# [0-9]+ sightings were lost$'
}
test_trace_in_the_shell() {
	printf 'lab trace peer\nlab down\nlab trace peer\n' >lines
	typed --timeout 60 <lines
	expect_status 0
	in_order 'the topology is up' ' skb_do_redirect$' '^  -> handed over here' ' netns_2 veth2@2 .* ip_rcv$' '^ok 1 peer #'
}
# The article's excerpts, line by line. Its datagram is 6 bytes long and ours 23: what is 48 there is 65 here, and 34
# is 51. Its iface 2 and 3 are veth1@2 and veth2@1, both in netns_1.
test_the_articles_traces() {
	lab --trace redirect-constant
	expect_status 0
	in_order ' host +veth1@1 .* 0x0800 1500 +65 .* __dev_queue_xmit$' \
		' netns_1 veth1@2 .* 0x0800 1500 +51 .* __netif_rx$' \
		' netns_1 veth1@2 .* 0x0800 1500 +51 .* __netif_receive_skb_one_core$' \
		' netns_1 veth1@2 .* 0x0800 1500 +51 .* tcf_classify$' \
		' netns_1 veth1@2 .* 0x0800 1500 +65 .* skb_do_redirect$' \
		' netns_1 veth1@2 .* 0x0800 1500 +65 .* __bpf_redirect$' \
		' netns_1 veth2@1 .* 0x0800 1500 +65 .* __dev_queue_xmit$'
	lab --trace redirect-ingress
	expect_status 0
	# enqueue_to_backlog and __netif_receive_skb are inlined on this kernel, into the one before and the one after.
	in_order ' netns_1 veth1@2 .* 0x0800 1500 +65 .* skb_do_redirect$' \
		' netns_1 veth1@2 .* 0x0800 1500 +65 .* __bpf_redirect$' \
		' netns_1 veth2@1 .* 0x0800 1500 +51 .* netif_rx_internal$' \
		' netns_1 veth2@1 .* 0x0800 1500 +51 .* __netif_receive_skb_one_core$'
}
test_trace_of_ipv6() {
	lab --trace control-routed6
	expect_status 0
	in_order ' host .* ip6_send_skb$' ' netns_1 veth1@2 .* 0x86dd 1500 +71 .* ipv6_rcv$' \
		"^  -> netns_1's IP layer is entered" ' netns_1 veth1@2 .* ip6_forward$' '^  -> routed here' \
		' netns_2 veth2@2 .* udpv6_rcv$' '^  -> delivered'
	lab --break redirect=redirect-no-mac --check path-redirect6
	expect_status 1
	expect_out '^# the way has sk_skb_reason_drop, which must not be on it$'
}
# The line of the way, and what it says when a check's own way is another.
test_a_path_can_fail() {
	lab --break redirect=redirect-no-mac --check path-redirect
	expect_status 1
	expect_out '^# the way has sk_skb_reason_drop, which must not be on it$'
	expect_out '^# the way lacks udp_rcv in netns_2 after ip_rcv$'
	expect_out '^# +-> dropped here: OTHERHOST'
}

run_tests "${1-}"
