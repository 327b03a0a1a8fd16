/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What some kernels have and others lack that no technique needs, but that shows in what the
 * witnesses say. Each is found out by asking the kernel for it, never for its version.
 */
#ifndef FEATURE_H
#define FEATURE_H

#include "checks.h"

/* 1 or 0, the same for the whole boot; -errno, noted in failure.h. */
int feature_is_there(enum feature feature, struct topology *topology);

/* The outcome that is to be expected on this kernel: the one given, or its elder; NULL with *err.
 */
const struct outcome *feature_outcome(const struct outcome *outcome, struct topology *topology,
				      int *err);

#endif
