// with: init/path.c init/paths.c init/text.c
// SPDX-License-Identifier: GPL-2.0
/* The way as a witness: it must match what it should, and above all fail to. */
#include <linux/if_packet.h>

#include "devices.h"
#include "paths.h"
#include "tap.h"

#define NOWHERE (-1)

static int number_of(const char *name)
{
	for (int i = 0; i < functions_count; i++)
		if (!strcmp(functions[i].name, name))
			return i;
	check(false, name);
	return 0;
}

static struct footstep *add(struct path *path, const char *function, int device)
{
	struct footstep *step = &path->steps[path->count++];

	*step = (struct footstep){
		.skb = 0xffff888001234500,
		.function = number_of(function),
		.pid = 1,
		.process = "init",
		.mtu = 1500,
		.length = 48,
		.protocol = 0x0800,
		.device = device,
		.place = device == NOWHERE ? NOWHERE : (int)devices[device].place,
	};
	return step;
}

/* All functions watched but those that this kernel has inlined, as 6.12 has. */
static struct path empty(void)
{
	struct path path = {};

	for (int i = 0; i < functions_count; i++)
		path.watched[i] = strcmp(functions[i].name, "enqueue_to_backlog") != 0 &&
				  strcmp(functions[i].name, "__netif_receive_skb") != 0 &&
				  strcmp(functions[i].name, "tcf_classify_ingress") != 0;
	return path;
}

static void enter_netns_1(struct path *path)
{
	add(path, "ip_send_skb", NOWHERE)->place = HOST;
	add(path, "__dev_queue_xmit", VETH1_1);
	add(path, "veth_xmit", VETH1_1);
	add(path, "__netif_rx", VETH1_2);
	add(path, "netif_rx_internal", VETH1_2);
	add(path, "__netif_receive_skb_one_core", VETH1_2);
}

static void reach_netns_2(struct path *path)
{
	add(path, "__dev_queue_xmit", VETH2_1);
	add(path, "veth_xmit", VETH2_1);
	add(path, "netif_rx_internal", VETH2_2);
	add(path, "ip_rcv", VETH2_2);
}

static void deliver(struct path *path)
{
	add(path, "udp_rcv", VETH2_2);
	add(path, "__udp_enqueue_schedule_skb", VETH2_2);
	add(path, "skb_consume_udp", NOWHERE)->place = NETNS_2;
}

static struct path redirected(void)
{
	struct path path = empty();

	enter_netns_1(&path);
	add(&path, "tcf_classify", VETH1_2);
	add(&path, "skb_do_redirect", VETH1_2);
	add(&path, "__bpf_redirect", VETH1_2);
	reach_netns_2(&path);
	deliver(&path);
	return path;
}

static struct path routed(void)
{
	struct path path = empty();

	enter_netns_1(&path);
	add(&path, "ip_rcv", VETH1_2);
	add(&path, "ip_forward", VETH1_2);
	add(&path, "ip_output", VETH2_1);
	reach_netns_2(&path);
	deliver(&path);
	return path;
}

/* Native XDP: what the driver of veth1@2 takes from the skb is a frame until netns_2. */
static struct path raw(const char *by)
{
	static const struct {
		const char *function;
		int device;
	} steps[] = { { "xdp_do_redirect", VETH1_2 },
		      { NULL, VETH2_1 },
		      { "veth_ndo_xdp_xmit", VETH2_1 },
		      { "veth_xdp_rcv_one", VETH2_2 },
		      { "__xdp_build_skb_from_frame", VETH2_2 } };
	struct path path = empty();

	add(&path, "ip_send_skb", NOWHERE)->place = HOST;
	add(&path, "veth_xmit", VETH1_1);
	add(&path, "veth_xdp_rcv_skb", VETH1_2);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		add(&path, steps[i].function ?: by, steps[i].device)->skb = 0;
	add(&path, "ip_rcv_core", VETH2_2);
	deliver(&path);
	return path;
}

