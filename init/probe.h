/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One datagram with a nonce, and what the witnesses say before and after it: the difference is the
 * testimony.
 */
#ifndef PROBE_H
#define PROBE_H

#include "datagram.h"
#include "stream.h"
#include "technique.h"
#include "testimony.h"
#include "topology.h"

/* The two ends: a client in the host namespace, bound to a port drawn, and the server. */
struct probe {
	struct topology *topology;
	const struct attachment *attachment; /* may be one without a program */
	int client, server;		     /* UDP sockets */
	union endpoint client_address, server_address;
	struct stream stream; /* opened by the first probe_stream() */
};

int probe_open(struct probe *probe, struct topology *topology, const struct attachment *attachment);
void probe_close(struct probe *probe);

/*
 * Resolves every neighbour that a datagram meets on its way, so that no ARP falls among what is
 * counted: those of the request, and for reply those of the way back.
 */
int probe_resolve(struct topology *topology, bool reply);

/* When the fate is known: the witness says so much, and so many have been delivered. */
struct settlement {
	enum witness_id by;
	int64_t at, delivered;
};

/*
 * Sends the datagram and waits until it is settled, or, where settled is NULL because nobody said
 * what becomes of it, until the neighbour is decided and no witness has had anything to add for a
 * while. 0 with the testimony, even one in which nothing
 * is as expected; -ETIMEDOUT, with the testimony too, when that did not come about; else -errno.
 * The reply goes from the server to where the request came from.
 */
int probe_request(struct probe *probe, const struct settlement *settled,
		  struct testimony *testimony);
int probe_reply(struct probe *probe, const struct settlement *settled, struct testimony *testimony);

/* The nonce over a TCP connection, whose socket tells neither source nor TTL of what it receives.
 */
int probe_stream(struct probe *probe, const struct settlement *settled,
		 struct testimony *testimony);

/* The same, looked for at the client's own end. */
int probe_echo(struct probe *probe, const struct settlement *settled, struct testimony *testimony);

/*
 * One send of so many datagrams, which stay one sk_buff as far as the way lets them (UDP_SEGMENT).
 */
#define BURST_SEGMENTS 32
#define BURST_SEGMENT 1000
int probe_burst(struct probe *probe, const struct settlement *settled, struct testimony *testimony);

/* A TCP connection from its first segment to its last, STREAM_LENGTH bytes each way. */
int probe_connection(struct probe *probe, const struct settlement *settled,
		     struct testimony *testimony);

/* What the witnesses have counted up to now: the two ends of a difference. */
int testimony_count(struct topology *topology, const struct attachment *attachment,
		    int64_t counts[WITNESSES]);

#endif
