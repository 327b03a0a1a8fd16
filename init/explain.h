/* SPDX-License-Identifier: GPL-2.0 */
/* `lab explain NAME`: what a check, a technique or an outcome is, told from the tables alone. */
#ifndef EXPLAIN_H
#define EXPLAIN_H

#include "text.h"

#define EXPLAIN_COLUMNS 79

/* The words, blanks between, in lines that end before that column, each indented. */
void explain_wrap(const char *words, int indent, struct text *text);

/*
 * All that goes by the name, a paragraph each. -EINVAL when nothing does, and what comes nearest is
 * noted in failure.h.
 */
int explain(const char *name, struct text *text);

#endif
