// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/pkt_cls.h>
#include <netinet/ip.h>
#include <netinet/udp.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "draw.h"
#include "failure.h"
#include "probe.h"
#include "traffic.h"
#include "wait.h"

#define VLAN_ID 7
#define MORE_FRAGMENTS 0x2000

static const struct frame {
	const char *name;
	uint16_t protocol; /* EtherType */
	uint16_t vlan;	   /* 802.1Q tag in front of it; 0: none */
	uint32_t destination;
	int options;   /* bytes of IPv4 options, a multiple of 4 */
	int cut;       /* bytes left behind the Ethernet header; 0: all */
	int fragments; /* the datagram comes in that many */
	/* What is documented. */
	enum packet_class on_wire, in_test_run;
	/* Since 2025 the test run itself refuses an IPv4 frame without room for the header. */
	bool test_run_may_refuse;
	int redirected;		  /* frames out of veth2@1 */
	int in_receives;	  /* what netns_1's IP layer takes in */
	int delivered, otherhost; /* datagrams at the server, frames refused by veth2@2 */
	bool not_hardened;	  /* a program that stands anything leaves it alone */
} frames[] = {
	{
		.name = "plain IPv4 for the server",
		.protocol = ETH_P_IP,
		.destination = SERVER_ADDRESS,
		.fragments = 1,
		.on_wire = FOR_SERVER,
		.in_test_run = FOR_SERVER,
		.redirected = 1,
		.delivered = 1,
	},
	{
		.name = "IPv4 for another address",
		.protocol = ETH_P_IP,
		.destination = 0x0a00020a, /* netns_1's own */
		.fragments = 1,
		.on_wire = OTHER_DESTINATION,
		.in_test_run = OTHER_DESTINATION,
		.in_receives = 1,
	},
	{
		.name = "IPv6",
		.protocol = ETH_P_IPV6,
		.destination = SERVER_ADDRESS,
		.fragments = 1,
		.on_wire = OTHER_PROTOCOL,
		.in_test_run = OTHER_PROTOCOL,
	},
	{
		.name = "an EtherType nobody takes",
		.protocol = 0x88b5, /* for local experiments, IEEE 802 */
		.destination = SERVER_ADDRESS,
		.fragments = 1,
		.on_wire = OTHER_PROTOCOL,
		.in_test_run = OTHER_PROTOCOL,
	},
	{
		/* ip_rcv_core() counts it before it finds that the header is not there. */
		.name = "too short for an IPv4 header",
		.protocol = ETH_P_IP,
		.destination = SERVER_ADDRESS,
		.cut = 10,
		.fragments = 1,
		.on_wire = TOO_SHORT,
		.in_test_run = TOO_SHORT,
		.test_run_may_refuse = true,
		.in_receives = 1,
	},
	{
		.name = "too short, and not IPv4",
		.protocol = 0x88b5,
		.destination = SERVER_ADDRESS,
		.cut = 10,
		.fragments = 1,
		.on_wire = TOO_SHORT,
		.in_test_run = TOO_SHORT,
	},
	{
		.name = "IPv4 with options",
		.protocol = ETH_P_IP,
		.destination = SERVER_ADDRESS,
		.options = 4,
		.fragments = 1,
		.on_wire = FOR_SERVER,
		.in_test_run = FOR_SERVER,
		.redirected = 1,
		.delivered = 1,
	},
	{
		/*
		 * The kernel takes the tag off before tc looks (skb_vlan_untag() in
		 * __netif_receive_skb_core()), so on the wire it is redirected like any other, tag
		 * in the skb, and veth2@2, without such a VLAN, refuses it. The test run untags
		 * nothing.
		 */
		.name = "IPv4 behind a VLAN tag",
		.protocol = ETH_P_IP,
		.vlan = VLAN_ID,
		.destination = SERVER_ADDRESS,
		.fragments = 1,
		.on_wire = FOR_SERVER,
		.in_test_run = OTHER_PROTOCOL,
		.redirected = 1,
		.otherhost = 1,
		.not_hardened = true,
	},
	{
		/* Nothing of the program needs the UDP header, which only the first has. */
		.name = "IPv4 in two fragments",
		.protocol = ETH_P_IP,
		.destination = SERVER_ADDRESS,
		.fragments = 2,
		.on_wire = FOR_SERVER,
		.in_test_run = FOR_SERVER,
		.redirected = 2,
		.delivered = 1,
	},
};

