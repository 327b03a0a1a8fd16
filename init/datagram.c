// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "datagram.h"

struct sockaddr_in datagram_address(uint32_t address, uint16_t port)
{
	return (struct sockaddr_in){
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr = { htonl(address) },
	};
}

int datagram_bind(int fd, const struct sockaddr_in *self)
{
	int one = 1;

	if (setsockopt(fd, IPPROTO_IP, IP_RECVTTL, &one, sizeof(one)) ||
	    bind(fd, (const struct sockaddr *)self, sizeof(*self)))
		return -errno;
	return 0;
}

ssize_t datagram_receive(int fd, int flags, void *data, size_t size, struct sockaddr_in *source,
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
	if (c && c->cmsg_level == IPPROTO_IP && c->cmsg_type == IP_TTL)
		memcpy(ttl, CMSG_DATA(c), sizeof(*ttl));
	return length;
}
