/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Waiting for what sends no event: a counter, an object that goes away. It is looked at again after
 * 1 ms, 2 ms and so on up to 16, until it is so or until the deadline. Under the instruction
 * counter such a pause costs the host nothing, and the number of looks is the same each time.
 */
#ifndef WAIT_H
#define WAIT_H

#include <stdbool.h>

#define WAIT_LIMIT_MS 5000

/*
 * ready returns 1 when it is so, 0 when not yet, or -errno. The result is 0, -ETIMEDOUT, or
 * ready's -errno.
 */
int wait_until(int (*ready)(void *context), void *context, int limit_ms);

#endif
