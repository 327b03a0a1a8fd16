// SPDX-License-Identifier: GPL-2.0
/*
 * BPF_F_INGRESS: veth2@1 is made to have received the frame, so netns_1 takes it in a second
 * time. It gets past ip_rcv only under the address of veth2@1 itself, and then it is routed; with
 * the article's address, that of veth2@2, it is somebody else's. settings.target_mac decides.
 */
#include "packet.h"

SEC("tc")
int redirect_ingress(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);

	rewrite_destination(eth);
	return counted(class, bpf_redirect(settings.target_ifindex, BPF_F_INGRESS));
}
