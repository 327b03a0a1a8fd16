/* SPDX-License-Identifier: GPL-2.0 */
/* The ways that are measured, by cost.c and by bench.c: each a technique in its topology. */
#ifndef LANES_H
#define LANES_H

#include "probe.h"
#include "technique.h"
#include "topology.h"

struct lane {
	const char *name, *technique;  /* NULL: no program */
	const struct variant *variant; /* NULL: the technique's own */
};

extern const struct lane lanes[];
extern const int lanes_count;
#define LANES_MAX 32

/* What a lane is compared with: the last before it that has no program, or itself when it has none.
 */
int lane_control(int lane);

/*
 * Puts up the lane's topology and its technique, calls measure with a probe whose neighbours are
 * known, those of the way back too, and takes all of it down. 0 or -errno; *lacking is true, with
 * 0, when the kernel has no such technique.
 */
int lane_run(const struct lane *lane, int (*measure)(const struct probe *probe, void *context),
	     void *context, bool *lacking);

/* What it needs of the kernel and beside the article's topology; nothing without a technique. */
void lane_needs(const struct lane *lane, struct text *needs);

/* Sends so many datagrams of that size and receives all of them. 0 or -errno. */
int lane_volley(const struct probe *probe, int datagrams, size_t size);
/* Smallest first, for medians and percentiles. */
void lane_sort(int64_t *values, int count);
/* Sends one to the server and has it sent back. 0 or -errno. */
int lane_round_trip(const struct probe *probe, size_t size);

#endif
