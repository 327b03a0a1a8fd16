// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <linux/neighbour.h>
#include <linux/pkt_sched.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/klog.h>
#include <unistd.h>

#include "blackbox.h"
#include "technique.h"

#define ROWS 32
#define KERNEL_MESSAGES 10

#define SYSLOG_ACTION_READ_ALL 3

static int bounded(int count)
{
	return count < ROWS ? count : ROWS;
}

static void write_filters(struct netlink *rtnl, const struct link *link, struct text *text)
{
	static const struct {
		const char *name;
		uint32_t parent;
	} hooks[] = {
		{ "ingress", TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_INGRESS) },
		{ "egress", TC_H_MAKE(TC_H_CLSACT, TC_H_MIN_EGRESS) },
	};

	for (size_t hook = 0; hook < 2; hook++) {
		struct filter filters[ROWS];
		int count = bounded(
			rtnl_filters(rtnl, link->ifindex, hooks[hook].parent, filters, ROWS));

		for (int i = 0; i < count; i++)
			text_add(text, "    %s %s: %s, program id %u%s\n", hooks[hook].name,
				 filters[i].kind, filters[i].name, filters[i].program,
				 filters[i].direct_action ? ", direct-action" : "");
	}
}

static void write_links(struct netlink *rtnl, struct text *text)
{
	struct link links[ROWS];
	int count = bounded(rtnl_links(rtnl, links, ROWS));
	char mac[18];

	for (int i = 0; i < count; i++) {
		const struct link_counters *c = &links[i].counters;

		text_add(text, "  %d: %s %s %s %s, rx %llu tx %llu dropped %llu otherhost %llu\n",
			 links[i].ifindex, links[i].name, links[i].kind,
			 links[i].up ? "up" : "down", mac_text(links[i].mac, mac),
			 (unsigned long long)c->rx_packets, (unsigned long long)c->tx_packets,
			 (unsigned long long)(c->rx_dropped + c->tx_dropped),
			 (unsigned long long)c->rx_otherhost);
		write_filters(rtnl, &links[i], text);
	}
}

static void write_addresses(struct netlink *rtnl, struct text *text)
{
	struct address addresses[ROWS];
	int count = bounded(rtnl_addresses(rtnl, addresses, ROWS));
	char address[INET6_ADDRSTRLEN];

	for (int i = 0; i < count; i++)
		text_add(text, "  address %s/%d on %d\n",
			 address_text(addresses[i].address, address), addresses[i].prefix,
			 addresses[i].ifindex);
}

static void write_routes(struct netlink *rtnl, struct text *text)
{
	struct route routes[ROWS];
	int count = bounded(rtnl_routes(rtnl, routes, ROWS));
	char address[INET6_ADDRSTRLEN];

	for (int i = 0; i < count; i++)
		if (routes[i].type == RTN_UNICAST)
			text_add(text, "  route %s/%d through %d\n",
				 address_text(routes[i].destination, address), routes[i].prefix,
				 routes[i].ifindex);
}

static const char *neighbour_state(uint16_t state)
{
	switch (state) {
	case NUD_INCOMPLETE: return "INCOMPLETE";
	case NUD_REACHABLE: return "REACHABLE";
	case NUD_STALE: return "STALE";
	case NUD_DELAY: return "DELAY";
	case NUD_PROBE: return "PROBE";
	case NUD_FAILED: return "FAILED";
	case NUD_PERMANENT: return "PERMANENT";
	default: return "NONE";
	}
}

static void write_neighbours(struct netlink *rtnl, struct text *text)
{
	struct neighbour neighbours[ROWS];
	int count = bounded(rtnl_neighbours(rtnl, neighbours, ROWS));
	char address[INET6_ADDRSTRLEN], mac[18];

	for (int i = 0; i < count; i++)
		text_add(text, "  neighbour %s on %d %s %s\n",
			 address_text(neighbours[i].address, address), neighbours[i].ifindex,
			 mac_text(neighbours[i].mac, mac), neighbour_state(neighbours[i].state));
}

static void write_programs(struct text *text)
{
	__u32 id = 0;

	while (!bpf_prog_get_next_id(id, &id)) {
		struct bpf_prog_info info = {};
		__u32 length = sizeof(info);
		int fd = bpf_prog_get_fd_by_id(id);

		if (fd < 0)
			continue;
		if (!bpf_obj_get_info_by_fd(fd, &info, &length))
			text_add(text, "program id %u %s, %u bytes\n", id, info.name,
				 info.xlated_prog_len);
		close(fd);
	}
}

static void write_kernel_messages(struct text *text)
{
	static char messages[4096];
	int length = klogctl(SYSLOG_ACTION_READ_ALL, messages, sizeof(messages) - 1);

	if (length <= 0)
		return;
	messages[length] = '\0';
	text_add(text, "the last kernel messages:\n%s", text_last_lines(messages, KERNEL_MESSAGES));
}

void blackbox_write(struct topology *topology, struct text *text)
{
	for (int place = 0; topology && place < NAMESPACES; place++) {
		struct netlink *rtnl = &topology->rtnl[place];

		if (rtnl->fd < 0)
			continue;
		text_add(text, "%s:\n", namespaces[place]);
		write_links(rtnl, text);
		write_addresses(rtnl, text);
		write_routes(rtnl, text);
		write_neighbours(rtnl, text);
	}
	write_programs(text);
	if (technique_log()[0])
		text_add(text, "libbpf and the verifier:\n%s",
			 text_last_lines(technique_log(), LOG_LINES));
	write_kernel_messages(text);
}
