// SPDX-License-Identifier: GPL-2.0
/*
 * Where the probe's datagram comes by: one program for every function that the tracer watches, each
 * told apart by its cookie. It looks into the kernel's own structures, and is told their layout by
 * init/kernel_types.c. CO-RE would find the same, but have libbpf parse the kernel's BTF a second
 * time: a third of what opening the tracer takes.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ptrace.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "sighting.h"

#define SERVER_IP bpf_htonl(0x0a00020b) /* 10.0.2.11 */

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

struct arguments {
	__u64 first, second, third;
};

/* Each at its own offset: the verifier allows no load from ctx at an offset that was computed. */
static __always_inline struct arguments read_arguments(struct pt_regs *ctx)
{
	struct arguments arguments = { PT_REGS_PARM1(ctx), PT_REGS_PARM2(ctx), PT_REGS_PARM3(ctx) };

	barrier_var(arguments.first);
	barrier_var(arguments.second);
	barrier_var(arguments.third);
	return arguments;
}

static __always_inline __u64 argument(const struct arguments *arguments, int number)
{
	switch (number) {
	case 1: return arguments->first;
	case 2: return arguments->second;
	case 3: return arguments->third;
	default: return 0;
	}
}

/* By the IPv4 header, wherever data points just now: it is there from ip_make_skb() to the end. */
static __always_inline bool is_of_the_probe(const void *skb)
{
	__u16 network_header;
	struct iphdr ip;
	void *head;

	READ(head, skb, skb_head);
	READ(network_header, skb, skb_network_header);
	if (bpf_probe_read_kernel(&ip, sizeof(ip), head + network_header))
		return false;
	return ip.version == 4 && ip.protocol == IPPROTO_UDP &&
	       (ip.daddr == SERVER_IP || ip.saddr == SERVER_IP);
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

static __always_inline void note_device(struct sighting *seen, const void *skb)
{
	void *dev, *socket, *net;

	READ(dev, skb, skb_dev);
	if (!dev) {
		READ(socket, skb, skb_sk);
		note_socket(seen, socket);
		return;
	}
	READ(seen->ifindex, dev, dev_ifindex);
	READ(seen->mtu, dev, dev_mtu);
	READ(net, dev, dev_net);
	note_namespace(seen, net);
}

static __always_inline void note(struct sighting *seen, const void *skb)
{
	seen->cpu = bpf_get_smp_processor_id();
	seen->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(seen->process, sizeof(seen->process));
	seen->skb = (__u64)skb;
	READ(seen->mark, skb, skb_mark);
	READ(seen->length, skb, skb_len);
	READ(seen->protocol, skb, skb_protocol);
	seen->protocol = bpf_ntohs(seen->protocol);
	READ(seen->type, skb, skb_pkt_type);
	seen->type = seen->type >> layout.skb_pkt_type % 8 & 7;
}

static __always_inline int sight(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct arguments arguments = read_arguments(ctx);
	const void *skb = (void *)argument(&arguments, COOKIE_SKB(cookie));
	const void *socket = (void *)argument(&arguments, COOKIE_SOCKET(cookie));
	struct sighting *seen;

	if (!is_of_the_probe(skb))
		return 0;
	seen = bpf_ringbuf_reserve(&sightings, sizeof(*seen), 0);
	if (!seen) {
		__sync_fetch_and_add(&lost, 1);
		return 0;
	}
	__builtin_memset(seen, 0, sizeof(*seen));
	seen->function = COOKIE_FUNCTION(cookie);
	seen->reason = argument(&arguments, COOKIE_REASON(cookie));
	note(seen, skb);
	if (socket)
		note_socket(seen, socket);
	else
		note_device(seen, skb);
	bpf_ringbuf_submit(seen, 0);
	return 0;
}

SEC("kprobe.multi")
int trace_multi(struct pt_regs *ctx)
{
	return sight(ctx);
}

SEC("kprobe")
int trace_single(struct pt_regs *ctx)
{
	return sight(ctx);
}
