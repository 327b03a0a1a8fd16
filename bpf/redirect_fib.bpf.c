// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_fib_lookup() asks netns_1's own routing table and neighbours: no address of the next hop and
 * no ifindex is left in the program. It answers only where netns_1 may forward. What it does not
 * know is left to the IP layer. Of a length that is left 0 the kernel judges by the packet itself,
 * and a super-packet by its segments; redirect_fib_length.bpf.c tells it.
 */
#include "packet.h"

#define AF_INET 2
#define AF_INET6 10
#define FLOW_INFORMATION 0x0fffffff /* traffic class and flow label */

static __always_inline void ask_ipv4(struct bpf_fib_lookup *fib, const struct iphdr *ipv4)
{
	fib->family = AF_INET;
	fib->tos = ipv4->tos;
	fib->l4_protocol = ipv4->protocol;
#ifdef TELL_LENGTH
	fib->tot_len = bpf_ntohs(ipv4->tot_len);
#endif
	fib->ipv4_src = ipv4->saddr;
	fib->ipv4_dst = ipv4->daddr;
}

static __always_inline void ask_ipv6(struct bpf_fib_lookup *fib, const struct ipv6hdr *ipv6)
{
	fib->family = AF_INET6;
	fib->flowinfo = *(__be32 *)ipv6 & bpf_htonl(FLOW_INFORMATION);
	fib->l4_protocol = ipv6->nexthdr;
#ifdef TELL_LENGTH
	fib->tot_len = sizeof(*ipv6) + bpf_ntohs(ipv6->payload_len);
#endif
	__builtin_memcpy(fib->ipv6_src, &ipv6->saddr, sizeof(fib->ipv6_src));
	__builtin_memcpy(fib->ipv6_dst, &ipv6->daddr, sizeof(fib->ipv6_dst));
}

SEC("tc")
int redirect_fib(struct __sk_buff *ctx)
{
	struct bpf_fib_lookup fib = { .ifindex = ctx->ingress_ifindex };
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);

	if (settings.ipv6)
		ask_ipv6(&fib, (void *)(eth + 1));
	else
		ask_ipv4(&fib, (void *)(eth + 1));
	witness.lookup = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);
	if (witness.lookup != BPF_FIB_LKUP_RET_SUCCESS)
		return counted(class, TC_ACT_OK);

	__builtin_memcpy(eth->h_dest, fib.dmac, sizeof(fib.dmac));
	__builtin_memcpy(eth->h_source, fib.smac, sizeof(fib.smac));
	return counted(class, bpf_redirect(fib.ifindex, 0));
}
