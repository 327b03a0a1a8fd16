/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The techniques: which program, at which hook, told what. A new one is a file in bpf/ and a row
 * in technique.c.
 */
#ifndef TECHNIQUE_H
#define TECHNIQUE_H

#include <linux/types.h>

#include "topology.h"
#include "../bpf/witness.h"

struct bpf_object;
struct bpf_program;

enum rewrite { NO_REWRITE, SERVER_MAC, TARGET_MAC };

struct technique {
	const char *name;
	const void *(*object)(size_t *size); /* the skeleton's embedded object */
	enum device_id hook;		     /* whose clsact ingress */
	enum device_id target;		     /* settings.target_ifindex */
	enum rewrite rewrite; /* settings.target_mac: veth2@2's, or the target's own */
};

/* NULL when there is no such technique. */
const struct technique *technique_find(const char *name);

/* A technique at work. */
struct attachment {
	const struct technique *technique;
	struct bpf_object *object;
	struct bpf_program *program;
	/* Mapped from the kernel: changes as packets pass. NULL without a program. */
	const volatile struct witness *witness;
	enum device_id hook;
};

/*
 * Opens the object, tells it its settings, loads it, makes clsact on the hook's device and
 * attaches it to ingress, direct-action. narrate: with its bpf_printk lines. What failed is
 * noted in failure.h, and then nothing stays behind; detach takes qdisc, program and maps away.
 */
int technique_attach(struct attachment *attachment, const struct technique *technique,
		     struct topology *topology, bool narrate);
int technique_detach(struct attachment *attachment, struct topology *topology);
/* Detaches and forgets the program, but leaves it at work in the kernel. */
void technique_leave(struct attachment *attachment);
/* Loads without attaching, for BPF_PROG_TEST_RUN; ended by technique_leave(). */
int technique_load(struct attachment *attachment, const struct technique *technique,
		   struct topology *topology, bool narrate);

/* libbpf's and the verifier's last words since the last attach or load; "" if there were none. */
const char *technique_log(void);

#endif
