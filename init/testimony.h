/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the witnesses say of one datagram. Each says one number; a check has a number for every one
 * of them, and fails when any disagrees, whatever the others say.
 */
#ifndef TESTIMONY_H
#define TESTIMONY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "text.h"

/* Four counters a device, in the order of enum device_id (topology.h). */
#define DEVICE_WITNESSES(device) device##_TX, device##_RX, device##_DROPPED, device##_OTHERHOST

enum witness_id {
	/*
	 * The receiver's socket: how many datagrams came, and how many of them were right; the TTL
	 * on arrival (IP_RECVTTL) of the first and of the last after it, 0 where there was none. Of
	 * a connection: the ways that are done, of two, and how many of them were right.
	 */
	DELIVERED,
	PAYLOAD,	/* it is the datagram's own nonce */
	SOURCE_ADDRESS, /* it is the sender's */
	SOURCE_PORT,
	TTL,
	SECOND_TTL,
	BYTES, /* that arrived through a connection, both ways together */
	/* The sender's neighbour entry for the receiver: enum neighbour_fate. */
	NEIGHBOUR,
	/* netns_1's IP layer, /proc/net/snmp: how much each grew. */
	IN_RECEIVES,
	FORW_DATAGRAMS,
	IN_ADDR_ERRORS,
	IN_HDR_ERRORS,
	IN_DISCARDS,
	/* netns_2's UDP: datagrams that came and were dropped for their checksum. */
	SERVER_CSUM_ERRORS,
	/* The program: frames it saw, frames for the server among them, its last answer to those.
	 */
	PROGRAM_RAN,
	PROGRAM_MATCHED,
	PROGRAM_ANSWER,	   /* TC_ACT_…, XDP_ANSWER(XDP_…), SK_ANSWER(SK_…), or NO_ANSWER */
	PROGRAM_LOOKUP,	   /* BPF_FIB_LKUP_RET_…, or NO_ANSWER */
	PROGRAM_SUPER,	   /* of the frames for the server those of several segments */
	COMPANION_MATCHED, /* what a second program saw of them, or of those on the way back */
	COMPANION_SUPER,
	/* The devices' counters: how much each grew. */
	DEVICE_WITNESSES(VETH1_1),
	DEVICE_WITNESSES(VETH1_2),
	DEVICE_WITNESSES(VETH2_1),
	DEVICE_WITNESSES(VETH2_2),
	WITNESSES,
};

enum neighbour_fate { NEIGHBOUR_NONE, NEIGHBOUR_RESOLVED, NEIGHBOUR_FAILED };

#define NO_ANSWER -1
/* tc and XDP number their answers alike: TC_ACT_SHOT is XDP_PASS. tc's end at 8. */
#define XDP_ANSWER(action) (16 + (action))
#define SK_ANSWER(action) (32 + (action))
/*
 * What can be expected in place of a number: any but none, whatever it is, or as much as another
 * witness says, where TCP decides how many segments there are.
 */
#define SOME -2
#define ANYTHING -3
#define AS_MANY_AS(id) (-16 - (id))
/* Said by a witness that this kernel does not have: no expectation is held against it. */
#define NOT_TOLD INT64_MIN

struct testimony {
	int64_t said[WITNESSES];
	uint64_t price; /* arch_counter() from sendto to the end of recvmsg */
};

/* In expected, puts the number that the other witness said in place of each AS_MANY_AS(). */
void testimony_resolve(int64_t expected[WITNESSES], const struct testimony *testimony);

const char *witness_name(enum witness_id id);
bool witness_agrees(int64_t expected, int64_t said);
/* How many disagree. */
int testimony_disagreements(const int64_t expected[WITNESSES], const struct testimony *testimony);
/* "3", "TC_ACT_REDIRECT", "resolved", "not told": what the witness said, in its own words. */
const char *witness_value(enum witness_id id, int64_t value, char buffer[32]);
/* The gist in one line: what became of the datagram, netns_1's IP layer, the program, the losses.
 */
void testimony_gist(const struct testimony *testimony, struct text *text);

#endif
