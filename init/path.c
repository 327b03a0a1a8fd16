// SPDX-License-Identifier: GPL-2.0
#include <linux/if_packet.h>
#include <string.h>

#include "path.h"

/* The arguments are those of 6.12; a name that the kernel lacks is left out (trace.c). */
const struct function functions[] = {
	{ "udp_send_skb", .skb = 1 },
	{ "ip_send_skb", .skb = 2 },
	{ "__ip_local_out", .skb = 3 },
	{ "ip_output", .skb = 3 },
	{ "ip_finish_output2", .skb = 3 },
	{ "neigh_resolve_output", .skb = 2 },
	{ "__dev_queue_xmit", .skb = 1 },
	{ "dev_hard_start_xmit", .skb = 1 },
	{ "veth_xmit", .skb = 1, .module = VETH },
	{ "netkit_xmit", .skb = 1, .module = NETKIT },
	{ "__dev_forward_skb", .skb = 2 },
	{ "eth_type_trans", .skb = 1 },
	{ "netif_rx", .skb = 1 },
	{ "__netif_rx", .skb = 1, .stands_for = "netif_rx" }, /* 5.18 */
	{ "netif_rx_internal", .skb = 1, .stands_for = "enqueue_to_backlog" },
	{ "enqueue_to_backlog", .skb = 1 },
	{ "__netif_receive_skb", .skb = 1 },
	{ "__netif_receive_skb_one_core", .skb = 1, .stands_for = "__netif_receive_skb" },
	{ "veth_xdp_rcv_skb", .skb = 2, .module = VETH },
	{ "bpf_prog_run_generic_xdp", .skb = 1 }, /* 5.14 */
	{ "xdp_do_redirect", .buff = 2, .device = 1 },
	{ "dev_xdp_enqueue", .frame = 2, .device = 1 },
	{ "dev_map_enqueue", .frame = 2, .device = 3 },
	{ "veth_ndo_xdp_xmit", .frames = 3, .device = 1, .module = VETH },
	{ "veth_xdp_rcv_one", .frame = 2, .napi = 1, .module = VETH },
	{ "__xdp_build_skb_from_frame", .frame = 1, .device = 3 }, /* 5.12 */
	{ "xdp_do_generic_redirect", .skb = 2 },
	{ "dev_map_generic_redirect", .skb = 2 },
	{ "generic_xdp_tx", .skb = 1 },
	{ "tc_run", .skb = 2 }, /* 6.6 */
	{ "tcf_classify", .skb = 1 },
	{ "tcf_classify_ingress", .skb = 1, .stands_for = "tcf_classify" }, /* until 5.12 */
	{ "bpf_skb_fib_lookup", .skb = 1 },
	{ "bpf_sk_assign", .skb = 1 },
	{ "bpf_clone_redirect", .skb = 1 },
	{ "skb_clone", .skb = 1 },
	{ "skb_do_redirect", .skb = 1 },
	{ "__bpf_redirect", .skb = 1 },
	{ "skb_scrub_packet", .skb = 1 },
	{ "ip_rcv", .skb = 1 },
	{ "ip_rcv_core", .skb = 1, .stands_for = "ip_rcv" }, /* of a list, from NAPI */
	{ "ip_forward", .skb = 1 },
	{ "ip_error", .skb = 1 },
	{ "ip_local_deliver", .skb = 1 },
	{ "ip_protocol_deliver_rcu", .skb = 2 },
	{ "udp_rcv", .skb = 1 },
	{ "udp_unicast_rcv_skb", .skb = 2 },
	{ "udp_queue_rcv_skb", .skb = 2 },
	/* IPv6's own: each stands for its fellow, so that one itinerary tells the way of both. */
	{ "udp_v6_send_skb", .skb = 1, .stands_for = "udp_send_skb" },
	{ "ip6_send_skb", .skb = 1, .stands_for = "ip_send_skb" },
	{ "__ip6_local_out", .skb = 3, .stands_for = "__ip_local_out" },
	{ "ip6_output", .skb = 3, .stands_for = "ip_output" },
	{ "ip6_finish_output2", .skb = 3, .stands_for = "ip_finish_output2" },
	{ "ipv6_rcv", .skb = 1, .stands_for = "ip_rcv" },
	{ "ip6_rcv_core", .skb = 1, .stands_for = "ip_rcv" },
	{ "ip6_forward", .skb = 1, .stands_for = "ip_forward" },
	{ "ip6_input", .skb = 1, .stands_for = "ip_local_deliver" },
	{ "ip6_protocol_deliver_rcu", .skb = 2, .stands_for = "ip_protocol_deliver_rcu" },
	{ "udpv6_rcv", .skb = 1, .stands_for = "udp_rcv" },
	{ "udp6_unicast_rcv_skb", .skb = 2, .stands_for = "udp_unicast_rcv_skb" },
	{ "udpv6_queue_rcv_skb", .skb = 2, .stands_for = "udp_queue_rcv_skb" },
	{ "__udp_enqueue_schedule_skb", .skb = 2 },
	/* The device's place in the skb is UDP's own by then. */
	{ "skb_consume_udp", .skb = 2, .socket = 1 },
	{ "kfree_skb", .skb = 1, .stands_for = "sk_skb_reason_drop" }, /* tells no reason */
	{ "kfree_skb_reason", .skb = 1, .reason = 2,
	  .stands_for = "sk_skb_reason_drop" },		 /* 5.17 */
	{ "sk_skb_reason_drop", .skb = 2, .reason = 3 }, /* 6.11 */
	{ "xdp_return_frame", .frame = 1 },
	{ "xdp_return_frame_rx_napi", .frame = 1, .stands_for = "xdp_return_frame" },
	{ "xdp_return_buff", .buff = 1, .stands_for = "xdp_return_frame" },
};

