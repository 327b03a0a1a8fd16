/* SPDX-License-Identifier: GPL-2.0 */
/* Where a section of an ELF file lies. */
#ifndef SECTION_H
#define SECTION_H

#include <stddef.h>

/* The offset of its bytes in the file, and how many they are; 0 when there is no such section. */
size_t section_find(const char *file, const char *name, size_t *size);

#endif
