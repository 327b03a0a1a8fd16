// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/neighbour.h>
#include <linux/rtnetlink.h>
#include <linux/udp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "arch.h"
#include "draw.h"
#include "ethtool.h"
#include "failure.h"
#include "probe.h"
#include "snmp.h"
#include "wait.h"

/* Counting. */

static int count_devices(struct topology *topology, int64_t counts[WITNESSES])
{
	static const enum witness_id first[DEVICES] = {
		[VETH1_1] = VETH1_1_TX,
		[VETH1_2] = VETH1_2_TX,
		[VETH2_1] = VETH2_1_TX,
		[VETH2_2] = VETH2_2_TX,
	};

	for (size_t id = 0; id < DEVICES; id++) {
		const struct device *device = &devices[id];
		struct link link;
		int err = rtnl_link_find(&topology->rtnl[device->place], device->name, &link);

		if (err)
			return failed(err, "count %s in %s", device->name,
				      namespaces[device->place]);
		/* In the order of DEVICE_WITNESSES. */
		counts[first[id] + 0] = link.counters.tx_packets;
		counts[first[id] + 1] = link.counters.rx_packets;
		counts[first[id] + 2] = link.counters.rx_dropped + link.counters.tx_dropped;
		counts[first[id] + 3] = topology_otherhost(topology, id, &link.counters);
	}
	return 0;
}

/* In the twin they are Ip6InReceives and so on, and neighbour discovery counts too: ARP is no IP.
 */
static const struct column {
	enum namespace_id place;
	enum witness_id id;
	const char *protocol, *name; /* in /proc/net/snmp */
	const char *ipv6;	     /* in /proc/net/snmp6 */
} columns[] = {
	{ NETNS_1, IN_RECEIVES, "Ip", "InReceives", "Ip6InReceives" },
	{ NETNS_1, FORW_DATAGRAMS, "Ip", "ForwDatagrams", "Ip6OutForwDatagrams" },
	{ NETNS_1, IN_ADDR_ERRORS, "Ip", "InAddrErrors", "Ip6InAddrErrors" },
	{ NETNS_1, IN_HDR_ERRORS, "Ip", "InHdrErrors", "Ip6InHdrErrors" },
	{ NETNS_1, IN_DISCARDS, "Ip", "InDiscards", "Ip6InDiscards" },
	{ NETNS_2, SERVER_CSUM_ERRORS, "Udp", "InCsumErrors", "Udp6InCsumErrors" },
};

static int count_protocols(struct topology *topology, enum namespace_id place,
			   int64_t counts[WITNESSES])
{
	bool ipv6 = topology->variant.ipv6;
	char text[8192];
	int length = netns_read(&topology->netns[place],
				ipv6 ? "/proc/thread-self/net/snmp6" : "/proc/thread-self/net/snmp",
				text, sizeof(text));

	if (length < 0)
		return failed(length, "read /proc/net/snmp%s in %s", ipv6 ? "6" : "",
			      namespaces[place]);
	for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++) {
		const struct column *column = &columns[i];

		if (column->place == place)
			counts[column->id] =
				ipv6 ? snmp6_value(text, column->ipv6, NOT_TOLD)
				     : snmp_value(text, column->protocol, column->name, NOT_TOLD);
	}
	return 0;
}

static void count_program(const struct attachment *attachment, int64_t counts[WITNESSES])
{
	const volatile struct witness *witness = attachment->witness;

	counts[PROGRAM_RAN] = 0;
	counts[PROGRAM_MATCHED] = 0;
	counts[PROGRAM_SUPER] = 0;
	counts[COMPANION_MATCHED] = 0;
	counts[COMPANION_SUPER] = 0;
	if (attachment->companion) {
		const volatile struct witness *companion = attachment->companion->witness;

		counts[COMPANION_MATCHED] = companion->packets[FOR_SERVER];
		counts[COMPANION_SUPER] = companion->super_packets;
	}
	if (attachment->technique && attachment->technique->file) {
		counts[PROGRAM_RAN] = technique_runs(attachment);
		counts[PROGRAM_MATCHED] = NOT_TOLD;
	}
	if (!witness)
		return;
	for (int class = 0; class < PACKET_CLASSES; class ++)
		counts[PROGRAM_RAN] += witness->packets[class];
	counts[PROGRAM_MATCHED] = witness->packets[FOR_SERVER];
	counts[PROGRAM_SUPER] = witness->super_packets;
}

