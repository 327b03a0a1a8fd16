// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_fib_lookup() asks netns_1's own routing table and neighbours: no address of the next hop and
 * no ifindex is left in the program. It answers only where netns_1 may forward. What it does not
 * know is left to the IP layer. Of a length that is left 0 the kernel judges by the packet itself,
 * and a super-packet by its segments; redirect_fib_length.bpf.c tells it.
 */
#include "packet.h"

#define AF_INET 2

SEC("tc")
int redirect_fib(struct __sk_buff *ctx)
{
	struct bpf_fib_lookup fib = { .family = AF_INET, .ifindex = ctx->ingress_ifindex };
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);
	struct iphdr *ipv4;

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);

	ipv4 = (void *)(eth + 1);
	fib.tos = ipv4->tos;
	fib.l4_protocol = ipv4->protocol;
#ifdef TELL_LENGTH
	fib.tot_len = bpf_ntohs(ipv4->tot_len);
#endif
	fib.ipv4_src = ipv4->saddr;
	fib.ipv4_dst = ipv4->daddr;

	witness.lookup = bpf_fib_lookup(ctx, &fib, sizeof(fib), 0);
	if (witness.lookup != BPF_FIB_LKUP_RET_SUCCESS)
		return counted(class, TC_ACT_OK);

	__builtin_memcpy(eth->h_dest, fib.dmac, sizeof(fib.dmac));
	__builtin_memcpy(eth->h_source, fib.smac, sizeof(fib.smac));
	return counted(class, bpf_redirect(fib.ifindex, 0));
}
