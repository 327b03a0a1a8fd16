// SPDX-License-Identifier: GPL-2.0
#include <linux/if_packet.h>

#include "paths.h"

/* From sendto to where the ways part: the queue of veth1@2, and netns_1 taking it from there. */
#define TO_NETNS_1                                                 \
	AT("ip_send_skb", IN(HOST)), AT("veth_xmit", ON(VETH1_1)), \
		AT("enqueue_to_backlog", ON(VETH1_2)), AT("__netif_receive_skb", ON(VETH1_2))

#define THROUGH(xmit)                                               \
	AT("__dev_queue_xmit", ON(VETH2_1)), AT(xmit, ON(VETH2_1)), \
		AT("enqueue_to_backlog", ON(VETH2_2)), AT("ip_rcv", ON(VETH2_2))
#define THROUGH_VETH2_1 THROUGH("veth_xmit")

/*
 * Into the listener's queue. That it is taken out again the payload witness says: clang inlines
 * skb_consume_udp into udp_recvmsg, though BTF and kallsyms go on naming it for IPv6's sake.
 */
#define TO_THE_LISTENER AT("udp_rcv", IN(NETNS_2)), AT("__udp_enqueue_schedule_skb", IN(NETNS_2))

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
	.never = { NETNS_1_IP, AT("bpf_skb_fib_lookup"), DROPPED, { .skb = COPY, ON(VETH2_1) } },
};

const struct itinerary way_not_returned = {
	.story = "past a program that has changed nothing, and through netns_1's IP layer",
	.stops = { TO_NETNS_1, AT("tcf_classify", ON(VETH1_2)), AT("ip_rcv", ON(VETH1_2)),
		   AT("ip_forward", ON(VETH1_2)), THROUGH_VETH2_1, TO_THE_LISTENER },
	.never = { AT("skb_do_redirect"), AT("__bpf_redirect"), AT("bpf_clone_redirect"), DROPPED },
};

const struct itinerary way_fib = {
	.story = "as redirected, once netns_1's routes and neighbours have told where to",
	.stops = { TO_NETNS_1, AT("tcf_classify", ON(VETH1_2)),
		   AT("bpf_skb_fib_lookup", ON(VETH1_2)), AT("skb_do_redirect", ON(VETH1_2)),
		   AT("__bpf_redirect", ON(VETH1_2)), THROUGH_VETH2_1, TO_THE_LISTENER },
	.never = { NETNS_1_IP, AT("neigh_resolve_output", ON(VETH2_1)), DROPPED },
};

const struct itinerary way_fib_not_forwarded = {
	.story = "past a program that asked for the route and was told none, into netns_1's IP",
	.stops = { TO_NETNS_1, AT("bpf_skb_fib_lookup", ON(VETH1_2)), AT("ip_rcv", ON(VETH1_2)) },
	.never = { AT("skb_do_redirect"), AT("ip_output", IN(NETNS_1)), { ON(VETH2_1) } },
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
		   AT("__dev_queue_xmit", ON(VETH2_1)), DROPPED },
};

/* The copy is gone before the program has answered; what it answers decides the original. */
const struct itinerary way_clone = {
	.story = "a copy is redirected, the original dropped where the program ran",
	.stops = { TO_NETNS_1, AT("bpf_clone_redirect", .skb = ORIGINAL),
		   AT("__bpf_redirect", .skb = COPY), AT("veth_xmit", ON(VETH2_1), .skb = COPY),
		   AT("sk_skb_reason_drop", ON(VETH1_2), .skb = ORIGINAL),
		   AT("ip_rcv", ON(VETH2_2), .skb = COPY),
		   AT("__udp_enqueue_schedule_skb", IN(NETNS_2), .skb = COPY) },
	.never = { NETNS_1_IP, AT("skb_do_redirect") },
};

const struct itinerary way_mirror = {
	.story = "a copy is redirected, the original routed",
	.stops = { TO_NETNS_1, AT("bpf_clone_redirect", .skb = ORIGINAL),
		   AT("veth_xmit", ON(VETH2_1), .skb = COPY),
		   AT("ip_forward", ON(VETH1_2), .skb = ORIGINAL),
		   AT("veth_xmit", ON(VETH2_1), .skb = ORIGINAL),
		   AT("__udp_enqueue_schedule_skb", .skb = COPY),
		   AT("__udp_enqueue_schedule_skb", .skb = ORIGINAL) },
	.never = { AT("skb_do_redirect"), AT("ip_forward", .skb = COPY), DROPPED },
};