#define FRAMES (sizeof(frames) / sizeof(frames[0]))

/* Building. */

#define DATAGRAM 32 /* UDP header and 24 bytes: each of two fragments has a multiple of 8 */

struct ends {
	const struct topology *topology;
	uint8_t from[MAC_LENGTH], to[MAC_LENGTH];
	uint16_t port, id; /* of the sender; of the IPv4 header, which ties fragments together */
};

static uint16_t checksum(const void *bytes, size_t length)
{
	const uint16_t *word = bytes;
	uint32_t sum = 0;

	for (; length > 1; length -= 2)
		sum += *word++;
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);
	return ~sum;
}

static size_t put_ethernet(uint8_t *bytes, const struct frame *frame, const struct ends *ends)
{
	uint16_t tag[] = { htons(ETH_P_8021Q), htons(frame->vlan) };
	uint16_t protocol = htons(frame->protocol);
	size_t length = 2 * MAC_LENGTH;

	memcpy(bytes, ends->to, MAC_LENGTH);
	memcpy(bytes + MAC_LENGTH, ends->from, MAC_LENGTH);
	if (frame->vlan) {
		memcpy(bytes + length, tag, sizeof(tag));
		length += sizeof(tag);
	}
	memcpy(bytes + length, &protocol, sizeof(protocol));
	return length + sizeof(protocol);
}

static size_t put_ip(uint8_t *bytes, const struct frame *frame, const struct ends *ends, int part,
		     size_t content)
{
	size_t header = sizeof(struct iphdr) + frame->options;
	uint16_t offset = part * content / 8;
	struct iphdr ip = {
		.version = 4,
		.ihl = header / 4,
		.tot_len = htons(header + content),
		.id = htons(ends->id),
		.frag_off = htons(offset | (part + 1 < frame->fragments ? MORE_FRAGMENTS : 0)),
		.ttl = 64,
		.protocol = IPPROTO_UDP,
		.saddr = htonl(topology_ipv4(ends->topology, CLIENT_ADDRESS)),
		.daddr = htonl(topology_ipv4(ends->topology, frame->destination)),
	};

	memcpy(bytes, &ip, sizeof(ip));
	memset(bytes + sizeof(ip), IPOPT_NOP, frame->options);
	ip.check = checksum(bytes, header);
	memcpy(bytes, &ip, sizeof(ip));
	return header;
}

static size_t build_frame(uint8_t bytes[128], const struct frame *frame, const struct ends *ends,
			  int part)
{
	uint8_t datagram[DATAGRAM] = {};
	struct udphdr udp = {
		.uh_sport = htons(ends->port),
		.uh_dport = htons(topology_port(ends->topology)),
		.uh_ulen = htons(DATAGRAM),
	};
	size_t content = DATAGRAM / frame->fragments, ethernet, length;

	memcpy(datagram, &udp, sizeof(udp));
	length = ethernet = put_ethernet(bytes, frame, ends);
	length += put_ip(bytes + length, frame, ends, part, content);
	memcpy(bytes + length, datagram + part * content, content);
	length += content;
	return frame->cut ? ethernet + frame->cut : length;
}

/* Comparing. */

struct run {
	struct topology *topology;
	struct attachment *attachment;
	struct probe probe; /* its server is the listener */
	int wire;	    /* AF_PACKET, sends on veth1@1 */
	struct sockaddr_ll first_device;
	struct ends ends;
	struct text *report;
	int differences;
};