const int functions_count = sizeof(functions) / sizeof(functions[0]);
_Static_assert(sizeof(functions) / sizeof(functions[0]) <= FUNCTIONS_MAX, "path.watched is short");

/* Matching. */

static bool has_name(const struct function *function, const char *name)
{
	return !strcmp(function->name, name) ||
	       (function->stands_for && !strcmp(function->stands_for, name));
}

static bool among(unsigned int bits, int bit)
{
	return !bits || (bit >= 0 && bits & 1u << bit);
}

static bool matches(const struct path *path, const struct footstep *step, const struct stop *stop)
{
	bool is_original = step->skb == path->steps[0].skb;

	return (!stop->function || has_name(&functions[step->function], stop->function)) &&
	       among(stop->places, step->place) && among(stop->devices, step->device) &&
	       among(stop->types, step->type) &&
	       (!stop->skb || (stop->skb == ORIGINAL) == is_original) &&
	       (!stop->reason || !functions[step->function].reason ||
		!strcmp(stop->reason, step->reason));
}

static bool is_asked(const struct stop *stop)
{
	return stop->function || stop->places || stop->devices || stop->types || stop->skb ||
	       stop->reason;
}

static int find(const struct path *path, const struct stop *stop, int from)
{
	for (int i = from; i < path->count; i++)
		if (matches(path, &path->steps[i], stop))
			return i;
	return -1;
}

bool path_meets(const struct path *path, const struct stop *stop)
{
	return find(path, stop, 0) >= 0;
}

static bool is_watched_itself(const struct path *path, const char *name)
{
	for (int i = 0; i < functions_count; i++)
		if (path->watched[i] && !strcmp(functions[i].name, name))
			return true;
	return false;
}

static bool is_watched(const struct path *path, const char *name)
{
	for (int i = 0; i < functions_count; i++)
		if (path->watched[i] && has_name(&functions[i], name))
			return true;
	return false;
}

static void tell_stop(const struct stop *stop, struct text *text)
{
	text_add(text, "%s", stop->function ? stop->function : "anything");
	for (int i = 0; i < DEVICES; i++)
		if (stop->devices & 1u << i)
			text_add(text, " on %s", devices[i].name);
	for (int i = 0; i < NAMESPACES; i++)
		if (stop->places & 1u << i)
			text_add(text, " in %s", namespaces[i]);
	if (stop->skb)
		text_add(text, " of the %s", stop->skb == COPY ? "copy" : "original");
	if (stop->reason)
		text_add(text, " for %s", stop->reason);
}

