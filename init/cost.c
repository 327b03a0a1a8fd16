// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "arch.h"
#include "cost.h"
#include "failure.h"
#include "probe.h"
#include "technique.h"
#include "topology.h"
#include "wait.h"

/* Caches, the slab's and TCG's own, fill in the first; the timer's tick falls into one in a
 * hundred. */
#define WARM_UP 32
#define ROUNDS 101

/* What is sent in a round: so many datagrams of that size, and all of them received again. */
static const struct load {
	const char *name;
	int datagrams;
	size_t size; /* UDP payload, bytes */
} loads[] = {
	{ "16 bytes", 1, 16 },
	{ "512 bytes", 1, 512 },
	{ "1400 bytes", 1, 1400 },
	{ "burst of 64", 64, 16 },
};

#define LOADS (sizeof(loads) / sizeof(loads[0]))

#define ARTICLE \
	{       \
	}

/* The first is what the others are compared with. */
static const struct lane {
	const char *name, *technique;
	struct variant variant;
} lanes[] = {
	{ .name = "routed, no program" },
	{ "redirect", "redirect", ARTICLE },
	{ "redirect, ingress repaired", "redirect-ingress-repaired", ARTICLE },
	{ "clone", "redirect-clone", ARTICLE },
	{ "fib", "redirect-fib", ARTICLE },
	{ "neigh", "redirect-neigh", ARTICLE },
	{ "peer", "redirect-peer", ARTICLE },
	{ "tcx", "redirect-tcx", ARTICLE },
	{ "xdp, generic", "xdp-generic", ARTICLE },
	/* Raw frames need whole checksums: the second is what those alone cost. */
	{ "xdp, native", "xdp", { .whole_checksums = true } },
	{ "redirect, whole checksums", "redirect", { .whole_checksums = true } },
	{ "xdp, devmap", "xdp-devmap", { .whole_checksums = true } },
	{ "netkit", "redirect", { .netkit = true } },
	{ "netkit, peer", "redirect-peer", { .netkit = true } },
};

#define LANES (sizeof(lanes) / sizeof(lanes[0]))

#define LACKING -1 /* the kernel has no such technique */

static int receive_one(int fd)
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

static int64_t one_round(const struct probe *probe, const struct load *load)
{
	static const char payload[2048];
	uint64_t start = arch_counter();
	int err = 0;

	for (int i = 0; i < load->datagrams; i++)
		if (sendto(probe->client, payload, load->size, 0, &probe->server_address.any,
			   sizeof(probe->server_address)) < 0)
			return failed(-errno, "send %zu bytes", load->size);
	for (int i = 0; i < load->datagrams && !err; i++)
		err = receive_one(probe->server);
	if (err)
		return failed(err, "receive %d datagrams of %zu bytes", load->datagrams,
			      load->size);
	return (arch_counter() - start) / load->datagrams;
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* The median of the rounds, per datagram. */
static int64_t measure(const struct probe *probe, const struct load *load)
{
	int64_t rounds[ROUNDS];

	for (int i = 0; i < WARM_UP + ROUNDS; i++) {
		int64_t price = one_round(probe, load);

		if (price < 0)
			return price;
		if (i >= WARM_UP)
			rounds[i - WARM_UP] = price;
	}
	qsort(rounds, ROUNDS, sizeof(rounds[0]), by_size);
	return rounds[ROUNDS / 2];
}

static int measure_loads(struct topology *topology, const struct attachment *attachment,
			 int64_t prices[LOADS])
{
	struct probe probe;
	int err = probe_resolve(topology, false);

	if (!err)
		err = probe_open(&probe, topology, attachment);
	if (err)
		return err;
	for (size_t i = 0; i < LOADS && !err; i++) {
		prices[i] = measure(&probe, &loads[i]);
		err = prices[i] < 0 ? prices[i] : 0;
	}
	probe_close(&probe);
	return err;
}

static int measure_technique(struct topology *topology, const struct lane *lane,
			     int64_t prices[LOADS])
{
	struct attachment attachment = {};
	int err = 0, also;

	if (lane->technique)
		err = technique_attach(&attachment, technique_find(lane->technique), topology,
				       false);
	if (err)
		return err;
	err = measure_loads(topology, &attachment, prices);
	also = technique_detach(&attachment, topology);
	return err ? err : also;
}

static int measure_lane(const struct lane *lane, int64_t prices[LOADS])
{
	struct topology topology;
	int err, also = 0;

	failure_clear();
	err = topology_up(&topology, &lane->variant);
	if (!err) {
		err = measure_technique(&topology, lane, prices);
		also = topology_down(&topology);
	}
	if (err && failure_lack()) {
		for (size_t i = 0; i < LOADS; i++)
			prices[i] = LACKING;
		err = 0;
	}
	return err ? err : also;
}

static void write_table(FILE *file, int64_t prices[LANES][LOADS])
{
	fprintf(file,
		"# instructions per datagram, from sendto to recvmsg; the median of %d\n"
		"%-27s",
		ROUNDS, "");
	for (size_t load = 0; load < LOADS; load++)
		fprintf(file, " %20s", loads[load].name);
	for (size_t lane = 0; lane < LANES; lane++) {
		fprintf(file, "\n%-27s", lanes[lane].name);
		for (size_t load = 0; load < LOADS; load++) {
			int64_t price = prices[lane][load], routed = prices[0][load];

			if (price == LACKING)
				fprintf(file, " %20s", "lacking");
			else
				fprintf(file, " %12lld %+6.1f%%", (long long)price,
					100.0 * (price - routed) / routed);
		}
	}
	fputc('\n', file);
	fflush(file);
}

static void write_json(FILE *file, int64_t prices[LANES][LOADS])
{
	fprintf(file, "{\"unit\": \"instructions per datagram\", \"rounds\": %d, \"lanes\": [",
		ROUNDS);
	for (size_t lane = 0; lane < LANES; lane++) {
		fprintf(file, "%s\n  {\"name\": \"%s\", \"prices\": {", lane ? "," : "",
			lanes[lane].name);
		for (size_t load = 0; load < LOADS; load++) {
			fprintf(file, "%s\"%s\": ", load ? ", " : "", loads[load].name);
			if (prices[lane][load] == LACKING)
				fputs("null", file);
			else
				fprintf(file, "%lld", (long long)prices[lane][load]);
		}
		fputs("}}", file);
	}
	fputs("\n]}\n", file);
	fflush(file);
}

int cost_run(FILE *console, FILE *json)
{
	int64_t prices[LANES][LOADS];
	int err = 0;

	for (size_t lane = 0; lane < LANES && !err; lane++)
		err = measure_lane(&lanes[lane], prices[lane]);
	if (err)
		return err;
	write_table(console, prices);
	if (json)
		write_json(json, prices);
	return 0;
}
