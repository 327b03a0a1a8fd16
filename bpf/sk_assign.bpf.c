// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_sk_assign(): not another interface but another socket. The datagram for 10.0.2.11 gets the
 * listener that netns_1 has on 10.0.1.11 before the IP layer asks whose it is. The IP layer still
 * asks where it goes: without a local route for 10.0.2.11 it would be forwarded, and a packet that
 * has a socket is not (ip_forward()).
 */
#include "packet.h"

#define BPF_F_CURRENT_NETNS (-1) /* linux/bpf.h; not in the BTF */
#define LISTENER_IP 0x0a00010b	 /* 10.0.1.11, veth1@2 */
#define LISTENER_PORT 7777

static __always_inline struct bpf_sock *find_listener(struct __sk_buff *ctx)
{
	struct bpf_sock_tuple listener = {};

	if (settings.ipv6) {
		put_twin(listener.ipv6.daddr, LISTENER_IP);
		listener.ipv6.dport = bpf_htons(LISTENER_PORT);
		return bpf_sk_lookup_udp(ctx, &listener, sizeof(listener.ipv6), BPF_F_CURRENT_NETNS,
					 0);
	}
	listener.ipv4.daddr = bpf_htonl(LISTENER_IP);
	listener.ipv4.dport = bpf_htons(LISTENER_PORT);
	return bpf_sk_lookup_udp(ctx, &listener, sizeof(listener.ipv4), BPF_F_CURRENT_NETNS, 0);
}

SEC("tc")
int sk_assign(struct __sk_buff *ctx)
{
	struct ethhdr *eth;
	enum packet_class class = classify(ctx, &eth);
	struct bpf_sock *socket;
	long error;

	if (class != FOR_SERVER)
		return counted(class, TC_ACT_OK);

	socket = find_listener(ctx);
	if (!socket)
		return counted(class, TC_ACT_SHOT);
	error = bpf_sk_assign(ctx, socket, 0);
	bpf_sk_release(socket);
	return counted(class, error ? TC_ACT_SHOT : TC_ACT_OK);
}
