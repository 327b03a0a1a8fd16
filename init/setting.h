/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A setting of the kernel's as a participant writes it down: NAMESPACE KEY = VALUE. Only what
 * concerns a router is let through, in the two namespaces that end with the topology.
 */
#ifndef SETTING_H
#define SETTING_H

#include "answer.h"
#include "topology.h"

struct setting {
	enum namespace_id place;
	char path[128]; /* under /proc/sys */
	const char *value;
};

/* NULL, or what is wrong with the line. */
const char *setting_read(const struct answer_line *line, struct setting *setting);

/* Makes every setting of an answer, of which there must be one: 0, or -errno, noted in failure.h.
 */
int setting_make_all(struct topology *topology, const struct answer *answer);

#endif
