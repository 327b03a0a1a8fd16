// with: init/netlink.c
// SPDX-License-Identifier: GPL-2.0
/* Messages as the kernel wants them, and answers as it could send them, broken ones among them. */
#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdint.h>
#include <stdlib.h>

#include "netlink.h"
#include "tap.h"

static void building(void)
{
	struct ifinfomsg info = { .ifi_index = 7 };
	struct message m;
	struct nlattr *outer, *inner;
	/* From the type on: what linux/netlink.h and linux/if_link.h say, in this machine's order.
	 */
	static const struct {
		uint16_t type, flags;
		uint32_t sequence, port;
		struct ifinfomsg info;
		uint16_t length, name;
		char text[4];
	} expected = {
		RTM_NEWLINK,
		NLM_F_REQUEST | NLM_F_CREATE | NLM_F_EXCL,
		0,
		0,
		{ .ifi_index = 7 },
		7,
		IFLA_IFNAME,
		"v@",
	};

	message_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));
	message_put_string(&m, IFLA_IFNAME, "v@");
	check(m.header.nlmsg_len == 39, "an attribute's own length is not rounded up");
	outer = message_nest(&m, IFLA_LINKINFO);
	check(m.header.nlmsg_len == 44, "the next attribute begins at a multiple of four");
	inner = message_nest(&m, IFLA_INFO_DATA);
	message_nest_end(&m, inner);
	message_put_u8(&m, IFLA_INFO_KIND, 9);
	message_nest_end(&m, outer);
	check(inner->nla_len == 4, "an empty nest has the length of its header");
	check(outer->nla_len == 16, "a nest spans what is in it, padding included");
	check(outer->nla_type == (IFLA_LINKINFO | NLA_F_NESTED), "a nest says that it is one");
	check(!memcmp(&m.header.nlmsg_type, &expected, sizeof(expected)),
	      "header, family header and name are laid out as the kernel reads them");
}

static void overflowing(void)
{
	struct ifinfomsg info = {};
	static char large[1500];
	struct message m;

	message_begin(&m, RTM_NEWLINK, 0, &info, sizeof(info));
	message_put(&m, 1, large, sizeof(large));
	check(!m.overflow, "1500 bytes fit");
	message_put(&m, 2, large, sizeof(large));
	check(m.overflow, "3000 do not, and it is noted");
	message_put_u8(&m, 3, 1);
	check(m.overflow && m.header.nlmsg_len < 1600, "nothing is added after that");
	check(!message_nest(&m, 4), "nor a nest begun");
	message_nest_end(&m, NULL);
	check(netlink_talk(&(struct netlink){ .fd = -1 }, &m) == -EMSGSIZE,
	      "such a message is not sent");
}

static void finding(void)
{
	struct ifinfomsg info = {};
	struct message m;
	struct nlattr *nest;
	const struct nlattr *found;

	message_begin(&m, RTM_NEWLINK, 0, &info, sizeof(info));
	message_put_u32(&m, IFLA_MTU, 1500);
	nest = message_nest(&m, IFLA_LINKINFO);
	message_put_string(&m, IFLA_INFO_KIND, "veth");
	message_nest_end(&m, nest);
	message_put(&m, IFLA_QDISC, "abc", 3);

	found = message_find(&m.header, sizeof(info), IFLA_MTU);
	check(attribute_u32(found) == 1500, "a number is found");
	found = message_find(&m.header, sizeof(info), IFLA_LINKINFO);
	check_text(attribute_string(attribute_find_nested(found, IFLA_INFO_KIND)), "veth",
		   "a nested string is found, the nest's flag ignored");
	check_text(attribute_string(message_find(&m.header, sizeof(info), IFLA_QDISC)), "",
		   "a string without its end is none");
	check(!message_find(&m.header, sizeof(info), IFLA_ADDRESS), "what is not there is NULL");
	check(attribute_u32(NULL) == 0 && attribute_u8(NULL) == 0, "and reads as 0");
	check(!attribute_find_nested(NULL, 1), "in a nest that is not there, too");
	check(attribute_u32(message_find(&m.header, sizeof(info), IFLA_QDISC)) == 0,
	      "three bytes are no u32");
}

