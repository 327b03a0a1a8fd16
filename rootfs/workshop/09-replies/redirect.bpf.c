// SPDX-License-Identifier: GPL-2.0
/* Exercise 9: see page.md. It knows what it sees, and does nothing. */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

/* Macros are not in the kernel's types. */
#define ETH_P_IP 0x0800
#define ETH_P_ARP 0x0806
#define TC_ACT_OK 0
#define CLIENT_IP 0x0a00010a /* 10.0.1.10 */
#define ARPOP_REQUEST 1
#define ARPOP_REPLY 2

/* What follows struct arphdr where Ethernet asks for IPv4. */
struct arp_addresses {
	__u8 sender_mac[6];
	__be32 sender_ip;
	__u8 target_mac[6];
	__be32 target_ip;
} __attribute__((packed));

static __always_inline int answer_arp(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct arphdr *arp = data + sizeof(*eth);
	struct arp_addresses *addresses = (void *)(arp + 1);

	if ((void *)(addresses + 1) > data_end)
		return TC_ACT_OK;
	if (arp->ar_op != bpf_htons(ARPOP_REQUEST) || addresses->target_ip != bpf_htonl(CLIENT_IP))
		return TC_ACT_OK;

	return TC_ACT_OK; /* here: make a reply of it, and send it back */
}

static __always_inline int send_back(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ipv4 = data + sizeof(*eth);

	if ((void *)(ipv4 + 1) > data_end || ipv4->daddr != bpf_htonl(CLIENT_IP))
		return TC_ACT_OK;

	return TC_ACT_OK; /* here: redirect it */
}

SEC("tc")
int reply(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;

	if ((void *)(eth + 1) > data_end)
		return TC_ACT_OK;
	if (eth->h_proto == bpf_htons(ETH_P_ARP))
		return answer_arp(ctx);
	if (eth->h_proto == bpf_htons(ETH_P_IP))
		return send_back(ctx);
	return TC_ACT_OK;
}

char LICENSE[] SEC("license") = "GPL";
