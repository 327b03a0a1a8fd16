// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_clone_redirect() sends a copy at once, from inside the program, and leaves the original's
 * fate to the answer: TC_ACT_SHOT, so that the copy alone arrives.
 */
#include "packet.h"

SEC("tc")
int redirect_clone(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);

	rewrite_destination(eth);
	bpf_clone_redirect(ctx, settings.target_ifindex, 0);
	return counted(class, TC_ACT_SHOT);
}
