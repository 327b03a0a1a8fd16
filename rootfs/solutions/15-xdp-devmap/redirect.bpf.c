// SPDX-License-Identifier: GPL-2.0
/* By the map, where it has the device that the route names, and under its own MAC otherwise. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Macros are not in the kernel's types. */
#define ETH_P_IP 0x0800
#define AF_INET 2
#define DEST_IP 0x0a00020b /* 10.0.2.11 */

/* Devices that may be sent by, each under its ifindex. They are put in from outside. */
struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32);
} targets SEC(".maps");

SEC("xdp")
int redirect(struct xdp_md *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ipv4 = data + sizeof(*eth);
	struct bpf_fib_lookup fib = { .family = AF_INET, .ifindex = ctx->ingress_ifindex };
	long answer;

	if ((void *)(ipv4 + 1) > data_end)
		return XDP_PASS;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return XDP_PASS;
	if (ipv4->daddr != bpf_htonl(DEST_IP))
		return XDP_PASS;

	fib.ipv4_src = ipv4->saddr;
	fib.ipv4_dst = ipv4->daddr;
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), 0) != BPF_FIB_LKUP_RET_SUCCESS)
		return XDP_PASS;
	answer = bpf_redirect_map(&targets, fib.ifindex, XDP_PASS);
	/* What is passed on must keep the MAC that it came with. */
	if (answer == XDP_REDIRECT) {
		__builtin_memcpy(eth->h_dest, fib.dmac, sizeof(fib.dmac));
		__builtin_memcpy(eth->h_source, fib.smac, sizeof(fib.smac));
	}
	return answer;
}

char LICENSE[] SEC("license") = "GPL";
