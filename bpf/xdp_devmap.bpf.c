// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_redirect_map() through a DEVMAP: the program may send only where user space put a device into
 * the map, and the kernel resolved that device once, when it was put there. The map is an array, so
 * an ifindex beyond its end has no place in it. The flags are what to answer when the place is
 * empty.
 */
#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_DEVMAP);
	__uint(max_entries, 64);
	__type(key, __u32);
	__type(value, __u32); /* ifindex */
} targets SEC(".maps");

SEC("xdp")
int xdp_devmap(struct xdp_md *ctx)
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
