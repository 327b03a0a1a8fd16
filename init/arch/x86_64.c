// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <sys/io.h>

#include "../arch.h"

/*
 * The TSC, which runs at 1 GHz under -icount (tsc_early_khz=1000000 tells the kernel). lfence keeps
 * a real processor from reading it early.
 */
uint64_t arch_counter(void)
{
	uint32_t low, high;

	__asm__ volatile("lfence; rdtsc; lfence" : "=a"(low), "=d"(high)::"memory");
	return (uint64_t)high << 32 | low;
}

/* QEMU's isa-debug-exit: a byte v written to its port ends QEMU with status v * 2 + 1. */
#define DEBUG_EXIT_PORT 0xf4

int arch_exit(uint8_t value)
{
	if (ioperm(DEBUG_EXIT_PORT, 1, 1))
		return -errno;
	outb(value, DEBUG_EXIT_PORT);
	/* Still here: nobody listens at that port. */
	return -ENODEV;
}