static char room[16384];

static int differences(const struct path *path, const struct itinerary *itinerary)
{
	struct text report = text_in(room, sizeof(room));

	return path_compare(path, itinerary, &report);
}

static void matching(void)
{
	struct path way = redirected();

	check(!differences(&way, &way_redirected), "a redirected datagram's way");
	check(!room[0], "of which nothing is to be said");
	check(differences(&way, &way_routed), "is not a routed one's");
	check(differences(&way, &way_peer), "and not that of bpf_redirect_peer");
	check(differences(&way, &way_neigh), "or bpf_redirect_neigh");
	check(differences(&way, &way_tcx), "or tcx");
	check(differences(&way, &way_clone), "or a clone's");
	way = routed();
	check(!differences(&way, &way_routed), "a routed datagram's way");
	check(differences(&way, &way_redirected), "is not a redirected one's");
}

static void frames(void)
{
	struct path way = raw("dev_xdp_enqueue");
	struct text text = text_in(room, sizeof(room));

	path_show(&way, &text);
	check(strstr(room, "\nframe                0 init(1)          netns_2 veth2@2 0    0x0800 "
			   "1500   48 -         veth_xdp_rcv_one\n"),
	      "a raw frame has no address, and no packet type");
	check(!differences(&way, &way_xdp), "ip_rcv_core stands for ip_rcv, as from a list");
	check(differences(&way, &way_xdp_devmap), "that is not by a map");
	check(differences(&way, &way_xdp_generic), "nor generic XDP");
	check(differences(&way, &way_redirected), "nor tc");
	way = raw("dev_map_enqueue");
	check(!differences(&way, &way_xdp_devmap), "by a map");
	check(differences(&way, &way_xdp), "is not without one");
	add(&way, "ip_rcv_core", VETH1_2);
	check(differences(&way, &way_xdp_devmap) == 1, "netns_1's IP layer is noticed here too");
	way = raw("dev_xdp_enqueue");
	way.count = 5;
	check(differences(&way, &way_xdp_no_ring) == 1, "a frame must be seen to be given back");
	add(&way, "xdp_return_buff", VETH1_2)->skb = 0;
	check(!differences(&way, &way_xdp_no_ring), "under one name or the other");
}

/* The same way with IPv6's functions where it has its own. */
static struct path in_ipv6(struct path path)
{
	for (int i = 0; i < path.count; i++)
		for (int twin = 0; twin < functions_count; twin++) {
			const char *fellow = functions[twin].stands_for;

			if (fellow && strchr(functions[twin].name, '6') &&
			    !strcmp(fellow, functions[path.steps[i].function].name))
				path.steps[i].function = twin;
		}
	return path;
}

static void twins(void)
{
	struct path routed6 = in_ipv6(routed()), redirected6 = in_ipv6(redirected());

	check(routed6.steps[0].function == number_of("ip6_send_skb"), "IPv6 has its own functions");
	check(!differences(&routed6, &way_routed), "its routed datagram goes IPv4's way");
	check(!differences(&redirected6, &way_redirected), "so does a redirected one");
	check(differences(&routed6, &way_redirected), "of which a routed one misses stops");
	check(strstr(room, "ip_forward in netns_1, which must not be on it"),
	      "and has ip6_forward, which stands for ip_forward");
}

/* Whatever single stop is left out, the comparison must notice. */
static void each_stop_counts(void)
{
	struct path whole = redirected();
	bool noticed = true;

	for (int left_out = 0; left_out < whole.count; left_out++) {
		struct path way = whole;
		const char *name = functions[whole.steps[left_out].function].name;
		bool is_on_veth1_1 = whole.steps[left_out].device == VETH1_1;

		/* Between stops, and after the last, anything may lie: these are none. */
		if (!strcmp(name, "__netif_rx") || !strcmp(name, "skb_consume_udp") ||
		    (is_on_veth1_1 && !strcmp(name, "__dev_queue_xmit")))
			continue;
		memmove(&way.steps[left_out], &way.steps[left_out + 1],
			(whole.count - left_out - 1) * sizeof(way.steps[0]));
		way.count--;
		noticed &= differences(&way, &way_redirected) > 0;
	}
	check(noticed, "each of its stops is missed when it is left out");
}

