// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/if_ether.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "draw.h"
#include "ethtool.h"
#include "failure.h"
#include "narrate.h"
#include "otherhost.h"
#include "sabotage.h"
#include "topology.h"
#include "wait.h"

const char *const namespaces[NAMESPACES] = { "host", "netns_1", "netns_2" };

const struct device devices[DEVICES] = {
	[VETH1_1] = { "veth1@1", HOST, CLIENT_ADDRESS, {} },
	[VETH1_2] = { "veth1@2", NETNS_1, 0x0a00010b, {} },
	[VETH2_1] = { "veth2@1", NETNS_1, 0x0a00020a, {} },
	[VETH2_2] = { "veth2@2", NETNS_2, SERVER_ADDRESS, { 0x02, 0, 0, 0, 0, 0 } },
};

static const struct pair {
	enum device_id end, peer;
} pairs[] = { { VETH1_1, VETH1_2 }, { VETH2_1, VETH2_2 } };

#define PAIRS (sizeof(pairs) / sizeof(pairs[0]))

enum device_id topology_peer(enum device_id id)
{
	for (size_t i = 0; i < PAIRS; i++) {
		if (pairs[i].end == id)
			return pairs[i].peer;
		if (pairs[i].peer == id)
			return pairs[i].end;
	}
	return id;
}

static const struct own_route {
	enum device_id device;
	uint32_t destination;
} own_routes[] = { { VETH1_1, 0x0a000200 }, { VETH2_2, 0x0a000100 } };

#define ROUTES (sizeof(own_routes) / sizeof(own_routes[0]))

/*
 * conf/NAME exists for a device only; a new namespace copies conf/all and conf/default from the
 * initial one (or not, devconf_inherit_init_net), so nothing is left to what the copy holds.
 */
enum sysctl_rule { ALWAYS, FORWARDING, REPLY };
#define SYSCTLS 7
static const struct sysctl {
	enum namespace_id place;
	const char *path;
	enum sysctl_rule rule; /* when it has the value; else it has 0 */
	int value;
} sysctls_ipv4[SYSCTLS] = {
	{ NETNS_1, "/proc/sys/net/ipv4/ip_forward", FORWARDING, 1 },
	{ NETNS_1, "/proc/sys/net/ipv4/conf/veth1@2/proxy_arp", ALWAYS, 1 },
	{ NETNS_1, "/proc/sys/net/ipv4/conf/veth2@1/proxy_arp", REPLY, 1 },
	/*
	 * Not in the article, and of no consequence but for time: a proxy's answer is not put off
	 * by a random part of 0.8 s, and three requests without answer are given up in 30 ms, not 3
	 * s.
	 */
	{ NETNS_1, "/proc/sys/net/ipv4/neigh/veth1@2/proxy_delay", ALWAYS, 0 },
	{ NETNS_1, "/proc/sys/net/ipv4/neigh/veth2@1/proxy_delay", ALWAYS, 0 },
	{ HOST, "/proc/sys/net/ipv4/neigh/veth1@1/retrans_time_ms", ALWAYS, 20 },
	{ NETNS_2, "/proc/sys/net/ipv4/neigh/veth2@2/retrans_time_ms", ALWAYS, 20 },
}, sysctls_ipv6[SYSCTLS] = {
	{ NETNS_1, "/proc/sys/net/ipv6/conf/all/forwarding", FORWARDING, 1 },
	{ NETNS_1, "/proc/sys/net/ipv6/conf/veth1@2/proxy_ndp", ALWAYS, 1 },
	{ NETNS_1, "/proc/sys/net/ipv6/conf/veth2@1/proxy_ndp", REPLY, 1 },
	{ NETNS_1, "/proc/sys/net/ipv6/neigh/veth1@2/proxy_delay", ALWAYS, 0 },
	{ NETNS_1, "/proc/sys/net/ipv6/neigh/veth2@1/proxy_delay", ALWAYS, 0 },
	{ HOST, "/proc/sys/net/ipv6/neigh/veth1@1/retrans_time_ms", ALWAYS, 20 },
	{ NETNS_2, "/proc/sys/net/ipv6/neigh/veth2@2/retrans_time_ms", ALWAYS, 20 },
};

static const struct sysctl *sysctls(const struct variant *variant)
{
	return variant->ipv6 ? sysctls_ipv6 : sysctls_ipv4;
}

/* proxy_ndp alone answers for nothing: these are what it may answer for. */
static const struct proxied {
	enum device_id device;
	uint32_t address;
} proxied[] = { { VETH1_2, SERVER_ADDRESS }, { VETH2_1, CLIENT_ADDRESS } };

