// SPDX-License-Identifier: GPL-2.0
/* netns_2 is told that 10.0.1.10 is here, and what it then sends there is redirected. */
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
#define AF_INET 2

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
	__u8 own_mac[6] = { 0x02, 0, 0, 0, 0x09, 0x01 };
	__be32 asker;

	if ((void *)(addresses + 1) > data_end)
		return TC_ACT_OK;
	if (arp->ar_op != bpf_htons(ARPOP_REQUEST) || addresses->target_ip != bpf_htonl(CLIENT_IP))
		return TC_ACT_OK;

	/* Any MAC will do: what is sent to it comes past this program first. */
	arp->ar_op = bpf_htons(ARPOP_REPLY);
	asker = addresses->sender_ip;
	addresses->sender_ip = addresses->target_ip;
	addresses->target_ip = asker;
	__builtin_memcpy(addresses->target_mac, addresses->sender_mac, sizeof(own_mac));
	__builtin_memcpy(addresses->sender_mac, own_mac, sizeof(own_mac));
	__builtin_memcpy(eth->h_dest, eth->h_source, sizeof(own_mac));
	__builtin_memcpy(eth->h_source, own_mac, sizeof(own_mac));
	return bpf_redirect(ctx->ingress_ifindex, 0);
}

static __always_inline int send_back(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data, *data_end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ipv4 = data + sizeof(*eth);
	struct bpf_fib_lookup fib = { .family = AF_INET, .ifindex = ctx->ingress_ifindex };

	if ((void *)(ipv4 + 1) > data_end || ipv4->daddr != bpf_htonl(CLIENT_IP))
		return TC_ACT_OK;

	fib.ipv4_src = ipv4->saddr;
	fib.ipv4_dst = ipv4->daddr;
	if (bpf_fib_lookup(ctx, &fib, sizeof(fib), 0) != BPF_FIB_LKUP_RET_SUCCESS)
		return TC_ACT_OK;
	__builtin_memcpy(eth->h_dest, fib.dmac, sizeof(fib.dmac));
	__builtin_memcpy(eth->h_source, fib.smac, sizeof(fib.smac));
	return bpf_redirect(fib.ifindex, 0);
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
