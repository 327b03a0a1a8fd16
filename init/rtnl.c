// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/neighbour.h>
#include <linux/net_namespace.h>
#include <linux/pkt_cls.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "rtnl.h"

/* Changes. */

static void link_begin(struct message *m, uint16_t type, uint16_t flags, int ifindex)
{
	struct ifinfomsg info = { .ifi_family = AF_UNSPEC, .ifi_index = ifindex };

	message_begin(m, type, flags, &info, sizeof(info));
}

static void peer_put(struct message *m, uint16_t type, int ifindex, const char *peer,
		     int peer_netns)
{
	struct nlattr *other = message_nest(m, type);
	struct ifinfomsg *info = message_reserve(m, sizeof(*info));

	if (info)
		info->ifi_index = ifindex;
	message_put_string(m, IFLA_IFNAME, peer);
	message_put_u32(m, IFLA_NET_NS_FD, peer_netns);
	message_nest_end(m, other);
}

int rtnl_veth_add(struct netlink *rtnl, const char *kind, int ifindex, const char *name,
		  const char *peer, int peer_netns)
{
	struct message m;
	struct nlattr *information, *data;

	link_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifindex);
	message_put_string(&m, IFLA_IFNAME, name);
	information = message_nest(&m, IFLA_LINKINFO);
	message_put_string(&m, IFLA_INFO_KIND, kind);
	data = message_nest(&m, IFLA_INFO_DATA);
	peer_put(&m, VETH_INFO_PEER, ifindex, peer, peer_netns);
	message_nest_end(&m, data);
	message_nest_end(&m, information);
	return netlink_talk(rtnl, &m);
}

int rtnl_netkit_add(struct netlink *rtnl, const char *kind, int ifindex, const char *name,
		    const char *peer, int peer_netns)
{
	struct message m;
	struct nlattr *information, *data;

	link_begin(&m, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, ifindex);
	message_put_string(&m, IFLA_IFNAME, name);
	information = message_nest(&m, IFLA_LINKINFO);
	message_put_string(&m, IFLA_INFO_KIND, kind);
	data = message_nest(&m, IFLA_INFO_DATA);
	message_put_u32(&m, IFLA_NETKIT_MODE, NETKIT_L2);
	peer_put(&m, IFLA_NETKIT_PEER_INFO, ifindex, peer, peer_netns);
	message_nest_end(&m, data);
	message_nest_end(&m, information);
	return netlink_talk(rtnl, &m);
}

int rtnl_link_delete(struct netlink *rtnl, int ifindex)
{
	struct message m;

	link_begin(&m, RTM_DELLINK, 0, ifindex);
	return netlink_talk(rtnl, &m);
}

int rtnl_link_up(struct netlink *rtnl, int ifindex)
{
	struct ifinfomsg info = { .ifi_index = ifindex, .ifi_flags = IFF_UP, .ifi_change = IFF_UP };
	struct message m;

	message_begin(&m, RTM_NEWLINK, 0, &info, sizeof(info));
	return netlink_talk(rtnl, &m);
}

int rtnl_link_note_carrier(struct netlink *rtnl, int ifindex)
{
	struct message m;

	link_begin(&m, RTM_GETLINK, 0, ifindex);
	return netlink_talk(rtnl, &m);
}

int rtnl_link_set_mac(struct netlink *rtnl, int ifindex, const uint8_t mac[MAC_LENGTH])
{
	struct message m;

	link_begin(&m, RTM_NEWLINK, 0, ifindex);
	message_put(&m, IFLA_ADDRESS, mac, MAC_LENGTH);
	return netlink_talk(rtnl, &m);
}

int rtnl_link_set_gso_segments(struct netlink *rtnl, int ifindex, uint32_t segments)
{
	struct message m;

	link_begin(&m, RTM_NEWLINK, 0, ifindex);
	message_put_u32(&m, IFLA_GSO_MAX_SEGS, segments);
	return netlink_talk(rtnl, &m);
}

static void address_put(struct message *m, uint16_t type, struct ip_address address)
{
	message_put(m, type, address.bytes, address_length(address.family));
}

