// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdint.h>
#include <time.h>

#include "wait.h"

#define LONGEST_PAUSE_MS 16

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int wait_until(int (*ready)(void *context), void *context, int limit_ms)
{
	int64_t deadline = now_ms() + limit_ms;
	struct timespec pause = { .tv_nsec = 1000000 };
	int result;

	while (!(result = ready(context))) {
		if (now_ms() > deadline)
			return -ETIMEDOUT;
		nanosleep(&pause, NULL);
		if (pause.tv_nsec < LONGEST_PAUSE_MS * 1000000)
			pause.tv_nsec *= 2;
	}
	return result < 0 ? result : 0;
}
