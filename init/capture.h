/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Everything that crosses the four veths and the backlogs, kept as pcapng: bpf/frames.bpf.c sees
 * it, and a process of its own writes it, so that it goes on whoever is at work. While it is open
 * every packet costs more.
 */
#ifndef CAPTURE_H
#define CAPTURE_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

struct capture {
	pid_t recorder;
	int orders, answers; /* pipes to it and from it */
};

struct capture_totals {
	uint64_t frames, lost;
};

/* From here on, to file, which is the capture's. 0 or -errno, noted in failure.h. */
int capture_begin(struct capture *capture, FILE *file);

/*
 * What comes from now on belongs to that check, and says so. What came before is in the file when
 * it returns. 0 or -errno, noted in failure.h; 0 for NULL.
 */
int capture_mark(struct capture *capture, const char *check);

/* The file is whole when it returns 0, even if something was lost. */
int capture_end(struct capture *capture, struct capture_totals *totals);

#endif