int rtnl_address_add(struct netlink *rtnl, int ifindex, struct ip_address address, int prefix)
{
	struct ifaddrmsg info = {
		.ifa_family = address.family,
		.ifa_prefixlen = prefix,
		.ifa_flags = address.family == AF_INET6 ? IFA_F_NODAD : 0,
		.ifa_index = ifindex,
	};
	struct message m;

	message_begin(&m, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, &info, sizeof(info));
	address_put(&m, IFA_LOCAL, address);
	address_put(&m, IFA_ADDRESS, address);
	return netlink_talk(rtnl, &m);
}

static int route_add(struct netlink *rtnl, const struct rtmsg *info, int ifindex,
		     struct ip_address destination)
{
	struct message m;

	message_begin(&m, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, info, sizeof(*info));
	address_put(&m, RTA_DST, destination);
	message_put_u32(&m, RTA_OIF, ifindex);
	return netlink_talk(rtnl, &m);
}

int rtnl_route_add(struct netlink *rtnl, int ifindex, struct ip_address destination, int prefix)
{
	struct rtmsg info = {
		.rtm_family = destination.family,
		.rtm_dst_len = prefix,
		.rtm_table = RT_TABLE_MAIN,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_LINK,
		.rtm_type = RTN_UNICAST,
	};

	return route_add(rtnl, &info, ifindex, destination);
}

int rtnl_local_route_add(struct netlink *rtnl, int ifindex, struct ip_address address)
{
	struct rtmsg info = {
		.rtm_family = address.family,
		.rtm_dst_len = 8 * address_length(address.family),
		.rtm_table = RT_TABLE_LOCAL,
		.rtm_protocol = RTPROT_STATIC,
		.rtm_scope = RT_SCOPE_HOST,
		.rtm_type = RTN_LOCAL,
	};

	return route_add(rtnl, &info, ifindex, address);
}

static void neighbour_begin(struct message *m, uint16_t type, uint16_t flags,
			    const struct ndmsg *info, struct ip_address address)
{
	message_begin(m, type, flags, info, sizeof(*info));
	address_put(m, NDA_DST, address);
}

int rtnl_neighbour_use(struct netlink *rtnl, int ifindex, struct ip_address address)
{
	struct ndmsg info = {
		.ndm_family = address.family,
		.ndm_ifindex = ifindex,
		.ndm_state = NUD_NONE,
		.ndm_flags = NTF_USE,
	};
	struct message m;

	neighbour_begin(&m, RTM_NEWNEIGH, NLM_F_CREATE, &info, address);
	return netlink_talk(rtnl, &m);
}

int rtnl_neighbour_set(struct netlink *rtnl, int ifindex, struct ip_address address,
		       const uint8_t mac[MAC_LENGTH])
{
	struct ndmsg info = {
		.ndm_family = address.family,
		.ndm_ifindex = ifindex,
		.ndm_state = NUD_PERMANENT,
	};
	struct message m;

	neighbour_begin(&m, RTM_NEWNEIGH, NLM_F_CREATE | NLM_F_REPLACE, &info, address);
	message_put(&m, NDA_LLADDR, mac, MAC_LENGTH);
	return netlink_talk(rtnl, &m);
}

int rtnl_neighbour_delete(struct netlink *rtnl, int ifindex, struct ip_address address)
{
	struct ndmsg info = { .ndm_family = address.family, .ndm_ifindex = ifindex };
	struct message m;

	neighbour_begin(&m, RTM_DELNEIGH, 0, &info, address);
	return netlink_talk(rtnl, &m);
}

int rtnl_proxy_add(struct netlink *rtnl, int ifindex, struct ip_address address)
{
	struct ndmsg info = {
		.ndm_family = address.family,
		.ndm_ifindex = ifindex,
		.ndm_flags = NTF_PROXY,
	};
	struct message m;

	neighbour_begin(&m, RTM_NEWNEIGH, NLM_F_CREATE, &info, address);
	return netlink_talk(rtnl, &m);
}

