// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_redirect_neigh() leaves the Ethernet header to the kernel: it asks the route and the
 * neighbour table of the target for the next hop, and works where forwarding is off.
 */
#include "packet.h"

SEC("tc")
int redirect_neigh(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);
	return counted(class, bpf_redirect_neigh(settings.target_ifindex, 0, 0, 0));
}