#define PROXIED (sizeof(proxied) / sizeof(proxied[0]))

static int sysctl_wanted(const struct sysctl *sysctl, const struct variant *variant)
{
	bool applies = sysctl->rule == ALWAYS ||
		       (sysctl->rule == FORWARDING && !variant->forwarding_off) ||
		       (sysctl->rule == REPLY && variant->reply_proxy_arp);

	return applies ? sysctl->value : 0;
}

static uint32_t ipv4_in(const struct variant *variant, uint32_t article)
{
	return article | (uint32_t)variant->numbers.network << 16;
}

static struct ip_address address_in(const struct variant *variant, uint32_t article)
{
	return variant->ipv6 ? address_twin(article) : address_ipv4(ipv4_in(variant, article));
}

static int prefix_in(const struct variant *variant)
{
	return variant->ipv6 ? 64 : 24;
}

struct ip_address topology_address(const struct topology *topology, uint32_t article)
{
	return address_in(&topology->variant, article);
}

uint32_t topology_ipv4(const struct topology *topology, uint32_t article)
{
	return ipv4_in(&topology->variant, article);
}

uint16_t topology_port(const struct topology *topology)
{
	uint16_t port = topology->variant.numbers.port;

	return port ? port : SERVER_PORT;
}

/* None of them as in the article; a locally administered MAC, as the article's is. */
void topology_draw(struct numbers *numbers)
{
	numbers->network = draw_between(1, 255);
	numbers->mac[0] = 0x02;
	for (int i = 1; i < MAC_LENGTH; i++)
		numbers->mac[i] = draw_between(1, 255);
	/* A DEVMAP of 64 has room for them. */
	numbers->veth1_2 = draw_between(10, 36);
	numbers->veth2_1 = draw_between(37, 63);
	numbers->port = draw_between(8000, 19999);
}

const char *mac_text(const uint8_t mac[MAC_LENGTH], char *buffer)
{
	sprintf(buffer, "%02x:%02x:%02x:%02x:%02x:%02x", mac[0], mac[1], mac[2], mac[3], mac[4],
		mac[5]);
	return buffer;
}

/* Up. */

static int open_rtnl(void *context)
{
	return netlink_open(context, NETLINK_ROUTE);
}

/*
 * What a device of the namespace begins with. IPv6's own chatter would be counted by the witnesses:
 * for the article it is off, for the twin it comes at once, and topology_quiet() waits for its end.
 * There is no duplicate detection, for the kernel has no addresses of its own to try, and no router
 * solicitation, for nobody would accept the answer; but each multicast group that a device joins is
 * reported. Under MLDv1 that is at once and once more within the interval (ms), and /proc/net/igmp6
 * tells whether the second is still to come. Of MLDv2's reports nothing tells.
 */
static int quieten(const struct netns *netns, bool ipv6)
{
	static const struct {
		const char *path, *value;
	} defaults[] = {
		{ "/proc/sys/net/ipv6/conf/default/disable_ipv6", "0" },
		{ "/proc/sys/net/ipv6/conf/default/addr_gen_mode", "1" },
		{ "/proc/sys/net/ipv6/conf/default/accept_ra", "0" },
		{ "/proc/sys/net/ipv6/conf/default/force_mld_version", "1" },
		{ "/proc/sys/net/ipv6/conf/default/mldv1_unsolicited_report_interval", "1" },
	};
	int err = 0;

	if (!ipv6) {
		err = netns_write(netns, defaults[0].path, "1");
		/* Without CONFIG_IPV6 there is no chatter, and no such file. */
		return err == -ENOENT ? 0 : err;
	}
	for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]) && !err; i++)
		err = netns_write(netns, defaults[i].path, defaults[i].value);
	return err;
}

static int add_namespace(struct topology *topology, enum namespace_id id)
{
	struct netns *netns = &topology->netns[id];
	bool ipv6 = topology->variant.ipv6;
	int err;

	err = id == HOST ? netns_open_home(netns) : netns_create(netns, namespaces[id]);
	if (err == -EINVAL)
		return lacking(err, "CONFIG_NET_NS", "create namespace %s", namespaces[id]);
	if (err)
		return failed(err, "create namespace %s", namespaces[id]);
	err = netns_inside(netns, open_rtnl, &topology->rtnl[id]);
	if (err)
		return failed(err, "open rtnetlink in %s", namespaces[id]);
	/* An id is how the teardown sees that the namespace has ended, name or no name. */
	if (id != HOST) {
		err = rtnl_namespace_id(&topology->rtnl[HOST], netns->fd);
		if (err)
			return failed(err, "give %s an id in the host namespace", namespaces[id]);
		narrate(NULL, "ip netns set %s auto", namespaces[id]);
	}
	err = quieten(netns, ipv6);
	if (err == -ENOENT)
		return lacking(err, "CONFIG_IPV6", "switch IPv6 on in %s", namespaces[id]);
	return err ? failed(err, "switch IPv6 %s in %s", ipv6 ? "on" : "off", namespaces[id]) : 0;
}

