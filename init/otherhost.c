// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <linux/if_packet.h>
#include <sys/socket.h>

#include "otherhost.h"

/*
 * Of the whole namespace: the kernel asks those before ip_rcv(), which then is the frame's only
 * owner. Bound to a device it would be asked after, and ip_rcv() go on with a copy, of which the
 * tracer knows nothing.
 */
int otherhost_open(const struct netns *netns, int protocol)
{
	return netns_socket(netns, AF_PACKET, SOCK_DGRAM | SOCK_NONBLOCK, htons(protocol));
}

int otherhost_next(int socket)
{
	struct sockaddr_ll from;
	socklen_t length = sizeof(from);

	while (recvfrom(socket, NULL, 0, 0, (struct sockaddr *)&from, &length) >= 0) {
		if (from.sll_pkttype == PACKET_OTHERHOST)
			return from.sll_ifindex;
		length = sizeof(from);
	}
	return 0;
}
