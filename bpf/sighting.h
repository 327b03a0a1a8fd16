/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tracer notes each time the probe's datagram comes to a function that it watches, and
 * what it is told of each function. init/ includes <linux/types.h> first, bpf/ vmlinux.h.
 */
#ifndef SIGHTING_H
#define SIGHTING_H

struct sighting {
	__u64 skb;	/* its address: the same end to end, but for copies */
	__u32 function; /* index into functions[] of init/path.c */
	__u32 cpu, pid;
	__u32 netns;   /* the namespace's inode; 0 when the skb has neither device nor socket */
	__u32 ifindex; /* in that namespace; 0: it has no device yet, or no longer */
	__u32 mark, mtu, length;
	__u32 reason;	/* skb_drop_reason, for the functions that have one */
	__u16 protocol; /* EtherType, host order; 0 before the IP layer has set it */
	__u8 type;	/* PACKET_HOST, PACKET_OTHERHOST, … */
	__u8 reserved;
	char process[16]; /* whom the CPU was taken from, where this ran in softirq */
};

/*
 * Where the running kernel keeps the members that the tracer reads: their distance from the
 * structure's begin, in bits. Section .rodata.layout, written before the load.
 */
struct layout {
	__u32 skb_head, skb_network_header, skb_dev, skb_sk, skb_len, skb_mark, skb_protocol;
	__u32 skb_pkt_type; /* three bits */
	__u32 dev_ifindex, dev_mtu, dev_net, sock_net, net_inum;
};

/*
 * The attach cookie: the function's index, and which of its arguments, counted from 1, are the skb,
 * the drop reason and a socket to take the namespace from; 0: none.
 */
#define COOKIE(function, skb, reason, socket) \
	((__u64)(function) | (skb) << 16 | (reason) << 20 | (socket) << 24)
#define COOKIE_FUNCTION(cookie) ((cookie)&0xffff)
#define COOKIE_SKB(cookie) ((cookie) >> 16 & 0xf)
#define COOKIE_REASON(cookie) ((cookie) >> 20 & 0xf)
#define COOKIE_SOCKET(cookie) ((cookie) >> 24 & 0xf)

#endif
