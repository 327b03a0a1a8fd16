/* SPDX-License-Identifier: GPL-2.0 */
/* The table of checks: technique and condition, and what every witness must say then. */
#ifndef CHECKS_H
#define CHECKS_H

#include "testimony.h"
#include "topology.h"

/* Which way the datagram went, and what each witness says of that way. */
struct outcome {
	const char *story;
	/* The witness that speaks last: when it has, the datagram's fate is known. */
	enum witness_id settled_by;
	/* 0, nothing counted, for each witness that is not named. The program's are the check's. */
	int64_t expected[WITNESSES];
};

/* What the program must say of itself. All zero but the answer: there was none, or it stood by. */
struct program_testimony {
	int ran, matched, answer;
};

enum check_kind {
	TOPOLOGY_READ_BACK, /* the topology as the kernel has it */
	PROBE,		    /* a datagram, and an answer to it where the row has a reply */
	OTHER_TRAFFIC,	    /* frames that are not the article's datagram, traffic.c */
	TEARDOWN,	    /* nothing is left */
};

struct check {
	const char *name;
	const char *about; /* what must be true */
	enum check_kind kind;
	const char *technique; /* NULL: no program */
	struct variant variant;
	const struct outcome *request, *reply;
	struct program_testimony program;
	/*
	 * The check in which the same probe, without the decisive step, comes out the other way. A
	 * check that is itself a control names what it controls.
	 */
	const char *control;
};

extern const struct check checks[];
extern const int checks_count;

/* NULL when there is none. */
const struct check *check_find(const char *name);

#endif
