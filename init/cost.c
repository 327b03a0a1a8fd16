// SPDX-License-Identifier: GPL-2.0

#include "arch.h"
#include "cost.h"
#include "lanes.h"

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

static int measure_lane(const struct lane *lane, int64_t prices[LOADS])
{
	bool lacking;
	int err = lane_run(lane, measure_loads, prices, &lacking);

	for (size_t i = 0; i < LOADS && lacking; i++)
		prices[i] = LACKING;
	return err;
}

static void write_table(FILE *file, int64_t prices[LANES_MAX][LOADS])
{
	fprintf(file,
		"# instructions per datagram, from sendto to recvmsg; the median of %d\n"
		"%-27s",
		ROUNDS, "");
	for (size_t load = 0; load < LOADS; load++)
		fprintf(file, " %20s", loads[load].name);
	for (int lane = 0; lane < lanes_count; lane++) {
		fprintf(file, "\n%-27s", lanes[lane].name);
		for (size_t load = 0; load < LOADS; load++) {
			int64_t price = prices[lane][load],
				routed = prices[lane_control(lane)][load];

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

static void write_json(FILE *file, int64_t prices[LANES_MAX][LOADS])
{
	fprintf(file, "{\"unit\": \"instructions per datagram\", \"rounds\": %d, \"lanes\": [",
		ROUNDS);
	for (int lane = 0; lane < lanes_count; lane++) {
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
	int64_t prices[LANES_MAX][LOADS];
	int err = 0;

	for (int lane = 0; lane < lanes_count && !err; lane++)
		err = measure_lane(&lanes[lane], prices[lane]);
	if (err)
		return err;
	write_table(console, prices);
	if (json)
		write_json(json, prices);
	return 0;
}