static void order_counts(void)
{
	struct path way = redirected();
	struct footstep kept = way.steps[7];

	way.steps[7] = way.steps[8];
	way.steps[8] = kept;
	check(differences(&way, &way_redirected) == 1, "two functions the other way round");
	check_text(room, "the way lacks __bpf_redirect on veth1@2 after skb_do_redirect\n",
		   "the stop that is missed is named, with the one before it");
}

static void what_must_not_be(void)
{
	struct path way = redirected();

	add(&way, "ip_rcv", VETH1_2);
	check(differences(&way, &way_redirected) == 1, "ip_rcv in netns_1 is noticed anywhere");
	check_text(room, "the way has ip_rcv in netns_1, which must not be on it\n", "and named");
	way = redirected();
	add(&way, "kfree_skb", VETH2_2);
	check(differences(&way, &way_redirected) == 1, "a drop under its name of old kernels");
	way = redirected();
	add(&way, "veth_xmit", VETH2_1)->skb++;
	check(differences(&way, &way_redirected) == 1, "a copy where there should be none");
}

static void proves_nothing(void)
{
	struct path way = redirected(), nothing = empty();

	way.lost = 1;
	check(differences(&way, &way_redirected) == 1, "one lost sighting fails the way");
	check_text(room, "1 sightings were lost\n", "and is told");
	check(differences(&nothing, NULL) == 1, "a datagram that was nowhere seen");
	way.lost = 0;
	check(!differences(&way, NULL), "without an itinerary there is nothing else to fail");
}

static void aliases(void)
{
	struct path way = redirected();

	check(!path_lacks(&way, &way_redirected), "inlined functions have others in their place");
	way.watched[number_of("netif_rx_internal")] = false;
	check_text(path_lacks(&way, &way_redirected) ?: "", "enqueue_to_backlog",
		   "where these are missing too, the way cannot be proved");
	way.watched[number_of("netif_rx_internal")] = true;
	way.watched[number_of("tcf_classify")] = false;
	check_text(path_lacks(&way, &way_tcx) ?: "", "tcf_classify",
		   "nor the absence of a function that is not watched");
	/* Where a function is there under its own name, another in its place is no second one. */
	way = redirected();
	way.watched[number_of("enqueue_to_backlog")] = true;
	check(!differences(&way, &way_redirected), "the other name will do");
}

/* BPF_F_INGRESS: netif_rx_internal is a stop itself and stands for the next, inlined here. */
static void one_footstep_for_two_stops(void)
{
	struct path way = empty();

	enter_netns_1(&way);
	add(&way, "skb_do_redirect", VETH1_2);
	add(&way, "__bpf_redirect", VETH1_2);
	add(&way, "netif_rx_internal", VETH2_1);
	add(&way, "__netif_receive_skb_one_core", VETH2_1);
	add(&way, "ip_rcv", VETH2_1)->type = PACKET_OTHERHOST;
	strcpy(add(&way, "sk_skb_reason_drop", VETH2_1)->reason, "OTHERHOST");
	check(!differences(&way, &way_ingress), "an inlined function shares a footstep");
	strcpy(way.steps[way.count - 1].reason, "NO_SOCKET");
	check(differences(&way, &way_ingress) == 1, "dropped for another reason");
	check_text(room, "the way lacks sk_skb_reason_drop on veth2@1 for OTHERHOST after ip_rcv\n",
		   "which is named");
	way.steps[way.count - 1].function = number_of("kfree_skb");
	way.steps[way.count - 1].reason[0] = '\0';
	check(!differences(&way, &way_ingress),
	      "a kernel that tells no reason is not asked for it");
	way.steps[way.count - 1].function = number_of("sk_skb_reason_drop");
	strcpy(way.steps[way.count - 1].reason, "OTHERHOST");
	way.watched[number_of("enqueue_to_backlog")] = true;
	check(differences(&way, &way_ingress) == 1,
	      "where it is not inlined it wants a footstep of its own");
}

