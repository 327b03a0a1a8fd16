// SPDX-License-Identifier: GPL-2.0
/* A copy is redirected where netns_1 would send it, and the original goes on. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Macros are not in the kernel's types. */
#define ETH_P_IP 0x0800
#define TC_ACT_OK 0
#define AF_INET 2

#define DEST_IP 0x0a00020b /* 10.0.2.11 */

SEC("tc")
int redirect(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ipv4 = data + sizeof(*eth);
	struct bpf_fib_lookup fib = { .family = AF_INET, .ifindex = ctx->ingress_ifindex };

	if ((void *)(ipv4 + 1) > data_end)
		return TC_ACT_OK;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (ipv4->daddr != bpf_htonl(DEST_IP))
		return TC_ACT_OK;

	fib.ipv4_src = ipv4->saddr;
	fib.ipv4_dst = ipv4->daddr;
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), 0) != BPF_FIB_LKUP_RET_SUCCESS)
		return TC_ACT_OK;
	__builtin_memcpy(eth->h_dest, fib.dmac, sizeof(fib.dmac));
	/* It may move the packet: no pointer into it is good any more. */
	bpf_clone_redirect(ctx, fib.ifindex, 0);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
