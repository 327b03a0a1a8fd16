/* SPDX-License-Identifier: GPL-2.0 */
/* What run-qemu.sh tells the machine: the words that begin with "lab." on the kernel's command
 * line. */
#ifndef PARAMETERS_H
#define PARAMETERS_H

#include <stdbool.h>
#include <stdint.h>

#define CHECK_NAMES_MAX 256

struct parameters {
	char mode[8];	     /* "check", "cost", "bench", "grade", "object" or "shell" */
	uint32_t seed;	     /* every draw comes from it */
	char nonce[17];	     /* the host's, sixteen hexadecimal digits, for the verdict */
	char sabotage[1024]; /* a row of sabotage.c */
	char checks[4096];   /* names, a comma between; "" for all */
	char trace[80];	     /* checks or techniques, or "all": their way is shown, nothing else */
	char tracer[16];     /* how it attaches: a row of backend.c; "" for the first that works */
	char section[64];    /* of mode object: which program; "": the only one */
	char expect[32];     /* and the outcome's name; "": none is expected */
	uint32_t repeat;     /* the list so many times */
	uint32_t verbose;    /* every witness in a line of its own */
	uint32_t printk;     /* the programs' bpf_printk lines */
	uint32_t price;	     /* arch_counter() counts instructions */
	uint32_t emulated;   /* time is QEMU's own affair, and no processor's */
	uint32_t capture;    /* what crosses the devices goes to the host, as pcapng */
	uint32_t share;	     /* a directory of the host's goes with the shell */
	uint32_t piped;	     /* nobody sits at the shell's terminal */
	uint32_t consoles;   /* of the shell, more than the one */
	uint32_t work;	     /* there is a port for `lab save` */
	uint32_t rows, columns; /* the host's terminal; 0 for unknown */
};

/*
 * Parses a command line; words without "lab." are not ours. False when a word of ours is unknown,
 * too long or not a number, and then *bad (of size bytes) is that word.
 */
bool parameters_parse(struct parameters *parameters, const char *line, char *bad, int size);

#endif
