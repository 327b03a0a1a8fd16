// SPDX-License-Identifier: GPL-2.0
/*
 * At a hook that only a netkit pair has: attached from netns_1, it runs inside netns_2, as veth2@2
 * hands a packet over. So the way back from the server is redirected where it begins, before
 * veth2@1 receives anything; a veth pair has no such place.
 */
#include "packet.h"

SEC("tc")
int netkit_reply(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	/* NETKIT_PASS is 0, like TC_ACT_OK; NETKIT_REDIRECT is TC_ACT_REDIRECT. */
	if (class != FOR_SERVER)
		return counted(class, NETKIT_PASS);

	return counted(class, bpf_redirect_neigh(settings.target_ifindex, NULL, 0, 0));
}
