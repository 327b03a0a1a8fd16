/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tracer: bpf/trace.bpf.c on every function of path.c that the kernel has. It sees UDP from
 * or to 10.0.2.11 and its IPv6 twin, in all namespaces. While it is open every such packet costs
 * more: what is measured is measured without it.
 */
#ifndef TRACE_H
#define TRACE_H

#include "kernel_types.h"
#include "path.h"

struct bpf_object;
struct bpf_program;
struct ring_buffer;

struct tracer {
	struct bpf_object *object; /* NULL: closed */
	struct bpf_program *program;
	/* Descriptors by function; kprobe.multi has one link, and the program itself. */
	int links[FUNCTIONS_MAX], instances[FUNCTIONS_MAX];
	bool watched[FUNCTIONS_MAX];
	struct ring_buffer *ring;
	const char *backend; /* its name, see backend.c */
	struct kernel_types types;
	uint64_t lost_before;
	/* Where sightings go while tracer_take() runs. */
	struct path *path;
	struct topology *topology;
	uint64_t inodes[NAMESPACES];
};

/*
 * With that backend, or with the first that works for "". Opening an open one does nothing. 0 or
 * -errno, noted in failure.h.
 */
int tracer_open(struct tracer *tracer, const char *backend);
void tracer_close(struct tracer *tracer);

/* Forgets what it has seen, and counts the losses from here. */
int tracer_begin(struct tracer *tracer);
/* What it has seen since, once nothing more comes. */
int tracer_take(struct tracer *tracer, struct topology *topology, struct path *path);
/* Until there is something to take. */
int tracer_wait(struct tracer *tracer);

#endif
