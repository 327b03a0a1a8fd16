// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <string.h>

#include "checks.h"
#include "stream.h"

/* The ways. A counter of TX 1 is what the device sent, RX 1 what it took in. */

#define ARRIVED [DELIVERED] = 1, [PAYLOAD] = 1, [SOURCE_ADDRESS] = 1, [SOURCE_PORT] = 1
#define INTO_NETNS_1 [NEIGHBOUR] = NEIGHBOUR_RESOLVED, [VETH1_1_TX] = 1, [VETH1_2_RX] = 1
#define INTO_NETNS_2 [VETH2_1_TX] = 1, [VETH2_2_RX] = 1

static const struct outcome routed = {
	.name = "routed",
	.story = "netns_1's IP layer took it, counted the TTL down and sent it on",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, INTO_NETNS_2,
		      ARRIVED, [TTL] = 63, [IN_RECEIVES] = 1, [FORW_DATAGRAMS] = 1 },
};

/* ip6_forward() does so where a packet leaves by the device that it came by; IPv4 asks for more. */
static const struct outcome routed_and_told = {
	.story = "netns_1 routed it, and told the client by an ICMPv6 redirect of a shorter way",
	.settled_by = VETH1_1_RX,
	.expected = { INTO_NETNS_1, INTO_NETNS_2, ARRIVED, [TTL] = 63, [IN_RECEIVES] = 1,
		      [FORW_DATAGRAMS] = 1, [VETH1_2_TX] = 1, [VETH1_1_RX] = 1 },
	.spoils = true,
};

static const struct outcome redirected = {
	.name = "redirected",
	.story = "it left netns_1 through veth2@1 without having met its IP layer",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, INTO_NETNS_2, ARRIVED, [TTL] = 64 },
};

static const struct outcome unresolved = {
	.name = "unresolved",
	.story = "three ARP requests found no answer, the datagram never left",
	.settled_by = NEIGHBOUR,
	.expected = { [NEIGHBOUR] = NEIGHBOUR_FAILED, [VETH1_1_TX] = 3, [VETH1_2_RX] = 3 },
};

/* Neighbour discovery is itself IPv6, so that netns_1's IP layer counts the solicitations. */
static const struct outcome unresolved_6 = {
	.story = "three neighbour solicitations found no answer, the datagram never left",
	.settled_by = NEIGHBOUR,
	.expected = { [NEIGHBOUR] = NEIGHBOUR_FAILED,
		      [VETH1_1_TX] = 3,
		      [VETH1_2_RX] = 3,
		      [IN_RECEIVES] = 3 },
};

static const struct outcome refused_at_veth2_2 = {
	.name = "refused-by-veth2@2",
	.story = "veth2@2 took it for somebody else's: its MAC is another",
	.settled_by = VETH2_2_OTHERHOST,
	.expected = { INTO_NETNS_1, INTO_NETNS_2, [VETH2_2_OTHERHOST] = 1 },
};

/* A redirect to ingress passes by the veth's own receive counter: VETH2_1_RX stays 0. */
static const struct outcome refused_at_veth2_1 = {
	.name = "refused-by-veth2@1",
	.story = "received a second time, by veth2@1, it was somebody else's",
	.settled_by = VETH2_1_OTHERHOST,
	.expected = { INTO_NETNS_1, [VETH2_1_OTHERHOST] = 1 },
};

static const struct outcome refused_at_veth1_1 = {
	.name = "refused-by-veth1@1",
	.story = "sent back out of veth1@2, it was refused where it came from",
	.settled_by = VETH1_1_OTHERHOST,
	.expected = { INTO_NETNS_1, [VETH1_2_TX] = 1, [VETH1_1_RX] = 1, [VETH1_1_OTHERHOST] = 1 },
};

static const struct outcome reply_routed = {
	.name = "reply-routed",
	.story = "the answer took the ordinary way, through netns_1's IP layer",
	.settled_by = DELIVERED,
	.expected = { ARRIVED, [TTL] = 63, [NEIGHBOUR] = NEIGHBOUR_RESOLVED, [VETH2_2_TX] = 1,
		      [VETH2_1_RX] = 1, [VETH1_2_TX] = 1, [VETH1_1_RX] = 1, [IN_RECEIVES] = 1,
		      [FORW_DATAGRAMS] = 1 },
};

static const struct outcome reply_sent_on = {
	.name = "reply-redirected",
	.story = "the answer left netns_1 through veth1@2 without having met its IP layer",
	.settled_by = DELIVERED,
	.expected = { ARRIVED, [TTL] = 64, [NEIGHBOUR] = NEIGHBOUR_RESOLVED, [VETH2_2_TX] = 1,
		      [VETH2_1_RX] = 1, [VETH1_2_TX] = 1, [VETH1_1_RX] = 1 },
};

/* veth2@2 sends it, veth2@1 does not receive it. */
static const struct outcome reply_redirected = {
	.story = "taken in netns_2 where veth2@2 hands over, and sent by veth1@2",
	.settled_by = DELIVERED,
	.expected = { ARRIVED, [TTL] = 64, [NEIGHBOUR] = NEIGHBOUR_RESOLVED, [VETH2_2_TX] = 1,
		      [VETH1_2_TX] = 1, [VETH1_1_RX] = 1 },
};

static const struct outcome reply_unresolved = {
	.name = "reply-unresolved",
	.story = "netns_2 asked three times who has 10.0.1.10; veth2@1 does not answer for it",
	.settled_by = NEIGHBOUR,
	.expected = { [NEIGHBOUR] = NEIGHBOUR_FAILED, [VETH2_2_TX] = 3, [VETH2_1_RX] = 3 },
};

static const struct outcome reply_unresolved_6 = {
	.story = "netns_2 asked three times for fd00:0:0:1::10; veth2@1 does not answer for it",
	.settled_by = NEIGHBOUR,
	.expected = { [NEIGHBOUR] = NEIGHBOUR_FAILED,
		      [VETH2_2_TX] = 3,
		      [VETH2_1_RX] = 3,
		      [IN_RECEIVES] = 3 },
};

/* Two datagrams came of one: the copy first, then the original. */
static const struct outcome mirrored = {
	.name = "mirrored",
	.story = "the copy jumped over netns_1's IP layer, the original went through it",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, [VETH2_1_TX] = 2, [VETH2_2_RX] = 2, [DELIVERED] = 2,
		      [PAYLOAD] = 2, [SOURCE_ADDRESS] = 2, [SOURCE_PORT] = 2, [TTL] = 64,
		      [SECOND_TTL] = 63, [IN_RECEIVES] = 1, [FORW_DATAGRAMS] = 1 },
};

/* What a veth has received was what its peer had sent. */
static const struct outcome handed_over_uncounted = {
	.story = "veth2@2 received it in the same pass and did not count it, for veth2@1 never "
		 "sent it",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, ARRIVED, [TTL] = 64 },
};

/* veth2@1 transmits nothing: only what veth2@2 received is counted. */
static const struct outcome handed_over = {
	.name = "handed-over",
	.story = "veth2@2 received it in the same pass, veth2@1 never sent it",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, ARRIVED, [VETH2_2_RX] = 1, [TTL] = 64 },
	.since = PEER_COUNTED,
	.elder = &handed_over_uncounted,
};

static const struct outcome not_forwarded = {
	.name = "not-forwarded",
	.story = "netns_1's IP layer took it and may not forward",
	.settled_by = IN_ADDR_ERRORS,
	.expected = { INTO_NETNS_1, [IN_RECEIVES] = 1, [IN_ADDR_ERRORS] = 1 },
};

/* Nothing beyond veth1@2 moves. */
static const struct outcome assigned = {
	.story = "netns_1's IP layer gave it to the listener that the program had chosen",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, ARRIVED, [TTL] = 64, [IN_RECEIVES] = 1 },
};

/* ip_forward() drops what has a socket, and counts it nowhere. */
static const struct outcome has_a_socket = {
	.story = "netns_1 would have forwarded it, but it belonged to a socket already",
	.settled_by = IN_RECEIVES,
	.expected = { INTO_NETNS_1, [IN_RECEIVES] = 1 },
};

static const struct outcome port_unreachable = {
	.story = "netns_1 took it as its own, found nobody on port 7777 and said so by ICMP",
	.settled_by = VETH1_1_RX,
	.expected = { INTO_NETNS_1, [IN_RECEIVES] = 1, [VETH1_2_TX] = 1, [VETH1_1_RX] = 1 },
	.spoils = true,
};

/* A segment one way, its acknowledgement the other. */
#define SEGMENT_ROUTED                                                                    \
	INTO_NETNS_1, INTO_NETNS_2, [VETH2_2_TX] = 1, [VETH2_1_RX] = 1, [VETH1_2_TX] = 1, \
				    [VETH1_1_RX] = 1, [IN_RECEIVES] = 2, [FORW_DATAGRAMS] = 2

