/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the techniques have in common: telling a frame for the server from the rest, and keeping
 * count. Everything else, the decisive step above all, stands in the technique's own file.
 */
#ifndef PACKET_H
#define PACKET_H

/*
 * Headers on the wire and struct __sk_buff look the same on every kernel. Without this each access
 * would be a CO-RE relocation, and libbpf would read all of the kernel's BTF for nothing: most of
 * what loading a program takes.
 */
#define BPF_NO_PRESERVE_ACCESS_INDEX
#include "vmlinux.h"
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>
#include "twin.h"
#include "witness.h"

/* Macros are not in BTF, so vmlinux.h has none of these (linux/if_ether.h, linux/pkt_cls.h). */
#define ETH_P_IP 0x0800
#define ETH_P_IPV6 0x86dd
#define TC_ACT_OK 0
#define TC_ACT_SHOT 2

char LICENSE[] SEC("license") = "GPL";

const volatile struct settings settings SEC(".rodata.settings");
struct witness witness;

#define narrate(fmt, ...)                                            \
	do {                                                         \
		if (settings.narrate)                                \
			bpf_printk("redirect: " fmt, ##__VA_ARGS__); \
	} while (0)

/*
 * The article's three tests, in its order. *eth is valid only for FOR_SERVER; the verifier sees
 * the bounds check because the function is inlined.
 */
static __always_inline enum packet_class classify_ipv4(void *data, void *data_end,
						       struct ethhdr **eth)
{
	struct iphdr *ipv4 = data + sizeof(**eth);

	*eth = data;
	if ((void *)(ipv4 + 1) > data_end)
		return TOO_SHORT;
	narrate("EtherType %x", bpf_ntohs((*eth)->h_proto));
	if ((*eth)->h_proto != bpf_htons(ETH_P_IP))
		return OTHER_PROTOCOL;
	narrate("destination address %x", bpf_ntohl(ipv4->daddr));
	if (ipv4->daddr != bpf_htonl(settings.destination))
		return OTHER_DESTINATION;
	return FOR_SERVER;
}

/* The same for the twin. */
static __always_inline enum packet_class classify_ipv6(void *data, void *data_end,
						       struct ethhdr **eth)
{
	struct ipv6hdr *ipv6 = data + sizeof(**eth);

	*eth = data;
	if ((void *)(ipv6 + 1) > data_end)
		return TOO_SHORT;
	narrate("EtherType %x", bpf_ntohs((*eth)->h_proto));
	if ((*eth)->h_proto != bpf_htons(ETH_P_IPV6))
		return OTHER_PROTOCOL;
	narrate("destination address ends in %x", bpf_ntohl(ipv6->daddr.in6_u.u6_addr32[3]));
	for (int i = 0; i < 4; i++)
		if (ipv6->daddr.in6_u.u6_addr32[i] != settings.destination_ipv6[i])
			return OTHER_DESTINATION;
	return FOR_SERVER;
}

/* Which of the two is known before the load: the verifier drops the other. */
static __always_inline enum packet_class classify_frame(void *data, void *data_end,
							struct ethhdr **eth)
{
	return settings.ipv6 ? classify_ipv6(data, data_end, eth)
			     : classify_ipv4(data, data_end, eth);
}

static __always_inline enum packet_class classify(struct __sk_buff *ctx, struct ethhdr **eth)
{
	enum packet_class class;

	narrate("handling a packet of %d bytes", ctx->len);
	class = classify_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end, eth);
	if (class == FOR_SERVER && ctx->gso_size)
		__sync_fetch_and_add(&witness.super_packets, 1);
	return class;
}

/* At an XDP hook: there is no sk_buff yet, only the frame. */
static __always_inline enum packet_class classify_xdp(struct xdp_md *ctx, struct ethhdr **eth)
{
	narrate("handling a frame of %d bytes", ctx->data_end - ctx->data);
	return classify_frame((void *)(long)ctx->data, (void *)(long)ctx->data_end, eth);
}

/* Counts the frame and passes the answer on, so that it can stand in the return statement. */
static __always_inline int counted(enum packet_class class, int answer)
{
	__sync_fetch_and_add(&witness.packets[class], 1);
	if (class == FOR_SERVER) {
		witness.answer = answer;
		narrate("answer %d", answer);
	}
	return answer;
}

static __always_inline void rewrite_destination(struct ethhdr *eth)
{
	for (int i = 0; i < 6; i++)
		eth->h_dest[i] = settings.target_mac[i];
}

#endif