static void compare(struct run *run, const struct frame *frame, const char *what, int64_t expected,
		    int64_t seen)
{
	if (witness_agrees(expected, seen))
		return;
	run->differences++;
	text_add(run->report, "%s: %s is %lld, expected %lld\n", frame->name, what, (long long)seen,
		 (long long)expected);
}

/* Waits for the program's counter of one class, or for somebody else's to have run. */
struct count_wanted {
	const struct attachment *attachment;
	enum packet_class class;
	int64_t count;
};

static int64_t count_now(const struct count_wanted *wanted)
{
	const volatile struct witness *witness = wanted->attachment->witness;

	return witness ? (int64_t)witness->packets[wanted->class]
		       : technique_runs(wanted->attachment);
}

static int is_counted(void *context)
{
	const struct count_wanted *wanted = context;

	return count_now(wanted) >= wanted->count;
}

static int receive_all(int fd)
{
	char data[128];
	int count = 0;

	while (recv(fd, data, sizeof(data), MSG_DONTWAIT) >= 0)
		count++;
	return count;
}

static int64_t seen_by_second(const struct attachment *attachment)
{
	int64_t seen = 0;

	for (int class = 0; attachment->companion && class < PACKET_CLASSES; class ++)
		seen += attachment->companion->witness->packets[class];
	return seen;
}

static void compare_witnesses(struct run *run, const struct frame *frame,
			      const int64_t said[WITNESSES])
{
	bool alone = frame->not_hardened && !run->attachment->witness;

	compare(run, frame, "frames the program saw", frame->fragments, said[PROGRAM_RAN]);
	compare(run, frame, "frames out of veth2@1", alone ? 0 : frame->redirected,
		said[VETH2_1_TX]);
	compare(run, frame, "netns_1 InReceives", frame->in_receives, said[IN_RECEIVES]);
	compare(run, frame, "veth2@2 otherhost", alone ? 0 : frame->otherhost,
		said[VETH2_2_OTHERHOST]);
	compare(run, frame, "datagrams at the server", frame->delivered, said[DELIVERED]);
}

static int run_on_wire(struct run *run, const struct frame *frame)
{
	struct count_wanted wanted = { run->attachment, frame->on_wire, 0 };
	int64_t before[WITNESSES], after[WITNESSES], seen = seen_by_second(run->attachment);
	int err = testimony_count(run->topology, run->attachment, before);

	wanted.count = count_now(&wanted) + frame->fragments;

	for (int part = 0; part < frame->fragments && !err; part++) {
		uint8_t bytes[128];
		size_t length = build_frame(bytes, frame, &run->ends, part);

		if (sendto(run->wire, bytes, length, 0, (struct sockaddr *)&run->first_device,
			   sizeof(run->first_device)) < 0)
			err = failed(-errno, "send %s on veth1@1", frame->name);
	}
	if (err)
		return err;
	err = wait_until(is_counted, &wanted, WAIT_LIMIT_MS);
	if (!err)
		err = testimony_count(run->topology, run->attachment, after);
	if (err && err != -ETIMEDOUT)
		return err;
	compare(run, frame, "frames of its class", frame->fragments,
		frame->fragments + count_now(&wanted) - wanted.count);
	if (err)
		return 0;
	for (int id = 0; id < WITNESSES; id++)
		after[id] -= before[id];
	after[DELIVERED] = receive_all(run->probe.server);
	seen = seen_by_second(run->attachment) - seen;
	if (run->attachment->companion)
		compare(run, frame, "frames redirected or left to the next program",
			frame->fragments, after[VETH2_1_TX] + seen);
	else
		compare_witnesses(run, frame, after);
	return 0;
}