static const struct outcome stream_routed = {
	.story = "a segment went through both pairs, and its acknowledgement came back",
	.settled_by = VETH1_1_RX,
	.expected = { SEGMENT_ROUTED, [DELIVERED] = 1, [PAYLOAD] = 1 },
};

/* A server that read it and sent it back would have cost a second segment. */
static const struct outcome echoed = {
	.story = "one segment, one acknowledgement, and the bytes are back: no device counted how",
	.settled_by = VETH1_1_RX,
	.expected = { SEGMENT_ROUTED, [DELIVERED] = 1, [PAYLOAD] = 1 },
};

static const struct outcome not_echoed = {
	.story = "the bytes lie in the server's socket",
	.settled_by = VETH1_1_RX,
	.expected = { SEGMENT_ROUTED },
};

static const struct outcome socket_to_socket = {
	.story = "it went from socket to socket: no device counted anything",
	.settled_by = DELIVERED,
	.expected = { [DELIVERED] = 1, [PAYLOAD] = 1, [NEIGHBOUR] = NEIGHBOUR_RESOLVED },
};

#define BURST_ARRIVED(ttl)                                                                        \
	[DELIVERED] = 32, [PAYLOAD] = 32, [SOURCE_ADDRESS] = 32, [SOURCE_PORT] = 32, [TTL] = ttl, \
	[SECOND_TTL] = ttl

static const struct outcome burst_routed = {
	.story = "one sk_buff with 32 segments, which netns_1's IP layer took and sent on whole",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, INTO_NETNS_2,
		      BURST_ARRIVED(63), [IN_RECEIVES] = 1, [FORW_DATAGRAMS] = 1 },
};

static const struct outcome burst_redirected = {
	.story = "one sk_buff with 32 segments, never taken apart before the listener's socket",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, INTO_NETNS_2, BURST_ARRIVED(64) },
};

static const struct outcome burst_handed_over_uncounted = {
	.story = "the same, neither sent by veth2@1 nor counted by veth2@2",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, BURST_ARRIVED(64) },
};

static const struct outcome burst_handed_over = {
	.story = "the same, and veth2@1 never sent it",
	.settled_by = DELIVERED,
	.expected = { INTO_NETNS_1, BURST_ARRIVED(64), [VETH2_2_RX] = 1 },
	.since = PEER_COUNTED,
	.elder = &burst_handed_over_uncounted,
};

static const struct outcome burst_in_parts = {
	.story = "veth1@1 cut it: 32 datagrams, each redirected by itself",
	.settled_by = DELIVERED,
	.expected = { [NEIGHBOUR] = NEIGHBOUR_RESOLVED,
		      BURST_ARRIVED(64),
		      [VETH1_1_TX] = 32,
		      [VETH1_2_RX] = 32,
		      [VETH2_1_TX] = 32,
		      [VETH2_2_RX] = 32 },
};

/* How many segments carry a MiB is TCP's affair; that none is lost or taken apart is ours. */
#define MOVED                                                                                    \
	[NEIGHBOUR] = NEIGHBOUR_RESOLVED, [DELIVERED] = 2, [PAYLOAD] = 2,                        \
	[BYTES] = 2 * STREAM_LENGTH, [VETH1_1_TX] = SOME, [VETH1_2_RX] = AS_MANY_AS(VETH1_1_TX), \
	[VETH2_2_TX] = SOME, [VETH2_1_RX] = AS_MANY_AS(VETH2_2_TX)

#define CONNECTED \
	MOVED, [VETH2_2_RX] = AS_MANY_AS(VETH1_1_TX), [VETH1_1_RX] = AS_MANY_AS(VETH2_2_TX)

#define THROUGH_BOTH_PAIRS \
	[VETH2_1_TX] = AS_MANY_AS(VETH1_1_TX), [VETH1_2_TX] = AS_MANY_AS(VETH2_2_TX)

static const struct outcome connection_routed = {
	.story = "every segment went through netns_1's IP layer",
	.settled_by = DELIVERED,
	.expected = { CONNECTED, THROUGH_BOTH_PAIRS, [IN_RECEIVES] = SOME,
		      [FORW_DATAGRAMS] = AS_MANY_AS(IN_RECEIVES) },
};

static const struct outcome connection_redirected = {
	.story = "from SYN to RST not one segment met netns_1's IP layer, on neither way",
	.settled_by = DELIVERED,
	.expected = { CONNECTED, THROUGH_BOTH_PAIRS },
};

static const struct outcome connection_handed_over_uncounted = {
	.story = "the same, neither sent by veth2@1 and veth1@2 nor counted by their peers",
	.settled_by = DELIVERED,
	.expected = { MOVED },
};

static const struct outcome connection_handed_over = {
	.story = "the same, and neither veth2@1 nor veth1@2 sent anything",
	.settled_by = DELIVERED,
	.expected = { CONNECTED },
	.since = PEER_COUNTED,
	.elder = &connection_handed_over_uncounted,
};

static const struct outcome connection_back_routed = {
	.story = "what came back from netns_2, and only that, went through netns_1's IP layer",
	.settled_by = DELIVERED,
	.expected = { CONNECTED, THROUGH_BOTH_PAIRS, [IN_RECEIVES] = AS_MANY_AS(VETH2_2_TX),
		      [FORW_DATAGRAMS] = AS_MANY_AS(VETH2_2_TX) },
};

/* veth_xdp_xmit() finds nobody to take it, and veth2@1 counts it. */
static const struct outcome sent_to_no_ring = {
	.story = "veth2@2 has no program and so no ring for raw frames: dropped at veth2@1",
	.settled_by = VETH2_1_DROPPED,
	.expected = { INTO_NETNS_1, [VETH2_1_DROPPED] = 1 },
};

/* The redirect itself fails, for veth2@1 does not say that it can (NETDEV_XDP_ACT_NDO_XMIT). */
static const struct outcome no_ring_to_put_it_in = {
	.story = "veth2@2 has no program and so no ring for raw frames: dropped at veth1@2",
	.settled_by = VETH1_2_DROPPED,
	.expected = { INTO_NETNS_1, [VETH1_2_DROPPED] = 1 },
	.since = XDP_FEATURES,
	.elder = &sent_to_no_ring,
};

/*
 * veth computes no checksum: it passes the unfinished one on, with CHECKSUM_PARTIAL in the sk_buff.
 * A raw frame has no place for that note, and veth2@2 makes a new sk_buff of it.
 */
static const struct outcome half_checksum = {
	.story = "XDP threw away the note that its checksum was unfinished: netns_2 found it wrong",
	.settled_by = SERVER_CSUM_ERRORS,
	.expected = { INTO_NETNS_1, INTO_NETNS_2, [SERVER_CSUM_ERRORS] = 1 },
};

/* Nothing beyond veth1@2 moves, and nothing counts it: the way tells where it ended. */
static const struct outcome dropped = {
	.name = "dropped",
	.story = "it ended where the program ran: by its answer, or by a redirect to nowhere",
	.settled_by = VETH1_2_RX,
	.expected = { INTO_NETNS_1 },
};

const struct outcome outcome_refused = {
	.name = "refused",
	.story = "libbpf or the kernel refused the program, and no datagram was sent",
};

const struct outcome *const outcomes[] = {
	&redirected,	     &handed_over,	  &mirrored,	       &routed,	    &dropped,
	&refused_at_veth2_2, &refused_at_veth2_1, &refused_at_veth1_1, &unresolved, &not_forwarded,
	&reply_sent_on,	     &reply_routed,	  &reply_unresolved,
};

const int outcomes_count = sizeof(outcomes) / sizeof(outcomes[0]);

const struct outcome *outcome_find(const char *name)
{
	for (int i = 0; i < outcomes_count; i++)
		if (!strcmp(outcomes[i]->name, name))
			return outcomes[i];
	return strcmp(outcome_refused.name, name) ? NULL : &outcome_refused;
}

static bool is_the_programs(int id)
{
	return id >= PROGRAM_RAN && id <= COMPANION_SUPER;
}

void outcome_expectation(const struct outcome *outcome, int64_t expected[WITNESSES])
{
	for (int id = 0; id < WITNESSES; id++)
		expected[id] = !outcome || is_the_programs(id) ? ANYTHING : outcome->expected[id];
	/* It sees whatever netns_1 receives: a request by veth1@2, a reply by veth2@1. */
	if (outcome)
		expected[PROGRAM_RAN] =
			outcome->expected[VETH1_2_RX] + outcome->expected[VETH2_1_RX];
}

