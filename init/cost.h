/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a packet costs: instructions from sendto to the end of recvmsg, by technique, payload size
 * and in a burst, beside the routed control. Where arch_counter() counts instructions, two runs
 * give the same table on any host.
 */
#ifndef COST_H
#define COST_H

#include <stdio.h>

/* Writes the table to console and, where there is one, the same as JSON to json. 0 or -errno. */
int cost_run(FILE *console, FILE *json);

#endif
