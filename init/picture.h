/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A datagram's way as a drawing, an SVG to print or to put into a page: the namespaces are lanes,
 * the interfaces posts in them, and the way goes from the top to the bottom.
 */
#ifndef PICTURE_H
#define PICTURE_H

#include <stdio.h>

#include "ways.h"

/* kernel: its release. The first line is a comment with the file's name, CHECK.svg. */
void picture_write(FILE *file, const struct way *way, const char *kernel);

#endif
