/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SHELL_H
#define SHELL_H

#include "parameters.h"

/*
 * Puts the topology up with technique redirect at work, and a shell on the console until it is
 * left. 0 or -errno, noted in failure.h.
 */
int shell_run(const struct parameters *parameters);

#endif
