/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Files on their way to the host, through a port that only knows bytes: a block of text before the
 * bytes of each, "file MODE LENGTH PATH", and "saved" behind the last. All are filled up to whole
 * blocks. What has no "saved" behind it is cut short, and run-qemu.sh takes none of it.
 */
#ifndef PARCEL_H
#define PARCEL_H

#include <stdio.h>

#include "work.h"

#define PARCEL_BLOCK 512
#define PARCEL_MAX (4 << 20) /* bytes of files; the host keeps room for no more */

/* The files become as they were sent. 0 or -errno, noted in failure.h. */
int parcel_send(FILE *to, const char *directory, struct work *work);

#endif
