/* SPDX-License-Identifier: GPL-2.0 */
/* The kernel's modules, where it is one that was not built for the lab. */
#ifndef MODULES_H
#define MODULES_H

/*
 * Loads what tools/kernel laid into /modules, in the order of the list there; nothing where there
 * is none. 0 or -errno, noted in failure.h.
 */
int modules_load(void);

#endif
