// SPDX-License-Identifier: GPL-2.0
#include "draw.h"

static uint64_t state;

void draw_seed(uint32_t seed)
{
	state = seed;
}

/* SplitMix64: a counter, mixed. */
uint64_t draw(void)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
	z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
	return z ^ (z >> 31);
}

uint32_t draw_between(uint32_t low, uint32_t high)
{
	return low + draw() % ((uint64_t)high - low + 1);
}
