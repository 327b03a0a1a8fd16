// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_redirect_peer() puts the packet straight into the other namespace: veth2@2 receives it in the
 * same pass, without the trip through veth2@1's transmission and the backlog, and without asking
 * whose MAC it carries.
 */
#include "packet.h"

SEC("tc")
int redirect_peer(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);
	return counted(class, bpf_redirect_peer(settings.target_ifindex, 0));
}