int testimony_count(struct topology *topology, const struct attachment *attachment,
		    int64_t counts[WITNESSES])
{
	int err;

	memset(counts, 0, WITNESSES * sizeof(*counts));
	count_program(attachment, counts);
	err = count_devices(topology, counts);
	if (!err)
		err = count_protocols(topology, NETNS_1, counts);
	return err ? err : count_protocols(topology, NETNS_2, counts);
}

static int64_t program_answer(const struct attachment *attachment)
{
	static const int64_t first[] = {
		[XDP_NATIVE] = XDP_ANSWER(0),
		[XDP_GENERIC] = XDP_ANSWER(0),
		[SOCKET_SENDS] = SK_ANSWER(0),
		[SOCKET_RECEIVES] = SK_ANSWER(0),
	};

	return first[attachment->technique->kind] + attachment->witness->answer;
}

/* From counts before and after to what happened between; sockets and neighbour speak for
 * themselves. */
static void subtract(const int64_t before[WITNESSES], const int64_t after[WITNESSES],
		     struct testimony *testimony, const struct attachment *attachment)
{
	for (int id = IN_RECEIVES; id < WITNESSES; id++)
		testimony->said[id] = after[id] == NOT_TOLD ? NOT_TOLD : after[id] - before[id];
	testimony->said[PROGRAM_ANSWER] = NO_ANSWER;
	testimony->said[PROGRAM_LOOKUP] = NO_ANSWER;
	if (!attachment->witness || !testimony->said[PROGRAM_MATCHED])
		return;
	testimony->said[PROGRAM_ANSWER] = program_answer(attachment);
	if (attachment->technique->looks_up)
		testimony->said[PROGRAM_LOOKUP] = attachment->witness->lookup;
}

/* Sockets. */

static int open_end(struct topology *topology, enum namespace_id place, uint32_t article,
		    uint16_t port, union endpoint *self)
{
	struct ip_address address = topology_address(topology, article);
	char text[INET6_ADDRSTRLEN];
	int err, fd = netns_socket(&topology->netns[place], address.family, SOCK_DGRAM, 0);

	if (fd < 0)
		return failed(fd, "open a UDP socket in %s", namespaces[place]);
	*self = endpoint_at(address, port);
	err = datagram_bind(fd, self);
	if (!err)
		return fd;
	close(fd);
	return failed(err, "bind UDP %s port %u in %s", address_text(address, text), port,
		      namespaces[place]);
}

int probe_open(struct probe *probe, struct topology *topology, const struct attachment *attachment)
{
	union endpoint listener;
	const struct device *where;
	bool own;

	*probe = (struct probe){
		.topology = topology,
		.attachment = attachment,
		.server_address = endpoint_at(topology_address(topology, SERVER_ADDRESS),
					      topology_port(topology)),
		.stream = { .client = -1, .server = -1 },
	};
	probe->client = open_end(topology, HOST, CLIENT_ADDRESS, draw_between(20000, 60000),
				 &probe->client_address);
	if (probe->client < 0)
		return probe->client;
	own = attachment->technique && attachment->technique->own_listener;
	where = &devices[own ? VETH1_2 : VETH2_2];
	probe->server = open_end(topology, where->place, where->address, topology_port(topology),
				 &listener);
	if (probe->server < 0) {
		close(probe->client);
		return probe->server;
	}
	return 0;
}

