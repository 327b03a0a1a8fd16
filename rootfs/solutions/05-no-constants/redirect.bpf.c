// SPDX-License-Identifier: GPL-2.0
/* The egress redirect, told by its loader where to. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Macros are not in the kernel's types. */
#define ETH_P_IP 0x0800
#define TC_ACT_OK 0

/* In .rodata, which the loader fills before the load; volatile, or clang would take the zero. */
const volatile __u32 target_ifindex;
const volatile __u8 target_mac[6];
const volatile __u32 destination; /* host byte order */

SEC("tc")
int redirect(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ipv4 = data + sizeof(*eth);

	if ((void *)(ipv4 + 1) > data_end)
		return TC_ACT_OK;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (ipv4->daddr != bpf_htonl(destination))
		return TC_ACT_OK;

	for (int i = 0; i < 6; i++)
		eth->h_dest[i] = target_mac[i];
	return bpf_redirect(target_ifindex, 0);
}

char LICENSE[] SEC("license") = "GPL";
