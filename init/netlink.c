// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "netlink.h"

/* The kernel never makes a dump's datagram larger than this (netlink_dump: 32 KiB). */
#define DATAGRAM_MAX 32768

static void *message_end(struct message *m)
{
	return (char *)&m->header + NLMSG_ALIGN(m->header.nlmsg_len);
}

static size_t message_room(const struct message *m)
{
	return sizeof(m->header) + sizeof(m->body) - NLMSG_ALIGN(m->header.nlmsg_len);
}

void *message_reserve(struct message *m, size_t length)
{
	void *place = message_end(m);

	if (m->overflow || NLMSG_ALIGN(length) > message_room(m)) {
		m->overflow = true;
		return NULL;
	}
	memset(place, 0, NLMSG_ALIGN(length));
	m->header.nlmsg_len = NLMSG_ALIGN(m->header.nlmsg_len) + length;
	return place;
}

void message_begin(struct message *m, uint16_t type, uint16_t flags, const void *fixed,
		   size_t length)
{
	void *place;

	m->overflow = false;
	m->header = (struct nlmsghdr){
		.nlmsg_len = NLMSG_HDRLEN,
		.nlmsg_type = type,
		.nlmsg_flags = NLM_F_REQUEST | flags,
	};
	place = message_reserve(m, length);
	if (place)
		memcpy(place, fixed, length);
}

void message_put(struct message *m, uint16_t type, const void *data, size_t length)
{
	struct nlattr *attribute = message_reserve(m, NLA_HDRLEN + length);

	if (!attribute)
		return;
	attribute->nla_type = type;
	attribute->nla_len = NLA_HDRLEN + length;
	memcpy((char *)attribute + NLA_HDRLEN, data, length);
}

void message_put_u8(struct message *m, uint16_t type, uint8_t value)
{
	message_put(m, type, &value, sizeof(value));
}

void message_put_u32(struct message *m, uint16_t type, uint32_t value)
{
	message_put(m, type, &value, sizeof(value));
}

void message_put_string(struct message *m, uint16_t type, const char *value)
{
	message_put(m, type, value, strlen(value) + 1);
}

struct nlattr *message_nest(struct message *m, uint16_t type)
{
	struct nlattr *nest = message_reserve(m, NLA_HDRLEN);

	if (nest)
		nest->nla_type = type | NLA_F_NESTED;
	return nest;
}

void message_nest_end(struct message *m, struct nlattr *nest)
{
	if (nest)
		nest->nla_len = (char *)message_end(m) - (char *)nest;
}

const struct nlattr *attribute_find(const void *attributes, size_t length, uint16_t type)
{
	const struct nlattr *attribute = attributes;

	while (length >= NLA_HDRLEN && attribute->nla_len >= NLA_HDRLEN &&
	       attribute->nla_len <= length) {
		size_t step = NLA_ALIGN(attribute->nla_len);

		if ((attribute->nla_type & NLA_TYPE_MASK) == type)
			return attribute;
		if (step >= length)
			break;
		length -= step;
		attribute = (const void *)((const char *)attribute + step);
	}
	return NULL;
}

const struct nlattr *message_find(const struct nlmsghdr *header, size_t fixed, uint16_t type)
{
	size_t offset = NLMSG_HDRLEN + NLMSG_ALIGN(fixed);

	if (header->nlmsg_len < offset)
		return NULL;
	return attribute_find((const char *)header + offset, header->nlmsg_len - offset, type);
}

const struct nlattr *attribute_find_nested(const struct nlattr *nest, uint16_t type)
{
	if (!nest)
		return NULL;
	return attribute_find(attribute_data(nest), attribute_length(nest), type);
}

const void *attribute_data(const struct nlattr *attribute)
{
	return (const char *)attribute + NLA_HDRLEN;
}

size_t attribute_length(const struct nlattr *attribute)
{
	return attribute->nla_len - NLA_HDRLEN;
}

uint32_t attribute_u32(const struct nlattr *attribute)
{
	uint32_t value = 0;

	if (attribute && attribute_length(attribute) >= sizeof(value))
		memcpy(&value, attribute_data(attribute), sizeof(value));
	return value;
}

