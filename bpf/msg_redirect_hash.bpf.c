// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_msg_redirect_hash(): msg_redirect.bpf.c with a map that is looked up in place of one that is
 * counted off, so that a socket can be found by whatever names it, an address and a port say.
 */
#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKHASH);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

SEC("sk_msg")
int msg_redirect_hash(struct sk_msg_md *message)
{
	__u32 key = SERVER_SOCKET;

	return counted(FOR_SERVER, bpf_msg_redirect_hash(message, &sockets, &key, BPF_F_INGRESS));
}
