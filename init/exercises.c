// SPDX-License-Identifier: GPL-2.0
#include "exercises.h"

/* Without it nothing else can be tried. */
#define LOADS                                                                             \
	{                                                                                 \
		.points = 2,                                                              \
		.missing = "a program that clang and the verifier take, and that "        \
			   "runs where it is attached",                                   \
		.hint = "read the messages from their first line on: each names the line" \
	}

/* What a witness says of a datagram that no program touches. */
#define FORETOLD(name, words, who, where, worth)                                          \
	.kind = PREDICTION, .asked = name, .form = words, .witness = who, .check = where, \
	.points = worth

/*
 * The way of a redirect, as far as the program and from there on: what a datagram meets once each.
 * In no order.
 */
#define TO_THE_PROGRAM                                                                        \
	"__dev_queue_xmit veth1@1", "eth_type_trans veth1@1", "neigh_resolve_output veth1@1", \
		"netif_rx_internal veth1@2", "tcf_classify veth1@2", "veth_xmit veth1@1"
#define FROM_THE_PROGRAM                                                                 \
	"__bpf_redirect veth1@2", "__dev_queue_xmit veth2@1",                            \
		"__udp_enqueue_schedule_skb veth2@2", "eth_type_trans veth2@1",          \
		"ip_local_deliver veth2@2", "ip_rcv veth2@2", "skb_do_redirect veth1@2", \
		"udp_rcv veth2@2", "veth_xmit veth2@1"
static const char *const to_the_program[] = { TO_THE_PROGRAM, NULL };
static const char *const from_the_program[] = { FROM_THE_PROGRAM, NULL };
static const char *const whole_way[] = { TO_THE_PROGRAM, FROM_THE_PROGRAM, NULL };

/* The pieces, in the order in which a redirected datagram meets them. */
#define ORDERED(these, worth)                                     \
	.kind = ORDER, .check = "path-redirect", .pieces = these, \
	.form = "the lines in the order of the datagram's way", .points = worth

