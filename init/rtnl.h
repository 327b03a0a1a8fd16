/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Links, addresses, routes, neighbours and qdiscs of one network namespace, through rtnetlink.
 * Every call returns 0 or -errno. Addresses, routes and neighbours are of IPv4 and IPv6 alike, MACs
 * are six bytes as on the wire, an ifindex is the namespace's own.
 */
#ifndef RTNL_H
#define RTNL_H

#include <net/if.h>
#include <stdbool.h>
#include <stdint.h>

#include "address.h"
#include "netlink.h"

#define MAC_LENGTH 6

/* What a device counted: IFLA_STATS64. */
struct link_counters {
	uint64_t rx_packets, tx_packets, rx_dropped, tx_dropped;
	/* Frames for another MAC, dropped by ip_rcv_core; since 5.19, before that 0 and unknown. */
	uint64_t rx_otherhost;
	bool knows_otherhost;
};

struct link {
	int ifindex;
	char name[IF_NAMESIZE];
	char kind[16]; /* "veth", or "" for a device without rtnl_link_ops, such as lo */
	char qdisc[16];
	bool up;
	bool running; /* its carrier is known: IFF_RUNNING */
	uint8_t mac[MAC_LENGTH];
	uint32_t mtu, gso_segments; /* the most that it takes in one sk_buff, IFLA_GSO_MAX_SEGS */
	int peer_ifindex; /* IFLA_LINK: of the other end, in the namespace of that end; 0 if none */
	struct link_counters counters;
};

struct address {
	int ifindex;
	struct ip_address address;
	int prefix;
};

struct route {
	int ifindex;
	struct ip_address destination, gateway; /* all 0 for none */
	int prefix;
	uint8_t type; /* RTN_UNICAST, RTN_LOCAL: IPv6 may have both in one table */
};

struct neighbour {
	int ifindex;
	struct ip_address address;
	uint16_t state; /* NUD_… */
	uint8_t mac[MAC_LENGTH];
};

/*
 * Both ends at once; the peer is made in the namespace of peer_netns. The kernel draws the MACs;
 * the ifindex is that of each in its own namespace, 0: the kernel's choice.
 */
int rtnl_veth_add(struct netlink *rtnl, const char *kind, int ifindex, const char *name,
		  const char *peer, int peer_netns);
/* The same of kind netkit, L2: with an Ethernet header and MACs of its own, as a veth has them. */
int rtnl_netkit_add(struct netlink *rtnl, const char *kind, int ifindex, const char *name,
		    const char *peer, int peer_netns);
int rtnl_link_delete(struct netlink *rtnl, int ifindex);
int rtnl_link_up(struct netlink *rtnl, int ifindex);
int rtnl_link_set_mac(struct netlink *rtnl, int ifindex, const uint8_t mac[MAC_LENGTH]);
int rtnl_link_set_gso_segments(struct netlink *rtnl, int ifindex, uint32_t segments);
/*
 * A carrier that came is noted by a worker, up to a second later (linkwatch). Since 6.8 it is noted
 * at once when the link is asked for alone; earlier kernels make nothing of it.
 */
int rtnl_link_note_carrier(struct netlink *rtnl, int ifindex);
/* -ENODEV when there is none of that name. */
int rtnl_link_find(struct netlink *rtnl, const char *name, struct link *link);

/* An IPv6 address is not tried for duplicates first (IFA_F_NODAD). */
int rtnl_address_add(struct netlink *rtnl, int ifindex, struct ip_address address, int prefix);
/* Through the device itself: scope link, no gateway. */
int rtnl_route_add(struct netlink *rtnl, int ifindex, struct ip_address destination, int prefix);
/* A route of type local: the namespace takes this one address as its own, though it has it not. */
int rtnl_local_route_add(struct netlink *rtnl, int ifindex, struct ip_address address);
/* Starts the resolution of an address as a packet would (NTF_USE), without a packet. */
int rtnl_neighbour_use(struct netlink *rtnl, int ifindex, struct ip_address address);
/* A static entry, which needs no resolution: NUD_PERMANENT. */
int rtnl_neighbour_set(struct netlink *rtnl, int ifindex, struct ip_address address,
		       const uint8_t mac[MAC_LENGTH]);
int rtnl_neighbour_delete(struct netlink *rtnl, int ifindex, struct ip_address address);
/* -ENOENT when the table has no entry. */
int rtnl_neighbour_find(struct netlink *rtnl, int ifindex, struct ip_address address,
			struct neighbour *neighbour);
/* Proxy NDP goes by the address: the device answers for this one, once its proxy_ndp is on. */
int rtnl_proxy_add(struct netlink *rtnl, int ifindex, struct ip_address address);

/* Gives another namespace an id in this one, which it has until it ends (RTM_NEWNSID). */
int rtnl_namespace_id(struct netlink *rtnl, int netns);
/* How many such ids there are. */
int rtnl_namespace_ids(struct netlink *rtnl);

/* The clsact qdisc: the two hooks, ingress and egress. Deleting it detaches its filters. */
int rtnl_clsact_add(struct netlink *rtnl, const char *kind, int ifindex);
int rtnl_clsact_delete(struct netlink *rtnl, int ifindex);

/* The tables. Each writes at most max rows and returns how many there are, or -errno. */
int rtnl_links(struct netlink *rtnl, struct link *links, int max);
int rtnl_addresses(struct netlink *rtnl, struct address *addresses, int max);
int rtnl_routes(struct netlink *rtnl, struct route *routes, int max);
/* Without those of state NUD_NOARP. */
int rtnl_neighbours(struct netlink *rtnl, struct neighbour *neighbours, int max);
int rtnl_proxies(struct netlink *rtnl, struct neighbour *proxies, int max);

struct qdisc {
	int ifindex;
	uint32_t handle, parent;
	char kind[16];
};
int rtnl_qdiscs(struct netlink *rtnl, struct qdisc *qdiscs, int max);

struct filter {
	uint32_t program; /* its id, TCA_BPF_ID */
	char kind[16];
	char name[64];
	bool direct_action;
};
/* The filters at one hook: parent is TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS or …_EGRESS). */
int rtnl_filters(struct netlink *rtnl, int ifindex, uint32_t parent, struct filter *filters,
		 int max);

#endif
