/* SPDX-License-Identifier: GPL-2.0 */
/* TAP for the unit tests: a line an expectation, the plan at the end. */
#ifndef TAP_H
#define TAP_H

#include <stdio.h>
#include <string.h>

static int tap_count, tap_failures;

#define check(condition, name)                                                    \
	do {                                                                      \
		int holds = !!(condition);                                        \
		printf("%sok %d - %s\n", holds ? "" : "not ", ++tap_count, name); \
		if (!holds)                                                       \
			printf("# %s:%d: %s\n", __FILE__, __LINE__, #condition);  \
		tap_failures += !holds;                                           \
	} while (0)

/* The two texts, when they are not the same, are shown. */
static inline void check_text(const char *seen, const char *expected, const char *name)
{
	check(!strcmp(seen, expected), name);
	if (strcmp(seen, expected))
		printf("# seen: %s\n# expected: %s\n", seen, expected);
}

static inline int tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif
