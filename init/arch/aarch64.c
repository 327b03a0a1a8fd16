// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <setjmp.h>
#include <signal.h>

#include "../arch.h"

/*
 * The virtual counter. It is of 62.5 MHz in QEMU's processors, and of 1 GHz under -icount
 * (-cpu …,cntfrq=1000000000), so that it advances with every instruction. isb keeps it in its
 * place.
 */
uint64_t arch_counter(void)
{
	uint64_t count;

	__asm__ volatile("isb; mrs %0, cntvct_el0; isb" : "=r"(count)::"memory");
	return count;
}

/* Semihosting: a call of QEMU's own, which no driver of the kernel has a part in. */
#define SYS_EXIT 0x18
#define ADP_STOPPED_APPLICATION_EXIT 0x20026

static sigjmp_buf nobody_listens;

static void on_illegal_instruction(int signal)
{
	(void)signal;
	siglongjmp(nobody_listens, 1);
}

/* Ends QEMU with the status that isa-debug-exit makes of the value: never one of QEMU's own. */
int arch_exit(uint8_t value)
{
	const uint64_t reason[] = { ADP_STOPPED_APPLICATION_EXIT, (uint64_t)value << 1 | 1 };
	register uint64_t call __asm__("x0") = SYS_EXIT;
	register const uint64_t *argument __asm__("x1") = reason;

	signal(SIGILL, on_illegal_instruction);
	if (!sigsetjmp(nobody_listens, 1))
		__asm__ volatile("hlt #0xf000" : "+r"(call) : "r"(argument) : "memory");
	return -ENODEV;
}
