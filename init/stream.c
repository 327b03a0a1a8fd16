// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/socket.h>
#include <unistd.h>

#include "datagram.h"
#include "failure.h"
#include "stream.h"

/* The handshake is the kernel's own: it needs a listener, and nobody who waits in accept(). */
static int connect_through(struct stream *stream, int listener)
{
	struct sockaddr_in address = datagram_address(SERVER_ADDRESS, SERVER_PORT);

	if (bind(listener, (struct sockaddr *)&address, sizeof(address)) || listen(listener, 1))
		return failed(-errno, "listen on TCP 10.0.2.11:7777 in netns_2");
	if (connect(stream->client, (struct sockaddr *)&address, sizeof(address)))
		return failed(-errno, "connect to TCP 10.0.2.11:7777");
	stream->server = accept4(listener, NULL, NULL, SOCK_CLOEXEC);
	return stream->server < 0 ? failed(-errno, "accept the connection") : 0;
}

int stream_open(struct stream *stream, struct topology *topology,
		const struct attachment *attachment)
{
	int err, listener;

	*stream = (struct stream){ .client = -1, .server = -1 };
	listener = netns_socket(&topology->netns[NETNS_2], AF_INET, SOCK_STREAM, 0);
	if (listener < 0)
		return failed(listener, "open a TCP socket in netns_2");
	err = stream->client = netns_socket(&topology->netns[HOST], AF_INET, SOCK_STREAM, 0);
	if (err < 0)
		failed(err, "open a TCP socket");
	else
		err = connect_through(stream, listener);
	close(listener);
	if (!err)
		err = technique_show_sockets(attachment, stream->client, stream->server);
	if (err)
		stream_close(stream);
	return err;
}

void stream_close(struct stream *stream)
{
	/* Else the port stays taken for a minute, TIME_WAIT. */
	struct linger at_once = { .l_onoff = 1 };

	if (stream->client >= 0) {
		setsockopt(stream->client, SOL_SOCKET, SO_LINGER, &at_once, sizeof(at_once));
		close(stream->client);
	}
	if (stream->server >= 0)
		close(stream->server);
	*stream = (struct stream){ .client = -1, .server = -1 };
}
