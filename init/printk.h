/* SPDX-License-Identifier: GPL-2.0 */
/* The lines that BPF programs print with bpf_printk, from tracefs's trace_pipe. */
#ifndef PRINTK_H
#define PRINTK_H

#include "text.h"

/* Takes what has come since the last time; reading removes it. */
void printk_read(struct text *text);

#endif