void probe_close(struct probe *probe)
{
	stream_close(&probe->stream);
	close(probe->client);
	close(probe->server);
}

/* Neighbours. */

struct neighbour_wanted {
	enum device_id device;
	uint32_t address;
};

static const struct neighbour_wanted request_neighbours[] = {
	{ VETH1_1, SERVER_ADDRESS },
	{ VETH2_1, SERVER_ADDRESS }, /* for those that are routed */
	{ VETH1_2, CLIENT_ADDRESS }, /* for what netns_1 itself has to say to it */
};
static const struct neighbour_wanted reply_neighbour = { VETH2_2, CLIENT_ADDRESS };

static int neighbour_fate(struct topology *topology, const struct neighbour_wanted *wanted)
{
	struct neighbour neighbour;
	int err = rtnl_neighbour_find(&topology->rtnl[devices[wanted->device].place],
				      topology->ifindex[wanted->device],
				      topology_address(topology, wanted->address), &neighbour);

	if (err == -ENOENT)
		return NEIGHBOUR_NONE;
	if (err)
		return failed(err, "read the neighbours of %s", devices[wanted->device].name);
	if (neighbour.state & NUD_FAILED)
		return NEIGHBOUR_FAILED;
	return neighbour.state & (NUD_REACHABLE | NUD_STALE | NUD_DELAY | NUD_PROBE | NUD_PERMANENT)
		       ? NEIGHBOUR_RESOLVED
		       : NEIGHBOUR_NONE;
}

/* Events of the namespace's neighbour table, for poll(). */
static int open_neighbour_events(struct topology *topology, enum device_id device)
{
	/* Bound, or it hears nothing: port 0 is the kernel's own, and it does not tell itself. */
	struct sockaddr_nl self = {
		.nl_family = AF_NETLINK,
		.nl_groups = 1u << (RTNLGRP_NEIGH - 1),
	};
	int err;
	int fd = netns_socket(&topology->netns[devices[device].place], AF_NETLINK,
			      SOCK_RAW | SOCK_NONBLOCK, NETLINK_ROUTE);

	if (fd < 0)
		return failed(fd, "open neighbour events");
	if (bind(fd, (struct sockaddr *)&self, sizeof(self))) {
		err = -errno;
		close(fd);
		return failed(err, "subscribe to neighbour events");
	}
	return fd;
}

/* Takes the events that have come; what they say is read from the table itself. */
static void drain(int events)
{
	char buffer[4096];

	while (recv(events, buffer, sizeof(buffer), 0) > 0 || errno == ENOBUFS)
		;
}

static int resolve(struct topology *topology, const struct neighbour_wanted *wanted)
{
	const struct device *device = &devices[wanted->device];
	const char *place = namespaces[device->place];
	struct ip_address address = topology_address(topology, wanted->address);
	struct pollfd event = { .events = POLLIN };
	char text[INET6_ADDRSTRLEN];
	int err, fate;

	address_text(address, text);
	event.fd = open_neighbour_events(topology, wanted->device);
	if (event.fd < 0)
		return event.fd;
	/* Using a static entry would make an ordinary one of it (NEIGH_UPDATE_F_USE). */
	err = neighbour_fate(topology, wanted) == NEIGHBOUR_RESOLVED
		      ? 0
		      : rtnl_neighbour_use(&topology->rtnl[device->place],
					   topology->ifindex[wanted->device], address);
	if (err)
		failed(err, "start to resolve %s on %s in %s", text, device->name, place);
	while (!err) {
		/* Before the look: an event that comes after it must wake the poll. */
		drain(event.fd);
		fate = neighbour_fate(topology, wanted);
		if (fate == NEIGHBOUR_RESOLVED)
			break;
		if (fate < 0)
			err = fate;
		else if (fate == NEIGHBOUR_FAILED)
			err = failed(-EHOSTUNREACH, "resolve %s on %s in %s", text, device->name,
				     place);
		else if (poll(&event, 1, WAIT_LIMIT_MS) == 0)
			err = failed(-ETIMEDOUT, "resolve %s on %s in %s", text, device->name,
				     place);
	}
	close(event.fd);
	return err;
}

