// SPDX-License-Identifier: GPL-2.0
/*
 * What the receiving end of a veth pair needs: that there is a program, whatever it does, gives
 * veth2@2 the ring into which veth2@1 can put a raw frame (veth_enable_xdp()). It counts what comes
 * that way.
 */
#include "packet.h"

SEC("xdp")
int xdp_pass(struct xdp_md *ctx)
{
	struct ethhdr *eth;

	return counted(classify_xdp(ctx, &eth), XDP_PASS);
}
