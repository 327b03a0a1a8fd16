/* SPDX-License-Identifier: GPL-2.0 */
/* A TCP connection from the client to the server. Every call returns 0 or -errno. */
#ifndef STREAM_H
#define STREAM_H

#include "technique.h"
#include "topology.h"

struct stream {
	int client, server; /* both ends, -1 before it is open */
};

/*
 * Connects through the topology, which must let segments pass both ways, and shows both ends to the
 * program if it has a map for sockets. -ETIMEDOUT when nothing comes of it until the deadline.
 */
int stream_open(struct stream *stream, struct topology *topology,
		const struct attachment *attachment);
/* Resets the connection: nothing of it lingers. */
void stream_close(struct stream *stream);

#define STREAM_LENGTH (1 << 20) /* bytes */

/*
 * Moves so many bytes, drawn anew, to the server, or back from it. How many have come, and whether
 * they are those that were sent, is told even when it fails.
 */
int stream_move(struct stream *stream, bool back, size_t *arrived, bool *intact);
/* stream_close(), after the server's end has heard of it: nothing is under way any more. */
int stream_end(struct stream *stream);

#endif