int rtnl_namespace_id(struct netlink *rtnl, int netns)
{
	struct rtgenmsg info = { .rtgen_family = AF_UNSPEC };
	struct message m;
	int err;

	message_begin(&m, RTM_NEWNSID, 0, &info, sizeof(info));
	message_put_u32(&m, NETNSA_FD, netns);
	message_put_u32(&m, NETNSA_NSID, NETNSA_NSID_NOT_ASSIGNED);
	err = netlink_talk(rtnl, &m);
	return err == -EEXIST ? 0 : err;
}

static void clsact_begin(struct message *m, uint16_t type, uint16_t flags, int ifindex)
{
	struct tcmsg info = {
		.tcm_ifindex = ifindex,
		.tcm_handle = TC_H_MAKE(TC_H_CLSACT, 0),
		.tcm_parent = TC_H_CLSACT,
	};

	message_begin(m, type, flags, &info, sizeof(info));
}

int rtnl_clsact_add(struct netlink *rtnl, const char *kind, int ifindex)
{
	struct message m;

	clsact_begin(&m, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL, ifindex);
	message_put_string(&m, TCA_KIND, kind);
	return netlink_talk(rtnl, &m);
}

int rtnl_clsact_delete(struct netlink *rtnl, int ifindex)
{
	struct message m;

	clsact_begin(&m, RTM_DELQDISC, 0, ifindex);
	return netlink_talk(rtnl, &m);
}

/* Tables: a dump fills rows of one size, counts those for which there is no room, keeps the rest.
 */

struct table {
	void *rows;
	size_t size;
	int max, count;
	/* Writes one row from a message; false leaves it out. */
	bool (*read)(const struct nlmsghdr *header, void *row);
	uint16_t type;
};

static int table_each(const struct nlmsghdr *header, void *context)
{
	struct table *table = context;
	char spare[512];
	void *row = spare;

	if (header->nlmsg_type != table->type)
		return 0;
	if (table->count < table->max)
		row = (char *)table->rows + table->count * table->size;
	memset(row, 0, table->size);
	if (table->read(header, row))
		table->count++;
	return 0;
}

static int table_dump(struct netlink *rtnl, struct message *request, struct table *table)
{
	int err = netlink_dump(rtnl, request, table_each, table);

	return err ? err : table->count;
}

/* A request with nothing but the family: the whole table. */
static int table_whole(struct netlink *rtnl, uint16_t type, const void *fixed, size_t length,
		       struct table *table)
{
	struct message m;
	int count;

	do {
		table->count = 0;
		message_begin(&m, type, 0, fixed, length);
		count = table_dump(rtnl, &m, table);
	} while (count == -EINTR);
	return count;
}

static void copy_string(char *to, size_t size, const struct nlattr *attribute)
{
	snprintf(to, size, "%s", attribute_string(attribute));
}

static void copy_mac(uint8_t mac[MAC_LENGTH], const struct nlattr *attribute)
{
	if (attribute && attribute_length(attribute) >= MAC_LENGTH)
		memcpy(mac, attribute_data(attribute), MAC_LENGTH);
}

static void read_counters(struct link_counters *counters, const struct nlattr *attribute)
{
	struct rtnl_link_stats64 stats = {};
	size_t length;

	if (!attribute)
		return;
	/* An older kernel's structure is shorter, a newer one's longer. */
	length = attribute_length(attribute);
	memcpy(&stats, attribute_data(attribute), length < sizeof(stats) ? length : sizeof(stats));
	*counters = (struct link_counters){
		.rx_packets = stats.rx_packets,
		.tx_packets = stats.tx_packets,
		.rx_dropped = stats.rx_dropped,
		.tx_dropped = stats.tx_dropped,
		.rx_otherhost = stats.rx_otherhost_dropped,
		.knows_otherhost =
			length > offsetof(struct rtnl_link_stats64, rx_otherhost_dropped),
	};
}