/* An attribute that claims more than there is, in memory that ends right behind it. */
static void lying(void)
{
	struct nlattr *attribute = malloc(8);

	*attribute = (struct nlattr){ .nla_len = 200, .nla_type = 1 };
	check(!attribute_find(attribute, 8, 1), "an attribute longer than the message is not read");
	attribute->nla_len = 2;
	check(!attribute_find(attribute, 8, 1), "nor one shorter than its header");
	attribute->nla_len = 5;
	check(!attribute_find(attribute, 7, 2), "the padding may be cut off at the end");
	check(!attribute_find(attribute, 3, 1), "three bytes hold no attribute");
	free(attribute);
}

static int seen;

static int count(const struct nlmsghdr *header, void *context)
{
	(void)header;
	seen++;
	return context ? -ENOMEM : 0;
}

/* A datagram of messages: type, flags, sequence and a 32-bit value each. */
struct small {
	struct nlmsghdr header;
	int32_t value;
};

static struct small small(uint16_t type, uint16_t flags, uint32_t sequence, int32_t value)
{
	return (struct small){ { sizeof(struct small), type, flags, sequence, 0 }, value };
}

static int parse(const struct small *messages, size_t length, void *context)
{
	void *exact = malloc(length);
	int result;

	memcpy(exact, messages, length);
	seen = 0;
	result = netlink_parse(exact, length, 5, count, context);
	free(exact);
	return result;
}

static void parsing(void)
{
	struct small two[] = { small(RTM_NEWLINK, NLM_F_MULTI, 5, 0),
			       small(RTM_NEWLINK, NLM_F_MULTI, 5, 0) };
	struct small done[] = { small(RTM_NEWLINK, NLM_F_MULTI, 5, 0), small(NLMSG_DONE, 0, 5, 0) };
	struct small stale[] = { small(RTM_NEWLINK, 0, 4, 0), small(NLMSG_ERROR, 0, 4, -EPERM),
				 small(NLMSG_ERROR, 0, 5, 0) };
	struct small refused[] = { small(NLMSG_ERROR, 0, 5, -EEXIST) };
	struct small failed_dump[] = { small(NLMSG_DONE, 0, 5, -EOPNOTSUPP) };
	struct small interrupted[] = { small(RTM_NEWLINK, NLM_F_DUMP_INTR, 5, 0) };

	check(parse(two, sizeof(two), NULL) == 1 && seen == 2, "more is to come after a part");
	check(parse(done, sizeof(done), NULL) == 0 && seen == 1, "NLMSG_DONE ends a dump");
	check(parse(stale, sizeof(stale), NULL) == 0 && seen == 0,
	      "answers to an earlier request are passed over");
	check(parse(refused, sizeof(refused), NULL) == -EEXIST, "the kernel's error is the result");
	check(parse(failed_dump, sizeof(failed_dump), NULL) == -EOPNOTSUPP,
	      "also when NLMSG_DONE carries it");
	check(parse(interrupted, sizeof(interrupted), NULL) == -EINTR,
	      "an interrupted dump is not taken for a whole one");
	check(parse(two, sizeof(two), &seen) == -ENOMEM && seen == 1, "a row's error ends it");
	check(parse(two, sizeof(two) - 3, NULL) == -EBADMSG, "a message cut short is refused");
	two[0].header.nlmsg_len = 8;
	check(parse(two, sizeof(two), NULL) == -EBADMSG, "so is one shorter than its header");
	two[0].header.nlmsg_len = 4096;
	check(parse(two, sizeof(two), NULL) == -EBADMSG, "and one longer than the datagram");
	refused[0].header.nlmsg_len = sizeof(struct nlmsghdr);
	check(parse(refused, sizeof(refused[0].header), NULL) == -EBADMSG,
	      "an error without its number is refused");
}

int main(void)
{
	building();
	overflowing();
	finding();
	lying();
	parsing();
	return tap_done();
}
