// SPDX-License-Identifier: GPL-2.0

#include <errno.h>

#include "arch.h"
#include "cost.h"
#include "failure.h"
#include "lanes.h"
#include "trace.h"

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

#define LACKING -1 /* the kernel has no such technique */

static int64_t one_round(const struct probe *probe, const struct load *load)
{
	uint64_t start = arch_counter();
	int err = lane_volley(probe, load->datagrams, load->size);

	return err ? err : (int64_t)(arch_counter() - start) / load->datagrams;
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
	lane_sort(rounds, ROUNDS);
	return rounds[ROUNDS / 2];
}

static int measure_loads(const struct probe *probe, void *context)
{
	int64_t *prices = context;

	for (size_t i = 0; i < LOADS; i++) {
		prices[i] = measure(probe, &loads[i]);
		if (prices[i] < 0)
			return prices[i];
	}
	return 0;
}

/* A lane's line of the table. */
struct bill {
	int64_t prices[LOADS];
	struct path way; /* of one datagram of the first load; no steps: it could not be traced */
};

static int measure_lane(const struct lane *lane, struct bill *bill)
{
	bool lacking;
	int err = lane_run(lane, measure_loads, bill->prices, &lacking);

	for (size_t i = 0; i < LOADS && lacking; i++)
		bill->prices[i] = LACKING;
	return err;
}

struct tracing {
	struct tracer tracer;
	struct path *way;
};

static int trace_datagram(const struct probe *probe, void *context)
{
	struct tracing *tracing = context;
	int err = tracer_begin(&tracing->tracer);

	if (!err)
		err = lane_volley(probe, 1, loads[0].size);
	if (!err)
		err = tracer_take(&tracing->tracer, probe->topology, tracing->way);
	if (!err && tracing->way->lost)
		err = failed(-ENOBUFS, "trace a datagram: %llu sightings were lost",
			     (unsigned long long)tracing->way->lost);
	return err;
}

/* Once all is measured: while the tracer is open every packet costs more. */
static int trace_lanes(FILE *console, const char *backend, struct bill *bills)
{
	static struct tracing tracing;
	int err;

	failure_clear();
	err = tracer_open(&tracing.tracer, backend);
	if (err && failure_lack()) {
		fprintf(console, "# untraced: the kernel lacks %s\n", failure_lack());
		return 0;
	}
	for (int lane = 0; lane < lanes_count && !err; lane++) {
		bool lacking;

		tracing.way = &bills[lane].way;
		err = lane_run(&lanes[lane], trace_datagram, &tracing, &lacking);
	}
	tracer_close(&tracing.tracer);
	return err;
}

static void write_table(FILE *file, const struct bill *bills)
{
	fprintf(file,
		"# instructions per datagram, from sendto to recvmsg; the median of %d\n"
		"%-27s",
		ROUNDS, "");
	for (size_t load = 0; load < LOADS; load++)
		fprintf(file, " %20s", loads[load].name);
	fprintf(file, " %10s", "functions");
	for (int lane = 0; lane < lanes_count; lane++) {
		fprintf(file, "\n%-27s", lanes[lane].name);
		for (size_t load = 0; load < LOADS; load++) {
			int64_t price = bills[lane].prices[load],
				routed = bills[lane_control(lane)].prices[load];

			if (price == LACKING)
				fprintf(file, " %20s", "lacking");
			else
				fprintf(file, " %12lld %+6.1f%%", (long long)price,
					100.0 * (price - routed) / routed);
		}
		if (bills[lane].way.count)
			fprintf(file, " %10d", bills[lane].way.count);
		else
			fprintf(file, " %10s", "untraced");
	}
	fputc('\n', file);
	fflush(file);
}

static void write_way(FILE *file, const struct path *way)
{
	fputs("\"functions\": ", file);
	if (!way->count) {
		fputs("null, \"way\": null", file);
		return;
	}
	fprintf(file, "%d, \"way\": [", way->count);
	for (int i = 0; i < way->count; i++) {
		const struct footstep *step = &way->steps[i];

		fprintf(file, "%s{\"function\": \"%s\", \"netns\": \"%s\"}", i ? ", " : "",
			functions[step->function].name,
			step->place < 0 ? "-" : namespaces[step->place]);
	}
	fputs("]", file);
}

static void write_json(FILE *file, const struct bill *bills)
{
	fprintf(file, "{\"unit\": \"instructions per datagram\", \"rounds\": %d, \"lanes\": [",
		ROUNDS);
	for (int lane = 0; lane < lanes_count; lane++) {
		char room[256];
		struct text needs = text_in(room, sizeof(room));

		lane_needs(&lanes[lane], &needs);
		fprintf(file,
			"%s\n  {\"name\": \"%s\", \"control\": \"%s\", \"needs\": \"%s\", "
			"\"prices\": {",
			lane ? "," : "", lanes[lane].name, lanes[lane_control(lane)].name, room);
		for (size_t load = 0; load < LOADS; load++) {
			fprintf(file, "%s\"%s\": ", load ? ", " : "", loads[load].name);
			if (bills[lane].prices[load] == LACKING)
				fputs("null", file);
			else
				fprintf(file, "%lld", (long long)bills[lane].prices[load]);
		}
		fputs("}, ", file);
		write_way(file, &bills[lane].way);
		fputs("}", file);
	}
	fputs("\n]}\n", file);
	fflush(file);
}

int cost_run(FILE *console, FILE *json, const char *tracer)
{
	static struct bill bills[LANES_MAX];
	int err = 0;

	for (int lane = 0; lane < lanes_count && !err; lane++)
		err = measure_lane(&lanes[lane], &bills[lane]);
	if (!err)
		err = trace_lanes(console, tracer, bills);
	if (err)
		return err;
	write_table(console, bills);
	if (json)
		write_json(json, bills);
	return 0;
}