static bool read_link(const struct nlmsghdr *header, void *row)
{
	const struct ifinfomsg *info = NLMSG_DATA(header);
	const struct nlattr *information = message_find(header, sizeof(*info), IFLA_LINKINFO);
	struct link *link = row;

	link->ifindex = info->ifi_index;
	link->up = info->ifi_flags & IFF_UP;
	link->running = info->ifi_flags & IFF_RUNNING;
	link->mtu = attribute_u32(message_find(header, sizeof(*info), IFLA_MTU));
	link->gso_segments = attribute_u32(message_find(header, sizeof(*info), IFLA_GSO_MAX_SEGS));
	link->peer_ifindex = attribute_u32(message_find(header, sizeof(*info), IFLA_LINK));
	copy_string(link->name, sizeof(link->name),
		    message_find(header, sizeof(*info), IFLA_IFNAME));
	copy_string(link->qdisc, sizeof(link->qdisc),
		    message_find(header, sizeof(*info), IFLA_QDISC));
	copy_string(link->kind, sizeof(link->kind),
		    attribute_find_nested(information, IFLA_INFO_KIND));
	copy_mac(link->mac, message_find(header, sizeof(*info), IFLA_ADDRESS));
	read_counters(&link->counters, message_find(header, sizeof(*info), IFLA_STATS64));
	return true;
}

int rtnl_links(struct netlink *rtnl, struct link *links, int max)
{
	struct ifinfomsg all = { .ifi_family = AF_UNSPEC };
	struct table table = { links, sizeof(*links), max, 0, read_link, RTM_NEWLINK };

	return table_whole(rtnl, RTM_GETLINK, &all, sizeof(all), &table);
}

int rtnl_link_find(struct netlink *rtnl, const char *name, struct link *link)
{
	struct link links[32];
	int count = rtnl_links(rtnl, links, 32);

	for (int i = 0; i < count && i < 32; i++)
		if (!strcmp(links[i].name, name)) {
			*link = links[i];
			return 0;
		}
	return count < 0 ? count : -ENODEV;
}

static struct ip_address copy_address(int family, const struct nlattr *attribute)
{
	return attribute ? address_from(family, attribute_data(attribute),
					attribute_length(attribute))
			 : (struct ip_address){};
}

static bool read_address(const struct nlmsghdr *header, void *row)
{
	const struct ifaddrmsg *info = NLMSG_DATA(header);
	struct address *address = row;

	address->ifindex = info->ifa_index;
	address->prefix = info->ifa_prefixlen;
	/* The one at this end; where nothing lies at the other, IPv6 calls it IFA_ADDRESS. */
	address->address =
		copy_address(info->ifa_family, message_find(header, sizeof(*info), IFA_LOCAL));
	if (!address->address.family)
		address->address = copy_address(info->ifa_family,
						message_find(header, sizeof(*info), IFA_ADDRESS));
	return address->address.family;
}

int rtnl_addresses(struct netlink *rtnl, struct address *addresses, int max)
{
	struct ifaddrmsg all = { .ifa_family = AF_UNSPEC };
	struct table table = { addresses, sizeof(*addresses), max, 0, read_address, RTM_NEWADDR };

	return table_whole(rtnl, RTM_GETADDR, &all, sizeof(all), &table);
}

static bool read_route(const struct nlmsghdr *header, void *row)
{
	const struct rtmsg *info = NLMSG_DATA(header);
	struct route *route = row;

	route->type = info->rtm_type;
	route->prefix = info->rtm_dst_len;
	route->ifindex = attribute_u32(message_find(header, sizeof(*info), RTA_OIF));
	route->destination =
		copy_address(info->rtm_family, message_find(header, sizeof(*info), RTA_DST));
	route->gateway =
		copy_address(info->rtm_family, message_find(header, sizeof(*info), RTA_GATEWAY));
	return info->rtm_family == AF_INET || info->rtm_family == AF_INET6;
}

int rtnl_routes(struct netlink *rtnl, struct route *routes, int max)
{
	struct rtmsg all = { .rtm_family = AF_UNSPEC };
	struct table table = { routes, sizeof(*routes), max, 0, read_route, RTM_NEWROUTE };

	return table_whole(rtnl, RTM_GETROUTE, &all, sizeof(all), &table);
}

static bool read_neighbour(const struct nlmsghdr *header, void *row)
{
	const struct ndmsg *info = NLMSG_DATA(header);
	struct neighbour *neighbour = row;

	neighbour->ifindex = info->ndm_ifindex;
	neighbour->state = info->ndm_state;
	neighbour->address =
		copy_address(info->ndm_family, message_find(header, sizeof(*info), NDA_DST));
	copy_mac(neighbour->mac, message_find(header, sizeof(*info), NDA_LLADDR));
	/* What needs no resolution, such as the addresses of lo, is no entry of ours. */
	return neighbour->address.family && !(info->ndm_state & NUD_NOARP);
}

