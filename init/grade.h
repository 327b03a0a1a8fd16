/* SPDX-License-Identifier: GPL-2.0 */
/* The grader: a participant's directory against the table of exercises. */
#ifndef GRADE_H
#define GRADE_H

#include <stdio.h>

#include "machine.h"
#include "parameters.h"

/*
 * Grades exercise number (0: all) as found under directory: a line of KTAP each, with its points,
 * and where some are lacking what was expected, what was seen, what is missing, and a hint. Passes
 * when none is lacking. tap may be NULL.
 *
 * Nobody trusts what is graded: no word of it comes to stand at a line's beginning, and each
 * exercise is a process of its own with a deadline.
 */
enum verdict grade_run(const struct parameters *parameters, const char *directory, int number,
		       FILE *console, FILE *tap);

#endif
