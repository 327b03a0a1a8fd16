// SPDX-License-Identifier: GPL-2.0
/*
 * Where the probe's datagram comes by: one program for every function that the tracer watches.
 * Which function that is, and what its arguments are, says its cookie: the kernel keeps one for
 * each under kprobe.multi; for the others init/backend.c writes it into the instructions. It looks
 * into the kernel's own structures, and is told their layout by init/kernel_types.c. CO-RE would
 * find the same, but have libbpf parse the kernel's BTF a second time: a third of what opening the
 * tracer takes.
 */
#include <stdbool.h>
#include <stddef.h>
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ipv6.h>
#include <linux/ptrace.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "sighting.h"
#include "twin.h"

#define SERVER_IP 0x0a00020b   /* 10.0.2.11 */
#define ANY_NETWORK 0xff00ffff /* or 10.N.2.11, where the network is drawn */

char LICENSE[] SEC("license") = "GPL";

/* Ring buffer: in the order of the sightings whatever the CPU, and what did not fit is known. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} sightings SEC(".maps");

__u64 lost;

const volatile struct layout layout SEC(".rodata.layout");

/* to = from->member; 0 when from cannot be read. */
#define READ(to, from, member) \
	bpf_probe_read_kernel(&(to), sizeof(to), (const void *)(from) + layout.member / 8)

/* By number; under 0, for what a function does not have, there is nothing. */
struct arguments {
	__u64 numbered[4];
};

/* Each at its own offset: the verifier allows no load from ctx at an offset that was computed. */
static __always_inline struct arguments of_registers(struct pt_regs *ctx)
{
	__u64 first = PT_REGS_PARM1(ctx), second = PT_REGS_PARM2(ctx), third = PT_REGS_PARM3(ctx);

	barrier_var(first);
	barrier_var(second);
	barrier_var(third);
	return (struct arguments){ { 0, first, second, third } };
}

/*
 * They lie side by side. Copied, for the verifier would refuse a load of one that this function
 * does not have, or that is a pointer to a pointer; what lies behind the last is not used.
 */
static __always_inline struct arguments of_trampoline(const void *ctx)
{
	struct arguments arguments = {};

	bpf_probe_read_kernel(&arguments.numbered[1], 3 * sizeof(arguments.numbered[0]), ctx);
	return arguments;
}

/* Without a branch: each would double the ways that the verifier has to follow. */
static __always_inline void *argument(const struct arguments *arguments, __u64 cookie,
				      enum role role)
{
	return (void *)arguments->numbered[COOKIE_NUMBER(cookie, role)];
}

/* The datagram as the function has it: an skb, or a raw frame from data on. */
struct carrier {
	const void *skb, *data;
	__u32 length;	    /* of the raw frame */
	const void *device; /* the raw frame's */
};

static __always_inline void find_frame(struct carrier *carrier, const void *frame)
{
	__u16 length = 0;

	READ(carrier->data, frame, frame_data);
	READ(length, frame, frame_len);
	carrier->length = length;
}

static __always_inline void find_buff(struct carrier *carrier, const void *buff)
{
	const void *end, *queue;

	READ(carrier->data, buff, buff_data);
	READ(end, buff, buff_data_end);
	READ(queue, buff, buff_rxq);
	READ(carrier->device, queue, rxq_dev);
	carrier->length = end - carrier->data;
}

static __always_inline struct carrier find_carrier(const struct arguments *arguments, __u64 cookie)
{
	struct carrier carrier = { .skb = argument(arguments, cookie, SKB) };
	const void *buff = argument(arguments, cookie, XDP_BUFF);
	const void *frame = argument(arguments, cookie, XDP_FRAME);
	const void *frames = argument(arguments, cookie, XDP_FRAMES);

	if (frames)
		bpf_probe_read_kernel(&frame, sizeof(frame), frames);
	if (frame)
		find_frame(&carrier, frame);
	else if (buff)
		find_buff(&carrier, buff);
	return carrier;
}

/* An skb's, wherever its data points just now: it is there from ip_make_skb() to the end. */
static __always_inline const void *ip_header(const struct carrier *carrier)
{
	__u16 network_header;
	const void *head;

	if (!carrier->skb)
		return carrier->data + sizeof(struct ethhdr);
	READ(head, carrier->skb, skb_head);
	READ(network_header, carrier->skb, skb_network_header);
	return head + network_header;
}

static __always_inline bool is_of_ipv4(const struct iphdr *ip)
{
	const __be32 network = bpf_htonl(ANY_NETWORK), server = bpf_htonl(SERVER_IP);

	return ip->version == 4 && ip->protocol == IPPROTO_UDP &&
	       ((ip->daddr & network) == server || (ip->saddr & network) == server);
}

