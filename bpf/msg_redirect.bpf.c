// SPDX-License-Identifier: GPL-2.0
/*
 * bpf_msg_redirect_map(): what one socket sends is put straight into the other's receive queue. No
 * segment, no packet and no device is left on the way, so there is nothing to classify either: the
 * program runs for the sockets in its map, and for nothing else.
 */
#include "packet.h"

struct {
	__uint(type, BPF_MAP_TYPE_SOCKMAP);
	__uint(max_entries, 2);
	__type(key, __u32);
	__type(value, __u32);
} sockets SEC(".maps");

SEC("sk_msg")
int msg_redirect(struct sk_msg_md *message)
{
	return counted(FOR_SERVER,
		       bpf_msg_redirect_map(message, &sockets, SERVER_SOCKET, BPF_F_INGRESS));
}
