/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a run found out, told in three forms: KTAP as it goes (console and results.tap), JUnit and
 * JSON at the end. Nothing here judges; a result comes with its status.
 */
#ifndef REPORT_H
#define REPORT_H

#include <stdint.h>
#include <stdio.h>

#include "checks.h"

enum status { PASSED, FAILED, SKIPPED, STATUSES };

/* One datagram of a check: what was expected of it and what the witnesses said. */
struct passage {
	const char *direction; /* "request", "reply", "second request"; NULL: there was none */
	const char *story;
	int64_t expected[WITNESSES];
	struct testimony testimony;
};

#define PASSAGES STEPS

struct result {
	const struct check *check;
	int round; /* from 1 */
	enum status status;
	const char *outcome; /* its name, under somebody else's program; else NULL */
	char line[256];	     /* what was seen, or why it was skipped; without a line end */
	char detail[2048];   /* what differs, a line each; "" unless it failed */
	struct passage passages[PASSAGES];
	uint64_t counter; /* arch_counter() spent on it, all told */
};

/* A part of the boot and what it took. */
struct phase {
	const char *name;
	uint64_t counter;
};

struct run_facts {
	char kernel[65], machine[65]; /* utsname's release and machine */
	uint32_t seed;
	bool priced; /* the counters are instructions */
	const struct phase *phases;
	int phases_count;
};

/* KTAP. A sink may be NULL. */
struct report {
	FILE *sinks[2]; /* the console and results.tap */
	int count[STATUSES];
	bool priced, verbose;
};

void report_plan(struct report *report, int checks);
void report_result(struct report *report, const struct result *result);
/* A diagnostic: "# " before each line of text. */
void report_note(struct report *report, const char *text);
void report_summary(struct report *report);

void junit_write(FILE *file, const struct result *results, int count);
void json_write(FILE *file, const struct run_facts *facts, const struct result *results, int count);

#endif
