/* SPDX-License-Identifier: GPL-2.0 */
/* What the machine holds of what the lab makes: taken before the first topology and after the last.
 */
#ifndef INVENTORY_H
#define INVENTORY_H

#include "text.h"

enum inventory_item {
	NAMED_NAMESPACES, /* under /run/netns */
	NAMESPACE_IDS,	  /* namespaces that the initial one knows: topology.c gives each an id */
	LINKS,		  /* of the initial namespace, as are those up to NEIGHBOURS */
	ADDRESSES,
	ROUTES,
	NEIGHBOURS,
	QDISCS,
	PROGRAMS,
	MAPS,
	BPF_LINKS,
	SOCKETS, /* that this process has open */
	INVENTORY_ITEMS,
};

struct inventory {
	int count[INVENTORY_ITEMS];
};

int inventory_take(struct inventory *inventory);
/* How many items differ, each told in a line of report. */
int inventory_compare(const struct inventory *before, const struct inventory *now,
		      struct text *report);
/*
 * The kernel ends namespaces, programs and maps in its own time: takes the inventory again and
 * again until it is as before, and gives the last one. 0, -ETIMEDOUT, or another -errno.
 */
int inventory_wait(const struct inventory *before, struct inventory *now);

#endif