void step_expectation(const struct step *step, const struct outcome *outcome,
		      int64_t expected[WITNESSES])
{
	const struct program_testimony *program = &step->program;

	memcpy(expected, outcome->expected, sizeof(outcome->expected));
	expected[PROGRAM_RAN] = program->ran;
	expected[PROGRAM_MATCHED] = program->matched;
	expected[PROGRAM_ANSWER] = program->answer;
	expected[PROGRAM_LOOKUP] = program->lookup;
	expected[COMPANION_MATCHED] = program->companion;
	expected[PROGRAM_SUPER] = program->super;
	expected[COMPANION_SUPER] = program->companion_super;
}

const struct outcome *outcome_of(const struct testimony *testimony)
{
	int64_t expected[WITNESSES];

	for (int i = 0; i < outcomes_count; i++) {
		outcome_expectation(outcomes[i], expected);
		if (!testimony_disagreements(expected, testimony))
			return outcomes[i];
	}
	return NULL;
}

/* What the program says of itself: ran, matched, answer, FIB lookup; what a second one matched. */

#define PROGRAM(times_ran, times_matched, said, looked_up, second)                               \
	{                                                                                        \
		.ran = times_ran, .matched = times_matched, .answer = said, .lookup = looked_up, \
		.companion = second                                                              \
	}
#define NO_PROGRAM PROGRAM(0, 0, NO_ANSWER, NO_ANSWER, 0)
#define STOOD_BY PROGRAM(0, 0, NO_ANSWER, NO_ANSWER, 0)
#define REDIRECTED PROGRAM(1, 1, TC_ACT_REDIRECT, NO_ANSWER, 0)
#define PASSED_ON PROGRAM(1, 1, TC_ACT_OK, NO_ANSWER, 0)
#define SHOT PROGRAM(1, 1, TC_ACT_SHOT, NO_ANSWER, 0)
#define SAW_ARP PROGRAM(3, 0, NO_ANSWER, NO_ANSWER, 0)
#define LOOKED_UP PROGRAM(1, 1, TC_ACT_REDIRECT, BPF_FIB_LKUP_RET_SUCCESS, 0)
/* What look_on answers, TC_ACT_UNSPEC, has the number of no answer. */
#define LOOKED_ON PROGRAM(1, 1, NO_ANSWER, NO_ANSWER, 0)
#define GIVEN_TO_SOCKET PROGRAM(1, 1, SK_ANSWER(SK_PASS), NO_ANSWER, 0)
#define REDIRECTED_RAW(companion) PROGRAM(1, 1, XDP_ANSWER(XDP_REDIRECT), NO_ANSWER, companion)
#define PASSED_RAW PROGRAM(1, 1, XDP_ANSWER(XDP_PASS), NO_ANSWER, 1)
#define REDIRECTED_WATCHED PROGRAM(1, 1, TC_ACT_REDIRECT, NO_ANSWER, 1)
#define ONLY_WATCHED PROGRAM(0, 0, NO_ANSWER, NO_ANSWER, 1)
#define MAY_NOT PROGRAM(1, 1, TC_ACT_OK, BPF_FIB_LKUP_RET_FWD_DISABLED, 0)

/* A burst: in one piece, or cut into its datagrams before the program saw them. */
#define BURST_PROGRAM(times, said, looked_up, in_one)                                \
	{                                                                            \
		.ran = times, .matched = times, .answer = said, .lookup = looked_up, \
		.super = in_one                                                      \
	}
#define REDIRECTED_WHOLE BURST_PROGRAM(1, TC_ACT_REDIRECT, NO_ANSWER, 1)
#define LOOKED_UP_WHOLE BURST_PROGRAM(1, TC_ACT_REDIRECT, BPF_FIB_LKUP_RET_SUCCESS, 1)
#define TOO_LONG_WHOLE BURST_PROGRAM(1, TC_ACT_OK, BPF_FIB_LKUP_RET_FRAG_NEEDED, 1)
#define REDIRECTED_IN_PARTS BURST_PROGRAM(32, TC_ACT_REDIRECT, NO_ANSWER, 0)

/* A connection: each program saw all that was sent its way, and nothing else. */
#define BOTH_PROGRAMS(looked_up, in_one)                                                        \
	{                                                                                       \
		.ran = AS_MANY_AS(VETH1_1_TX), .matched = AS_MANY_AS(VETH1_1_TX),               \
		.answer = TC_ACT_REDIRECT, .lookup = looked_up,                                 \
		.companion = AS_MANY_AS(VETH2_2_TX), .super = in_one, .companion_super = in_one \
	}

#define NO_FORWARDING                                            \
	{                                                        \
		.forwarding_off = true, .static_neighbour = true \
	}
#define NO_FORWARDING_6                                                        \
	{                                                                      \
		.ipv6 = true, .forwarding_off = true, .static_neighbour = true \
	}

/*
 * Those that want one variant of the topology stand together: it is built once for all of them. So
 * do those of kind PATH: the tracer is loaded once, and closed for every other kind.
 */
