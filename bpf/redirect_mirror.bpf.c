// SPDX-License-Identifier: GPL-2.0
/*
 * A mirror: bpf_clone_redirect() sends a copy to veth2@2 while the original goes on, TC_ACT_OK, and
 * is routed. It gets its own MAC back, to go on as it came, and the copy does not share that: the
 * kernel copies the headers before a program writes to them (skb_ensure_writable()).
 */
#include "packet.h"

SEC("tc")
int redirect_mirror(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);
	__u8 own_mac[6];

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);

	__builtin_memcpy(own_mac, eth->h_dest, sizeof(own_mac));
	rewrite_destination(eth);
	bpf_clone_redirect(ctx, settings.target_ifindex, 0);

	/* The helper may have moved the packet: what pointed into it is void, and the verifier says
	 * so. */
	bpf_skb_store_bytes(ctx, 0, own_mac, sizeof(own_mac), 0);
	return counted(class, TC_ACT_OK);
}
