// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <time.h>

#include "bench.h"
#include "failure.h"
#include "lanes.h"

#define SIZE 16	  /* UDP payload, bytes */
#define VOLLEY 64 /* datagrams sent before the first is received */
#define ROUND_TRIPS_MAX 16384
#define COARSE 10000 /* ns: of a clock that goes in such steps a round trip says nothing */

/* Under emulation a tenth of a second takes seconds, and more of them tell nothing more. */
static const struct effort {
	const char *clock, *remark;
	int64_t volleys_ns; /* how long they go on */
	int round_trips;
} efforts[] = {
	[REAL_TIME] = { "kvm", "", 500000000, ROUND_TRIPS_MAX },
	[EMULATED_TIME] = { "emulated", " EMULATED: the time that QEMU takes, no machine's",
			    20000000, 512 },
	[INSTRUCTIONS] = { "instructions",
			   " EMULATED: the clock counts instructions, one a nanosecond", 20000000,
			   512 },
};

static const struct percentile {
	const char *name;
	int of_100;
} percentiles[] = { { "p50", 50 }, { "p90", 90 }, { "p99", 99 } };

#define PERCENTILES (sizeof(percentiles) / sizeof(percentiles[0]))

struct pace {
	const struct effort *effort;
	bool lacking; /* the kernel has no such technique */
	int64_t packets_per_second;
	int64_t round_trip_ns[PERCENTILES];
};

static int64_t now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000000000ll + now.tv_nsec;
}

/* A guest that could not calibrate its TSC counts ticks: then two looks are alike, or far apart. */
static int check_clock(void)
{
	int64_t step, start = now_ns();

	do
		step = now_ns() - start;
	while (!step);
	if (step < COARSE)
		return 0;
	refused("the machine's clock goes in steps of %lld ns, too coarse for a round trip",
		(long long)step);
	return -ERANGE;
}

static int measure_throughput(const struct probe *probe, struct pace *pace)
{
	int64_t start, taken = 0, packets = 0;
	int err = lane_volley(probe, VOLLEY, SIZE); /* to warm up */

	start = now_ns();
	for (; !err && taken < pace->effort->volleys_ns; packets += VOLLEY) {
		err = lane_volley(probe, VOLLEY, SIZE);
		taken = now_ns() - start;
	}
	if (!err)
		pace->packets_per_second = packets * 1000000000 / taken;
	return err;
}

static int measure_latency(const struct probe *probe, struct pace *pace)
{
	static int64_t taken[ROUND_TRIPS_MAX];
	int count = pace->effort->round_trips;

	for (int i = 0; i < count; i++) {
		int64_t start = now_ns();
		int err = lane_round_trip(probe, SIZE);

		if (err)
			return err;
		taken[i] = now_ns() - start;
	}
	lane_sort(taken, count);
	for (size_t i = 0; i < PERCENTILES; i++)
		pace->round_trip_ns[i] = taken[count * percentiles[i].of_100 / 100];
	return 0;
}

static int measure(const struct probe *probe, void *context)
{
	int err = measure_throughput(probe, context);

	return err ? err : measure_latency(probe, context);
}

static void write_table(FILE *file, const struct effort *effort, const struct pace *paces)
{
	fprintf(file,
		"# packets per second in volleys of %d, and ns there and back, of %d round "
		"trips;%s\n%-27s %20s",
		VOLLEY, effort->round_trips, effort->remark, "", "packets/s");
	for (size_t i = 0; i < PERCENTILES; i++)
		fprintf(file, " %10s", percentiles[i].name);
	for (int lane = 0; lane < lanes_count; lane++) {
		int64_t pace = paces[lane].packets_per_second;
		int64_t routed = paces[lane_control(lane)].packets_per_second;

		fprintf(file, "\n%-27s", lanes[lane].name);
		if (paces[lane].lacking) {
			fprintf(file, " %20s", "lacking");
			continue;
		}
		fprintf(file, " %12lld %+6.1f%%", (long long)pace,
			100.0 * (pace - routed) / routed);
		for (size_t i = 0; i < PERCENTILES; i++)
			fprintf(file, " %10lld", (long long)paces[lane].round_trip_ns[i]);
	}
	fputc('\n', file);
	fflush(file);
}

static void write_json(FILE *file, const struct effort *effort, const struct pace *paces)
{
	fprintf(file, "{\"clock\": \"%s\", \"emulated\": %s, \"round_trips\": %d, \"lanes\": [",
		effort->clock, effort == &efforts[REAL_TIME] ? "false" : "true",
		effort->round_trips);
	for (int lane = 0; lane < lanes_count; lane++) {
		fprintf(file, "%s\n  {\"name\": \"%s\", ", lane ? "," : "", lanes[lane].name);
		if (paces[lane].lacking) {
			fputs("\"packets_per_second\": null, \"round_trip_ns\": null}", file);
			continue;
		}
		fprintf(file, "\"packets_per_second\": %lld, \"round_trip_ns\": {",
			(long long)paces[lane].packets_per_second);
		for (size_t i = 0; i < PERCENTILES; i++)
			fprintf(file, "%s\"%s\": %lld", i ? ", " : "", percentiles[i].name,
				(long long)paces[lane].round_trip_ns[i]);
		fputs("}}", file);
	}
	fputs("\n]}\n", file);
	fflush(file);
}

int bench_run(FILE *console, FILE *json, enum bench_clock clock)
{
	struct pace paces[LANES_MAX];
	int err = check_clock();

	for (int lane = 0; lane < lanes_count && !err; lane++) {
		paces[lane] = (struct pace){ .effort = &efforts[clock] };
		err = lane_run(&lanes[lane], measure, &paces[lane], &paces[lane].lacking);
	}
	if (err)
		return err;
	write_table(console, &efforts[clock], paces);
	if (json)
		write_json(json, &efforts[clock], paces);
	return 0;
}