static int find_device(struct topology *topology, enum device_id id)
{
	const struct device *device = &devices[id];
	struct link link;
	int err = rtnl_link_find(&topology->rtnl[device->place], device->name, &link);

	if (err)
		return failed(err, "find %s in %s", device->name, namespaces[device->place]);
	topology->ifindex[id] = link.ifindex;
	return 0;
}

static bool is_netkit(const struct variant *variant, enum device_id id)
{
	return variant->netkit && (id == VETH2_1 || id == VETH2_2);
}

static int add_pair(struct topology *topology, const struct pair *pair)
{
	const struct device *end = &devices[pair->end], *peer = &devices[pair->peer];
	bool netkit = is_netkit(&topology->variant, pair->end);
	const struct numbers *numbers = &topology->variant.numbers;
	int ifindex = pair->end == VETH2_1 ? numbers->veth2_1 : numbers->veth1_2;
	char index[24] = "";
	int err;

	/* In each of its namespaces, for the other end's is kept only where this one has its own.
	 */
	err = (netkit ? rtnl_netkit_add : rtnl_veth_add)(
		&topology->rtnl[end->place], netkit ? sabotage->netkit_kind : sabotage->veth_kind,
		ifindex, end->name, peer->name, topology->netns[peer->place].fd);
	if (err == -EOPNOTSUPP)
		return lacking(err, netkit ? "CONFIG_NETKIT" : "CONFIG_VETH",
			       "create the pair %s and %s", end->name, peer->name);
	if (err)
		return failed(err, "create the pair %s in %s and %s in %s", end->name,
			      namespaces[end->place], peer->name, namespaces[peer->place]);
	err = find_device(topology, pair->end);
	if (err)
		return err;
	if (ifindex)
		snprintf(index, sizeof(index), "index %d ", ifindex);
	if (netkit)
		narrate_aside("the next line wants iproute2 6.7 or newer");
	narrate(namespaces[end->place], "ip link add %s %stype %s peer name %s netns %s", end->name,
		index, netkit ? "netkit mode l2" : "veth", peer->name, namespaces[peer->place]);
	return find_device(topology, pair->peer);
}

/* NULL: the kernel draws it. */
static const uint8_t *own_mac(const struct variant *variant, enum device_id id)
{
	static const uint8_t none[MAC_LENGTH];
	const uint8_t *mac = devices[id].mac;

	if (id == VETH2_2 && memcmp(variant->numbers.mac, none, MAC_LENGTH))
		mac = variant->numbers.mac;
	return memcmp(mac, none, MAC_LENGTH) ? mac : NULL;
}

static int set_device(struct topology *topology, enum device_id id)
{
	const struct device *device = &devices[id];
	struct netlink *rtnl = &topology->rtnl[device->place];
	const char *place = namespaces[device->place];
	const uint8_t *mac = own_mac(&topology->variant, id);
	char text[18];
	int err, ifindex = topology->ifindex[id];

	if (mac) {
		err = rtnl_link_set_mac(rtnl, ifindex, mac);
		if (err)
			return failed(err, "set the MAC of %s in %s", device->name, place);
		narrate(place, "ip link set dev %s address %s", device->name, mac_text(mac, text));
	}
	err = rtnl_link_up(rtnl, ifindex);
	if (err)
		return failed(err, "set %s in %s up", device->name, place);
	narrate(place, "ip link set dev %s up", device->name);
	return 0;
}

static int add_address(struct topology *topology, enum device_id id, struct ip_address address)
{
	const struct device *device = &devices[id];
	char text[INET6_ADDRSTRLEN];
	int length = prefix_in(&topology->variant);
	int err = rtnl_address_add(&topology->rtnl[device->place], topology->ifindex[id], address,
				   length);

	address_text(address, text);
	if (err)
		return failed(err, "add %s/%d to %s in %s", text, length, device->name,
			      namespaces[device->place]);
	narrate(namespaces[device->place], "ip address add %s/%d dev %s%s", text, length,
		device->name, address.family == AF_INET6 ? " nodad" : "");
	return 0;
}

