// SPDX-License-Identifier: GPL-2.0
/*
 * redirect.bpf.c without the rewrite: the frame reaches veth2@2 still addressed to veth1@2, is
 * PACKET_OTHERHOST there, and ip_rcv drops it.
 */
#include "packet.h"

SEC("tc")
int redirect_no_mac(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);
	return counted(class, bpf_redirect(settings.target_ifindex, 0));
}
