/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a program of the lab is told before it is loaded and what it tells afterwards: the two
 * structures that bpf/ and init/ share. init/ includes <linux/types.h> first, bpf/ vmlinux.h.
 */
#ifndef WITNESS_H
#define WITNESS_H

/*
 * Where a program put a frame. The order is the order of the program's tests. With settings.ipv6
 * they are for IPv6 and settings.destination_ipv6.
 */
enum packet_class {
	TOO_SHORT,	   /* no room for an Ethernet and a plain IPv4 header */
	OTHER_PROTOCOL,	   /* another EtherType */
	OTHER_DESTINATION, /* IPv4, but not to settings.destination */
	FOR_SERVER, /* what the technique is for: to the server, or on the way back from it */
	PACKET_CLASSES,
};

/* The keys of a map of sockets. */
enum socket_key { CLIENT_SOCKET, SERVER_SOCKET };

/* Read-only for the program; section .rodata.settings, written before the load. */
struct settings {
	__u32 target_ifindex;	   /* in the namespace of the hook */
	__u32 destination;	   /* IPv4: what is for it is redirected; host byte order */
	__u32 destination_ipv6[4]; /* its twin, as on the wire */
	__u8 target_mac[6];	   /* what the rewrite puts into the Ethernet header */
	__u8 narrate;		   /* bpf_printk each step; off, the verifier drops that code */
	__u8 ipv6;		   /* what is for the twin is redirected, and IPv4 is left alone */
};

/* Written by the program; section .bss, read while it is attached. */
struct witness {
	__u64 packets[PACKET_CLASSES];
	__u64 super_packets; /* those of FOR_SERVER that are several segments in one sk_buff */
	__s64 answer; /* what the last FOR_SERVER frame was answered with: TC_ACT_…, XDP_… or SK_…
		       */
	__s64 lookup; /* what bpf_fib_lookup() said of it, for those that ask: BPF_FIB_LKUP_RET_… */
};

#endif
