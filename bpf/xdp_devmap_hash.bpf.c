// SPDX-License-Identifier: GPL-2.0
/*
 * The same through a DEVMAP_HASH (5.4): the key is looked up instead of counted off, so the map is
 * as large as there are targets, whatever their ifindexes are.
 */
#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP_HASH);
	__uint(max_entries, 4);
	__type(key, __u32);
	__type(value, __u32); /* ifindex */
} targets SEC(".maps");

SEC("xdp")
int xdp_devmap_hash(struct xdp_md *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify_xdp(ctx, &eth);
	long answer;

	if (class != FOR_SERVER)
		return counted(class, XDP_PASS);

	answer = bpf_redirect_map(&targets, settings.target_ifindex, XDP_PASS);
	/* What is passed on must keep its own address, or its IP layer refuses it. */
	if (answer == XDP_REDIRECT)
		rewrite_destination(eth);
	return counted(class, answer);
}
