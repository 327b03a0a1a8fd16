// SPDX-License-Identifier: GPL-2.0
#include <linux/if_packet.h>

#include "paths.h"

/* From sendto to where the ways part: the queue of veth1@2, and netns_1 taking it from there. */
#define TO_NETNS_1                                                 \
	AT("ip_send_skb", IN(HOST)), AT("veth_xmit", ON(VETH1_1)), \
		AT("enqueue_to_backlog", ON(VETH1_2)), AT("__netif_receive_skb", ON(VETH1_2))

#define THROUGH_VETH2_1                                                    \
	AT("__dev_queue_xmit", ON(VETH2_1)), AT("veth_xmit", ON(VETH2_1)), \
		AT("enqueue_to_backlog", ON(VETH2_2)), AT("ip_rcv", ON(VETH2_2))

#define TO_THE_LISTENER                                                            \
	AT("udp_rcv", IN(NETNS_2)), AT("__udp_enqueue_schedule_skb", IN(NETNS_2)), \
		AT("skb_consume_udp", IN(NETNS_2))

#define NETNS_1_IP AT("ip_rcv", IN(NETNS_1)), AT("ip_forward", IN(NETNS_1))

#define DROPPED AT("sk_skb_reason_drop")

const struct itinerary way_routed = {
	.story = "through netns_1's IP layer",
	.stops = { TO_NETNS_1, AT("ip_rcv", ON(VETH1_2)), AT("ip_forward", ON(VETH1_2)),
		   AT("ip_output", IN(NETNS_1)), THROUGH_VETH2_1, TO_THE_LISTENER },
	.never = { AT("tcf_classify"), AT("skb_do_redirect"), AT("__bpf_redirect"), DROPPED },
};

const struct itinerary way_redirected = {
	.story = "from veth1@2's clsact straight to veth2@1's transmission",
	.stops = { TO_NETNS_1, AT("tcf_classify", ON(VETH1_2)), AT("skb_do_redirect", ON(VETH1_2)),
		   AT("__bpf_redirect", ON(VETH1_2)), THROUGH_VETH2_1, TO_THE_LISTENER },
	.never = { NETNS_1_IP, DROPPED, { .skb = COPY, ON(VETH2_1) } },
};

const struct itinerary way_no_mac = {
	.story = "as redirected, as far as veth2@2, whose MAC is another",
	.stops = { TO_NETNS_1, AT("skb_do_redirect", ON(VETH1_2)),
		   AT("__dev_queue_xmit", ON(VETH2_1)),
		   AT("enqueue_to_backlog", ON(VETH2_2), .types = 1u << PACKET_OTHERHOST),
		   AT("ip_rcv", ON(VETH2_2), .types = 1u << PACKET_OTHERHOST),
		   AT("sk_skb_reason_drop", ON(VETH2_2), .reason = "OTHERHOST") },
	.never = { NETNS_1_IP, AT("udp_rcv") },
};

/* The article's second trace, and the end that it does not show. */
#define RECIRCULATED                                                                         \
	TO_NETNS_1, AT("skb_do_redirect", ON(VETH1_2)), AT("__bpf_redirect", ON(VETH1_2)),   \
		AT("netif_rx_internal", ON(VETH2_1)), AT("enqueue_to_backlog", ON(VETH2_1)), \
		AT("__netif_receive_skb", ON(VETH2_1)), AT("ip_rcv", ON(VETH2_1))

const struct itinerary way_ingress = {
	.story = "received a second time, by veth2@1, and refused there",
	.stops = { RECIRCULATED, AT("sk_skb_reason_drop", ON(VETH2_1), .reason = "OTHERHOST") },
	.never = { AT("ip_forward"), AT("veth_xmit", ON(VETH2_1)), { .places = 1u << NETNS_2 } },
};

const struct itinerary way_ingress_repaired = {
	.story = "received a second time, by veth2@1, and routed from there",
	.stops = { RECIRCULATED, AT("ip_forward", ON(VETH2_1)), THROUGH_VETH2_1, TO_THE_LISTENER },
	.never = { AT("ip_rcv", ON(VETH1_2)), DROPPED },
};

const struct itinerary way_neigh = {
	.story = "from veth1@2's clsact to netns_1's neighbour table, which gives the MAC",
	.stops = { TO_NETNS_1, AT("tcf_classify", ON(VETH1_2)), AT("skb_do_redirect", ON(VETH1_2)),
		   AT("neigh_resolve_output", ON(VETH2_1)), THROUGH_VETH2_1, TO_THE_LISTENER },
	.never = { NETNS_1_IP, AT("__bpf_redirect"), DROPPED },
};

const struct itinerary way_peer = {
	.story = "from veth1@2's clsact into netns_2 in the same pass",
	.stops = { TO_NETNS_1, AT("tcf_classify", ON(VETH1_2)), AT("skb_do_redirect", ON(VETH1_2)),
		   AT("ip_rcv", ON(VETH2_2)), TO_THE_LISTENER },
	.never = { NETNS_1_IP, AT("__bpf_redirect"), AT("enqueue_to_backlog", ON(VETH2_2)),
		   AT("veth_xmit", ON(VETH2_1)), DROPPED },
};

/* The copy is gone before the program has answered; what it answers decides the original. */
const struct itinerary way_clone = {
	.story = "a copy is redirected, the original dropped where the program ran",
	.stops = { TO_NETNS_1, AT("bpf_clone_redirect", .skb = ORIGINAL),
		   AT("__bpf_redirect", .skb = COPY), AT("veth_xmit", ON(VETH2_1), .skb = COPY),
		   AT("sk_skb_reason_drop", ON(VETH1_2), .skb = ORIGINAL),
		   AT("ip_rcv", ON(VETH2_2), .skb = COPY),
		   AT("skb_consume_udp", IN(NETNS_2), .skb = COPY) },
	.never = { NETNS_1_IP, AT("skb_do_redirect") },
};

const struct itinerary way_mirror = {
	.story = "a copy is redirected, the original routed",
	.stops = { TO_NETNS_1, AT("bpf_clone_redirect", .skb = ORIGINAL),
		   AT("veth_xmit", ON(VETH2_1), .skb = COPY),
		   AT("ip_forward", ON(VETH1_2), .skb = ORIGINAL),
		   AT("veth_xmit", ON(VETH2_1), .skb = ORIGINAL),
		   AT("skb_consume_udp", .skb = COPY), AT("skb_consume_udp", .skb = ORIGINAL) },
	.never = { AT("skb_do_redirect"), AT("ip_forward", .skb = COPY), DROPPED },
};

/* tc_run() is for qdiscs: tcx programs run before it is asked for (sch_handle_ingress()). */
const struct itinerary way_tcx = {
	.story = "as redirected, with no qdisc on the way",
	.stops = { TO_NETNS_1, AT("skb_do_redirect", ON(VETH1_2)),
		   AT("__bpf_redirect", ON(VETH1_2)), THROUGH_VETH2_1, TO_THE_LISTENER },
	.never = { NETNS_1_IP, AT("tc_run"), AT("tcf_classify"), DROPPED },
};
