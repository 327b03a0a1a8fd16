/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Frames that are not the article's datagram: what the program makes of each, on the wire
 * (an AF_PACKET socket on veth1@1) and under BPF_PROG_TEST_RUN.
 */
#ifndef TRAFFIC_H
#define TRAFFIC_H

#include "technique.h"
#include "text.h"
#include "topology.h"

/*
 * Sends every frame of the table and compares. Returns how many differ from what is documented
 * there, each told in a line of report, or -errno; *frames is the number of kinds.
 */
int traffic_compare(struct topology *topology, struct attachment *attachment, int *frames,
		    struct text *report);

/*
 * What the program answers to a plain datagram for the server under BPF_PROG_TEST_RUN, as if
 * veth1@2 had received it. 0 or -errno. What it sends by itself, bpf_clone_redirect() say, it
 * sends.
 */
int traffic_try(struct topology *topology, const struct attachment *attachment, int *answer);

#endif