static int add_addresses(struct topology *topology, enum device_id id)
{
	uint32_t article = devices[id].address;
	int err = add_address(topology, id, topology_address(topology, article));

	/* A solicitation that no datagram waits for is sent from there (ndisc_send_ns()). */
	if (!err && topology->variant.ipv6)
		err = add_address(topology, id, address_link_local(article));
	return err;
}

static int add_route(struct topology *topology, const struct own_route *route)
{
	const struct device *device = &devices[route->device];
	struct ip_address destination = topology_address(topology, route->destination);
	char text[INET6_ADDRSTRLEN];
	int length = prefix_in(&topology->variant);
	int err = rtnl_route_add(&topology->rtnl[device->place], topology->ifindex[route->device],
				 destination, length);

	address_text(destination, text);
	if (err)
		return failed(err, "add route %s/%d through %s in %s", text, length, device->name,
			      namespaces[device->place]);
	narrate(namespaces[device->place], "ip route add %s/%d dev %s proto static", text, length,
		device->name);
	return 0;
}

static int add_proxy(struct topology *topology, const struct proxied *proxy)
{
	const struct device *device = &devices[proxy->device];
	struct ip_address address = topology_address(topology, proxy->address);
	char text[INET6_ADDRSTRLEN];
	int err = rtnl_proxy_add(&topology->rtnl[device->place], topology->ifindex[proxy->device],
				 address);

	address_text(address, text);
	if (err)
		return failed(err, "add the proxy entry %s to %s in %s", text, device->name,
			      namespaces[device->place]);
	narrate(namespaces[device->place], "ip neighbour add proxy %s dev %s", text, device->name);
	return 0;
}

static int set_sysctl(struct topology *topology, const struct sysctl *sysctl)
{
	char text[16];
	int err;

	snprintf(text, sizeof(text), "%d", sysctl_wanted(sysctl, &topology->variant));
	err = netns_write(&topology->netns[sysctl->place], sysctl->path, text);
	return err ? failed(err, "write %s to %s in %s", text, sysctl->path,
			    namespaces[sysctl->place])
		   : 0;
}

static int set_neighbour(struct topology *topology)
{
	const struct device *peer = &devices[VETH1_2];
	struct ip_address server = topology_address(topology, SERVER_ADDRESS);
	char text[INET6_ADDRSTRLEN];
	struct link link;
	int err = rtnl_link_find(&topology->rtnl[peer->place], peer->name, &link);

	if (!err)
		err = rtnl_neighbour_set(&topology->rtnl[HOST], topology->ifindex[VETH1_1], server,
					 link.mac);
	address_text(server, text);
	if (err)
		return failed(err, "tell veth1@1 the MAC for %s", text);
	narrate(NULL,
		"ip neighbour replace %s lladdr $(ip netns exec %s cat /sys/class/net/%s/address) "
		"dev %s nud permanent",
		text, namespaces[peer->place], peer->name, devices[VETH1_1].name);
	return 0;
}

/* On veth1@2, for lo is down; which device it is matters to nobody. */
static int set_local_route(struct topology *topology)
{
	struct ip_address server = topology_address(topology, SERVER_ADDRESS);
	char text[INET6_ADDRSTRLEN];
	int err =
		rtnl_local_route_add(&topology->rtnl[NETNS_1], topology->ifindex[VETH1_2], server);

	address_text(server, text);
	if (err)
		return failed(err, "add local route %s in netns_1", text);
	narrate(namespaces[NETNS_1], "ip route add local %s dev %s proto static", text,
		devices[VETH1_2].name);
	return 0;
}

static int set_checksums(struct topology *topology)
{
	const struct device *device = &devices[VETH1_1];
	int err = ethtool_set_tx_checksum(&topology->netns[device->place], device->name, false);

	return err ? failed(err, "turn the tx checksum offload of %s off", device->name) : 0;
}

/* A sender asks its own device, so that is where a super-packet is cut. */
static int cut_segments(struct topology *topology)
{
	static const enum device_id senders[] = { VETH1_1, VETH2_2 };
	int err = 0;

	for (size_t i = 0; i < 2 && !err; i++) {
		const struct device *device = &devices[senders[i]];

		err = rtnl_link_set_gso_segments(&topology->rtnl[device->place],
						 topology->ifindex[senders[i]], 1);
		if (!err)
			narrate(namespaces[device->place], "ip link set dev %s gso_max_segs 1",
				device->name);
	}
	return err ? failed(err, "let veth1@1 and veth2@2 send one segment at a time") : 0;
}

