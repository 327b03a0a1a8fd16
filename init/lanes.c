// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "failure.h"
#include "lanes.h"
#include "wait.h"

#define IN(...)                 \
	&(const struct variant) \
	{                       \
		__VA_ARGS__     \
	}

const struct lane lanes[] = {
	{ .name = "routed, no program" },
	{ "redirect", "redirect", NULL },
	{ "redirect, ingress repaired", "redirect-ingress-repaired", NULL },
	{ "clone", "redirect-clone", NULL },
	{ "fib", "redirect-fib", NULL },
	{ "neigh", "redirect-neigh", NULL },
	{ "peer", "redirect-peer", NULL },
	{ "tcx", "redirect-tcx", NULL },
	{ "xdp, generic", "xdp-generic", NULL },
	/* Raw frames need whole checksums: the second is what those alone cost. */
	{ "xdp, native", "xdp", NULL },
	{ "redirect, whole checksums", "redirect", IN(.whole_checksums = true) },
	{ "xdp, devmap", "xdp-devmap", NULL },
	{ "netkit", "redirect", IN(.netkit = true) },
	{ "netkit, peer", "redirect-peer", IN(.netkit = true) },
	{ "IPv6, no program", NULL, IN(.ipv6 = true) },
	{ "IPv6, redirect", "redirect", IN(.ipv6 = true) },
	{ "IPv6, peer", "redirect-peer", IN(.ipv6 = true) },
};

const int lanes_count = sizeof(lanes) / sizeof(lanes[0]);
_Static_assert(sizeof(lanes) / sizeof(lanes[0]) <= LANES_MAX, "LANES_MAX");

int lane_control(int lane)
{
	while (lanes[lane].technique)
		lane--;
	return lane;
}

static int receive(int fd)
{
	struct pollfd wake = { .fd = fd, .events = POLLIN };
	char data[2048];

	/* On one processor it is there already. */
	if (recv(fd, data, sizeof(data), MSG_DONTWAIT) >= 0)
		return 0;
	if (poll(&wake, 1, WAIT_LIMIT_MS) != 1)
		return -ETIMEDOUT;
	return recv(fd, data, sizeof(data), MSG_DONTWAIT) < 0 ? -errno : 0;
}

static int send_to(int fd, const union endpoint *to, size_t size)
{
	static const char payload[2048];

	return sendto(fd, payload, size, 0, &to->any, sizeof(*to)) < 0 ? -errno : 0;
}

int lane_volley(const struct probe *probe, int datagrams, size_t size)
{
	int err = 0;

	for (int i = 0; i < datagrams && !err; i++)
		err = send_to(probe->client, &probe->server_address, size);
	for (int i = 0; i < datagrams && !err; i++)
		err = receive(probe->server);
	return err ? failed(err, "send and receive %d datagrams of %zu bytes", datagrams, size) : 0;
}

int lane_round_trip(const struct probe *probe, size_t size)
{
	int err = send_to(probe->client, &probe->server_address, size);

	if (!err)
		err = receive(probe->server);
	if (!err)
		err = send_to(probe->server, &probe->client_address, size);
	if (!err)
		err = receive(probe->client);
	return err ? failed(err, "send %zu bytes there and back", size) : 0;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

void lane_sort(int64_t *values, int count)
{
	qsort(values, count, sizeof(*values), by_size);
}

/* Where XDP takes a page for each frame, as in 5.10 and 6.1, a burst of 64 overflows a socket. */
static int make_room(int fd)
{
	int bytes = 1 << 20;

	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		return failed(-errno, "make room in the server's socket");
	return 0;
}

static int run_probe(struct topology *topology, const struct attachment *attachment,
		     int (*measure)(const struct probe *probe, void *context), void *context)
{
	struct probe probe;
	int err = probe_resolve(topology, true);

	if (!err)
		err = probe_open(&probe, topology, attachment);
	if (err)
		return err;
	err = make_room(probe.server);
	if (!err)
		err = measure(&probe, context);
	probe_close(&probe);
	return err;
}

static int run_technique(struct topology *topology, const struct technique *technique,
			 int (*measure)(const struct probe *probe, void *context), void *context)
{
	struct attachment attachment = {};
	int err = 0, also;

	if (technique)
		err = technique_attach(&attachment, technique, topology, false);
	if (err)
		return err;
	err = run_probe(topology, &attachment, measure, context);
	also = technique_detach(&attachment, topology);
	return err ? err : also;
}

static const struct technique *technique_in(const struct lane *lane)
{
	return lane->technique ? technique_find(lane->technique) : NULL;
}

static struct variant variant_of(const struct lane *lane)
{
	const struct technique *technique = technique_in(lane);

	return lane->variant ? *lane->variant : technique ? technique->variant : (struct variant){};
}

void lane_needs(const struct lane *lane, struct text *needs)
{
	struct variant variant = variant_of(lane);

	if (lane->technique)
		technique_needs(technique_in(lane), needs);
	if (variant.netkit)
		text_add(needs, ", a netkit pair");
	if (variant.whole_checksums)
		text_add(needs, ", checksums finished by the sender");
}

int lane_run(const struct lane *lane, int (*measure)(const struct probe *probe, void *context),
	     void *context, bool *lacking)
{
	struct variant variant = variant_of(lane);
	struct topology topology;
	int err, also = 0;

	failure_clear();
	variant.reply_proxy_arp = true;
	err = topology_up(&topology, &variant);
	if (!err) {
		err = run_technique(&topology, technique_in(lane), measure, context);
		also = topology_down(&topology);
	}
	*lacking = err && failure_lack();
	return err && !*lacking ? err : also;
}
