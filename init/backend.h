/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How the tracer's program comes to run where each function begins. The kernel has several ways,
 * and not every kernel has all: the first that works is taken.
 */
#ifndef BACKEND_H
#define BACKEND_H

#include "trace.h"

struct backend {
	const char *name;
	const char *program; /* in bpf/trace.bpf.c */
	const char *option;  /* what a kernel without it lacks */
	/* With the program loaded, to every function that tracer->types has: 0 or -errno. */
	int (*attach)(struct tracer *tracer);
};

/* In the order in which they are tried; the end has no name. */
extern const struct backend backends[];

#endif
