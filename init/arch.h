/* SPDX-License-Identifier: GPL-2.0 */
/* What differs between architectures; arch/NAME.c has one of each. */
#ifndef ARCH_H
#define ARCH_H

#include <stdint.h>

/*
 * A counter that advances by one per executed instruction when QEMU runs with -icount shift=0 (its
 * virtual clock is then a nanosecond per instruction). Elsewhere it is a clock of some kind.
 */
uint64_t arch_counter(void);

/*
 * The second verdict channel: the machine ends with this value, seen by the host in QEMU's exit
 * status. Returns -errno when the machine has no such channel.
 */
int arch_exit(uint8_t value);

#endif
