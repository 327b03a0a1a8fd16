/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the capture notes of each frame; the frame itself follows, as far as it is taken. init/
 * includes <linux/types.h> first, bpf/ vmlinux.h.
 */
#ifndef CAPTURED_H
#define CAPTURED_H

enum point {
	SENT,	  /* handed to the device's driver */
	QUEUED,	  /* put into the receiving side's backlog */
	RECEIVED, /* come to the device, before its XDP (generic) and tc */
	POINTS,
};

/* Any frame that fits the devices' MTU; of a super-packet it is the beginning. */
#define FRAME_LIMIT 2048

#define DEVICE_NAMES 4 /* veth1@1 veth1@2 veth2@1 veth2@2 */

struct captured {
	__u64 time;   /* CLOCK_MONOTONIC, ns */
	__u32 length; /* of the frame, all of it */
	__u32 taken;  /* bytes of what follows the header */
	__u8 point, device;
	__u8 type;     /* PACKET_HOST, PACKET_OTHERHOST, …; not known of what is sent */
	__u8 ethernet; /* bytes of header[] that go before, which the IP layer's side no longer has
			*/
	__u8 header[16];
	__u32 reserved;
};

#endif
