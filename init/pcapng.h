/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Writes pcapng (draft-ietf-opsawg-pcapng), as far as a capture of Ethernet needs it: a section,
 * its interfaces, then packets, and at the end what is known of each interface. Byte order is the
 * machine's own, which the section tells; times are in nanoseconds since 1970. Every call returns 0
 * or -errno; what a FILE has buffered is the caller's to flush.
 */
#ifndef PCAPNG_H
#define PCAPNG_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

/* A block has so much room, options and all. */
#define PCAPNG_BLOCK_MAX 4096

int pcapng_section(FILE *file, const char *system, const char *application);

/* They are numbered as they come, from 0. */
int pcapng_interface(FILE *file, const char *name, const char *description, uint32_t longest);

/* epb_flags: direction and kind of reception, which may be 0, unknown. */
#define PCAPNG_INBOUND 1
#define PCAPNG_OUTBOUND 2
#define PCAPNG_UNICAST (1 << 2)
#define PCAPNG_MULTICAST (2 << 2)
#define PCAPNG_BROADCAST (3 << 2)
#define PCAPNG_PROMISCUOUS (4 << 2) /* not for this host */

struct pcapng_packet {
	uint32_t interface, flags;
	uint64_t time;
	uint32_t length; /* on the wire; of data there may be less */
	/* In two parts; either may be empty. */
	const void *header, *data;
	uint32_t header_size, data_size;
	const char *comments[3]; /* the first NULL or "" ends them */
};

int pcapng_packet(FILE *file, const struct pcapng_packet *packet);

/* The length of the block that it writes, always the same. */
#define PCAPNG_STATISTICS_LENGTH 76
int pcapng_statistics(FILE *file, uint32_t interface, uint64_t start, uint64_t end,
		      uint64_t received, uint64_t dropped);

#endif