/* Whether there is that route through the device itself: 1, 0 or -errno. */
static int has_route(struct topology *topology, enum device_id id, uint8_t type,
		     struct ip_address destination, int length)
{
	struct route found[64];
	int count = rtnl_routes(&topology->rtnl[devices[id].place], found, 64);

	for (int i = 0; i < count && i < 64; i++)
		if (found[i].type == type && found[i].ifindex == topology->ifindex[id] &&
		    address_is(found[i].destination, destination) && found[i].prefix == length &&
		    !found[i].gateway.family)
			return 1;
	return count < 0 ? count : 0;
}

/*
 * IPv6 is told of a carrier by the worker that notes it, begins with the device then, and reports
 * its groups.
 */
static int links_run(void *context)
{
	struct topology *topology = context;

	for (size_t id = 0; id < DEVICES; id++) {
		struct netlink *rtnl = &topology->rtnl[devices[id].place];
		struct link link;
		int err = rtnl_link_note_carrier(rtnl, topology->ifindex[id]);

		if (!err)
			err = rtnl_link_find(rtnl, devices[id].name, &link);
		if (err)
			return err;
		if (!link.running)
			return 0;
	}
	return 1;
}

/*
 * The call that adds an IPv6 address leaves the most of it to a worker, duplicate detection or not:
 * the group for solicitations, and at the end the local route (addrconf_dad_work()).
 */
static int addresses_work(void *context)
{
	struct topology *topology = context;
	int there = 1;

	for (size_t id = 0; id < DEVICES && there > 0; id++) {
		const struct ip_address own[] = { address_twin(devices[id].address),
						  address_link_local(devices[id].address) };

		for (size_t i = 0; i < 2 && there > 0; i++)
			there = has_route(topology, id, RTN_LOCAL, own[i], 128);
	}
	return there;
}

/* What IPv6 does behind the back of who sets it up. */
static int wait_for_ipv6(struct topology *topology, int (*ready)(void *context), const char *what)
{
	int err = topology->variant.ipv6 ? wait_until(ready, topology, WAIT_LIMIT_MS) : 0;

	if (err)
		return failed(err, "wait until %s", what);
	if (topology->variant.ipv6)
		narrate_aside("waits until %s", what);
	return 0;
}

static int watch_for_otherhosts(struct topology *topology)
{
	struct link link;
	int err = rtnl_link_find(&topology->rtnl[HOST], devices[VETH1_1].name, &link);

	if (err)
		return failed(err, "find %s in host", devices[VETH1_1].name);
	for (size_t i = 0; i < NAMESPACES && !link.counters.knows_otherhost; i++) {
		err = otherhost_open(&topology->netns[i],
				     topology->variant.ipv6 ? ETH_P_IPV6 : ETH_P_IP);
		if (err == -EAFNOSUPPORT)
			return lacking(err, "rx_otherhost_dropped, and CONFIG_PACKET",
				       "open a packet socket in %s", namespaces[i]);
		if (err < 0)
			return failed(err, "open a packet socket in %s", namespaces[i]);
		topology->watchers[i] = err;
	}
	return 0;
}

uint64_t topology_otherhost(struct topology *topology, enum device_id id,
			    const struct link_counters *counters)
{
	enum namespace_id place = devices[id].place;
	int ifindex;

	if (counters->knows_otherhost)
		return counters->rx_otherhost;
	while ((ifindex = otherhost_next(topology->watchers[place])))
		for (size_t i = 0; i < DEVICES; i++)
			topology->otherhost[i] +=
				devices[i].place == place && topology->ifindex[i] == ifindex;
	return topology->otherhost[id];
}

static int build(struct topology *topology)
{
	bool swapped = topology->variant.second_pair_first;
	int err = 0;

	for (size_t i = 0; i < NAMESPACES && !err; i++)
		err = add_namespace(topology, i);
	for (size_t i = 0; i < PAIRS && !err; i++)
		err = add_pair(topology, &pairs[swapped ? PAIRS - 1 - i : i]);
	for (size_t i = 0; i < DEVICES && !err; i++)
		err = set_device(topology, i);
	if (!err)
		err = wait_for_ipv6(topology, links_run, "the links run");
	for (size_t i = 0; i < DEVICES && !err; i++)
		err = add_addresses(topology, i);
	if (!err)
		err = wait_for_ipv6(topology, addresses_work, "the addresses work");
	for (size_t i = 0; i < ROUTES && !err; i++)
		err = add_route(topology, &own_routes[i]);
	for (size_t i = 0; i < PROXIED && !err && topology->variant.ipv6; i++)
		err = add_proxy(topology, &proxied[i]);
	for (size_t i = 0; i < SYSCTLS && !err; i++)
		err = set_sysctl(topology, &sysctls(&topology->variant)[i]);
	if (!err && topology->variant.static_neighbour)
		err = set_neighbour(topology);
	if (!err && topology->variant.local_route)
		err = set_local_route(topology);
	if (!err && topology->variant.whole_checksums)
		err = set_checksums(topology);
	if (!err && topology->variant.cut_segments)
		err = cut_segments(topology);
	return err ? err : watch_for_otherhosts(topology);
}

