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
 * program if it has a map for sockets.
 */
int stream_open(struct stream *stream, struct topology *topology,
		const struct attachment *attachment);
/* Resets the connection: nothing of it lingers. */
void stream_close(struct stream *stream);

#endif
