/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The article's topology: three namespaces, two veth pairs.
 *
 *   host                    netns_1                          netns_2
 *   veth1@1 10.0.1.10 ----- veth1@2 10.0.1.11
 *                           veth2@1 10.0.2.10 -------------- veth2@2 10.0.2.11
 *                                                            02:00:00:00:00:00
 *
 * The host routes 10.0.2.0/24 into veth1@1, netns_2 routes 10.0.1.0/24 into veth2@2, and veth1@2
 * answers ARP for what lies behind it. All of it is made and read back through rtnetlink.
 *
 * Its twin in IPv6 has fd00:0:0:1::10 for 10.0.1.10, and so on; there veth1@2 answers neighbour
 * solicitations for fd00:0:0:2::11 (proxy NDP). Code names every address as the article does.
 */
#ifndef TOPOLOGY_H
#define TOPOLOGY_H

#include <stdbool.h>

#include "netns.h"
#include "rtnl.h"
#include "text.h"

enum namespace_id { HOST, NETNS_1, NETNS_2, NAMESPACES };
enum device_id { VETH1_1, VETH1_2, VETH2_1, VETH2_2, DEVICES };

#define CLIENT_ADDRESS 0x0a00010a /* 10.0.1.10, veth1@1 */
#define SERVER_ADDRESS 0x0a00020b /* 10.0.2.11, veth2@2 */
#define SERVER_PORT 7777

/* The fixed part: what every variant has in common. */
struct device {
	const char *name;
	enum namespace_id place;
	uint32_t address;	 /* the article's, host byte order */
	uint8_t mac[MAC_LENGTH]; /* all zero: the kernel draws it */
};
extern const struct device devices[DEVICES];
extern const char *const namespaces[NAMESPACES];
/* The other end of its pair. */
enum device_id topology_peer(enum device_id id);

/*
 * The ways in which the lab departs from the article, to have controls. All zero: the article. What
 * is said of ARP is true of neighbour discovery in the twin.
 */
struct variant {
	/*
	 * In place of the article's numbers, for programs that carry those: each of them 0 or its
	 * own. Names stay.
	 */
	struct numbers {
		uint8_t network;	   /* 10.N.1.10 for 10.0.1.10, and so on */
		uint8_t mac[MAC_LENGTH];   /* veth2@2's */
		uint16_t veth1_2, veth2_1; /* their ifindexes in netns_1 */
		uint16_t port;		   /* the server's */
	} numbers;
	bool ipv6; /* the twin: IPv6 addresses and nothing of IPv4 */
	/*
	 * The article's listing never turns forwarding on and works only on a machine where it
	 * already was: without it, proxy ARP stays silent (arp_process(), IN_DEV_FORWARD), and so
	 * does proxy NDP (ndisc_recv_ns()).
	 */
	bool forwarding_off;
	bool second_pair_first; /* veth2 before veth1: veth2@1 is ifindex 2 in netns_1, not 3 */
	bool reply_proxy_arp;	/* proxy_arp on veth2@1 as well: netns_2 can resolve the host */
	/* The article's other way: the host is told the MAC for 10.0.2.11, and asks nobody. */
	bool static_neighbour;
	/*
	 * The host finishes its checksums before it sends: tx checksum offload of veth1@1 is off.
	 * With it on, a frame that XDP redirects arrives with half a checksum.
	 */
	bool whole_checksums;
	bool local_route; /* netns_1 takes what is for 10.0.2.11 as its own */
	/* The senders cut their super-packets: no sk_buff leaves them with more than one segment.
	 */
	bool cut_segments;
	bool netkit; /* veth2@1 and veth2@2 are a netkit pair, whatever their names say */
};

struct topology {
	struct variant variant;
	struct netns netns[NAMESPACES];
	struct netlink rtnl[NAMESPACES];
	int ifindex[DEVICES]; /* each in its own namespace */
	/* Where the kernel does not count what a device refuses as another host's; else -1. */
	int watchers[NAMESPACES];
	uint64_t otherhost[DEVICES];
};

/* An address of the article, or its twin where the topology is that. */
struct ip_address topology_address(const struct topology *topology, uint32_t article);
/* The same where it is IPv4, in host byte order. */
uint32_t topology_ipv4(const struct topology *topology, uint32_t article);
uint16_t topology_port(const struct topology *topology);
/* Draws each of the numbers. */
void topology_draw(struct numbers *numbers);

/* What failed is noted in failure.h; nothing stays behind after a failed up. */
int topology_up(struct topology *topology, const struct variant *variant);
bool topology_is_up(void);
/* Finds one that another process has put up. */
int topology_open(struct topology *topology);
void topology_close(struct topology *topology);
/* Takes everything away, and waits until the kernel has. Ends with topology_close(). */
int topology_down(struct topology *topology);

/* The machine behind 10.0.2.11 is exchanged for another: veth2@2 gets this MAC. */
int topology_move_server(struct topology *topology, const uint8_t mac[MAC_LENGTH]);

/*
 * Waits until IPv6 has no report of its own left to send. It reports its groups anew when anything
 * of a device is changed (addrconf_notify(), NETDEV_CHANGE), such as its XDP program.
 */
int topology_quiet(struct topology *topology);

/* How many frames the device has refused as another host's, up to now. */
uint64_t topology_otherhost(struct topology *topology, enum device_id id,
			    const struct link_counters *counters);

/* Empties the neighbour tables of what was resolved, so that the next datagram finds them as the
 * first did. */
int topology_forget_neighbours(struct topology *topology);

/* Whether netns_1 takes what is for the server as its own: 1 or 0, or -errno. */
int topology_has_local_route(struct topology *topology, const struct variant *variant);

/*
 * Reads all of it back and compares: names, kinds, peers, state, addresses, MACs, routes, sysctls,
 * namespaces. Returns how many things differ, each told in a line of report, or -errno.
 */
int topology_compare(struct topology *topology, const struct variant *variant, struct text *report);

/* "02:00:00:00:00:00"; the buffer holds 18 bytes. */
const char *mac_text(const uint8_t mac[MAC_LENGTH], char *buffer);

#endif