static void topology_clear(struct topology *topology)
{
	memset(topology, 0, sizeof(*topology));
	for (size_t i = 0; i < NAMESPACES; i++) {
		topology->netns[i].fd = -1;
		topology->rtnl[i].fd = -1;
		topology->watchers[i] = -1;
	}
}

int topology_up(struct topology *topology, const struct variant *variant)
{
	int err;

	topology_clear(topology);
	topology->variant = *variant;
	err = build(topology);
	if (err)
		topology_down(topology);
	return err;
}

bool topology_is_up(void)
{
	return !access(NETNS_DIRECTORY "/netns_1", F_OK);
}

int topology_open(struct topology *topology)
{
	int err;

	topology_clear(topology);
	for (size_t i = 0; i < NAMESPACES; i++) {
		struct netns *netns = &topology->netns[i];

		err = i == HOST ? netns_open_home(netns) : netns_open(netns, namespaces[i]);
		if (!err)
			err = netns_inside(netns, open_rtnl, &topology->rtnl[i]);
		if (err) {
			failed(err, "open namespace %s", namespaces[i]);
			goto fail;
		}
	}
	for (size_t i = 0; i < DEVICES; i++) {
		err = find_device(topology, i);
		if (err)
			goto fail;
	}
	err = watch_for_otherhosts(topology);
	if (!err)
		return 0;
fail:
	topology_close(topology);
	return err;
}

void topology_close(struct topology *topology)
{
	for (size_t i = 0; i < NAMESPACES; i++) {
		netlink_close(&topology->rtnl[i]);
		netns_close(&topology->netns[i]);
		if (topology->watchers[i] >= 0)
			close(topology->watchers[i]);
		topology->watchers[i] = -1;
	}
}

/* Down. */

static int links_gone(void *context)
{
	struct topology *topology = context;

	for (size_t i = 0; i < PAIRS; i++) {
		enum device_id end = pairs[i].end;
		struct link link;
		int err = rtnl_link_find(&topology->rtnl[devices[end].place], devices[end].name,
					 &link);

		if (err != -ENODEV)
			return err;
	}
	return 1;
}

int topology_down(struct topology *topology)
{
	int err, first = 0;

	/* Deleting one end deletes the other, whatever namespace that is in. */
	for (size_t i = 0; i < PAIRS; i++) {
		enum device_id end = pairs[i].end;

		if (!topology->ifindex[end])
			continue;
		err = rtnl_link_delete(&topology->rtnl[devices[end].place], topology->ifindex[end]);
		if (!err)
			narrate(namespaces[devices[end].place], "ip link delete dev %s",
				devices[end].name);
		if (err && err != -ENODEV && !first)
			first = failed(err, "delete %s", devices[end].name);
	}
	if (!first && topology->rtnl[NETNS_1].fd >= 0) {
		err = wait_until(links_gone, topology, WAIT_LIMIT_MS);
		if (err)
			first = failed(err, "wait until the pairs are gone");
	}
	for (size_t i = 0; i < NAMESPACES; i++) {
		if (i == HOST || topology->netns[i].fd < 0)
			continue;
		err = netns_delete(namespaces[i]);
		if (err && !first)
			first = failed(err, "delete namespace %s", namespaces[i]);
	}
	topology_close(topology);
	return first;
}

int topology_move_server(struct topology *topology, const uint8_t mac[MAC_LENGTH])
{
	int err = rtnl_link_set_mac(&topology->rtnl[NETNS_2], topology->ifindex[VETH2_2], mac);

	return err ? failed(err, "change the MAC of veth2@2") : 0;
}

#define MAF_TIMER_RUNNING 1 /* net/if_inet6.h */

