// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_redirect() to the egress of veth2@1: IPv4 for 10.0.2.11 leaves netns_1 without having met
 * its IP layer. The article's program with its two constants made settings: the ifindex of veth2@1
 * is looked up before the load, and so is the MAC of veth2@2.
 */
#include "packet.h"

SEC("tc")
int redirect(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);

	/* veth2@2 takes a frame only under its own address. */
	rewrite_destination(eth);

	/* Flags 0 is egress: veth2@1 transmits the frame, veth2@2 receives it. */
	return counted(class, bpf_redirect(settings.target_ifindex, 0));
}