/* tc_run() is for qdiscs: tcx programs run before it is asked for (sch_handle_ingress()). */
const struct itinerary way_tcx = {
	.story = "as redirected, with no qdisc on the way",
	.stops = { TO_NETNS_1, AT("skb_do_redirect", ON(VETH1_2)),
		   AT("__bpf_redirect", ON(VETH1_2)), THROUGH_VETH2_1, TO_THE_LISTENER },
	.never = { NETNS_1_IP, AT("tc_run"), AT("tcf_classify"), DROPPED },
};

const struct itinerary way_netkit_routed = {
	.story = "through netns_1's IP layer, and through a netkit pair",
	.stops = { TO_NETNS_1, AT("ip_rcv", ON(VETH1_2)), AT("ip_forward", ON(VETH1_2)),
		   THROUGH("netkit_xmit"), TO_THE_LISTENER },
	.never = { AT("veth_xmit", ON(VETH2_1)), AT("tcf_classify"), DROPPED },
};

const struct itinerary way_netkit = {
	.story = "as redirected, through a netkit pair",
	.stops = { TO_NETNS_1, AT("skb_do_redirect", ON(VETH1_2)),
		   AT("__bpf_redirect", ON(VETH1_2)), THROUGH("netkit_xmit"), TO_THE_LISTENER },
	.never = { NETNS_1_IP, AT("veth_xmit", ON(VETH2_1)), DROPPED },
};

/*
 * Under native XDP the driver calls the program before there is any network stack, and takes the
 * datagram in again from veth2@2's ring: no queue of the CPU's, no qdisc, no tc.
 */
#define TO_XDP                                                     \
	AT("ip_send_skb", IN(HOST)), AT("veth_xmit", ON(VETH1_1)), \
		AT("veth_xdp_rcv_skb", ON(VETH1_2))

#define BY_THE_RING                                                                \
	AT("veth_ndo_xdp_xmit", ON(VETH2_1)), AT("veth_xdp_rcv_one", ON(VETH2_2)), \
		AT("__xdp_build_skb_from_frame", ON(VETH2_2)), AT("ip_rcv", ON(VETH2_2))

#define NO_STACK                                                                         \
	NETNS_1_IP, AT("enqueue_to_backlog"), AT("tcf_classify"), AT("skb_do_redirect"), \
		AT("__dev_queue_xmit", IN(NETNS_1)), AT("veth_xmit", ON(VETH2_1))

const struct itinerary way_xdp = {
	.story = "a raw frame from veth1@2's driver to veth2@1's, and an skb again in netns_2",
	.stops = { TO_XDP, AT("xdp_do_redirect", ON(VETH1_2)), AT("dev_xdp_enqueue", ON(VETH2_1)),
		   BY_THE_RING, TO_THE_LISTENER },
	.never = { NO_STACK, AT("dev_map_enqueue"), AT("xdp_return_frame"), DROPPED },
};

const struct itinerary way_xdp_devmap = {
	.story = "as xdp, by a map that knows the device",
	.stops = { TO_XDP, AT("xdp_do_redirect", ON(VETH1_2)), AT("dev_map_enqueue"), BY_THE_RING,
		   TO_THE_LISTENER },
	.never = { NO_STACK, AT("dev_xdp_enqueue"), AT("xdp_return_frame"), DROPPED },
};

/* Since 6.3 the queue refuses it (NETDEV_XDP_ACT_NDO_XMIT), before that veth_ndo_xdp_xmit does. */
const struct itinerary way_xdp_no_ring = {
	.story = "a raw frame that finds no ring at veth2@2, and is given back",
	.stops = { TO_XDP, AT("xdp_do_redirect", ON(VETH1_2)), AT("dev_xdp_enqueue", ON(VETH2_1)),
		   AT("xdp_return_frame") },
	.never = { NO_STACK, { .places = 1u << NETNS_2 } },
};

