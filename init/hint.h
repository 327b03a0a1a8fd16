/* SPDX-License-Identifier: GPL-2.0 */
/* The hints of an exercise, out of its page, which open one by one as long as the machine runs. */
#ifndef HINT_H
#define HINT_H

#include <stdio.h>

#include "exercises.h"

/* One of a page, neither part terminated. */
struct hint {
	const char *title, *text;
	int title_length, text_length;
};

/* How many a page has, and the one of that number, from 1; without it *hint is as it was. */
int hint_find(const char *page, int number, struct hint *hint);

/* Opens the next one and shows it; when all are open, the last again. 0, or -errno in failure.h. */
int hint_open(const struct exercise *exercise, FILE *out);
/* Says which one would be next, if there is one. */
void hint_announce(const struct exercise *exercise, FILE *out);

#endif
