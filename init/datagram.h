/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include <sys/types.h>

#include "address.h"

/* An address with a port, as the socket calls take it; both families have the port in one place. */
union endpoint {
	struct sockaddr any;
	struct sockaddr_in ipv4;
	struct sockaddr_in6 ipv6;
};

/* 10.0.2.11:7777 and the like: the port in host byte order. */
union endpoint endpoint_at(struct ip_address address, uint16_t port);
struct ip_address endpoint_address(const union endpoint *endpoint);
uint16_t endpoint_port(const union endpoint *endpoint);

/* Binds a UDP socket, and has it tell the TTL of what comes, or the hop limit. 0 or -errno. */
int datagram_bind(int fd, const union endpoint *self);

/*
 * Receives one datagram with its source and the TTL it came with (0: not told). flags as for
 * recvmsg(2). The length or -errno.
 */
ssize_t datagram_receive(int fd, int flags, void *data, size_t size, union endpoint *source,
			 int *ttl);

#endif