static int neighbours(struct netlink *rtnl, uint8_t flags, struct neighbour *rows, int max)
{
	struct ndmsg all = { .ndm_family = AF_UNSPEC, .ndm_flags = flags };
	struct table table = { rows, sizeof(*rows), max, 0, read_neighbour, RTM_NEWNEIGH };

	return table_whole(rtnl, RTM_GETNEIGH, &all, sizeof(all), &table);
}

int rtnl_neighbours(struct netlink *rtnl, struct neighbour *rows, int max)
{
	return neighbours(rtnl, 0, rows, max);
}

int rtnl_proxies(struct netlink *rtnl, struct neighbour *rows, int max)
{
	return neighbours(rtnl, NTF_PROXY, rows, max);
}

int rtnl_neighbour_find(struct netlink *rtnl, int ifindex, struct ip_address address,
			struct neighbour *neighbour)
{
	struct neighbour rows[32];
	int count = rtnl_neighbours(rtnl, rows, 32);

	for (int i = 0; i < count && i < 32; i++)
		if (rows[i].ifindex == ifindex && address_is(rows[i].address, address)) {
			*neighbour = rows[i];
			return 0;
		}
	return count < 0 ? count : -ENOENT;
}

static bool read_namespace_id(const struct nlmsghdr *header, void *row)
{
	(void)row;
	return message_find(header, sizeof(struct rtgenmsg), NETNSA_NSID);
}

int rtnl_namespace_ids(struct netlink *rtnl)
{
	struct rtgenmsg all = { .rtgen_family = AF_UNSPEC };
	struct table table = { NULL, 0, 0, 0, read_namespace_id, RTM_NEWNSID };

	return table_whole(rtnl, RTM_GETNSID, &all, sizeof(all), &table);
}

static bool read_qdisc(const struct nlmsghdr *header, void *row)
{
	const struct tcmsg *info = NLMSG_DATA(header);
	struct qdisc *qdisc = row;

	qdisc->ifindex = info->tcm_ifindex;
	qdisc->handle = info->tcm_handle;
	qdisc->parent = info->tcm_parent;
	copy_string(qdisc->kind, sizeof(qdisc->kind),
		    message_find(header, sizeof(*info), TCA_KIND));
	return true;
}

int rtnl_qdiscs(struct netlink *rtnl, struct qdisc *qdiscs, int max)
{
	struct tcmsg all = { .tcm_family = AF_UNSPEC };
	struct table table = { qdiscs, sizeof(*qdiscs), max, 0, read_qdisc, RTM_NEWQDISC };

	return table_whole(rtnl, RTM_GETQDISC, &all, sizeof(all), &table);
}

static bool read_filter(const struct nlmsghdr *header, void *row)
{
	const struct nlattr *options = message_find(header, sizeof(struct tcmsg), TCA_OPTIONS);
	const struct nlattr *program = attribute_find_nested(options, TCA_BPF_ID);
	struct filter *filter = row;

	filter->program = attribute_u32(program);
	filter->direct_action = attribute_u32(attribute_find_nested(options, TCA_BPF_FLAGS)) &
				TCA_BPF_FLAG_ACT_DIRECT;
	copy_string(filter->kind, sizeof(filter->kind),
		    message_find(header, sizeof(struct tcmsg), TCA_KIND));
	copy_string(filter->name, sizeof(filter->name),
		    attribute_find_nested(options, TCA_BPF_NAME));
	/* The dump begins with the chain itself, a row without a program. */
	return program;
}

int rtnl_filters(struct netlink *rtnl, int ifindex, uint32_t parent, struct filter *filters,
		 int max)
{
	struct tcmsg one = { .tcm_ifindex = ifindex, .tcm_parent = parent };
	struct table table = { filters, sizeof(*filters), max, 0, read_filter, RTM_NEWTFILTER };

	return table_whole(rtnl, RTM_GETTFILTER, &one, sizeof(one), &table);
}
