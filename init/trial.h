/* SPDX-License-Identifier: GPL-2.0 */
/* A trial of the table of exercises, held against a participant's work. */
#ifndef TRIAL_H
#define TRIAL_H

#include "answer.h"
#include "check.h"
#include "exercises.h"

struct work {
	const struct exercise *exercise;
	char object[256]; /* the program's file, compiled; "": there is none */
	struct answer answer;
	bool has_answer;    /* there is an answer.txt */
	struct stage stage; /* from one trial to the next: the tracer stays open */
};

/*
 * Whether the work passes it. If not, one line of what was expected is told, and what was seen: its
 * lines may have words of the participant's.
 */
bool trial_passes(const struct trial *trial, struct work *work, struct text *expected,
		  struct text *seen);

#endif
