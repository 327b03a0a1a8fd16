// SPDX-License-Identifier: GPL-2.0
/*
 * Where the probe's datagram comes by: one program for every function that the tracer watches, each
 * told apart by its cookie. Unlike the techniques it looks into the kernel's own structures, so it
 * is the one program here that libbpf relocates by the running kernel's BTF.
 */
#include <stdbool.h>
#include <linux/bpf.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/ptrace.h>
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include <bpf/bpf_tracing.h>
#include "sighting.h"

/*
 * The members that are read, wherever the running kernel has them. Those of vmlinux.h would do as
 * well, but bring all that they refer to along: 40 KB of types in place of 3.
 */
#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct ns_common {
	unsigned int inum;
};
struct net {
	struct ns_common ns;
};
typedef struct {
	struct net *net;
} possible_net_t;
struct sock_common {
	possible_net_t skc_net;
};
struct sock {
	struct sock_common __sk_common;
};
struct net_device {
	int ifindex;
	unsigned int mtu;
	possible_net_t nd_net;
};
struct sk_buff {
	struct net_device *dev;
	struct sock *sk;
	unsigned int len;
	__u8 pkt_type : 3;
	__u32 mark;
	__u16 network_header;
	__be16 protocol;
	unsigned char *head;
};
#pragma clang attribute pop

#define SERVER_IP bpf_htonl(0x0a00020b) /* 10.0.2.11 */

char LICENSE[] SEC("license") = "GPL";

/* Ring buffer: in the order of the sightings whatever the CPU, and what did not fit is known. */
struct {
	__uint(type, BPF_MAP_TYPE_RINGBUF);
	__uint(max_entries, 64 * 1024);
} sightings SEC(".maps");

__u64 lost;

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
static __always_inline bool is_of_the_probe(struct sk_buff *skb)
{
	void *header = BPF_CORE_READ(skb, head) + BPF_CORE_READ(skb, network_header);
	struct iphdr ip;

	if (bpf_probe_read_kernel(&ip, sizeof(ip), header))
		return false;
	return ip.version == 4 && ip.protocol == IPPROTO_UDP &&
	       (ip.daddr == SERVER_IP || ip.saddr == SERVER_IP);
}

static __always_inline void note_device(struct sighting *seen, struct sk_buff *skb)
{
	struct net_device *dev = BPF_CORE_READ(skb, dev);

	if (dev) {
		seen->ifindex = BPF_CORE_READ(dev, ifindex);
		seen->mtu = BPF_CORE_READ(dev, mtu);
		seen->netns = BPF_CORE_READ(dev, nd_net.net, ns.inum);
	} else {
		seen->netns = BPF_CORE_READ(skb, sk, __sk_common.skc_net.net, ns.inum);
	}
}

static __always_inline void note(struct sighting *seen, struct sk_buff *skb)
{
	seen->cpu = bpf_get_smp_processor_id();
	seen->pid = bpf_get_current_pid_tgid() >> 32;
	bpf_get_current_comm(seen->process, sizeof(seen->process));
	seen->skb = (__u64)skb;
	seen->mark = BPF_CORE_READ(skb, mark);
	seen->length = BPF_CORE_READ(skb, len);
	seen->protocol = bpf_ntohs(BPF_CORE_READ(skb, protocol));
	seen->type = BPF_CORE_READ_BITFIELD_PROBED(skb, pkt_type);
}

static __always_inline int sight(struct pt_regs *ctx)
{
	__u64 cookie = bpf_get_attach_cookie(ctx);
	struct arguments arguments = read_arguments(ctx);
	struct sk_buff *skb = (void *)argument(&arguments, COOKIE_SKB(cookie));
	struct sock *socket = (void *)argument(&arguments, COOKIE_SOCKET(cookie));
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
		seen->netns = BPF_CORE_READ(socket, __sk_common.skc_net.net, ns.inum);
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