int probe_resolve(struct topology *topology, bool reply)
{
	int err = 0;

	for (size_t i = 0; i < 3 && !err; i++)
		err = resolve(topology, &request_neighbours[i]);
	return err || !reply ? err : resolve(topology, &reply_neighbour);
}

/* The datagram. */

/* A direction: who sends, who receives, and the sender's neighbour entry on the way. */
struct direction {
	int sender, receiver;
	const union endpoint *from, *to;
	const struct neighbour_wanted *neighbour;
	bool burst;
};

/* What is sent in one call: a nonce, or in a burst a datagram for each segment. */
struct content {
	char bytes[BURST_SEGMENTS][BURST_SEGMENT];
	size_t length; /* of one datagram */
	int datagrams;
};

static void draw_content(struct content *content, bool burst)
{
	uint64_t word;

	content->datagrams = burst ? BURST_SEGMENTS : 1;
	content->length = burst ? BURST_SEGMENT
				: snprintf(content->bytes[0], BURST_SEGMENT, "hello %016llx\n",
					   (unsigned long long)draw());
	for (int i = 0; burst && i < BURST_SEGMENTS; i++)
		for (size_t at = 0; at < BURST_SEGMENT; at += sizeof(word)) {
			word = draw();
			memcpy(&content->bytes[i][at], &word, sizeof(word));
		}
}

static bool receive(const struct direction *direction, const struct content *content,
		    struct testimony *testimony)
{
	const union endpoint *from = direction->from;
	union endpoint source = {}; /* a stream does not say it */
	int64_t *said = testimony->said;
	const char *expected = content->bytes[said[DELIVERED] % content->datagrams];
	char data[2048];
	int ttl;
	ssize_t length = datagram_receive(direction->receiver, MSG_DONTWAIT, data, sizeof(data),
					  &source, &ttl);

	if (length < 0)
		return false;
	said[said[DELIVERED] ? SECOND_TTL : TTL] = ttl;
	said[DELIVERED]++;
	said[PAYLOAD] += (size_t)length == content->length && !memcmp(data, expected, length);
	said[SOURCE_ADDRESS] += address_is(endpoint_address(&source), endpoint_address(from));
	said[SOURCE_PORT] += endpoint_port(&source) == endpoint_port(from);
	return true;
}

/* A fate that nobody foresaw is known when no witness has had anything to add for so long. */
#define QUIET_MS 200

/* Everything that can still change while the datagram is under way. */
struct watch {
	struct probe *probe;
	const struct direction *direction;
	const struct content *content;
	const int64_t *before;
	const struct settlement *settled; /* NULL: nobody foresaw it */
	int events;
	struct testimony *testimony;
};

static bool is_settled(const struct settlement *settled, const struct testimony *testimony)
{
	return testimony->said[settled->by] >= settled->at &&
	       testimony->said[DELIVERED] >= settled->delivered;
}

static int look(struct watch *watch)
{
	struct topology *topology = watch->probe->topology;
	struct testimony *testimony = watch->testimony;
	int64_t after[WITNESSES];
	int err;

	while (receive(watch->direction, watch->content, testimony))
		;
	err = testimony_count(topology, watch->probe->attachment, after);
	if (err)
		return err;
	subtract(watch->before, after, testimony, watch->probe->attachment);
	err = neighbour_fate(topology, watch->direction->neighbour);
	if (err < 0)
		return err;
	testimony->said[NEIGHBOUR] = err;
	if (!watch->settled)
		return 0;
	if (watch->settled->by == NEIGHBOUR)
		return err == NEIGHBOUR_FAILED;
	return is_settled(watch->settled, testimony);
}