const struct check checks[] = {
	{
		.name = "topology",
		.about = "names, addresses, MACs, routes, sysctls, peers and namespaces are the "
			 "article's, read back from the kernel",
		.kind = TOPOLOGY_READ_BACK,
		.control = "redirect-wrong-ifindex",
	},
	{
		.name = "control-routed",
		.about = "no program, forwarding on: delivered by netns_1's IP layer, TTL 63",
		.kind = PROBE,
		.steps = { { REQUEST, &routed, NO_PROGRAM } },
		.control = "redirect",
	},
	{
		.name = "redirect",
		.about = "delivered with TTL 64, netns_1's IP layer not entered, the program "
			 "answered TC_ACT_REDIRECT once",
		.kind = PROBE,
		.technique = "redirect",
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "control-routed",
	},
	{
		.name = "redirect-constant",
		.about = "the article's program, TARGET_INTF 3, where veth2@1 is ifindex 3: as "
			 "redirect",
		.kind = PROBE,
		.technique = "redirect-constant",
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "redirect-wrong-ifindex",
	},
	{
		.name = "redirect-not-returned",
		.about = "bpf_redirect() called, TC_ACT_OK returned: routed, TTL 63",
		.kind = PROBE,
		.technique = "redirect-not-returned",
		.steps = { { REQUEST, &routed, PASSED_ON } },
		.control = "redirect",
	},
	{
		.name = "redirect-no-mac",
		.about = "no MAC rewrite: refused by veth2@2 as otherhost",
		.kind = PROBE,
		.technique = "redirect-no-mac",
		.steps = { { REQUEST, &refused_at_veth2_2, REDIRECTED } },
		.control = "redirect",
	},
	{
		.name = "redirect-ingress",
		.about = "BPF_F_INGRESS with the article's MAC: refused by veth2@1 as otherhost",
		.kind = PROBE,
		.technique = "redirect-ingress",
		.steps = { { REQUEST, &refused_at_veth2_1, REDIRECTED } },
		.control = "redirect-ingress-repaired",
	},
	{
		.name = "redirect-ingress-repaired",
		.about = "BPF_F_INGRESS with veth2@1's own MAC: taken in again and routed, TTL 63",
		.kind = PROBE,
		.technique = "redirect-ingress-repaired",
		.steps = { { REQUEST, &routed, REDIRECTED } },
		.control = "redirect-ingress",
	},
	{
		.name = "redirect-moved",
		.about =
			"the server's MAC changes: the program's constant one no longer reaches it",
		.kind = PROBE,
		.technique = "redirect",
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { .action = MOVE_SERVER },
			   { REQUEST, &refused_at_veth2_2, REDIRECTED } },
		.control = "fib",
	},
	{
		.name = "clone",
		.about = "bpf_clone_redirect, TC_ACT_SHOT: the copy arrives with TTL 64, the "
			 "original "
			 "is dropped",
		.kind = PROBE,
		.technique = "redirect-clone",
		.steps = { { REQUEST, &redirected, SHOT } },
		.control = "mirror",
	},
	{
		.name = "mirror",
		.about = "bpf_clone_redirect, TC_ACT_OK: copy and original arrive, TTL 64 and 63",
		.kind = PROBE,
		.technique = "redirect-mirror",
		.steps = { { REQUEST, &mirrored, PASSED_ON } },
		.control = "clone",
	},
	{
		.name = "fib",
		.about = "bpf_fib_lookup: MAC and ifindex come from netns_1's own tables, and "
			 "follow "
			 "them when the server's MAC changes",
		.kind = PROBE,
		.technique = "redirect-fib",
		.steps = { { REQUEST, &redirected, LOOKED_UP },
			   { .action = MOVE_SERVER },
			   { REQUEST, &redirected, LOOKED_UP } },
		.control = "redirect-moved",
	},
	{
		.name = "neigh",
		.about = "bpf_redirect_neigh: no MAC in the program, and the kernel follows the "
			 "change",
		.kind = PROBE,
		.technique = "redirect-neigh",
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { .action = MOVE_SERVER },
			   { REQUEST, &redirected, REDIRECTED } },
		.control = "redirect-moved",
	},
	{
		.name = "peer",
		.about = "bpf_redirect_peer: no MAC rewrite needed, veth2@1 sends nothing",
		.kind = PROBE,
		.technique = "redirect-peer",
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.control = "redirect-no-mac",
	},
	{
		.name = "tcx",
		.about = "attached through tcx, without a qdisc: redirected; the link closed: "
			 "routed",
		.kind = PROBE,
		.technique = "redirect-tcx",
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { .action = CLOSE_LINK },
			   { REQUEST, &routed, STOOD_BY } },
		.control = "redirect",
	},
	{
		.name = "tcx-before",
		.about = "a second program put before it through tcx sees the datagram and says "
			 "TCX_NEXT",
		.kind = PROBE,
		.technique = "redirect-tcx-watched",
		.steps = { { REQUEST, &redirected, REDIRECTED_WATCHED } },
		.control = "tcx-after",
	},
	{
		.name = "tcx-after",
		.about = "put after it, the second program sees nothing until the link of the "
			 "first is closed",
		.kind = PROBE,
		.technique = "redirect-tcx-first",
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { .action = CLOSE_LINK },
			   { REQUEST, &routed, ONLY_WATCHED } },
		.control = "tcx-before",
	},
	{
		.name = "xdp-generic",
		.about = "bpf_redirect from generic XDP, which has an sk_buff to send: veth2@2 "
			 "needs no "
			 "program, and the checksum is finished",
		.kind = PROBE,
		.technique = "xdp-generic",
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(0) } },
		.control = "xdp-alone",
	},
	{
		.name = "xdp-devmap-generic",
		.about = "bpf_redirect_map under generic XDP: delivered",
		.kind = PROBE,
		.technique = "xdp-devmap-generic",
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(0) } },
		.control = "xdp-devmap-empty",
	},
	{
		.name = "xdp-half-checksum",
		.about = "bpf_redirect from XDP in the driver, tx checksum offload on as veth has "
			 "it: "
			 "arrived, and dropped by UDP",
		.kind = PROBE,
		.technique = "xdp",
		.steps = { { REQUEST, &half_checksum, REDIRECTED_RAW(1) } },
		.control = "xdp",
	},
	{
		.name = "sk-assign-not-local",
		.about = "bpf_sk_assign where netns_1 would forward: a packet that has a socket is "
			 "dropped",
		.kind = PROBE,
		.technique = "sk-assign",
		.steps = { { REQUEST, &has_a_socket, PASSED_ON } },
		.control = "sk-assign",
	},
	{
		.name = "control-burst",
		.about = "no program: a burst of 32 datagrams in one sk_buff is routed whole",
		.kind = PROBE,
		.steps = { { BURST, &burst_routed, NO_PROGRAM } },
		.control = "burst",
	},
	{
		.name = "burst",
		.about = "bpf_redirect: 32 datagrams sent in one sk_buff arrive, and are one frame "
			 "all the way",
		.kind = PROBE,
		.technique = "redirect",
		.steps = { { BURST, &burst_redirected, REDIRECTED_WHOLE } },
		.control = "burst-cut",
	},
	{
		.name = "burst-fib",
		.about = "bpf_fib_lookup, no length told: the sk_buff is longer than the MTU, its "
			 "segments are not",
		.kind = PROBE,
		.technique = "redirect-fib",
		.steps = { { BURST, &burst_redirected, LOOKED_UP_WHOLE } },
		.control = "burst-fib-length",
	},
	{
		.name = "burst-fib-length",
		.about = "told its length, the lookup says FRAG_NEEDED: the burst is left to the "
			 "IP layer",
		.kind = PROBE,
		.technique = "redirect-fib-length",
		.steps = { { BURST, &burst_routed, TOO_LONG_WHOLE } },
		.control = "burst-fib",
	},
	{
		.name = "burst-neigh",
		.about = "bpf_redirect_neigh: the same burst, one frame",
		.kind = PROBE,
		.technique = "redirect-neigh",
		.steps = { { BURST, &burst_redirected, REDIRECTED_WHOLE } },
		.control = "burst-cut",
	},
	{
		.name = "burst-peer",
		.about = "bpf_redirect_peer: the same burst, handed over whole",
		.kind = PROBE,
		.technique = "redirect-peer",
		.steps = { { BURST, &burst_handed_over, REDIRECTED_WHOLE } },
		.control = "burst-cut",
	},
	{
		.name = "burst-tcx",
		.about = "through tcx: the same burst, one frame",
		.kind = PROBE,
		.technique = "redirect-tcx",
		.steps = { { BURST, &burst_redirected, REDIRECTED_WHOLE } },
		.control = "burst-cut",
	},
	{
		.name = "redirect-other-traffic",
		.about = "frames of other kinds are left alone or redirected as documented, and "
			 "counted, on the wire and under BPF_PROG_TEST_RUN",
		.kind = OTHER_TRAFFIC,
		.technique = "redirect",
		.control = "control-routed",
	},
	{
		.name = "control-reply-unresolved",
		.about =
			"proxy ARP on veth1@2 alone, as in the article: the echo finds no way back",
		.kind = PROBE,
		.technique = "redirect",
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { REPLY, &reply_unresolved, STOOD_BY } },
		.control = "redirect-reply",
	},
	{
		.name = "path-control-routed",
		.about = "no program: the datagram meets netns_1's ip_rcv and ip_forward, and "
			 "neither tcf_classify nor a redirect",
		.kind = PATH,
		.steps = { { REQUEST, &routed, NO_PROGRAM } },
		.itinerary = &way_routed,
		.control = "path-redirect",
	},
	{
		.name = "path-redirect",
		.about = "tcf_classify, skb_do_redirect, __bpf_redirect, then __dev_queue_xmit of "
			 "veth2@1: never ip_rcv in netns_1",
		.kind = PATH,
		.technique = "redirect",
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.itinerary = &way_redirected,
		.control = "path-control-routed",
	},
	{
		.name = "path-no-mac",
		.about = "the same as far as veth2@2: OTHERHOST on arrival, dropped for it",
		.kind = PATH,
		.technique = "redirect-no-mac",
		.steps = { { REQUEST, &refused_at_veth2_2, REDIRECTED } },
		.itinerary = &way_no_mac,
		.control = "path-redirect",
	},
	{
		.name = "path-redirect-ingress",
		.about = "BPF_F_INGRESS: a second backlog, veth2@1's, and dropped in netns_1's "
			 "ip_rcv as OTHERHOST",
		.kind = PATH,
		.technique = "redirect-ingress",
		.steps = { { REQUEST, &refused_at_veth2_1, REDIRECTED } },
		.itinerary = &way_ingress,
		.control = "path-ingress-repaired",
	},
	{
		.name = "path-ingress-repaired",
		.about = "with veth2@1's own MAC: ip_rcv and ip_forward on veth2@1",
		.kind = PATH,
		.technique = "redirect-ingress-repaired",
		.steps = { { REQUEST, &routed, REDIRECTED } },
		.itinerary = &way_ingress_repaired,
		.control = "path-redirect-ingress",
	},
	{
		.name = "path-clone",
		.about = "two skbs: the copy goes through __bpf_redirect, the original is dropped; "
			 "no skb_do_redirect",
		.kind = PATH,
		.technique = "redirect-clone",
		.steps = { { REQUEST, &redirected, SHOT } },
		.itinerary = &way_clone,
		.control = "path-mirror",
	},
	{
		.name = "path-mirror",
		.about = "two skbs: the copy goes through __bpf_redirect, the original through "
			 "ip_forward",
		.kind = PATH,
		.technique = "redirect-mirror",
		.steps = { { REQUEST, &mirrored, PASSED_ON } },
		.itinerary = &way_mirror,
		.control = "path-clone",
	},
	{
		.name = "path-neigh",
		.about = "neigh_resolve_output in netns_1, no __bpf_redirect, no ip_rcv there",
		.kind = PATH,
		.technique = "redirect-neigh",
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.itinerary = &way_neigh,
		.control = "path-redirect",
	},
	{
		.name = "path-peer",
		.about = "from skb_do_redirect straight to netns_2's ip_rcv: no __bpf_redirect, no "
			 "second backlog",
		.kind = PATH,
		.technique = "redirect-peer",
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.itinerary = &way_peer,
		.control = "path-redirect",
	},
	{
		.name = "path-tcx",
		.about = "as path-redirect, without tc_run and tcf_classify",
		.kind = PATH,
		.technique = "redirect-tcx",
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.itinerary = &way_tcx,
		.control = "path-redirect",
	},
	{
		.name = "path-not-returned",
		.about = "tcf_classify, and then netns_1's ip_rcv and ip_forward: "
			 "bpf_redirect() alone changes nothing",
		.kind = PATH,
		.technique = "redirect-not-returned",
		.steps = { { REQUEST, &routed, PASSED_ON } },
		.itinerary = &way_not_returned,
		.control = "path-redirect",
	},
	{
		.name = "path-fib",
		.about = "bpf_skb_fib_lookup in the program, then as path-redirect",
		.kind = PATH,
		.technique = "redirect-fib",
		.steps = { { REQUEST, &redirected, LOOKED_UP } },
		.itinerary = &way_fib,
		.control = "path-redirect",
	},
	{
		.name = "path-xdp-generic",
		.about = "xdp_do_generic_redirect and generic_xdp_tx: an skb, but "
			 "neither tc nor veth2@1's qdisc",
		.kind = PATH,
		.technique = "xdp-generic",
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(0) } },
		.itinerary = &way_xdp_generic,
		.control = "path-xdp",
	},
	{
		.name = "path-xdp-devmap-generic",
		.about = "the same by dev_map_generic_redirect",
		.kind = PATH,
		.technique = "xdp-devmap-generic",
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(0) } },
		.itinerary = &way_xdp_devmap_generic,
		.control = "path-xdp-devmap",
	},
	{
		.name = "path-xdp-half-checksum",
		.about = "a raw frame as far as netns_2, an skb again, and dropped by "
			 "UDP as UDP_CSUM",
		.kind = PATH,
		.technique = "xdp",
		.steps = { { REQUEST, &half_checksum, REDIRECTED_RAW(1) } },
		.itinerary = &way_xdp_half_checksum,
		.control = "path-xdp",
	},
	{
		.name = "path-sk-assign-not-local",
		.about = "bpf_sk_assign, ip_rcv, and dropped in ip_forward",
		.kind = PATH,
		.technique = "sk-assign",
		.steps = { { REQUEST, &has_a_socket, PASSED_ON } },
		.itinerary = &way_assigned_not_local,
		.control = "path-sk-assign",
	},
	{
		.name = "path-sk-assign",
		.about = "bpf_sk_assign, and netns_1's own ip_local_deliver and udp_rcv: "
			 "no ip_forward, nothing in netns_2",
		.kind = PATH,
		.technique = "sk-assign",
		.variant = { .local_route = true },
		.steps = { { REQUEST, &assigned, PASSED_ON } },
		.itinerary = &way_assigned,
		.control = "path-control-not-assigned",
	},
	{
		.name = "path-control-not-assigned",
		.about = "the same as far as udp_rcv, and dropped there as NO_SOCKET",
		.kind = PATH,
		.technique = "look-on",
		.variant = { .local_route = true },
		.steps = { { REQUEST, &port_unreachable, LOOKED_ON } },
		.itinerary = &way_not_assigned,
		.control = "path-sk-assign",
	},
	{
		.name = "path-control-routed-netkit",
		.about = "as path-control-routed, with netkit_xmit in place of the "
			 "second veth_xmit",
		.kind = PATH,
		.variant = { .netkit = true },
		.steps = { { REQUEST, &routed, NO_PROGRAM } },
		.itinerary = &way_netkit_routed,
		.control = "path-netkit",
	},
	{
		.name = "path-netkit",
		.about = "as path-redirect, with netkit_xmit in place of the second "
			 "veth_xmit",
		.kind = PATH,
		.technique = "redirect",
		.variant = { .netkit = true },
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.itinerary = &way_netkit,
		.control = "path-control-routed-netkit",
	},
	{
		.name = "path-netkit-peer",
		.about = "as path-peer: netkit_xmit is not met",
		.kind = PATH,
		.technique = "redirect-peer",
		.variant = { .netkit = true },
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.itinerary = &way_peer,
		.control = "path-netkit",
	},
	{
		.name = "path-xdp",
		.about = "xdp_do_redirect in veth1@2's driver, a raw frame from there to "
			 "netns_2: no function of tc's, no queue",
		.kind = PATH,
		.technique = "xdp",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.itinerary = &way_xdp,
		.control = "path-xdp-alone",
	},
	{
		.name = "path-xdp-alone",
		.about = "the same as far as veth2@1, which finds no ring: given back "
			 "with xdp_return_buff",
		.kind = PATH,
		.technique = "xdp-alone",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &no_ring_to_put_it_in, REDIRECTED_RAW(0) } },
		.itinerary = &way_xdp_no_ring,
		.control = "path-xdp",
	},
	{
		.name = "path-xdp-devmap",
		.about = "as path-xdp, with dev_map_enqueue in place of dev_xdp_enqueue",
		.kind = PATH,
		.technique = "xdp-devmap",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.itinerary = &way_xdp_devmap,
		.control = "path-xdp-devmap-empty",
	},
	{
		.name = "path-xdp-devmap-empty",
		.about = "past the program, and netns_1's ip_rcv and ip_forward: no "
			 "xdp_do_redirect",
		.kind = PATH,
		.technique = "xdp-devmap-empty",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &routed, PASSED_RAW } },
		.itinerary = &way_xdp_passed,
		.control = "path-xdp-devmap",
	},
	{
		.name = "path-xdp-devmap-hash",
		.about = "as path-xdp-devmap",
		.kind = PATH,
		.technique = "xdp-devmap-hash",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.itinerary = &way_xdp_devmap,
		.control = "path-xdp-devmap-empty",
	},
	{
		.name = "redirect-reply",
		.about = "proxy ARP on veth2@1 too: the echo from netns_2 comes back",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .reply_proxy_arp = true },
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { REPLY, &reply_routed, STOOD_BY } },
		.control = "control-reply-unresolved",
	},
	{
		.name = "control-stream",
		.about = "bytes over TCP, no program: a segment and its acknowledgement, both "
			 "routed",
		.kind = PROBE,
		.variant = { .reply_proxy_arp = true },
		.steps = { { STREAM, &stream_routed, NO_PROGRAM } },
		.control = "msg-redirect",
	},
	{
		.name = "msg-redirect",
		.about = "bpf_msg_redirect_map between both ends of a TCP connection: the bytes "
			 "arrive while every interface stands still",
		.kind = PROBE,
		.technique = "msg-redirect",
		.variant = { .reply_proxy_arp = true },
		.steps = { { STREAM, &socket_to_socket, GIVEN_TO_SOCKET } },
		.control = "control-stream",
	},
	{
		.name = "msg-redirect-hash",
		.about = "bpf_msg_redirect_hash: the same through a map with keys",
		.kind = PROBE,
		.technique = "msg-redirect-hash",
		.variant = { .reply_proxy_arp = true },
		.steps = { { STREAM, &socket_to_socket, GIVEN_TO_SOCKET } },
		.control = "control-stream",
	},
	{
		.name = "control-echo",
		.about = "bytes over TCP, no program: they stay where they were sent to",
		.kind = PROBE,
		.variant = { .reply_proxy_arp = true },
		.steps = { { ECHO, &not_echoed, NO_PROGRAM } },
		.control = "sk-redirect",
	},
	{
		.name = "sk-redirect",
		.about = "bpf_sk_redirect_map where the server receives: the bytes are back at the "
			 "client, and no interface counted a segment for that",
		.kind = PROBE,
		.technique = "sk-redirect",
		.variant = { .reply_proxy_arp = true },
		.steps = { { ECHO, &echoed, GIVEN_TO_SOCKET } },
		.control = "control-echo",
	},
	{
		.name = "sk-redirect-hash",
		.about = "bpf_sk_redirect_hash: the same through a map with keys",
		.kind = PROBE,
		.technique = "sk-redirect-hash",
		.variant = { .reply_proxy_arp = true },
		.steps = { { ECHO, &echoed, GIVEN_TO_SOCKET } },
		.control = "control-echo",
	},
	{
		.name = "control-tcp",
		.about = "no program: a TCP connection moves a MiB each way, all of it routed",
		.kind = PROBE,
		.variant = { .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_routed, NO_PROGRAM } },
		.control = "tcp",
	},
	{
		.name = "tcp",
		.about = "bpf_redirect on both ways: a MiB there and back with its checksum, in "
			 "super-packets, netns_1 IP 0/0",
		.kind = PROBE,
		.technique = "redirect-both",
		.variant = { .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_redirected, BOTH_PROGRAMS(NO_ANSWER, SOME) } },
		.control = "control-tcp",
	},
	{
		.name = "control-tcp-one-way",
		.about = "without the second program the way back is routed",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .reply_proxy_arp = true },
		.steps = { { CONNECTION,
			     &connection_back_routed,
			     { .ran = AS_MANY_AS(VETH1_1_TX),
			       .matched = AS_MANY_AS(VETH1_1_TX),
			       .answer = TC_ACT_REDIRECT,
			       .lookup = NO_ANSWER,
			       .super = SOME } } },
		.control = "tcp",
	},
	{
		.name = "tcp-fib",
		.about = "bpf_fib_lookup on both ways: the same",
		.kind = PROBE,
		.technique = "redirect-fib-both",
		.variant = { .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_redirected,
			     BOTH_PROGRAMS(BPF_FIB_LKUP_RET_SUCCESS, SOME) } },
		.control = "control-tcp",
	},
	{
		.name = "tcp-neigh",
		.about = "bpf_redirect_neigh on both ways: the same",
		.kind = PROBE,
		.technique = "redirect-neigh-both",
		.variant = { .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_redirected, BOTH_PROGRAMS(NO_ANSWER, SOME) } },
		.control = "control-tcp",
	},
	{
		.name = "tcp-peer",
		.about = "bpf_redirect_peer on both ways: the same, and netns_1 sends nothing",
		.kind = PROBE,
		.technique = "redirect-peer-both",
		.variant = { .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_handed_over,
			     BOTH_PROGRAMS(NO_ANSWER, SOME) } },
		.control = "control-tcp",
	},
	{
		.name = "tcp-tcx",
		.about = "through tcx on both ways: the same",
		.kind = PROBE,
		.technique = "redirect-tcx-both",
		.variant = { .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_redirected, BOTH_PROGRAMS(NO_ANSWER, SOME) } },
		.control = "control-tcp",
	},
	{
		.name = "tcp-cut",
		.about = "the senders cut their super-packets: the same connection, and each "
			 "program saw none",
		.kind = PROBE,
		.technique = "redirect-both",
		.variant = { .reply_proxy_arp = true, .cut_segments = true },
		.steps = { { CONNECTION, &connection_redirected, BOTH_PROGRAMS(NO_ANSWER, 0) } },
		.control = "tcp",
	},
	{
		.name = "burst-cut",
		.about = "the sender cuts its burst: 32 frames, redirected one by one",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .reply_proxy_arp = true, .cut_segments = true },
		.steps = { { BURST, &burst_in_parts, REDIRECTED_IN_PARTS } },
		.control = "burst",
	},
	{
		.name = "xdp",
		.about = "bpf_redirect from XDP in the driver, the checksum finished before: "
			 "delivered, "
			 "through the program that veth2@2 must have",
		.kind = PROBE,
		.technique = "xdp",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.control = "xdp-alone",
	},
	{
		.name = "xdp-alone",
		.about = "the same without a program on veth2@2: XDP_REDIRECT, and dropped",
		.kind = PROBE,
		.technique = "xdp-alone",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &no_ring_to_put_it_in, REDIRECTED_RAW(0) } },
		.control = "xdp",
	},
	{
		.name = "xdp-devmap",
		.about = "bpf_redirect_map through a DEVMAP: delivered",
		.kind = PROBE,
		.technique = "xdp-devmap",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.control = "xdp-devmap-empty",
	},
	{
		.name = "xdp-devmap-empty",
		.about = "nothing in the map: answered with the flags, XDP_PASS, and routed",
		.kind = PROBE,
		.technique = "xdp-devmap-empty",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &routed, PASSED_RAW } },
		.control = "xdp-devmap",
	},
	{
		.name = "xdp-devmap-hash",
		.about = "bpf_redirect_map through a DEVMAP_HASH: delivered",
		.kind = PROBE,
		.technique = "xdp-devmap-hash",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.control = "xdp-devmap-hash-empty",
	},
	{
		.name = "xdp-devmap-hash-empty",
		.about = "nothing in the map: XDP_PASS, and routed",
		.kind = PROBE,
		.technique = "xdp-devmap-hash-empty",
		.variant = { .whole_checksums = true },
		.steps = { { REQUEST, &routed, PASSED_RAW } },
		.control = "xdp-devmap-hash",
	},
	{
		.name = "netkit-topology",
		.about = "a netkit pair in place of the second veth pair, else the article's, read "
			 "back",
		.kind = TOPOLOGY_READ_BACK,
		.variant = { .netkit = true },
		.control = "netkit",
	},
	{
		.name = "control-routed-netkit",
		.about = "no program: routed, through the netkit pair",
		.kind = PROBE,
		.variant = { .netkit = true },
		.steps = { { REQUEST, &routed, NO_PROGRAM } },
		.control = "netkit",
	},
	{
		.name = "netkit",
		.about = "bpf_redirect to a netkit device: delivered as through a veth, TTL 64",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .netkit = true },
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "control-routed-netkit",
	},
	{
		.name = "netkit-no-mac",
		.about = "no MAC rewrite: refused by a netkit device too, when it has an Ethernet "
			 "header",
		.kind = PROBE,
		.technique = "redirect-no-mac",
		.variant = { .netkit = true },
		.steps = { { REQUEST, &refused_at_veth2_2, REDIRECTED } },
		.control = "netkit",
	},
	{
		.name = "netkit-peer",
		.about = "bpf_redirect_peer into a netkit pair: veth2@1 sends nothing",
		.kind = PROBE,
		.technique = "redirect-peer",
		.variant = { .netkit = true },
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.control = "netkit-no-mac",
	},
	{
		.name = "netkit-reply",
		.about = "a program at the netkit hook, attached from netns_1, redirects the echo "
			 "where it leaves netns_2: TTL 64",
		.kind = PROBE,
		.technique = "netkit-reply",
		.variant = { .netkit = true, .reply_proxy_arp = true },
		.steps = { { REQUEST, &routed, STOOD_BY },
			   { REPLY, &reply_redirected, REDIRECTED },
			   { .action = DETACH },
			   { REPLY, &reply_routed, NO_PROGRAM } },
		.control = "control-reply-netkit",
	},
	{
		.name = "control-reply-netkit",
		.about = "the same without a program: the echo is routed, TTL 63",
		.kind = PROBE,
		.variant = { .netkit = true, .reply_proxy_arp = true },
		.steps = { { REQUEST, &routed, NO_PROGRAM }, { REPLY, &reply_routed, NO_PROGRAM } },
		.control = "netkit-reply",
	},
	{
		.name = "sk-assign",
		.about = "bpf_sk_assign: netns_1's listener on 10.0.1.11 gets what is for "
			 "10.0.2.11, the second pair stands still",
		.kind = PROBE,
		.technique = "sk-assign",
		.variant = { .local_route = true },
		.steps = { { REQUEST, &assigned, PASSED_ON } },
		.control = "control-not-assigned",
	},
	{
		.name = "control-not-assigned",
		.about = "the same listener and a program that only looks on: nobody's, port "
			 "unreachable",
		.kind = PROBE,
		.technique = "look-on",
		.variant = { .local_route = true },
		.steps = { { REQUEST, &port_unreachable, LOOKED_ON } },
		.control = "sk-assign",
	},
	{
		.name = "static-neighbour",
		.about = "forwarding off, a static neighbour in place of proxy ARP: redirected all "
			 "the "
			 "same",
		.kind = PROBE,
		.technique = "redirect",
		.variant = NO_FORWARDING,
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "control-not-forwarded",
	},
	{
		.name = "control-not-forwarded",
		.about = "the same without a program: netns_1 takes the datagram and drops it",
		.kind = PROBE,
		.variant = NO_FORWARDING,
		.steps = { { REQUEST, &not_forwarded, NO_PROGRAM } },
		.control = "static-neighbour",
	},
	{
		.name = "fib-no-forwarding",
		.about =
			"forwarding off: the FIB lookup answers FWD_DISABLED, nothing is delivered",
		.kind = PROBE,
		.technique = "redirect-fib",
		.variant = NO_FORWARDING,
		.steps = { { REQUEST, &not_forwarded, MAY_NOT } },
		.control = "fib",
	},
	{
		.name = "neigh-no-forwarding",
		.about = "forwarding off: bpf_redirect_neigh does not ask for it",
		.kind = PROBE,
		.technique = "redirect-neigh",
		.variant = NO_FORWARDING,
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "fib-no-forwarding",
	},
	{
		.name = "peer-no-forwarding",
		.about = "forwarding off: bpf_redirect_peer does not ask for it",
		.kind = PROBE,
		.technique = "redirect-peer",
		.variant = NO_FORWARDING,
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.control = "control-not-forwarded",
	},
	{
		.name = "control-unresolved",
		.about = "the article's steps to the letter, forwarding off: nobody answers ARP, "
			 "nothing is delivered",
		.kind = PROBE,
		.technique = "redirect-constant",
		.variant = { .forwarding_off = true },
		.steps = { { REQUEST, &unresolved, SAW_ARP } },
		.control = "redirect-constant",
	},
	{
		.name = "redirect-wrong-ifindex",
		.about = "the same program where ifindex 3 is veth1@2: sent back and refused by "
			 "veth1@1",
		.kind = PROBE,
		.technique = "redirect-constant",
		.variant = { .second_pair_first = true },
		.steps = { { REQUEST, &refused_at_veth1_1, REDIRECTED } },
		.control = "redirect-constant",
	},
	{
		.name = "topology6",
		.about = "the twin: IPv6 addresses, routes, proxy NDP entries and sysctls, and "
			 "nothing of IPv4, read back from the kernel",
		.kind = TOPOLOGY_READ_BACK,
		.variant = { .ipv6 = true },
		.control = "control-unresolved6",
	},
	{
		.name = "control-routed6",
		.about = "IPv6, no program, forwarding on: delivered by netns_1's IP layer, hop "
			 "limit 63",
		.kind = PROBE,
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &routed, NO_PROGRAM } },
		.control = "redirect6",
	},
	{
		.name = "redirect6",
		.about = "delivered with hop limit 64, netns_1's IPv6 not entered",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "control-routed6",
	},
	{
		.name = "redirect-not-returned6",
		.about = "bpf_redirect() called, TC_ACT_OK returned: routed, hop limit 63",
		.kind = PROBE,
		.technique = "redirect-not-returned",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &routed, PASSED_ON } },
		.control = "redirect6",
	},
	{
		.name = "redirect-no-mac6",
		.about = "no MAC rewrite: refused by veth2@2 as otherhost",
		.kind = PROBE,
		.technique = "redirect-no-mac",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &refused_at_veth2_2, REDIRECTED } },
		.control = "redirect6",
	},
	{
		.name = "redirect-ingress6",
		.about = "BPF_F_INGRESS with the article's MAC: refused by veth2@1 as otherhost",
		.kind = PROBE,
		.technique = "redirect-ingress",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &refused_at_veth2_1, REDIRECTED } },
		.control = "redirect-ingress-repaired6",
	},
	{
		.name = "redirect-ingress-repaired6",
		.about = "BPF_F_INGRESS with veth2@1's own MAC: taken in again, routed, and "
			 "redirected by ICMPv6 too",
		.kind = PROBE,
		.technique = "redirect-ingress-repaired",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &routed_and_told, REDIRECTED } },
		.control = "redirect-ingress6",
	},
	{
		.name = "redirect-moved6",
		.about =
			"the server's MAC changes: the program's constant one no longer reaches it",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { .action = MOVE_SERVER },
			   { REQUEST, &refused_at_veth2_2, REDIRECTED } },
		.control = "fib6",
	},
	{
		.name = "clone6",
		.about = "bpf_clone_redirect, TC_ACT_SHOT: the copy alone arrives, hop limit 64",
		.kind = PROBE,
		.technique = "redirect-clone",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, SHOT } },
		.control = "mirror6",
	},
	{
		.name = "mirror6",
		.about = "bpf_clone_redirect, TC_ACT_OK: copy and original arrive, hop limit 64 "
			 "and 63",
		.kind = PROBE,
		.technique = "redirect-mirror",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &mirrored, PASSED_ON } },
		.control = "clone6",
	},
	{
		.name = "fib6",
		.about = "bpf_fib_lookup with AF_INET6: MAC and ifindex from netns_1's IPv6 "
			 "tables, the change followed",
		.kind = PROBE,
		.technique = "redirect-fib",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, LOOKED_UP },
			   { .action = MOVE_SERVER },
			   { REQUEST, &redirected, LOOKED_UP } },
		.control = "redirect-moved6",
	},
	{
		.name = "neigh6",
		.about = "bpf_redirect_neigh: the MAC comes from neighbour discovery, the change "
			 "followed",
		.kind = PROBE,
		.technique = "redirect-neigh",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { .action = MOVE_SERVER },
			   { REQUEST, &redirected, REDIRECTED } },
		.control = "redirect-moved6",
	},
	{
		.name = "peer6",
		.about = "bpf_redirect_peer: no MAC rewrite needed, veth2@1 sends nothing",
		.kind = PROBE,
		.technique = "redirect-peer",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.control = "redirect-no-mac6",
	},
	{
		.name = "tcx6",
		.about = "attached through tcx: redirected; the link closed: routed",
		.kind = PROBE,
		.technique = "redirect-tcx",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { .action = CLOSE_LINK },
			   { REQUEST, &routed, STOOD_BY } },
		.control = "redirect6",
	},
	{
		.name = "xdp-generic6",
		.about = "bpf_redirect from generic XDP: delivered, and the checksum is finished",
		.kind = PROBE,
		.technique = "xdp-generic",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(0) } },
		.control = "xdp-half-checksum6",
	},
	{
		.name = "xdp-half-checksum6",
		.about = "bpf_redirect from XDP in the driver, tx checksum offload on: arrived, "
			 "and dropped by UDP over IPv6",
		.kind = PROBE,
		.technique = "xdp",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &half_checksum, REDIRECTED_RAW(1) } },
		.control = "xdp6",
	},
	{
		.name = "sk-assign-not-local6",
		.about = "bpf_sk_assign where netns_1 would forward: a packet that has a socket is "
			 "dropped",
		.kind = PROBE,
		.technique = "sk-assign",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &has_a_socket, PASSED_ON } },
		.control = "sk-assign6",
	},
	{
		.name = "control-reply-unresolved6",
		.about = "proxy NDP on veth1@2 alone: the echo finds no way back",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { REPLY, &reply_unresolved_6, STOOD_BY } },
		.control = "redirect-reply6",
	},
	{
		.name = "path-control-routed6",
		.about = "no program: the datagram meets ipv6_rcv and ip6_forward of netns_1",
		.kind = PATH,
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &routed, NO_PROGRAM } },
		.itinerary = &way_routed,
		.control = "path-redirect6",
	},
	{
		.name = "path-redirect6",
		.about =
			"the same functions as IPv4's as far as netns_2: never ipv6_rcv in netns_1",
		.kind = PATH,
		.technique = "redirect",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.itinerary = &way_redirected,
		.control = "path-control-routed6",
	},
	{
		.name = "path-no-mac6",
		.about = "OTHERHOST on arrival at veth2@2, dropped for it by ip6_rcv_core",
		.kind = PATH,
		.technique = "redirect-no-mac",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &refused_at_veth2_2, REDIRECTED } },
		.itinerary = &way_no_mac,
		.control = "path-redirect6",
	},
	{
		.name = "path-peer6",
		.about = "from skb_do_redirect straight to netns_2's ipv6_rcv: no second backlog",
		.kind = PATH,
		.technique = "redirect-peer",
		.variant = { .ipv6 = true },
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.itinerary = &way_peer,
		.control = "path-redirect6",
	},
	{
		.name = "redirect-reply6",
		.about = "proxy NDP on veth2@1 too: the echo from netns_2 comes back",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { REQUEST, &redirected, REDIRECTED },
			   { REPLY, &reply_routed, STOOD_BY } },
		.control = "control-reply-unresolved6",
	},
	{
		.name = "control-stream6",
		.about = "bytes over TCP, no program: a segment and its acknowledgement, both "
			 "routed",
		.kind = PROBE,
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { STREAM, &stream_routed, NO_PROGRAM } },
		.control = "msg-redirect6",
	},
	{
		.name = "msg-redirect6",
		.about =
			"bpf_msg_redirect_map: the bytes arrive while every interface stands still",
		.kind = PROBE,
		.technique = "msg-redirect",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { STREAM, &socket_to_socket, GIVEN_TO_SOCKET } },
		.control = "control-stream6",
	},
	{
		.name = "msg-redirect-hash6",
		.about = "bpf_msg_redirect_hash: the same through a map with keys",
		.kind = PROBE,
		.technique = "msg-redirect-hash",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { STREAM, &socket_to_socket, GIVEN_TO_SOCKET } },
		.control = "control-stream6",
	},
	{
		.name = "control-echo6",
		.about = "bytes over TCP, no program: they stay where they were sent to",
		.kind = PROBE,
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { ECHO, &not_echoed, NO_PROGRAM } },
		.control = "sk-redirect6",
	},
	{
		.name = "sk-redirect6",
		.about = "bpf_sk_redirect_map where the server receives: the bytes are back at the "
			 "client",
		.kind = PROBE,
		.technique = "sk-redirect",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { ECHO, &echoed, GIVEN_TO_SOCKET } },
		.control = "control-echo6",
	},
	{
		.name = "sk-redirect-hash6",
		.about = "bpf_sk_redirect_hash: the same through a map with keys",
		.kind = PROBE,
		.technique = "sk-redirect-hash",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { ECHO, &echoed, GIVEN_TO_SOCKET } },
		.control = "control-echo6",
	},
	{
		.name = "control-burst6",
		.about = "no program: a burst of 32 datagrams in one sk_buff is routed whole",
		.kind = PROBE,
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { BURST, &burst_routed, NO_PROGRAM } },
		.control = "burst6",
	},
	{
		.name = "burst6",
		.about = "bpf_redirect: the burst arrives, and is one frame all the way",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { BURST, &burst_redirected, REDIRECTED_WHOLE } },
		.control = "control-burst6",
	},
	{
		.name = "control-tcp6",
		.about = "no program: a TCP connection moves a MiB each way, all of it routed",
		.kind = PROBE,
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_routed, NO_PROGRAM } },
		.control = "tcp6",
	},
	{
		.name = "tcp6",
		.about = "bpf_redirect on both ways: a MiB there and back, in super-packets, "
			 "netns_1 IP 0/0",
		.kind = PROBE,
		.technique = "redirect-both",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_redirected, BOTH_PROGRAMS(NO_ANSWER, SOME) } },
		.control = "control-tcp6",
	},
	{
		.name = "tcp-fib6",
		.about = "bpf_fib_lookup on both ways: the same",
		.kind = PROBE,
		.technique = "redirect-fib-both",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_redirected,
			     BOTH_PROGRAMS(BPF_FIB_LKUP_RET_SUCCESS, SOME) } },
		.control = "control-tcp6",
	},
	{
		.name = "tcp-neigh6",
		.about = "bpf_redirect_neigh on both ways: the same",
		.kind = PROBE,
		.technique = "redirect-neigh-both",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_redirected, BOTH_PROGRAMS(NO_ANSWER, SOME) } },
		.control = "control-tcp6",
	},
	{
		.name = "tcp-peer6",
		.about = "bpf_redirect_peer on both ways: the same, and netns_1 sends nothing",
		.kind = PROBE,
		.technique = "redirect-peer-both",
		.variant = { .ipv6 = true, .reply_proxy_arp = true },
		.steps = { { CONNECTION, &connection_handed_over,
			     BOTH_PROGRAMS(NO_ANSWER, SOME) } },
		.control = "control-tcp6",
	},
	{
		.name = "xdp6",
		.about = "bpf_redirect from XDP in the driver, the checksum finished before: "
			 "delivered",
		.kind = PROBE,
		.technique = "xdp",
		.variant = { .ipv6 = true, .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.control = "xdp-half-checksum6",
	},
	{
		.name = "xdp-devmap6",
		.about = "bpf_redirect_map through a DEVMAP: delivered",
		.kind = PROBE,
		.technique = "xdp-devmap",
		.variant = { .ipv6 = true, .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.control = "xdp-devmap-empty6",
	},
	{
		.name = "xdp-devmap-empty6",
		.about = "nothing in the map: XDP_PASS, and routed",
		.kind = PROBE,
		.technique = "xdp-devmap-empty",
		.variant = { .ipv6 = true, .whole_checksums = true },
		.steps = { { REQUEST, &routed, PASSED_RAW } },
		.control = "xdp-devmap6",
	},
	{
		.name = "xdp-devmap-hash6",
		.about = "bpf_redirect_map through a DEVMAP_HASH: delivered",
		.kind = PROBE,
		.technique = "xdp-devmap-hash",
		.variant = { .ipv6 = true, .whole_checksums = true },
		.steps = { { REQUEST, &redirected, REDIRECTED_RAW(1) } },
		.control = "xdp-devmap-hash-empty6",
	},
	{
		.name = "xdp-devmap-hash-empty6",
		.about = "nothing in the map: XDP_PASS, and routed",
		.kind = PROBE,
		.technique = "xdp-devmap-hash-empty",
		.variant = { .ipv6 = true, .whole_checksums = true },
		.steps = { { REQUEST, &routed, PASSED_RAW } },
		.control = "xdp-devmap-hash6",
	},
	{
		.name = "control-routed-netkit6",
		.about = "no program: routed, through the netkit pair",
		.kind = PROBE,
		.variant = { .ipv6 = true, .netkit = true },
		.steps = { { REQUEST, &routed, NO_PROGRAM } },
		.control = "netkit6",
	},
	{
		.name = "netkit6",
		.about = "bpf_redirect to a netkit device: delivered, hop limit 64",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .ipv6 = true, .netkit = true },
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "control-routed-netkit6",
	},
	{
		.name = "netkit-peer6",
		.about = "bpf_redirect_peer into a netkit pair: veth2@1 sends nothing",
		.kind = PROBE,
		.technique = "redirect-peer",
		.variant = { .ipv6 = true, .netkit = true },
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.control = "netkit6",
	},
	{
		.name = "netkit-reply6",
		.about = "a program at the netkit hook redirects the echo where it leaves netns_2: "
			 "hop limit 64",
		.kind = PROBE,
		.technique = "netkit-reply",
		.variant = { .ipv6 = true, .netkit = true, .reply_proxy_arp = true },
		.steps = { { REQUEST, &routed, STOOD_BY },
			   { REPLY, &reply_redirected, REDIRECTED },
			   { .action = DETACH },
			   { REPLY, &reply_routed, NO_PROGRAM } },
		.control = "control-reply-netkit6",
	},
	{
		.name = "control-reply-netkit6",
		.about = "the same without a program: the echo is routed, hop limit 63",
		.kind = PROBE,
		.variant = { .ipv6 = true, .netkit = true, .reply_proxy_arp = true },
		.steps = { { REQUEST, &routed, NO_PROGRAM }, { REPLY, &reply_routed, NO_PROGRAM } },
		.control = "netkit-reply6",
	},
	{
		.name = "sk-assign6",
		.about = "bpf_sk_assign: netns_1's listener on fd00:0:0:1::11 gets what is for "
			 "fd00:0:0:2::11",
		.kind = PROBE,
		.technique = "sk-assign",
		.variant = { .ipv6 = true, .local_route = true },
		.steps = { { REQUEST, &assigned, PASSED_ON } },
		.control = "control-not-assigned6",
	},
	{
		.name = "control-not-assigned6",
		.about = "the same listener and a program that only looks on: port unreachable",
		.kind = PROBE,
		.technique = "look-on",
		.variant = { .ipv6 = true, .local_route = true },
		.steps = { { REQUEST, &port_unreachable, LOOKED_ON } },
		.control = "sk-assign6",
	},
	{
		.name = "static-neighbour6",
		.about = "forwarding off, a static neighbour in place of proxy NDP: redirected all "
			 "the same",
		.kind = PROBE,
		.technique = "redirect",
		.variant = NO_FORWARDING_6,
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "control-not-forwarded6",
	},
	{
		.name = "control-not-forwarded6",
		.about = "the same without a program: netns_1 takes the datagram and drops it",
		.kind = PROBE,
		.variant = NO_FORWARDING_6,
		.steps = { { REQUEST, &not_forwarded, NO_PROGRAM } },
		.control = "static-neighbour6",
	},
	{
		.name = "fib-no-forwarding6",
		.about =
			"forwarding off: the FIB lookup answers FWD_DISABLED, nothing is delivered",
		.kind = PROBE,
		.technique = "redirect-fib",
		.variant = NO_FORWARDING_6,
		.steps = { { REQUEST, &not_forwarded, MAY_NOT } },
		.control = "fib6",
	},
	{
		.name = "neigh-no-forwarding6",
		.about = "forwarding off: bpf_redirect_neigh does not ask for it",
		.kind = PROBE,
		.technique = "redirect-neigh",
		.variant = NO_FORWARDING_6,
		.steps = { { REQUEST, &redirected, REDIRECTED } },
		.control = "fib-no-forwarding6",
	},
	{
		.name = "peer-no-forwarding6",
		.about = "forwarding off: bpf_redirect_peer does not ask for it",
		.kind = PROBE,
		.technique = "redirect-peer",
		.variant = NO_FORWARDING_6,
		.steps = { { REQUEST, &handed_over, REDIRECTED } },
		.control = "control-not-forwarded6",
	},
	{
		.name = "control-unresolved6",
		.about = "proxy NDP without forwarding: nobody answers the solicitations, nothing "
			 "is delivered",
		.kind = PROBE,
		.technique = "redirect",
		.variant = { .ipv6 = true, .forwarding_off = true },
		.steps = { { REQUEST, &unresolved_6, SAW_ARP } },
		.control = "redirect6",
	},
	{
		.name = "teardown",
		.about = "namespaces, links, qdiscs, programs, maps and sockets are as they were "
			 "before",
		.kind = TEARDOWN,
		.control = "redirect",
	},
};

const int checks_count = sizeof(checks) / sizeof(checks[0]);

const struct check *check_find(const char *name)
{
	for (int i = 0; i < checks_count; i++)
		if (!strcmp(checks[i].name, name))
			return &checks[i];
	return NULL;
}

bool check_is_traceable(const struct check *check)
{
	return (check->kind == PROBE || check->kind == PATH) && check->steps[0].action == REQUEST;
}

const struct check *check_to_trace(const char *name)
{
	const struct check *check = check_find(name);

	if (check)
		return check_is_traceable(check) ? check : NULL;
	for (check = checks; check < checks + checks_count; check++)
		if (check->technique && !strcmp(check->technique, name) &&
		    check_is_traceable(check))
			return check;
	return NULL;
}
