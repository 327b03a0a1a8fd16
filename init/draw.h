/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every draw of the lab comes from one seed, so that a run can be had again: the host gives it as
 * lab.seed. Not for secrets.
 */
#ifndef DRAW_H
#define DRAW_H

#include <stdint.h>

void draw_seed(uint32_t seed);
uint64_t draw(void);
/* From low to high, both included. */
uint32_t draw_between(uint32_t low, uint32_t high);

#endif
