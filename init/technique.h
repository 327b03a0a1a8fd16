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
enum hook_kind { CLSACT, TCX };

struct technique {
	const char *name;
	const void *(*object)(size_t *size); /* the skeleton's embedded object */
	enum device_id hook;		     /* whose ingress */
	enum device_id target;		     /* settings.target_ifindex */
	enum rewrite rewrite; /* settings.target_mac: veth2@2's, or the target's own */
	enum hook_kind kind;  /* through which it is attached */
	int helper;	      /* the one that not every kernel has, BPF_FUNC_…, and its name */
	const char *helper_name;
	bool looks_up; /* it tells what its FIB lookup said */
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
	int link; /* of tcx, a descriptor: attached as long as it is open; 0: none */
};

/*
 * Opens the object, tells it its settings, loads it and attaches it to the ingress of the hook's
 * device: direct-action to a clsact made for it, or through a tcx link. narrate: with its
 * bpf_printk lines. What failed is noted in failure.h, and then nothing stays behind; detach takes
 * qdisc, program and maps away.
 */
int technique_attach(struct attachment *attachment, const struct technique *technique,
		     struct topology *topology, bool narrate);
int technique_detach(struct attachment *attachment, struct topology *topology);
/* Detaches and forgets the program, but leaves it at work in the kernel. */
void technique_leave(struct attachment *attachment);
/* Loads without attaching, for BPF_PROG_TEST_RUN; ended by technique_leave(). */
int technique_load(struct attachment *attachment, const struct technique *technique,
		   struct topology *topology, bool narrate);

/* libbpf's and the verifier's last words since the last attach, load or begin; "" for none. */
void technique_log_begin(void);
const char *technique_log(void);

#endif