const struct exercise exercises[] = {
	{
		.number = 1,
		.name = "01-routed",
		.trials = {
			{
				FORETOLD("neighbour", "neighbour DEVICE, of the four",
					 NEIGHBOUR, "control-routed", 2),
				.missing = "the device whose MAC the client's neighbour entry for 10.0.2.11 has",
				.hint = "an ARP request is a broadcast, and no router forwards one: who is on the same cable as the client?",
			},
			{
				FORETOLD("TTL", "TTL NUMBER, as the server's socket tells it",
					 TTL, "control-routed", 2),
				.missing = "the TTL with which the server receives what was sent with 64",
				.hint = "who counts it down, and how many of those are on the way?",
			},
			{
				FORETOLD("InReceives", "InReceives NUMBER",
					 IN_RECEIVES, "control-routed", 1),
				.missing = "how many packets netns_1's IP layer is given of one datagram",
				.hint = "ARP is no IP, and a router does not answer the client",
			},
			{
				FORETOLD("ForwDatagrams", "ForwDatagrams NUMBER",
					 FORW_DATAGRAMS, "control-routed", 1),
				.missing = "how many of them netns_1 sends on",
				.hint = "10.0.2.11 is none of netns_1's own addresses, and it has a route there",
			},
			{
				FORETOLD("off.InReceives", "off.InReceives NUMBER",
					 IN_RECEIVES, "control-not-forwarded", 2),
				.missing = "the same where forwarding is off, and the client was told veth1@2's MAC",
				.hint = "who finds that it may not forward has taken the packet in already",
			},
			{
				FORETOLD("off.ForwDatagrams", "off.ForwDatagrams NUMBER",
					 FORW_DATAGRAMS, "control-not-forwarded", 2),
				.missing = "how many netns_1 sends on where forwarding is off",
				.hint = "net.ipv4.ip_forward says what becomes of a packet for somebody else",
			},
		},
	},
	{
		.number = 2,
		.name = "02-silent-arp",
		.trials = {
			{
				.kind = SETTINGS,
				.check = "redirect",
				.variant = { .forwarding_off = true },
				.form = "NAMESPACE KEY = VALUE, a line or more",
				.points = 3,
				.missing = "settings in answer.txt that the machine takes",
				.hint = "netns_1 net.ipv4.conf.all.arp_ignore = 0 would be one, though it does not help",
			},
			{
				.kind = SETTINGS,
				.check = "redirect",
				.variant = { .forwarding_off = true },
				.outcome = "redirected",
				.form = "NAMESPACE KEY = VALUE, a line or more",
				.points = 7,
				.missing = "the setting without which netns_1 does not answer ARP for another machine's address",
				.hint = "only a router answers for others: net.ipv4.ip_forward of netns_1",
			},
		},
	},
	{
		.number = 3,
		.name = "03-egress",
		.trials = { LOADS,
			    {
				    .outcome = "redirected",
				    .points = 8,
				    .missing = "what is for 10.0.2.11 leaves through veth2@1 with veth2@2's MAC, and netns_1 never routes it",
				    .hint = "three things must be true: the frame's h_dest is 02:00:00:00:00:00, the call is bpf_redirect(3, 0), and what it answers is what you return",
			    } },
	},
	{
		.number = 4,
		.name = "04-no-mac",
		.trials = { LOADS,
			    {
				    .outcome = "refused-by-veth2@2",
				    .points = 4,
				    .missing = "a redirect to veth2@1 that leaves the frame's MAC as it came",
				    .hint = "take the one line out that writes eth->h_dest, and nothing else",
			    },
			    {
				    .kind = ANSWER,
				    .answer = "veth2@2 OTHERHOST",
				    .form = "DEVICE REASON, as the machine tells them",
				    .points = 4,
				    .missing = "the device that had the frame last and the reason of its drop, in answer.txt: DEVICE REASON",
				    .hint = "`lab object FILE` shows the way: the last line before \"dropped here\" has the device, and that line the reason",
			    } },
	},
	{
		.number = 5,
		.name = "05-no-constants",
		.trials = { LOADS,
			    {
				    .outcome = "redirected",
				    .itinerary = &way_redirected,
				    .points = 2,
				    .missing = "the redirect works in the article's topology, as it did before you changed it, and looks nothing up",
				    .hint = "a constant is told only under its very name: target_ifindex, target_mac (6 bytes), destination (host byte order)",
			    },
			    {
				    .drawn = ALL_DRAWN,
				    .outcome = "redirected",
				    .itinerary = &way_redirected,
				    .points = 6,
				    .missing =
					    "the same where veth2@1's ifindex, veth2@2's MAC and the addresses are others: no number is written into the program",
				    .hint = "const volatile __u32 target_ifindex; in the same way the two others, and none of them static or with a value",
			    } },
	},
	{
		.number = 6,
		.name = "06-ingress-flag",
		.trials = { LOADS,
			    {
				    .outcome = "refused-by-veth2@1",
				    .points = 4,
				    .missing = "a redirect to veth2@1's ingress, under veth2@2's MAC as before",
				    .hint = "bpf_redirect(TARGET_INTF, BPF_F_INGRESS), and nothing else is changed",
			    },
			    {
				    .kind = ANSWER,
				    .answer = "veth2@1 OTHERHOST",
				    .form = "DEVICE REASON, as the machine tells them",
				    .points = 4,
				    .missing = "the device that had the frame last and the reason of its drop, in answer.txt: DEVICE REASON",
				    .hint = "`lab object FILE` shows the way: the device is the one that was made to receive a frame for another MAC",
			    } },
	},
	{
		.number = 7,
		.name = "07-ingress-repaired",
		.trials = { LOADS,
			    {
				    .outcome = "routed",
				    .itinerary = &way_ingress_repaired,
				    .points = 4,
				    .missing = "a redirect to veth2@1's ingress under veth2@1's own MAC, so that netns_1 takes the frame and routes it",
				    .hint = "bpf_fib_lookup() tells more than the next hop's MAC: its smac is that of the device to send by, veth2@1",
			    },
			    {
				    .drawn = DEVICES_DRAWN,
				    .outcome = "routed",
				    .itinerary = &way_ingress_repaired,
				    .points = 4,
				    .missing = "the same where veth2@1 has another ifindex: no number is written into the program",
				    .hint = "the lookup's answer has the ifindex to send by as well",
			    } },
	},
	{
		.number = 8,
		.name = "08-not-returned",
		.trials = { LOADS,
			    {
				    .outcome = "redirected",
				    .points = 4,
				    .missing = "the datagram leaves through veth2@1, and netns_1's IP layer does not see it",
				    .hint = "what bpf_redirect() answers must be what the program answers, through to_server() as well",
			    },
			    {
				    .kind = ANSWER,
				    .answer = "ip_rcv TC_ACT_OK",
				    .form = "FUNCTION ANSWER, as the machine tells them",
				    .points = 4,
				    .missing = "the first function of netns_1's IP layer on the way of the start, and what the start answered, in answer.txt: FUNCTION ANSWER",
				    .hint = "`lab object FILE` with the start: its line tells the answer, its way the function below tcf_classify",
			    } },
	},
	{
		.number = 9,
		.name = "09-replies",
		.like = "redirect-back",
		.action = REPLY,
		.trials = { LOADS,
			    {
				    .outcome = "reply-redirected",
				    .points = 4,
				    .missing =
					    "an answer to netns_2's ARP request, and a redirect of the reply to veth1@2 with veth1@1's MAC",
				    .hint = "the ARP comes first: the outcome is reply-unresolved until it is answered; then the redirect",
			    },
			    {
				    .drawn = DEVICES_DRAWN,
				    .outcome = "reply-redirected",
				    .points = 4,
				    .missing = "the same where both devices have other ifindexes",
				    .hint = "ctx->ingress_ifindex is the device that it came by, and bpf_fib_lookup() tells the one to leave by",
			    } },
	},
	{
		.number = 10,
		.name = "10-fib",
		.trials = { LOADS,
			    {
				    .drawn = DEVICES_DRAWN,
				    .before = MOVE_SERVER,
				    .outcome = "redirected",
				    .itinerary = &way_fib,
				    .points = 5,
				    .missing =
					    "a redirect that follows netns_1's tables: veth2@1 has another ifindex here, and the server a new MAC",
				    .hint = "both are in what bpf_fib_lookup() fills in: dmac and ifindex",
			    },
			    {
				    .variant = { .forwarding_off = true, .static_neighbour = true },
				    .outcome = "not-forwarded",
				    .itinerary = &way_fib_not_forwarded,
				    .points = 3,
				    .missing = "the packet as it came, left to the IP layer, where the lookup has no answer: forwarding is off here",
				    .hint = "compare what bpf_fib_lookup() returns with BPF_FIB_LKUP_RET_SUCCESS before you use any of it",
			    } },
	},
	{
		.number = 11,
		.name = "11-neigh",
		.trials = { LOADS,
			    {
				    .variant = { .forwarding_off = true, .static_neighbour = true },
				    .outcome = "redirected",
				    .itinerary = &way_neigh,
				    .points = 4,
				    .missing =
					    "a redirect through the neighbour table, which works though netns_1 may not forward",
				    .hint = "bpf_redirect_neigh() in place of bpf_redirect(), and nothing looked up before",
			    },
			    {
				    .before = MOVE_SERVER,
				    .outcome = "redirected",
				    .itinerary = &way_neigh,
				    .points = 4,
				    .missing = "the same after the server got another MAC",
				    .hint = "the kernel writes the MAC: nothing of the Ethernet header is yours",
			    } },
	},
	{
		.number = 12,
		.name = "12-peer",
		.trials = { LOADS,
			    {
				    .outcome = "handed-over",
				    .itinerary = &way_peer,
				    .points = 4,
				    .missing = "a hand-over in the same pass, of which veth2@1 transmits nothing",
				    .hint = "bpf_redirect_peer(3, 0), and what it answers is what you return",
			    },
			    {
				    .variant = { .forwarding_off = true, .static_neighbour = true },
				    .before = MOVE_SERVER,
				    .outcome = "handed-over",
				    .itinerary = &way_peer,
				    .points = 4,
				    .missing =
					    "the same where forwarding is off and the server has another MAC",
				    .hint = "the hand-over asks for neither: look nothing up, rewrite nothing",
			    } },
	},
	{
		.number = 13,
		.name = "13-mirror",
		.trials = { LOADS,
			    {
				    .outcome = "mirrored",
				    .itinerary = &way_mirror,
				    .points = 4,
				    .missing =
					    "two datagrams at the server: the copy redirected, the original routed",
				    .hint = "bpf_clone_redirect() sends the copy at once; TC_ACT_OK lets the original go on",
			    },
			    {
				    .drawn = DEVICES_DRAWN,
				    .before = MOVE_SERVER,
				    .outcome = "mirrored",
				    .itinerary = &way_mirror,
				    .points = 4,
				    .missing = "the same where veth2@1 has another ifindex and the server another MAC",
				    .hint = "bpf_fib_lookup() knows both",
			    } },
	},
	{
		.number = 14,
		.name = "14-tcx",
		.like = "redirect-tcx-first",
		.trials = { LOADS,
			    {
				    .outcome = "redirected",
				    .itinerary = &way_tcx,
				    .points = 4,
				    .missing = "a redirect through tcx",
				    .hint = "the start had it: section tcx/ingress, the MAC, and bpf_redirect(3, 0) returned",
			    },
			    {
				    .kind = FRAMES,
				    .points = 4,
				    .missing = "what is not redirected goes on to the next program",
				    .hint = "TCX_NEXT in place of TC_ACT_OK, wherever a frame passes",
			    } },
	},
	{
		.number = 15,
		.name = "15-xdp-devmap",
		.like = "xdp-devmap",
		.trials = { LOADS,
			    {
				    .drawn = DEVICES_DRAWN,
				    .variant = { .whole_checksums = true },
				    .outcome = "redirected",
				    .itinerary = &way_xdp_devmap,
				    .points = 6,
				    .missing = "a redirect by the map, under veth2@1's ifindex as it is here, with veth2@2's MAC",
				    .hint = "bpf_redirect_map(&targets, fib.ifindex, XDP_PASS) after a bpf_fib_lookup()",
			    },
			    {
				    .like = "xdp-devmap-empty",
				    .variant = { .whole_checksums = true },
				    .outcome = "routed",
				    .itinerary = &way_xdp_passed,
				    .points = 2,
				    .missing =
					    "the frame passed on as it came where the map is empty",
				    .hint = "XDP_PASS as the flags, and no rewrite unless the answer is XDP_REDIRECT",
			    } },
	},
	{
		.number = 16,
		.name = "16-hardened",
		.trials = { LOADS,
			    {
				    .outcome = "redirected",
				    .itinerary = &way_redirected,
				    .points = 2,
				    .missing = "the plain datagram, redirected",
				    .hint = "the start had it: h_dest, and bpf_redirect(3, 0) returned",
			    },
			    {
				    .kind = FRAMES,
				    .points = 6,
				    .missing = "untagged IPv4 for 10.0.2.11 redirected, and everything else left to netns_1",
				    .hint = "three tests let a frame pass: its length, its EtherType, and ctx->vlan_present",
			    } },
	},
	{
		.number = 17,
		.name = "17-in-order",
		.trials = {
			{
				ORDERED(to_the_program, 3),
				.missing = "the way as far as the program, from sending to tcf_classify",
				.hint = "first the MAC, then the device's queue, then the device; what the other end does comes after that",
			},
			{
				ORDERED(from_the_program, 3),
				.missing = "the way from the program's answer into the server's socket",
				.hint = "the answer is carried out, veth2@1 sends, and in netns_2 it climbs from layer to layer",
			},
			{
				ORDERED(whole_way, 4),
				.missing = "both parts behind each other, each line once",
				.hint = "`lab trace redirect` shows them: FUNCTION is its last column, IFACE the device",
			},
		},
	},
};

const int exercises_count = sizeof(exercises) / sizeof(exercises[0]);