uint8_t attribute_u8(const struct nlattr *attribute)
{
	if (attribute && attribute_length(attribute) >= 1)
		return *(const uint8_t *)attribute_data(attribute);
	return 0;
}

const char *attribute_string(const struct nlattr *attribute)
{
	if (!attribute || !memchr(attribute_data(attribute), '\0', attribute_length(attribute)))
		return "";
	return attribute_data(attribute);
}

int netlink_open(struct netlink *netlink, int protocol)
{
	struct sockaddr_nl self = { .nl_family = AF_NETLINK };
	int one = 1, err;

	netlink->sequence = 0;
	netlink->fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, protocol);
	if (netlink->fd < 0)
		return -errno;
	/* The acknowledgement then carries no copy of the request. */
	setsockopt(netlink->fd, SOL_NETLINK, NETLINK_CAP_ACK, &one, sizeof(one));
	if (bind(netlink->fd, (struct sockaddr *)&self, sizeof(self))) {
		err = -errno;
		netlink_close(netlink);
		return err;
	}
	return 0;
}

void netlink_close(struct netlink *netlink)
{
	if (netlink->fd >= 0)
		close(netlink->fd);
	netlink->fd = -1;
}

static int netlink_send(struct netlink *netlink, struct message *m, uint16_t flags)
{
	struct sockaddr_nl kernel = { .nl_family = AF_NETLINK };

	if (m->overflow)
		return -EMSGSIZE;
	m->header.nlmsg_flags |= flags;
	m->header.nlmsg_seq = ++netlink->sequence;
	if (sendto(netlink->fd, &m->header, m->header.nlmsg_len, 0, (struct sockaddr *)&kernel,
		   sizeof(kernel)) < 0)
		return -errno;
	return 0;
}

int netlink_parse(const void *datagram, size_t length, uint32_t sequence, netlink_each *each,
		  void *context)
{
	const struct nlmsghdr *header = datagram;

	while (length >= sizeof(*header) && header->nlmsg_len >= sizeof(*header) &&
	       header->nlmsg_len <= length) {
		size_t step = NLMSG_ALIGN(header->nlmsg_len);
		int result;

		if (header->nlmsg_seq == sequence) {
			if (header->nlmsg_flags & NLM_F_DUMP_INTR)
				return -EINTR;
			/* Both end the answer, and both begin with the kernel's -errno or 0. */
			if (header->nlmsg_type == NLMSG_DONE || header->nlmsg_type == NLMSG_ERROR) {
				int32_t error;

				if (header->nlmsg_len < NLMSG_LENGTH(sizeof(error)))
					return -EBADMSG;
				memcpy(&error, NLMSG_DATA(header), sizeof(error));
				return error;
			}
			result = each ? each(header, context) : 0;
			if (result)
				return result;
		}
		if (step >= length)
			return 1;
		length -= step;
		header = (const void *)((const char *)header + step);
	}
	/* Bytes were left over that are no message. */
	return -EBADMSG;
}

static int netlink_receive(struct netlink *netlink, netlink_each *each, void *context)
{
	static char buffer[DATAGRAM_MAX] __attribute__((aligned(NLMSG_ALIGNTO)));
	ssize_t length;
	int more;

	do {
		length = recv(netlink->fd, buffer, sizeof(buffer), MSG_TRUNC);
		if (length < 0)
			return -errno;
		if ((size_t)length > sizeof(buffer))
			return -EMSGSIZE;
		more = netlink_parse(buffer, length, netlink->sequence, each, context);
	} while (more > 0);
	return more;
}

int netlink_talk(struct netlink *netlink, struct message *m)
{
	int err = netlink_send(netlink, m, NLM_F_ACK);

	return err ? err : netlink_receive(netlink, NULL, NULL);
}

int netlink_dump(struct netlink *netlink, struct message *m, netlink_each *each, void *context)
{
	int err = netlink_send(netlink, m, NLM_F_DUMP);

	return err ? err : netlink_receive(netlink, each, context);
}
