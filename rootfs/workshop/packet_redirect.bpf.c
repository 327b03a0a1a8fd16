// SPDX-License-Identifier: GPL-2.0
/*
 * The article's program: IPv4 for 10.0.2.11 that comes in through veth1@2 goes out through veth2@1,
 * and netns_1's IP layer never sees it.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Macros are not in the kernel's types. */
#define ETH_P_IP 0x0800
#define TC_ACT_OK 0

#define TARGET_INTF 3	   /* veth2@1's ifindex in netns_1 */
#define DEST_IP 0x0a00020b /* 10.0.2.11 */

static const __u8 server_mac[] = { 0x02, 0, 0, 0, 0, 0 }; /* veth2@2's */

SEC("tc")
int redirect(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ipv4 = data + sizeof(*eth);

	/* The verifier lets nobody read what may lie beyond the packet's end. */
	if ((void *)(ipv4 + 1) > data_end)
		return TC_ACT_OK;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (ipv4->daddr != bpf_htonl(DEST_IP))
		return TC_ACT_OK;
	bpf_printk("redirect: %d bytes for 10.0.2.11", ctx->len);

	/* veth2@2 takes a frame only under its own address. */
	__builtin_memcpy(eth->h_dest, server_mac, sizeof(server_mac));

	/* Flags 0 is egress: veth2@1 sends the frame. The answer is what redirects. */
	return bpf_redirect(TARGET_INTF, 0);
}

char LICENSE[] SEC("license") = "GPL";