const struct itinerary way_xdp_half_checksum = {
	.story = "as xdp, as far as netns_2's UDP, which finds the checksum wrong",
	.stops = { TO_XDP, AT("xdp_do_redirect", ON(VETH1_2)), BY_THE_RING,
		   AT("udp_rcv", IN(NETNS_2)),
		   AT("sk_skb_reason_drop", IN(NETNS_2), .reason = "UDP_CSUM") },
	.never = { NO_STACK, AT("__udp_enqueue_schedule_skb") },
};

const struct itinerary way_xdp_passed = {
	.story = "past two XDP programs, and through netns_1's IP layer",
	.stops = { TO_XDP, AT("ip_rcv", ON(VETH1_2)), AT("ip_forward", ON(VETH1_2)),
		   AT("veth_xmit", ON(VETH2_1)), AT("veth_xdp_rcv_skb", ON(VETH2_2)),
		   AT("ip_rcv", ON(VETH2_2)), TO_THE_LISTENER },
	.never = { AT("xdp_do_redirect"), AT("tcf_classify"), DROPPED },
};

/* Behind the driver: an skb all the way, from queue to queue, and the qdisc of veth2@1 left out. */
#define GENERIC                                                  \
	TO_NETNS_1, AT("bpf_prog_run_generic_xdp", ON(VETH1_2)), \
		AT("xdp_do_generic_redirect", ON(VETH1_2))
#define SENT_BY_GENERIC                                                  \
	AT("generic_xdp_tx", ON(VETH2_1)), AT("veth_xmit", ON(VETH2_1)), \
		AT("enqueue_to_backlog", ON(VETH2_2)), AT("ip_rcv", ON(VETH2_2))
#define NO_TC                                                  \
	NETNS_1_IP, AT("tcf_classify"), AT("skb_do_redirect"), \
		AT("__dev_queue_xmit", ON(VETH2_1)), AT("xdp_do_redirect"), DROPPED

const struct itinerary way_xdp_generic = {
	.story = "an skb, redirected before tc, and sent without a qdisc",
	.stops = { GENERIC, SENT_BY_GENERIC, TO_THE_LISTENER },
	.never = { NO_TC, AT("dev_map_generic_redirect") },
};

const struct itinerary way_xdp_devmap_generic = {
	.story = "as xdp-generic, by a map that knows the device",
	.stops = { GENERIC, AT("dev_map_generic_redirect", ON(VETH1_2)), SENT_BY_GENERIC,
		   TO_THE_LISTENER },
	.never = { NO_TC },
};

#define ASSIGNED                                                                       \
	TO_NETNS_1, AT("tcf_classify", ON(VETH1_2)), AT("bpf_sk_assign", ON(VETH1_2)), \
		AT("ip_rcv", ON(VETH1_2))

const struct itinerary way_assigned = {
	.story = "into netns_1's own UDP, to the socket that the program has chosen",
	.stops = { ASSIGNED, AT("ip_local_deliver", ON(VETH1_2)), AT("udp_rcv", IN(NETNS_1)),
		   AT("__udp_enqueue_schedule_skb", IN(NETNS_1)) },
	.never = { AT("ip_forward"), { ON(VETH2_1) }, { .places = 1u << NETNS_2 }, DROPPED },
};

const struct itinerary way_not_assigned = {
	.story = "into netns_1's own UDP, which knows nobody for it",
	.stops = { TO_NETNS_1, AT("tcf_classify", ON(VETH1_2)), AT("ip_rcv", ON(VETH1_2)),
		   AT("ip_local_deliver", ON(VETH1_2)), AT("udp_rcv", IN(NETNS_1)),
		   AT("sk_skb_reason_drop", IN(NETNS_1), .reason = "NO_SOCKET") },
	.never = { AT("bpf_sk_assign"), AT("ip_forward"), AT("__udp_enqueue_schedule_skb") },
};

const struct itinerary way_assigned_not_local = {
	.story = "into netns_1's ip_forward, which drops what has a socket",
	.stops = { ASSIGNED, AT("ip_forward", ON(VETH1_2)), AT("sk_skb_reason_drop", ON(VETH1_2)) },
	.never = { AT("ip_local_deliver"), AT("ip_output", IN(NETNS_1)), { ON(VETH2_1) } },
};