/* Of each group: ifindex, device, address, users, flags and more. */
static int groups_are_told(void *context)
{
	struct topology *topology = context;

	for (size_t place = 0; place < NAMESPACES; place++) {
		char text[4096];
		int length = netns_read(&topology->netns[place], "/proc/thread-self/net/igmp6",
					text, sizeof(text));

		if (length < 0)
			return length;
		for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
			unsigned int flags;

			if (sscanf(line, "%*d %*s %*s %*d %x", &flags) != 1)
				return -EBADMSG;
			if (flags & MAF_TIMER_RUNNING)
				return 0;
		}
	}
	return 1;
}

int topology_quiet(struct topology *topology)
{
	return wait_for_ipv6(topology, groups_are_told, "every multicast group is reported");
}

int topology_forget_neighbours(struct topology *topology)
{
	for (size_t place = 0; place < NAMESPACES; place++) {
		struct netlink *rtnl = &topology->rtnl[place];
		struct neighbour rows[16];
		int count = rtnl_neighbours(rtnl, rows, 16);
		int err = count < 0 ? count : 0;

		for (int i = 0; i < count && i < 16 && !err; i++)
			if (!(rows[i].state & NUD_PERMANENT))
				err = rtnl_neighbour_delete(rtnl, rows[i].ifindex, rows[i].address);
		/* It may have timed out by itself meanwhile. */
		if (err && err != -ENOENT)
			return failed(err, "empty the neighbour table of %s", namespaces[place]);
	}
	return 0;
}

/* Read back. */

struct differences {
	struct text *report;
	int count;
};

#define differs(d, format, ...) ((d)->count++, text_add((d)->report, format "\n", ##__VA_ARGS__))

static int compare_device(struct topology *topology, enum device_id id,
			  const struct variant *variant, struct differences *d)
{
	const char *kind = is_netkit(variant, id) ? "netkit" : "veth";
	const struct device *device = &devices[id];
	const char *name = device->name, *place = namespaces[device->place];
	const uint8_t *mac = own_mac(variant, id);
	enum device_id peer = topology_peer(id);
	struct link link;
	char text[18];
	int err = rtnl_link_find(&topology->rtnl[device->place], name, &link);

	if (err == -ENODEV) {
		differs(d, "%s is not in %s", name, place);
		return 0;
	}
	if (err)
		return err;
	if (strcmp(link.kind, kind))
		differs(d, "%s is of kind %s, not %s", name, link.kind, kind);
	if (link.peer_ifindex != topology->ifindex[peer])
		differs(d, "%s has peer ifindex %d, not %d, which is %s", name, link.peer_ifindex,
			topology->ifindex[peer], devices[peer].name);
	if (!link.up)
		differs(d, "%s is down", name);
	if ((link.gso_segments == 1) != (variant->cut_segments && device->place != NETNS_1))
		differs(d, "%s sends up to %u segments in one", name, link.gso_segments);
	if (mac && memcmp(link.mac, mac, MAC_LENGTH))
		differs(d, "%s has MAC %s", name, mac_text(link.mac, text));
	return 0;
}

static int compare_ifindex(struct topology *topology, const struct variant *variant,
			   struct differences *d)
{
	/* 1 is lo: the article's TARGET_INTF 3 is the second device made in netns_1. */
	int expected = variant->second_pair_first ? 2 : 3;

	if (variant->numbers.veth2_1)
		expected = variant->numbers.veth2_1;
	if (topology->ifindex[VETH2_1] != expected)
		differs(d, "veth2@1 is ifindex %d in netns_1, not %d", topology->ifindex[VETH2_1],
			expected);
	return 0;
}

static bool compare_address(struct topology *topology, enum device_id id,
			    const struct address *wanted, const struct address *found, int count,
			    struct differences *d)
{
	char text[INET6_ADDRSTRLEN];

	for (int i = 0; i < count; i++)
		if (found[i].ifindex == topology->ifindex[id] &&
		    address_is(found[i].address, wanted->address) &&
		    found[i].prefix == wanted->prefix)
			return true;
	differs(d, "%s lacks address %s/%d", devices[id].name, address_text(wanted->address, text),
		wanted->prefix);
	return false;
}

/* Every address of the namespace must be one of the table, and every one of the table there. */
static int compare_addresses(struct topology *topology, enum namespace_id place,
			     const struct variant *variant, struct differences *d)
{
	struct address found[16];
	int count = rtnl_addresses(&topology->rtnl[place], found, 16), known = 0;

	if (count < 0 || count > 16)
		return count < 0 ? count : -E2BIG;
	for (size_t id = 0; id < DEVICES; id++) {
		struct address wanted[] = {
			{ .address = address_in(variant, devices[id].address) },
			{ .address = address_link_local(devices[id].address) },
		};

		for (int i = 0; i < (variant->ipv6 ? 2 : 1) && devices[id].place == place; i++) {
			wanted[i].prefix = prefix_in(variant);
			known += compare_address(topology, id, &wanted[i], found, count, d);
		}
	}
	for (int i = 0; i < count; i++)
		known += address_is_loopback(found[i].address);
	if (known != count)
		differs(d, "%s has %d addresses that are not the article's", namespaces[place],
			count - known);
	return 0;
}

