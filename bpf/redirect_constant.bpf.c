// SPDX-License-Identifier: GPL-2.0
/*
 * The article's program step by step, with its constants: the target is ifindex 3 and the MAC
 * is 02:00:00:00:00:00, whatever the topology. It works where veth2@1 was the second device made
 * in netns_1 and fails without a word everywhere else; redirect.bpf.c is the same without that.
 */
#include "packet.h"

#define TARGET_INTF 3
#define DEST_IP 0x0a00020b /* 10.0.2.11 */

SEC("tc")
int redirect_constant(struct __sk_buff *ctx)
{
	void *data_end = (void *)(long)ctx->data_end;
	void *data = (void *)(long)ctx->data;
	struct ethhdr *eth = data;
	struct iphdr *ipv4 = data + sizeof(*eth);

	narrate("handling packet");

	/* The verifier wants both headers inside the packet before either is read. */
	if ((void *)(ipv4 + 1) > data_end)
		return counted(TOO_SHORT, TC_ACT_OK);

	narrate("is it IPv4? EtherType %x", bpf_ntohs(eth->h_proto));
	if (bpf_ntohs(eth->h_proto) != ETH_P_IP)
		return counted(OTHER_PROTOCOL, TC_ACT_OK);

	narrate("is it for 10.0.2.11?");
	if (bpf_ntohl(ipv4->daddr) != DEST_IP)
		return counted(OTHER_DESTINATION, TC_ACT_OK);

	narrate("rewriting the destination MAC");
	eth->h_dest[0] = 0x02;
	eth->h_dest[1] = 0x00;
	eth->h_dest[2] = 0x00;
	eth->h_dest[3] = 0x00;
	eth->h_dest[4] = 0x00;
	eth->h_dest[5] = 0x00;

	narrate("redirecting");
	return counted(FOR_SERVER, bpf_redirect(TARGET_INTF, 0));
}