static int count_of(const char *words)
{
	int count = 0;

	for (const char *at = room; (at = strstr(at, words)); at++)
		count++;
	return count;
}

static void showing(void)
{
	struct path way = redirected();
	struct text text = text_in(room, sizeof(room));

	path_show(&way, &text);
	check(strstr(room, "\n0xffff888001234500   0 init(1)          netns_1 veth1@2 0    0x0800 "
			   "1500   48 HOST      skb_do_redirect\n"
			   "  -> redirected here: netns_1's IP layer is not entered\n"),
	      "a footstep, and the turn after it");
	check(strstr(room, " host    -       0 "), "one without a device");
	check(count_of("-> delivered: the listener has it") == 1, "delivered, where it is taken");
	check(count_of("-> delivered") == 1, "and not before");
	check(count_of("-> redirected") == 1, "what the story turns on is said once");
	check(!strstr(room, "routed"), "and what did not happen is not");
	way.count--;
	check(!differences(&way, &way_redirected), "a kernel that shows no skb_consume_udp");
	text = text_in(room, sizeof(room));
	path_show(&way, &text);
	check(count_of("-> delivered: in the listener's queue") == 1, "delivers into the queue");
	text = text_in(room, sizeof(room));
	way = routed();
	path_show(&way, &text);
	check(strstr(room, "routed here: TTL 64 becomes 63"), "the routed one's turn");
	add(&way, "ip_rcv", VETH2_2)->type = PACKET_OTHERHOST;
	add(&way, "ip_rcv_core", VETH2_2)->type = PACKET_OTHERHOST;
	strcpy(add(&way, "sk_skb_reason_drop", VETH2_2)->reason, "OTHERHOST");
	text = text_in(room, sizeof(room));
	path_show(&way, &text);
	check(strstr(room, "sk_skb_reason_drop(OTHERHOST)\n  -> dropped here: OTHERHOST\n"),
	      "a drop, with its reason");
	check(count_of("from here on it is OTHERHOST") == 1, "and where it became so");
	text = text_in(room, sizeof(room));
	path_gist(&way, &text);
	check_text(room, "19 functions from ip_send_skb to sk_skb_reason_drop (OTHERHOST), 0 lost",
		   "the gist");
	text = text_in(room, 64);
	path_show(&way, &text);
	check(strlen(room) == 63, "what does not fit is cut off, and terminated");
}

static void beside(void)
{
	struct path left = routed(), right = redirected(), nothing = empty();
	struct text text = text_in(room, sizeof(room));

	path_show_both(&left, &right, &text);
	check(strstr(room,
		     "netns_2 veth2@2 ip_rcv                         | netns_2 veth2@2 ip_rcv\n"),
	      "what two ways have in common stands on one line");
	check(strstr(room, "netns_1 veth1@2 ip_forward                     |\n"),
	      "what only the left one has");
	check(strstr(room, "\n                                               | netns_1 veth1@2 "
			   "skb_do_redirect\n"),
	      "and only the right one");
	check(count_of("\n") == left.count + 3, "a line for each, and no more");
	check(count_of("udp_rcv") == 2, "nothing is left out at the end");
	text = text_in(room, sizeof(room));
	path_show_both(&nothing, &right, &text);
	check(count_of("\n") == right.count, "beside a way of no steps");
}

int main(void)
{
	matching();
	frames();
	twins();
	each_stop_counts();
	order_counts();
	what_must_not_be();
	proves_nothing();
	aliases();
	one_footstep_for_two_stops();
	showing();
	beside();
	return tap_done();
}
