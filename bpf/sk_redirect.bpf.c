// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_sk_redirect_map(): a segment has come to the server's socket through every interface, and is
 * put into another socket's receive queue before anybody has read it: the client's own. It is back
 * where it came from, and no interface has counted the way back.
 */
#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

SEC("sk_skb/stream_verdict")
int sk_redirect(struct __sk_buff *segment)
{
	return counted(FOR_SERVER,
		       bpf_sk_redirect_map(segment, &sockets, CLIENT_SOCKET, BPF_F_INGRESS));
}
