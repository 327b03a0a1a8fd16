/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tracer notes each time the probe's datagram comes to a function that it watches, and
 * what it is told of each function. init/ includes <linux/types.h> first, bpf/ vmlinux.h.
 */
#ifndef SIGHTING_H
#define SIGHTING_H

struct sighting {
	__u64 skb; /* its address: the same end to end, but for copies; 0: a raw frame, XDP's */
	__u32 function; /* index into functions[] of init/path.c */
	__u32 cpu, pid;
	__u32 netns;   /* the namespace's inode; 0 when it has neither device nor socket */
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
	__u32 buff_data, buff_data_end, buff_rxq, rxq_dev, frame_data, frame_len, napi_dev;
};

/*
 * The attach cookie: the function's index, and which of its arguments, counted from 1, is what; 0:
 * none. The datagram comes as one of the first four.
 */
enum role {
	SKB,
	XDP_BUFF,
	XDP_FRAME,
	XDP_FRAMES, /* an array of pointers, of which the first counts */
	REASON,
	SOCKET, /* whose namespace it is in */
	DEVICE,
	NAPI, /* a structure that begins with a napi_struct: its device */
	ROLES,
};

/* A number that stands for the cookie where instructions are yet to be told it. */
#define COOKIE_UNSET "0x6c61622d7472616b"

#define COOKIE_ARGUMENT(role, number) ((__u64)(number) << (16 + 4 * (role)))
#define COOKIE_FUNCTION(cookie) ((cookie)&0xffff)
#define COOKIE_NUMBER(cookie, role) ((cookie) >> (16 + 4 * (role)) & 3)

#endif