void path_tell_stops(const struct stop stops[STOPS], struct text *text)
{
	for (int i = 0; i < STOPS && is_asked(&stops[i]); i++) {
		text_add(text, "%s", i ? ", " : "");
		tell_stop(&stops[i], text);
	}
}

static int compare_stops(const struct path *path, const struct stop *stops, struct text *report)
{
	int differences = 0, next = 0;

	for (int i = 0; i < STOPS && is_asked(&stops[i]); i++) {
		/* One that another stands for may share its footstep with the stop before it. */
		bool shares =
			stops[i].function && !is_watched_itself(path, stops[i].function) && next;
		int found = find(path, &stops[i], shares ? next - 1 : next);

		if (found >= 0) {
			next = found + 1;
			continue;
		}
		text_add(report, "the way lacks ");
		tell_stop(&stops[i], report);
		if (next)
			text_add(report, " after %s",
				 functions[path->steps[next - 1].function].name);
		text_add(report, "\n");
		differences++;
	}
	return differences;
}

static int compare_never(const struct path *path, const struct stop *never, struct text *report)
{
	int differences = 0;

	for (int i = 0; i < STOPS && is_asked(&never[i]); i++) {
		if (find(path, &never[i], 0) < 0)
			continue;
		text_add(report, "the way has ");
		tell_stop(&never[i], report);
		text_add(report, ", which must not be on it\n");
		differences++;
	}
	return differences;
}

int path_compare(const struct path *path, const struct itinerary *itinerary, struct text *report)
{
	int differences = 0;

	if (path->lost) {
		text_add(report, "%llu sightings were lost\n", (unsigned long long)path->lost);
		differences++;
	}
	if (!path->count) {
		text_add(report, "the datagram was nowhere seen\n");
		differences++;
	}
	if (!itinerary)
		return differences;
	return differences + compare_stops(path, itinerary->stops, report) +
	       compare_never(path, itinerary->never, report);
}

static const char *lacks(const struct path *path, const struct stop *stops)
{
	for (int i = 0; i < STOPS && is_asked(&stops[i]); i++)
		if (stops[i].function && !is_watched(path, stops[i].function))
			return stops[i].function;
	return NULL;
}

const char *path_lacks(const struct path *path, const struct itinerary *itinerary)
{
	const char *name = lacks(path, itinerary->stops);

	return name ? name : lacks(path, itinerary->never);
}

/* Showing. */

/*
 * Where the story turns. Of the rows that match a footstep the first speaks, and no row speaks
 * twice. The condition is another stop that comes later, or that is nowhere.
 */
