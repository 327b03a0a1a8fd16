// SPDX-License-Identifier: GPL-2.0
/*
 * What somebody who has read the article brings to --object: no word of it is the lab's. The tests
 * compile it with other constants for other outcomes.
 */
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#define ETH_P_IP 0x0800
#define TC_ACT_OK 0
#define DEST_IP 0x0a00020b

#ifndef TARGET_INTF
#define TARGET_INTF 3
#endif
#ifndef FLAGS
#define FLAGS 0
#endif
#if defined(MIRROR)
#define ANSWER mirror(ctx)
#elif defined(TWICE)
#define ANSWER (bpf_clone_redirect(ctx, TARGET_INTF, 0), bpf_redirect(TARGET_INTF, 0))
#elif !defined(ANSWER)
#define ANSWER bpf_redirect(TARGET_INTF, FLAGS)
#endif
#ifndef OTHERWISE
#define OTHERWISE TC_ACT_OK
#endif
#ifndef SECTION
#define SECTION "tc"
#endif

/* For veth2@2 as it is by now; the original goes on under the MAC that veth1@2 takes. */
static __always_inline int mirror(struct __sk_buff *ctx)
{
	__u8 own[6], mac[6] = { 2 };

	bpf_skb_load_bytes(ctx, 0, own, sizeof(own));
	bpf_skb_store_bytes(ctx, 0, mac, sizeof(mac), 0);
	bpf_clone_redirect(ctx, TARGET_INTF, 0);
	bpf_skb_store_bytes(ctx, 0, own, sizeof(own), 0);
	return TC_ACT_OK;
}

SEC(SECTION)
int redirect(struct __sk_buff *ctx)
{
	void *data = (void *)(long)ctx->data;
	void *end = (void *)(long)ctx->data_end;
	struct ethhdr *eth = data;
	struct iphdr *ip = data + sizeof(*eth);

#ifdef LONG
#pragma unroll
	for (int i = 0; i < 32; i++)
		bpf_printk("step %d", i);
#endif
#ifndef UNBOUNDED
	if ((void *)(ip + 1) > end)
		return OTHERWISE;
#endif
	if (eth->h_proto != bpf_htons(ETH_P_IP) || ip->daddr != bpf_htonl(DEST_IP))
		return OTHERWISE;
	bpf_printk("somebody's own words");
#if !defined(SAME_MAC) && !defined(MIRROR)
	__builtin_memset(eth->h_dest, 0, sizeof(eth->h_dest));
	eth->h_dest[0] = 2;
#endif
	return ANSWER;
}

#ifdef SECOND_SECTION
SEC(SECOND_SECTION)
int second(struct __sk_buff *ctx)
{
	return TC_ACT_OK;
}
#endif

char _license[] SEC("license") = "GPL";
