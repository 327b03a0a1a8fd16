// SPDX-License-Identifier: GPL-2.0
/* bpf_sk_redirect_hash(): sk_redirect.bpf.c with a map that is looked up by any key. */
#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

SEC("sk_skb/stream_verdict")
int sk_redirect_hash(struct __sk_buff *segment)
{
	__u32 key = CLIENT_SOCKET;

	return counted(FOR_SERVER, bpf_sk_redirect_hash(segment, &sockets, &key, BPF_F_INGRESS));
}