static int run_in_test(struct run *run, const struct frame *frame)
{
	const volatile struct witness *witness = run->attachment->witness;
	uint64_t before = witness->packets[frame->in_test_run];
	uint8_t bytes[128];
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = bytes,
		    .data_size_in = build_frame(bytes, frame, &run->ends, 0), .repeat = 1);
	int err = bpf_prog_test_run_opts(bpf_program__fd(run->attachment->program), &options);

	if (err == -EINVAL && frame->test_run_may_refuse)
		return 0;
	if (err)
		return failed(err, "BPF_PROG_TEST_RUN with %s", frame->name);
	compare(run, frame, "frames of its class in the test run", 1,
		witness->packets[frame->in_test_run] - before);
	compare(run, frame, "answer in the test run",
		frame->in_test_run == FOR_SERVER ? TC_ACT_REDIRECT : TC_ACT_OK, options.retval);
	return 0;
}

static int find_ends(struct topology *topology, struct ends *ends, struct link *first)
{
	struct link peer;
	int err;

	err = rtnl_link_find(&topology->rtnl[HOST], devices[VETH1_1].name, first);
	if (!err)
		err = rtnl_link_find(&topology->rtnl[NETNS_1], devices[VETH1_2].name, &peer);
	if (err)
		return failed(err, "read the MACs of veth1@1 and veth1@2");
	ends->topology = topology;
	memcpy(ends->from, first->mac, MAC_LENGTH);
	memcpy(ends->to, peer.mac, MAC_LENGTH);
	ends->port = draw_between(20000, 60000);
	return 0;
}

static int open_wire(struct run *run)
{
	struct link end;
	int err = find_ends(run->topology, &run->ends, &end);

	if (err)
		return err;
	run->first_device = (struct sockaddr_ll){
		.sll_family = AF_PACKET,
		.sll_ifindex = end.ifindex,
		.sll_halen = MAC_LENGTH,
	};
	run->wire = netns_socket(&run->topology->netns[HOST], AF_PACKET, SOCK_RAW, 0);
	if (run->wire == -EAFNOSUPPORT)
		return lacking(run->wire, "CONFIG_PACKET", "open a packet socket");
	return run->wire < 0 ? failed(run->wire, "open a packet socket") : 0;
}

int traffic_compare(struct topology *topology, struct attachment *attachment, int *kinds,
		    struct text *report)
{
	struct run run = { .topology = topology, .attachment = attachment, .report = report };
	int err;

	*kinds = FRAMES;
	err = open_wire(&run);
	if (err)
		return err;
	err = probe_open(&run.probe, topology, attachment);
	if (err)
		goto close_wire;
	for (size_t i = 0; i < FRAMES && !err; i++) {
		run.ends.id = 1 + i;
		err = run_on_wire(&run, &frames[i]);
		/* Of somebody else's nobody knows how it counts. */
		if (!err && attachment->witness)
			err = run_in_test(&run, &frames[i]);
	}
	probe_close(&run.probe);
close_wire:
	close(run.wire);
	return err ? err : run.differences;
}

struct trial {
	int program;
	struct bpf_test_run_opts *options;
};

static int try_here(void *context)
{
	struct trial *trial = context;

	return bpf_prog_test_run_opts(trial->program, trial->options);
}

int traffic_try(struct topology *topology, const struct attachment *attachment, int *answer)
{
	struct ends ends = { .id = 1 };
	struct __sk_buff context = { .ifindex = topology->ifindex[VETH1_2] };
	uint8_t bytes[128];
	struct link end;
	int err = find_ends(topology, &ends, &end);
	LIBBPF_OPTS(bpf_test_run_opts, options, .data_in = bytes, .ctx_in = &context,
		    .ctx_size_in = sizeof(context), .repeat = 1);
	struct trial trial = { bpf_program__fd(attachment->program), &options };

	if (err)
		return err;
	options.data_size_in = build_frame(bytes, &frames[0], &ends, 0);
	err = netns_inside(&topology->netns[devices[VETH1_2].place], try_here, &trial);
	*answer = options.retval;
	return err ? failed(err, "BPF_PROG_TEST_RUN with %s", frames[0].name) : 0;
}
