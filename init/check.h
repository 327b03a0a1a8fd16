/* SPDX-License-Identifier: GPL-2.0 */
/* Running a check: from its row in checks.c to a result. */
#ifndef CHECK_H
#define CHECK_H

#include "inventory.h"
#include "report.h"

struct check_conditions {
	struct inventory before; /* taken before the first topology */
	bool narrate;		 /* programs with their bpf_printk lines */
};

/*
 * Runs it and takes down what it put up. The result's notes, what the programs printed and on
 * failure the black box, go to notes.
 */
void check_run(const struct check *check, const struct check_conditions *conditions,
	       struct result *result, struct text *notes);

#endif
