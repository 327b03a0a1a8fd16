/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How fast a packet is, in time: packets per second and what a round trip takes, by technique,
 * beside the routed control. For machines whose clock is a clock; elsewhere the table says what it
 * is that was counted.
 */
#ifndef BENCH_H
#define BENCH_H

#include <stdio.h>

enum bench_clock { REAL_TIME, EMULATED_TIME, INSTRUCTIONS };

/*
 * Writes the table to console and, where there is one, the same as JSON to json. 0 or -errno:
 * -ERANGE when the clock is too coarse.
 */
int bench_run(FILE *console, FILE *json, enum bench_clock clock);

#endif
