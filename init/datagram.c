// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "datagram.h"

union endpoint endpoint_at(struct ip_address address, uint16_t port)
{
	union endpoint endpoint = {};

	endpoint.any.sa_family = address.family;
	endpoint.ipv4.sin_port = htons(port);
	if (address.family == AF_INET6)
		memcpy(&endpoint.ipv6.sin6_addr, address.bytes, sizeof(endpoint.ipv6.sin6_addr));
	else
		memcpy(&endpoint.ipv4.sin_addr, address.bytes, sizeof(endpoint.ipv4.sin_addr));
	return endpoint;
}

struct ip_address endpoint_address(const union endpoint *endpoint)
{
	return endpoint->any.sa_family == AF_INET6
		       ? address_from(AF_INET6, &endpoint->ipv6.sin6_addr,
				      sizeof(endpoint->ipv6.sin6_addr))
		       : address_from(AF_INET, &endpoint->ipv4.sin_addr,
				      sizeof(endpoint->ipv4.sin_addr));
}

uint16_t endpoint_port(const union endpoint *endpoint)
{
	return ntohs(endpoint->ipv4.sin_port);
}

int datagram_bind(int fd, const union endpoint *self)
{
	bool ipv6 = self->any.sa_family == AF_INET6;
	int one = 1;

	if (setsockopt(fd, ipv6 ? IPPROTO_IPV6 : IPPROTO_IP, ipv6 ? IPV6_RECVHOPLIMIT : IP_RECVTTL,
		       &one, sizeof(one)) ||
	    bind(fd, &self->any, sizeof(*self)))
		return -errno;
	return 0;
}

ssize_t datagram_receive(int fd, int flags, void *data, size_t size, union endpoint *source,
			 int *ttl)
{
	char control[CMSG_SPACE(sizeof(int))];
	struct iovec vector = { data, size };
	struct msghdr message = {
		.msg_name = source,
		.msg_namelen = sizeof(*source),
		.msg_iov = &vector,
		.msg_iovlen = 1,
		.msg_control = control,
		.msg_controllen = sizeof(control),
	};
	ssize_t length = recvmsg(fd, &message, flags);
	struct cmsghdr *c;

	if (length < 0)
		return -errno;
	/* The TTL is all that was asked for, so it is the first that is told. */
	c = CMSG_FIRSTHDR(&message);
	*ttl = 0;
	if (c && ((c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL) ||
		  (c->cmsg_level == IPPROTO_IPV6 && c->cmsg_type == IPV6_HOPLIMIT)))
		memcpy(ttl, CMSG_DATA(c), sizeof(*ttl));
	return length;
}
