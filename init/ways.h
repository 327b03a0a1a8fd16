/* SPDX-License-Identifier: GPL-2.0 */
/* The ways of several datagrams, each under a check of its own, told together. */
#ifndef WAYS_H
#define WAYS_H

#include "path.h"
#include "report.h"

struct way {
	const struct check *check;
	const struct result *result;
	const struct path *path;
};

/*
 * Function by check: in which namespaces it was met, a letter each time, in their order. Some 105
 * columns wide; when there are more checks the next table has them, beside the first check again.
 */
void ways_table(const struct way *ways, int count, struct text *text);

/* All of them with every footstep. */
void json_write_ways(FILE *file, const struct run_facts *facts, const struct way *ways, int count);

/*
 * No way may pass for that of another itinerary, or the two are not told apart. Returns how many
 * do, each told in a line of report.
 */
int ways_confused(const struct way *ways, int count, struct text *report);

#endif
