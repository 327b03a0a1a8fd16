// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_redirect() is called and its answer thrown away. The helper only notes the target; it is
 * the program's return value that makes tc look at the note. TC_ACT_OK, so the packet is routed.
 * The MAC stays as it is: only the answer differs. (Whose frame it is was settled before tc ran.)
 */
#include "packet.h"

SEC("tc")
int redirect_not_returned(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);

	if (class == FOR_SERVER)
		bpf_redirect(settings.target_ifindex, 0);
	return counted(class, TC_ACT_OK);
}
