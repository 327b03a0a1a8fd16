/* SPDX-License-Identifier: GPL-2.0 */
/* Running a check: from its row in checks.c to a result. */
#ifndef CHECK_H
#define CHECK_H

#include "capture.h"
#include "inventory.h"
#include "report.h"
#include "trace.h"

/*
 * Where checks are run, one after another. The topology stays up from one to the next as long as
 * they want the same variant, for building it takes most of a check's time; what a datagram leaves
 * behind in it, the neighbour entries, is removed before each. After a failure it is built anew.
 */
struct stage {
	struct inventory before; /* taken before the first topology */
	struct capture *capture; /* under way, or NULL */
	bool narrate;		 /* programs with their bpf_printk lines */
	bool is_up;
	bool is_spoilt; /* a check has changed it */
	struct topology topology;
	const char *backend;  /* the tracer's, see tracer_open() */
	struct tracer tracer; /* open from one check of kind PATH or OBJECT to the next */
	struct path *path;    /* where to leave a way; may be NULL */
	/* What somebody else wants of a topology once it is up; NULL: nothing. Spoils it. */
	int (*arrange)(struct topology *topology, void *context);
	void *context;
	bool shows_ways; /* whoever runs the checks: a check that fails need not */
};

/*
 * The result's notes, what the programs printed and on failure the black box, go to notes. What a
 * check attaches it detaches.
 */
void check_run(const struct check *check, struct stage *stage, struct result *result,
	       struct text *notes);

/* Closes the tracer and takes the topology down, if one is up. 0 or -errno, noted in failure.h. */
int stage_clear(struct stage *stage);

#endif