static const struct turn {
	struct stop at, later, nowhere;
	const char *says;
} turns[] = {
	{ .at = AT("veth_xmit", ON(VETH1_1)),
	  .says = "sent by veth1@1, and so received by its other end, veth1@2 in netns_1" },
	{ .at = AT("tcf_classify"), .says = "the program runs here, in veth1@2's clsact" },
	{ .at = AT("__netif_receive_skb", ON(VETH1_2)),
	  .later = AT("skb_do_redirect"),
	  .nowhere = AT("tcf_classify"),
	  .says = "the program runs in here: tcx, so no function of a qdisc's shows it" },
	{ .at = AT("xdp_do_redirect"),
	  .later = AT("__xdp_build_skb_from_frame"),
	  .says = "redirected here, in veth1@2's driver: it goes on as a raw frame, past all of "
		  "netns_1" },
	{ .at = AT("veth_ndo_xdp_xmit", ON(VETH2_1)),
	  .later = AT("veth_xdp_rcv_one", ON(VETH2_2)),
	  .says = "sent by veth2@1, into the ring that veth2@2 has for its own XDP program" },
	{ .at = AT("__xdp_build_skb_from_frame"),
	  .says = "from here on an skb again: what the first one knew is forgotten" },
	{ .at = AT("bpf_prog_run_generic_xdp"),
	  .says = "the program runs here, behind the driver" },
	{ .at = AT("xdp_do_generic_redirect"),
	  .says = "redirected here, before tc: netns_1's IP layer is not entered" },
	{ .at = AT("generic_xdp_tx"), .says = "sent by veth2@1, without a qdisc" },
	{ .at = AT("bpf_skb_fib_lookup"),
	  .says = "the program asks netns_1's routes and neighbours here" },
	{ .at = AT("bpf_sk_assign"),
	  .says = "given to netns_1's listener here, before the IP layer has seen it" },
	{ .at = AT("bpf_clone_redirect"),
	  .says = "a copy is redirected here, an skb of its own; the program still decides about "
		  "the original" },
	{ .at = AT("skb_do_redirect"),
	  .later = AT("netif_rx_internal", ON(VETH2_1)),
	  .says = "redirected here, as if veth2@1 had received it: netns_1 takes it in again" },
	{ .at = AT("skb_do_redirect"),
	  .later = AT("__bpf_redirect"),
	  .nowhere = AT("ip_rcv", IN(NETNS_1)),
	  .says = "redirected here: netns_1's IP layer is not entered" },
	{ .at = AT("skb_do_redirect"),
	  .later = AT("neigh_resolve_output", IN(NETNS_1)),
	  .says = "redirected here: netns_1's neighbour table will give the MAC" },
	{ .at = AT("skb_do_redirect"),
	  .later = AT("ip_rcv", IN(NETNS_2)),
	  .nowhere = AT("__bpf_redirect"),
	  .says = "handed over here: from now on it is veth2@2's, without a second queue" },
	{ .at = AT("__dev_queue_xmit", ON(VETH2_1)), .says = "sent by veth2@1" },
	/* Of what generic XDP sends on, the next device thinks anew. */
	{ .at = { .types = 1u << PACKET_OTHERHOST },
	  .nowhere = AT("generic_xdp_tx"),
	  .says = "its MAC is not this device's: from here on it is OTHERHOST" },
	{ .at = AT("ip_rcv", IN(NETNS_1)), .says = "netns_1's IP layer is entered" },
	{ .at = AT("ip_forward", IN(NETNS_1)),
	  .later = AT("ip_output", IN(NETNS_1)),
	  .says = "routed here: TTL 64 becomes 63" },
	{ .at = AT("ip_error", IN(NETNS_1)),
	  .says = "netns_1 is not the destination, and may not forward" },
	{ .at = AT("ip_rcv", IN(NETNS_2)), .says = "netns_2's IP layer is entered" },
	{ .at = AT("__udp_enqueue_schedule_skb"),
	  .nowhere = AT("skb_consume_udp"),
	  .says = "delivered: in the listener's queue" },
	{ .at = AT("skb_consume_udp"), .says = "delivered: the listener has it" },
};

#define TURNS (sizeof(turns) / sizeof(turns[0]))

static bool holds(const struct path *path, int at, const struct turn *turn)
{
	return matches(path, &path->steps[at], &turn->at) &&
	       (!is_asked(&turn->later) || find(path, &turn->later, at + 1) >= 0) &&
	       (!is_asked(&turn->nowhere) || find(path, &turn->nowhere, 0) < 0);
}

void path_turns(const struct path *path, const char *says[FOOTSTEPS_MAX])
{
	bool said[TURNS] = {};

	for (int at = 0; at < path->count; at++) {
		says[at] = NULL;
		for (size_t i = 0; i < TURNS && !says[at]; i++) {
			if (said[i] || !holds(path, at, &turns[i]))
				continue;
			said[i] = true;
			says[at] = turns[i].says;
		}
	}
}

bool path_is_drop(const struct footstep *step)
{
	const struct function *function = &functions[step->function];

	return has_name(function, "sk_skb_reason_drop") || has_name(function, "xdp_return_frame");
}

const char *packet_type(unsigned int type)
{
	static const char *const names[] = {
		[PACKET_HOST] = "HOST",		  [PACKET_BROADCAST] = "BROADCAST",
		[PACKET_MULTICAST] = "MULTICAST", [PACKET_OTHERHOST] = "OTHERHOST",
		[PACKET_OUTGOING] = "OUTGOING",	  [PACKET_LOOPBACK] = "LOOPBACK",
	};

	return type < sizeof(names) / sizeof(names[0]) ? names[type] : "?";
}

