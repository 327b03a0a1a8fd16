// SPDX-License-Identifier: GPL-2.0
/*
 * One of several programs at a tcx hook: it counts and leaves the decision to the next, TCX_NEXT.
 * With the last of them gone by, the packet goes on as if answered with TC_ACT_OK.
 */
#include "packet.h"

SEC("tc")
int look_on(struct __sk_buff *ctx)
{
	struct ethhdr *eth;

	return counted(classify(ctx, &eth), TCX_NEXT);
}
