/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The machine around the lab: what PID 1 has to set up before anything else works, and the two
 * channels on which the verdict leaves.
 */
#ifndef MACHINE_H
#define MACHINE_H

#include <stdio.h>

#include "parameters.h"

/* The order is that of the table in machine.c, which has each verdict's word and exit value. */
enum verdict { VERDICT_PASS, VERDICT_FAIL, VERDICT_REFUSED, VERDICT_USAGE };

/* Mounts and console, without which nothing can be said. 0 or -errno, noted in failure.h. */
int machine_setup(void);
/* Reads /proc/cmdline; *bad as in parameters.h, and -EINVAL. */
int machine_parameters(struct parameters *parameters, char *bad, int size);
/* Modules and loopback. 0 or -errno, noted in failure.h. */
int machine_prepare(void);

/*
 * Mounts what the host has attached for a person at the prompt: the compiler's disk under
 * /opt/compiler, a directory of the host's under /share. 0 or -errno, noted in failure.h.
 */
int machine_mount_attached(const struct parameters *parameters);

/*
 * The virtio-serial port of that name, a file on the host's side; NULL when the machine has none.
 * Written through, each write is on the host when it returns.
 */
FILE *machine_port(const char *name);

/*
 * Says the verdict, last of all and on both channels, and ends the machine. Never returns. The
 * console's line is "# verdict NONCE WORD".
 */
void machine_end(enum verdict verdict, const char *nonce) __attribute__((noreturn));

#endif