/*
 * Counters send no events: look again, at first every millisecond, and ever less often, for a look
 * costs more than the wait. The others do: wait for them.
 */
static int wait_for_fate(struct watch *watch)
{
	struct pollfd wake[] = {
		{ .fd = watch->direction->receiver, .events = POLLIN },
		{ .fd = watch->events, .events = POLLIN },
	};
	bool has_event = watch->settled->by == DELIVERED || watch->settled->by == NEIGHBOUR;
	int settled, step;

	for (int waited = 0;;) {
		/* Before the look: an event that comes after it must wake the poll. */
		drain(watch->events);
		settled = look(watch);
		if (settled || waited >= WAIT_LIMIT_MS)
			break;
		step = has_event ? WAIT_LIMIT_MS : 1 + waited / 8;
		if (poll(wake, 2, step) == 0)
			waited += step;
	}
	/* What is settled by a counter may have arrived all the same: one look after it. */
	if (settled > 0 && !has_event)
		settled = look(watch);
	if (settled < 0)
		return settled;
	return settled ? 0 : -ETIMEDOUT;
}

static int wait_for_quiet(struct watch *watch)
{
	struct pollfd wake[] = {
		{ .fd = watch->direction->receiver, .events = POLLIN },
		{ .fd = watch->events, .events = POLLIN },
	};
	struct testimony *now = watch->testimony, before;
	int waited = 0, quiet = 0, step = QUIET_MS / 5, err;

	while (quiet < QUIET_MS && waited < WAIT_LIMIT_MS) {
		drain(watch->events);
		before = *now;
		err = look(watch);
		if (err < 0)
			return err;
		/* A neighbour that does not answer is asked again, a second later. */
		if (now->said[NEIGHBOUR] == NEIGHBOUR_NONE || memcmp(&before, now, sizeof(before)))
			quiet = 0;
		if (poll(wake, 2, step) > 0)
			continue;
		waited += step;
		quiet += step;
	}
	return quiet < QUIET_MS ? -ETIMEDOUT : 0;
}

static int send_and_watch(struct probe *probe, const struct direction *direction,
			  const struct settlement *settled, struct testimony *testimony)
{
	static struct content content;
	int64_t before[WITNESSES];
	struct watch watch = {
		.probe = probe,
		.direction = direction,
		.content = &content,
		.before = before,
		.settled = settled,
		.testimony = testimony,
	};
	uint64_t start;
	int err;

	*testimony = (struct testimony){};
	draw_content(&content, direction->burst);
	watch.events = open_neighbour_events(probe->topology, direction->neighbour->device);
	if (watch.events < 0)
		return watch.events;
	err = topology_quiet(probe->topology);
	if (!err)
		err = testimony_count(probe->topology, probe->attachment, before);
	if (err)
		goto close;
	start = arch_counter();
	if (sendto(direction->sender, content.bytes, content.datagrams * content.length, 0,
		   &direction->to->any, sizeof(*direction->to)) < 0) {
		err = failed(-errno, "send the datagram");
		goto close;
	}
	receive(direction, &content, testimony);
	testimony->price = arch_counter() - start;
	err = (settled ? wait_for_fate : wait_for_quiet)(&watch);
close:
	close(watch.events);
	return err;
}

int probe_request(struct probe *probe, const struct settlement *settled,
		  struct testimony *testimony)
{
	struct direction request = {
		.sender = probe->client,
		.receiver = probe->server,
		.from = &probe->client_address,
		.to = &probe->server_address,
		.neighbour = &request_neighbours[0],
	};

	return send_and_watch(probe, &request, settled, testimony);
}

int probe_reply(struct probe *probe, const struct settlement *settled, struct testimony *testimony)
{
	struct direction reply = {
		.sender = probe->server,
		.receiver = probe->client,
		.from = &probe->server_address,
		.to = &probe->client_address,
		.neighbour = &reply_neighbour,
	};

	return send_and_watch(probe, &reply, settled, testimony);
}

