/* SPDX-License-Identifier: GPL-2.0 */
/* What the running kernel's own types tell the tracer, read from its BTF in one pass. */
#ifndef KERNEL_TYPES_H
#define KERNEL_TYPES_H

#include <linux/types.h>
#include <stdbool.h>

#include "path.h"
#include "../bpf/sighting.h"

struct btf;

#define UNTYPED (-1)

struct kernel_types {
	/* BTF ids of functions[] of path.c; 0: the kernel has none. UNTYPED: its module has no BTF.
	 */
	int functions[FUNCTIONS_MAX];
	int modules[MODULES]; /* descriptors of BTF; 0: built in after all, or without */
	struct layout layout;
	char reasons[192][32]; /* skb_drop_reason by number, without its prefix; "" is unknown */
};

/* 0 or -errno, noted in failure.h. */
int kernel_types_read(struct kernel_types *types);
/* Closes the modules' BTF. */
void kernel_types_close(struct kernel_types *types);

/* The same from BTF that the caller has: -ENOENT when a member is not where it was looked for. */
int kernel_types_find(struct kernel_types *types, const struct btf *btf);

#endif