static void show_step(const struct footstep *step, struct text *text)
{
	char process[32];
	struct text name = text_in(process, sizeof(process));

	text_add(&name, "%s(%u)", step->process, step->pid);
	if (step->skb)
		text_add(text, "0x%016llx", (unsigned long long)step->skb);
	else
		text_add(text, "%-18s", "frame");
	text_add(text, " %3u %-16s %-7s %-7s %#-4x 0x%04x %4u %4u %-9s %s", step->cpu, process,
		 step->place < 0 ? "-" : namespaces[step->place],
		 step->device < 0 ? "-" : devices[step->device].name, step->mark, step->protocol,
		 step->mtu, step->length, step->skb ? packet_type(step->type) : "-",
		 functions[step->function].name);
	if (step->reason[0])
		text_add(text, "(%s)", step->reason);
	text_add(text, "\n");
}

void path_show(const struct path *path, struct text *text)
{
	const char *says[FOOTSTEPS_MAX];

	path_turns(path, says);
	text_add(text, "%-18s CPU %-16s %-7s %-7s MARK PROTO   MTU  LEN %-9s FUNCTION\n", "SKB",
		 "PROCESS", "NETNS", "IFACE", "TYPE");
	for (int i = 0; i < path->count; i++) {
		const struct footstep *step = &path->steps[i];

		show_step(step, text);
		if (path_is_drop(step))
			text_add(text, "  -> dropped here: %s\n",
				 step->reason[0] ? step->reason : "no reason is told");
		if (says[i])
			text_add(text, "  -> %s\n", says[i]);
	}
}

/* The same function for the same device, whichever datagram. */
static bool alike(const struct footstep *a, const struct footstep *b)
{
	return a->function == b->function && a->place == b->place && a->device == b->device;
}

/* common[i][j]: how many steps the ways have in common from left's i and right's j on. */
typedef unsigned char common_table[FOOTSTEPS_MAX + 1][FOOTSTEPS_MAX + 1];

static void count_common(const struct path *left, const struct path *right, common_table common)
{
	memset(common, 0, sizeof(common_table));
	for (int i = left->count - 1; i >= 0; i--)
		for (int j = right->count - 1; j >= 0; j--) {
			int skip_left = common[i + 1][j], skip_right = common[i][j + 1];

			common[i][j] = skip_left > skip_right ? skip_left : skip_right;
			if (alike(&left->steps[i], &right->steps[j]))
				common[i][j] = common[i + 1][j + 1] + 1;
		}
}

static void show_side(const struct footstep *step, int width, struct text *text)
{
	if (step)
		text_add(text, "%-7s %-7s %-*s", step->place < 0 ? "-" : namespaces[step->place],
			 step->device < 0 ? "-" : devices[step->device].name, width,
			 functions[step->function].name);
	else
		text_add(text, "%*s", width ? 16 + width : 0, "");
}

static bool both_go_on(const struct path *left, const struct path *right, int i, int j)
{
	return i < left->count && j < right->count && alike(&left->steps[i], &right->steps[j]);
}

void path_show_both(const struct path *left, const struct path *right, struct text *text)
{
	static common_table common;

	count_common(left, right, common);
	for (int i = 0, j = 0; i < left->count || j < right->count;) {
		bool both = both_go_on(left, right, i, j);
		bool go_left = both || (i < left->count && (j == right->count ||
							    common[i + 1][j] >= common[i][j + 1]));
		bool go_right = both || !go_left;

		show_side(go_left ? &left->steps[i++] : NULL, 30, text);
		text_add(text, go_right ? " | " : " |");
		show_side(go_right ? &right->steps[j++] : NULL, 0, text);
		text_add(text, "\n");
	}
}

void path_gist(const struct path *path, struct text *text)
{
	if (!path->count) {
		text_add(text, "nowhere seen");
		return;
	}
	text_add(text, "%d functions from %s to %s", path->count,
		 functions[path->steps[0].function].name,
		 functions[path->steps[path->count - 1].function].name);
	if (path->steps[path->count - 1].reason[0])
		text_add(text, " (%s)", path->steps[path->count - 1].reason);
	text_add(text, ", %llu lost", (unsigned long long)path->lost);
}
