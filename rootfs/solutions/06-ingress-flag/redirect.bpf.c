// SPDX-License-Identifier: GPL-2.0
/* Turned round: veth2@1 receives the frame, which has veth2@2's MAC, and drops it. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Macros are not in the kernel's types. */
#define ETH_P_IP 0x0800
#define TC_ACT_OK 0
#define TARGET_INTF 3	   /* veth2@1's ifindex in netns_1 */
#define DEST_IP 0x0a00020b /* 10.0.2.11 */

SEC("tc")
int redirect(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ipv4 = data + sizeof(*eth);
	__u8 server_mac[] = { 0x02, 0, 0, 0, 0, 0 };

	if ((void *)(ipv4 + 1) > data_end)
		return TC_ACT_OK;
	if (eth->h_proto != bpf_htons(ETH_P_IP))
		return TC_ACT_OK;
	if (ipv4->daddr != bpf_htonl(DEST_IP))
		return TC_ACT_OK;

	__builtin_memcpy(eth->h_dest, server_mac, sizeof(server_mac));
	return bpf_redirect(TARGET_INTF, BPF_F_INGRESS);
}

char LICENSE[] SEC("license") = "GPL";