static __always_inline bool is_of_ipv6(const struct ipv6hdr *ip)
{
	return ip->version == 6 && ip->nexthdr == IPPROTO_UDP &&
	       (is_twin(ip->daddr.in6_u.u6_addr32, SERVER_IP) ||
		is_twin(ip->saddr.in6_u.u6_addr32, SERVER_IP));
}

static __always_inline bool is_of_the_probe(const struct carrier *carrier)
{
	union {
		struct iphdr ipv4;
		struct ipv6hdr ipv6;
	} ip;

	if (bpf_probe_read_kernel(&ip, sizeof(ip), ip_header(carrier)))
		return false;
	return is_of_ipv4(&ip.ipv4) || is_of_ipv6(&ip.ipv6);
}

static __always_inline void note_namespace(struct sighting *seen, const void *net)
{
	READ(seen->netns, net, net_inum);
}

static __always_inline void note_socket(struct sighting *seen, const void *socket)
{
	void *net;

	READ(net, socket, sock_net);
	note_namespace(seen, net);
}

static __always_inline void note_device(struct sighting *seen, const void *device)
{
	void *net;

	READ(seen->ifindex, device, dev_ifindex);
	READ(seen->mtu, device, dev_mtu);
	READ(net, device, dev_net);
	note_namespace(seen, net);
}

/* Where it is: what the function is told of that goes before what the skb or the frame has. */
static __always_inline void note_place(struct sighting *seen, const struct carrier *carrier,
				       const struct arguments *arguments, __u64 cookie)
{
	const void *device = argument(arguments, cookie, DEVICE);
	const void *socket = argument(arguments, cookie, SOCKET);
	const void *napi = argument(arguments, cookie, NAPI);

	if (socket) {
		note_socket(seen, socket);
		return;
	}
	if (napi)
		READ(device, napi, napi_dev);
	if (!device)
		device = carrier->device;
	if (!device && carrier->skb)
		READ(device, carrier->skb, skb_dev);
	if (device) {
		note_device(seen, device);
	} else if (carrier->skb) {
		READ(socket, carrier->skb, skb_sk);
		note_socket(seen, socket);
	}
}

static __always_inline void note_skb(struct sighting *seen, const void *skb)
{
	seen->skb = (__u64)skb;
	READ(seen->mark, skb, skb_mark);
	READ(seen->length, skb, skb_len);
	READ(seen->protocol, skb, skb_protocol);
	seen->protocol = bpf_ntohs(seen->protocol);
	READ(seen->type, skb, skb_pkt_type);
	seen->type = seen->type >> layout.skb_pkt_type % 8 & 7;
}

static __always_inline void note_raw(struct sighting *seen, const struct carrier *carrier)
{
	struct ethhdr ethernet = {};

	bpf_probe_read_kernel(&ethernet, sizeof(ethernet), carrier->data);
	seen->protocol = bpf_ntohs(ethernet.h_proto);
	seen->length = carrier->length;
}

static __always_inline void note(struct sighting *seen, const struct carrier *carrier,
				 const struct arguments *arguments, __u64 cookie)
{
	seen->function = COOKIE_FUNCTION(cookie);
	seen->reason = (__u64)argument(arguments, cookie, REASON);
	seen->cpu = bpf_get_smp_processor_id();
	seen->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(seen->process, sizeof(seen->process));
	if (carrier->skb)
		note_skb(seen, carrier->skb);
	else
		note_raw(seen, carrier);
	note_place(seen, carrier, arguments, cookie);
}

static __always_inline int sight(struct arguments arguments, __u64 cookie)
{
	struct carrier carrier = find_carrier(&arguments, cookie);
	struct sighting *seen;

	if (!is_of_the_probe(&carrier))
		return 0;
	seen = bpf_ringbuf_reserve(&sightings, sizeof(*seen), 0);
	if (!seen) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	__builtin_memset(seen, 0, sizeof(*seen));
	note(seen, &carrier, &arguments, cookie);
	bpf_ringbuf_submit(seen, 0);
	return 0;
}

static __always_inline __u64 own_cookie(void)
{
	__u64 cookie;

	asm volatile("%0 = " COOKIE_UNSET " ll" : "=r"(cookie));
	return cookie;
}

SEC("kprobe.multi")
int trace_multi(struct pt_regs *ctx)
{
	return sight(of_registers(ctx), bpf_get_attach_cookie(ctx));
}

SEC("kprobe")
int trace_kprobe(struct pt_regs *ctx)
{
	return sight(of_registers(ctx), own_cookie());
}

/* A kprobe by its section, for that is loaded without a function to attach to. */
SEC("kprobe")
int trace_fentry(void *ctx)
{
	return sight(of_trampoline(ctx), own_cookie());
}
