/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Netlink messages: built on the stack, sent, answered. No globals and no allocation but the
 * receive buffer. Every function returns 0 or -errno, unless it says otherwise.
 */
#ifndef NETLINK_H
#define NETLINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <linux/netlink.h>

/* A request under construction. An attribute that does not fit sets overflow; sending refuses. */
struct message {
	struct nlmsghdr header;
	char body[2048];
	bool overflow;
};

/* fixed is the family's own header (struct ifinfomsg …), copied behind the netlink header. */
void message_begin(struct message *m, uint16_t type, uint16_t flags, const void *fixed,
		   size_t length);
void message_put(struct message *m, uint16_t type, const void *data, size_t length);
void message_put_u8(struct message *m, uint16_t type, uint8_t value);
void message_put_u32(struct message *m, uint16_t type, uint32_t value);
void message_put_string(struct message *m, uint16_t type, const char *value);

/* What is put between the two becomes the nest's content. begin returns NULL on overflow. */
struct nlattr *message_nest(struct message *m, uint16_t type);
void message_nest_end(struct message *m, struct nlattr *nest);
/* Room for a fixed header inside a nest (VETH_INFO_PEER has one); NULL on overflow. */
void *message_reserve(struct message *m, size_t length);

/*
 * The attribute of that type in length bytes at attributes, or NULL. Attributes that claim more
 * bytes than there are end the search. Nested and byte order flags in the type are ignored.
 */
const struct nlattr *attribute_find(const void *attributes, size_t length, uint16_t type);
/* The same behind the family's own header of fixed bytes in a received message. */
const struct nlattr *message_find(const struct nlmsghdr *header, size_t fixed, uint16_t type);
const struct nlattr *attribute_find_nested(const struct nlattr *nest, uint16_t type);
const void *attribute_data(const struct nlattr *attribute);
size_t attribute_length(const struct nlattr *attribute);
/* 0 for an attribute that is absent or too short. */
uint32_t attribute_u32(const struct nlattr *attribute);
uint8_t attribute_u8(const struct nlattr *attribute);
/* "" for one that is absent or not terminated. */
const char *attribute_string(const struct nlattr *attribute);

struct netlink {
	int fd;
	uint32_t sequence;
};

/* The socket belongs to the network namespace that the thread is in at the moment of the call. */
int netlink_open(struct netlink *netlink, int protocol);
void netlink_close(struct netlink *netlink);

/* Sends a request and waits for its acknowledgement; the kernel's error is the result. */
int netlink_talk(struct netlink *netlink, struct message *m);

/*
 * Sends a dump request and calls each for every message of the answer; its -errno ends the dump
 * and makes the socket useless for another one. A dump that the kernel calls interrupted
 * (NLM_F_DUMP_INTR: something changed meanwhile) ends with -EINTR, and what each has seen by then
 * is not to be trusted.
 */
typedef int netlink_each(const struct nlmsghdr *header, void *context);
int netlink_dump(struct netlink *netlink, struct message *m, netlink_each *each, void *context);

/* One received datagram of length bytes, as netlink_dump handles it: 1 more to come, 0 done, <0. */
int netlink_parse(const void *datagram, size_t length, uint32_t sequence, netlink_each *each,
		  void *context);

#endif
