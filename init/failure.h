/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Saying what went wrong. A function that fails returns -errno; the one that knows the step and
 * its object notes them here on the way out, and only the outermost layer prints the note. The
 * first note since failure_clear() stands: it is the nearest to the cause.
 */
#ifndef FAILURE_H
#define FAILURE_H

#include <stdbool.h>

/* Notes "<step and object>: <errno in words>" and returns err (negative errno). */
int failed(int err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same where the kernel has no such thing compiled in; option is the name of it, CONFIG_…. */
int lacking(int err, const char *option, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* What is no error of the kernel's, such as a wrong name: noted as it is, and -EINVAL. */
int refused(const char *format, ...) __attribute__((format(printf, 1, 2)));

const char *failure_text(void); /* "" when nothing was noted */
const char *failure_lack(void); /* the missing option, or NULL */
bool failure_is_refusal(void);	/* it was noted by refused() */
void failure_clear(void);

#endif