static int compare_routes(struct topology *topology, const struct variant *variant,
			  struct differences *d)
{
	for (size_t i = 0; i < ROUTES; i++) {
		const struct device *device = &devices[own_routes[i].device];
		struct ip_address destination = address_in(variant, own_routes[i].destination);
		int length = prefix_in(variant);
		char text[INET6_ADDRSTRLEN];
		int there =
			has_route(topology, own_routes[i].device, RTN_UNICAST, destination, length);

		if (there < 0)
			return there;
		if (!there)
			differs(d, "%s lacks the route %s/%d through %s", namespaces[device->place],
				address_text(destination, text), length, device->name);
	}
	return 0;
}

static int compare_proxies(struct topology *topology, const struct variant *variant,
			   struct differences *d)
{
	for (size_t i = 0; i < PROXIED && variant->ipv6; i++) {
		const struct device *device = &devices[proxied[i].device];
		struct ip_address address = address_in(variant, proxied[i].address);
		struct neighbour found[16];
		char text[INET6_ADDRSTRLEN];
		int count = rtnl_proxies(&topology->rtnl[device->place], found, 16);
		bool there = false;

		if (count < 0)
			return count;
		for (int j = 0; j < count && j < 16; j++)
			there |= found[j].ifindex == topology->ifindex[proxied[i].device] &&
				 address_is(found[j].address, address);
		if (!there)
			differs(d, "%s lacks the proxy entry %s", device->name,
				address_text(address, text));
	}
	return 0;
}

static int compare_sysctls(struct topology *topology, const struct variant *variant,
			   struct differences *d)
{
	for (size_t i = 0; i < SYSCTLS; i++) {
		const struct sysctl *sysctl = &sysctls(variant)[i];
		char value[16];
		int length = netns_read(&topology->netns[sysctl->place], sysctl->path, value,
					sizeof(value));

		if (length < 0)
			return length;
		if (atoi(value) != sysctl_wanted(sysctl, variant))
			differs(d, "%s in %s is %d", sysctl->path, namespaces[sysctl->place],
				atoi(value));
	}
	return 0;
}

int topology_has_local_route(struct topology *topology, const struct variant *variant)
{
	struct ip_address server = address_in(variant, SERVER_ADDRESS);

	return has_route(topology, VETH1_2, RTN_LOCAL, server, 8 * address_length(server.family));
}

static int compare_local_route(struct topology *topology, const struct variant *variant,
			       struct differences *d)
{
	struct ip_address server = address_in(variant, SERVER_ADDRESS);
	char text[INET6_ADDRSTRLEN];
	int there = topology_has_local_route(topology, variant);

	if (there < 0)
		return there;
	if (there != variant->local_route)
		differs(d, "netns_1 %s %s as its own", there ? "takes" : "does not take",
			address_text(server, text));
	return 0;
}

static int compare_checksums(struct topology *topology, const struct variant *variant,
			     struct differences *d)
{
	const struct device *device = &devices[VETH1_1];
	int on = ethtool_tx_checksum(&topology->netns[device->place], device->name);

	if (on < 0)
		return on;
	if (on == variant->whole_checksums)
		differs(d, "%s has tx checksum offload %s", device->name, on ? "on" : "off");
	return 0;
}

int topology_compare(struct topology *topology, const struct variant *variant, struct text *report)
{
	struct differences d = { .report = report };
	int err = 0;

	for (size_t id = 0; id < DEVICES && !err; id++)
		err = compare_device(topology, id, variant, &d);
	for (size_t place = 0; place < NAMESPACES && !err; place++)
		err = compare_addresses(topology, place, variant, &d);
	if (!err)
		err = compare_routes(topology, variant, &d);
	if (!err)
		err = compare_proxies(topology, variant, &d);
	if (!err)
		err = compare_local_route(topology, variant, &d);
	if (!err)
		err = compare_sysctls(topology, variant, &d);
	if (!err)
		err = compare_ifindex(topology, variant, &d);
	if (!err)
		err = compare_checksums(topology, variant, &d);
	return err ? failed(err, "read the topology back") : d.count;
}
