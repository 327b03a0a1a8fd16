/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a packet costs: instructions from sendto to the end of recvmsg, by technique, payload size
 * and in a burst, beside the routed control, and how many of the functions watched it crosses.
 * Where arch_counter() counts instructions, two runs give the same table on any host.
 */
#ifndef COST_H
#define COST_H

#include <stdio.h>

/*
 * Writes the table to console and, where there is one, the same as JSON to json, with each way
 * function by function and what each technique needs. tracer as in tracer_open(); a kernel that
 * cannot be traced has its prices all the same. 0 or -errno.
 */
int cost_run(FILE *console, FILE *json, const char *tracer);

#endif
