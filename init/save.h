/* SPDX-License-Identifier: GPL-2.0 */
/* Work that outlives the machine: /root as it was at boot, and what `lab save` has kept since. */
#ifndef SAVE_H
#define SAVE_H

#include <stdbool.h>
#include <stdio.h>

/* What is in /root now need not be saved. 0 or -errno, noted in failure.h. */
int save_begin(void);

/* To /share, or through the port to --output; refused where there is neither. 0 or -errno, noted.
 */
int save_work(FILE *says);

/*
 * Whether a power-off loses nothing, or nothing but what has been told before. If it does, tells
 * what, how to keep it, and then next.
 */
bool save_may_leave(FILE *says, const char *next);

#endif
