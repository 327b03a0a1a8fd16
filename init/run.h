/* SPDX-License-Identifier: GPL-2.0 */
/* A list of checks, run and reported: what PID 1 does, and `lab check` in a shell. */
#ifndef RUN_H
#define RUN_H

#include <stdbool.h>
#include <stdio.h>

#include "capture.h"
#include "machine.h"
#include "parameters.h"
#include "report.h"

struct run_outputs {
	FILE *console, *tap, *junit, *json, *trace,
		*pictures;	    /* each may be NULL but the console */
	struct capture *capture;    /* under way, or NULL */
	const struct phase *phases; /* of the boot so far */
	int phases_count;
};

/*
 * Runs parameters->checks (all for "") parameters->repeat times. What is said beside the results,
 * such as an unknown name, goes to the console.
 */
enum verdict run_checks(const struct parameters *parameters, const struct run_outputs *outputs);

/*
 * The ways of datagrams under the checks or techniques parameters->trace, a comma between, or under
 * every check of kind PATH for "all": shown on the console, judged like checks.
 */
enum verdict run_trace(const struct parameters *parameters, const struct run_outputs *outputs);

/*
 * What becomes of a datagram under the program parameters->section of somebody else's object, and
 * its way; judged by the outcome parameters->expect, or when that is "" by whether it ran at all.
 */
enum verdict run_object(const struct parameters *parameters, const char *file,
			const struct run_outputs *outputs);

#endif
