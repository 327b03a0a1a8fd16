/* SPDX-License-Identifier: GPL-2.0 */
#ifndef DATAGRAM_H
#define DATAGRAM_H

#include <netinet/in.h>
#include <sys/types.h>

/* 10.0.2.11:7777 and the like: address and port in host byte order. */
struct sockaddr_in datagram_address(uint32_t address, uint16_t port);

/* Binds a UDP socket, and has it tell the TTL of what comes. 0 or -errno. */
int datagram_bind(int fd, const struct sockaddr_in *self);

/*
 * Receives one datagram with its source and the TTL it came with (0: not told). flags as for
 * recvmsg(2). The length or -errno.
 */
ssize_t datagram_receive(int fd, int flags, void *data, size_t size, struct sockaddr_in *source,
			 int *ttl);

#endif
