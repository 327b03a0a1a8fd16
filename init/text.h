/* SPDX-License-Identifier: GPL-2.0 */
/* Text that grows at its end; when the room is used up it stops growing and stays terminated. */
#ifndef TEXT_H
#define TEXT_H

#include <stddef.h>

struct text {
	char *start; /* not owned */
	size_t size, length;
};

/* Empty text in size bytes at start, at least one. */
struct text text_in(char *start, size_t size);
void text_add(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The last lines of a text: where they begin. */
const char *text_last_lines(const char *text, int lines);

#endif
