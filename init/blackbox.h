/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What somebody who looks for the cause would ask for: links with their counters, addresses,
 * neighbours, filters, programs, what libbpf and the verifier said, the last kernel messages.
 */
#ifndef BLACKBOX_H
#define BLACKBOX_H

#include "text.h"
#include "topology.h"

/* topology may be NULL: then only what is not in a namespace. */
void blackbox_write(struct topology *topology, struct text *text);

#endif
