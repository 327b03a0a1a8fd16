/* SPDX-License-Identifier: GPL-2.0 */
#ifndef XML_H
#define XML_H

#include <stdio.h>

/* What XML cannot carry at all (control characters) becomes a question mark. */
void xml_put(FILE *file, const char *text);

#endif
