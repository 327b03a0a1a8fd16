// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_redirect() from XDP: the frame is sent on before there is an sk_buff, so neither tc nor the
 * IP layer of netns_1 ever hears of it. Under the same name it is another helper than tc's: it
 * takes no flags, there is no ingress, and the target's driver must take raw frames
 * (ndo_xdp_xmit()). That of veth2@1 does only when its peer has an XDP program too.
 */
#include "packet.h"

SEC("xdp")
int xdp_redirect(struct xdp_md *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify_xdp(ctx, &eth);

	if (class != FOR_SERVER)
		return counted(class, XDP_PASS);

	/* veth2@2 takes a frame only under its own address. */
	rewrite_destination(eth);
	return counted(class, bpf_redirect(settings.target_ifindex, 0));
}