/* Where veth1@1 cannot, the kernel cuts the burst before it: veth can since 5.11. */
static int can_send_burst(struct topology *topology)
{
	const struct device *sender = &devices[VETH1_1];
	int can = ethtool_feature(&topology->netns[sender->place], sender->name,
				  "tx-udp-segmentation");

	if (can < 0)
		return failed(can, "read the features of %s", sender->name);
	if (!can && !topology->variant.cut_segments)
		return lacking(-EOPNOTSUPP, "tx-udp-segmentation of veth",
			       "send a burst in one piece");
	return 0;
}

/* 0 turns it off again. */
static int set_segment(int fd, int length)
{
	if (!setsockopt(fd, IPPROTO_UDP, UDP_SEGMENT, &length, sizeof(length)))
		return 0;
	return lacking(-errno, "UDP_SEGMENT", "send a burst in one piece");
}

int probe_burst(struct probe *probe, const struct settlement *settled, struct testimony *testimony)
{
	struct direction burst = {
		.sender = probe->client,
		.receiver = probe->server,
		.from = &probe->client_address,
		.to = &probe->server_address,
		.neighbour = &request_neighbours[0],
		.burst = true,
	};
	int also, err = can_send_burst(probe->topology);

	if (!err)
		err = set_segment(probe->client, BURST_SEGMENT);
	if (err)
		return err;
	err = send_and_watch(probe, &burst, settled, testimony);
	also = set_segment(probe->client, 0);
	return err ? err : also;
}

static int send_stream(struct probe *probe, bool echo, const struct settlement *settled,
		       struct testimony *testimony)
{
	struct direction along = {
		.from = &probe->client_address,
		.to = &probe->server_address,
		.neighbour = &request_neighbours[0],
	};
	int err = 0;

	if (probe->stream.client < 0)
		err = stream_open(&probe->stream, probe->topology, probe->attachment);
	if (err)
		return err;
	along.sender = probe->stream.client;
	along.receiver = echo ? probe->stream.client : probe->stream.server;
	return send_and_watch(probe, &along, settled, testimony);
}

int probe_stream(struct probe *probe, const struct settlement *settled, struct testimony *testimony)
{
	return send_stream(probe, false, settled, testimony);
}

int probe_echo(struct probe *probe, const struct settlement *settled, struct testimony *testimony)
{
	return send_stream(probe, true, settled, testimony);
}

/* There, and back again: what was moved and whether it is whole. */
static int exchange(struct stream *stream, int64_t said[WITNESSES])
{
	int err = 0;

	for (int back = 0; back < 2 && !err; back++) {
		size_t arrived;
		bool intact;

		err = stream_move(stream, back, &arrived, &intact);
		said[BYTES] += arrived;
		said[DELIVERED] += arrived == STREAM_LENGTH;
		said[PAYLOAD] += intact;
	}
	return err;
}

int probe_connection(struct probe *probe, const struct settlement *settled,
		     struct testimony *testimony)
{
	int64_t before[WITNESSES], after[WITNESSES];
	struct stream stream;
	uint64_t start;
	int err, also;

	*testimony = (struct testimony){};
	err = testimony_count(probe->topology, probe->attachment, before);
	if (err)
		return err;
	start = arch_counter();
	err = stream_open(&stream, probe->topology, probe->attachment);
	if (!err) {
		err = exchange(&stream, testimony->said);
		also = stream_end(&stream);
		err = err ? err : also;
	}
	testimony->price = arch_counter() - start;
	if (err && err != -ETIMEDOUT)
		return err;
	also = testimony_count(probe->topology, probe->attachment, after);
	if (also)
		return also;
	subtract(before, after, testimony, probe->attachment);
	also = neighbour_fate(probe->topology, &request_neighbours[0]);
	if (also < 0)
		return also;
	testimony->said[NEIGHBOUR] = also;
	return is_settled(settled, testimony) ? 0 : -ETIMEDOUT;
}
