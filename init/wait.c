// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdint.h>
#include <time.h>

#include "wait.h"

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int wait_until(int (*ready)(void *context), void *context, int limit_ms)
{
	const struct timespec look_again = { .tv_nsec = 1000000 };
	int64_t deadline = now_ms() + limit_ms;
	int result;

	while (!(result = ready(context))) {
		if (now_ms() > deadline)
			return -ETIMEDOUT;
		nanosleep(&look_again, NULL);
	}
	return result < 0 ? result : 0;
}
