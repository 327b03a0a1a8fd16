// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "datagram.h"
#include "draw.h"
#include "failure.h"
#include "stream.h"
#include "wait.h"

/* Of connect() and accept(): the kernel would go on for two minutes. */
static void set_deadline(int fd)
{
	struct timeval limit = { .tv_sec = WAIT_LIMIT_MS / 1000 };

	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
}

/* The handshake is the kernel's own: it needs a listener, and nobody who waits in accept(). */
static int connect_through(struct stream *stream, int listener, struct ip_address address)
{
	union endpoint server = endpoint_at(address, SERVER_PORT);
	char text[INET6_ADDRSTRLEN];

	address_text(address, text);
	if (bind(listener, &server.any, sizeof(server)) || listen(listener, 1))
		return failed(-errno, "listen on TCP %s port %u in netns_2", text, SERVER_PORT);
	set_deadline(listener);
	set_deadline(stream->client);
	if (connect(stream->client, &server.any, sizeof(server)))
		return failed(errno == EINPROGRESS ? -ETIMEDOUT : -errno,
			      "connect to TCP %s port %u", text, SERVER_PORT);
	stream->server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	return stream->server < 0 ? failed(-errno, "accept the connection") : 0;
}

int stream_open(struct stream *stream, struct topology *topology,
		const struct attachment *attachment)
{
	struct ip_address server = topology_address(topology, SERVER_ADDRESS);
	int err, listener;

	*stream = (struct stream){ .client = -1, .server = -1 };
	listener = netns_socket(&topology->netns[NETNS_2], server.family, SOCK_STREAM, 0);
	if (listener < 0)
		return failed(listener, "open a TCP socket in netns_2");
	err = stream->client = netns_socket(&topology->netns[HOST], server.family, SOCK_STREAM, 0);
	if (err < 0)
		failed(err, "open a TCP socket");
	else
		err = connect_through(stream, listener, server);
	close(listener);
	if (!err)
		err = technique_show_sockets(attachment, stream->client, stream->server);
	if (err)
		stream_close(stream);
	return err;
}

static void reset(struct stream *stream)
{
	/* Else the port stays taken for a minute, TIME_WAIT. */
	struct linger at_once = { .l_onoff = 1 };

	if (stream->client < 0)
		return;
	setsockopt(stream->client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
	close(stream->client);
	stream->client = -1;
}

void stream_close(struct stream *stream)
{
	reset(stream);
	if (stream->server >= 0)
		close(stream->server);
	*stream = (struct stream){ .client = -1, .server = -1 };
}

/* Content. */

#define WORDS (STREAM_LENGTH / sizeof(uint64_t))

static uint64_t checksum(const uint64_t words[WORDS])
{
	uint64_t sum = 0;

	for (size_t i = 0; i < WORDS; i++)
		sum = (sum ^ words[i]) * 0x9e3779b97f4a7c15;
	return sum;
}

/* Sends and receives as much as can be without waiting; *sent and *arrived go up. */
static int pump(int from, int to, const char *out, char *in, size_t *sent, size_t *arrived)
{
	ssize_t length = 0;

	if (*sent < STREAM_LENGTH)
		length =
			send(from, out + *sent, STREAM_LENGTH - *sent, MSG_DONTWAIT | MSG_NOSIGNAL);
	if (length < 0 && errno != EAGAIN)
		return failed(-errno, "send over the connection");
	*sent += length > 0 ? length : 0;
	length = recv(to, in + *arrived, STREAM_LENGTH - *arrived, MSG_DONTWAIT);
	if (length < 0 && errno != EAGAIN)
		return failed(-errno, "receive from the connection");
	if (length == 0)
		return failed(-EPIPE, "receive from the connection");
	*arrived += length > 0 ? length : 0;
	return 0;
}

int stream_move(struct stream *stream, bool back, size_t *arrived, bool *intact)
{
	static uint64_t out[WORDS], in[WORDS];
	int from = back ? stream->server : stream->client;
	int to = back ? stream->client : stream->server;
	size_t sent = 0;
	int err = 0;

	*arrived = 0;
	for (size_t i = 0; i < WORDS; i++)
		out[i] = draw();
	while (*arrived < STREAM_LENGTH && !err) {
		struct pollfd wake[] = {
			{ .fd = to, .events = POLLIN },
			{ .fd = sent < STREAM_LENGTH ? from : -1, .events = POLLOUT },
		};

		if (poll(wake, 2, WAIT_LIMIT_MS) == 0)
			err = failed(-ETIMEDOUT, "move %d bytes over the connection",
				     STREAM_LENGTH);
		else
			err = pump(from, to, (char *)out, (char *)in, &sent, arrived);
	}
	*intact = !err && checksum(in) == checksum(out);
	return err;
}

int stream_end(struct stream *stream)
{
	struct pollfd heard = { .fd = stream->server };
	int err = 0;

	reset(stream);
	if (poll(&heard, 1, WAIT_LIMIT_MS) == 0)
		err = failed(-ETIMEDOUT, "end the connection");
	stream_close(stream);
	return err;
}
