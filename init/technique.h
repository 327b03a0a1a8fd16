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

enum rewrite { NO_REWRITE, PEER_MAC, TARGET_MAC };
enum hook_kind {
	CLSACT,
	TCX,
	NETKIT_PEER,
	XDP_NATIVE,
	XDP_GENERIC,
	SOCKET_SENDS,	 /* at a map of sockets: sk_msg, before there is a segment */
	SOCKET_RECEIVES, /* sk_skb, after there was one */
};

struct technique {
	const char *name;
	const void *(*object)(size_t *size); /* the skeleton's embedded object */
	const char *source;		     /* bpf/SOURCE.bpf.c */
	/* Or somebody else's, from a file: it has no settings, no witness, and any program for tc.
	 */
	const char *file, *section;
	enum device_id hook;   /* whose ingress; of NETKIT_PEER: in whose peer's egress */
	enum device_id target; /* settings.target_ifindex */
	enum rewrite rewrite;  /* settings.target_mac: that of the target's other end, or its own */
	enum hook_kind kind;   /* through which it is attached */
	uint32_t order;	       /* of tcx: BPF_F_BEFORE or BPF_F_AFTER what is there already */
	int helper;	       /* the one that not every kernel has, BPF_FUNC_…, and its name */
	const char *helper_name, *helper_since;
	int map; /* the kind of map that not every kernel has, BPF_MAP_TYPE_…, and its name */
	const char *map_name, *map_since;
	bool looks_up;		/* it tells what its FIB lookup said */
	bool no_targets;	/* its map of targets, where it has one, stays empty */
	bool own_listener;	/* it wants the server in netns_1, at 10.0.1.11 */
	struct variant variant; /* the topology in which it does what it is for */
	const char *companion;	/* the technique of a second program that works beside it */
};

/* NULL when there is no such technique. */
const struct technique *technique_find(const char *name);
/* All their names, a blank between. */
const char *technique_names(void);
/* What its row asks for: the hook, what not every kernel has, whose MAC it is told, a companion. */
void technique_needs(const struct technique *technique, struct text *needs);
/* In sentences: where it is attached, and what else is particular to it; since which kernels. */
void technique_describe(const struct technique *technique, struct text *words);

/* Whether all that lab.break puts in place of one another are techniques. */
bool technique_stand_ins_known(void);

/*
 * The technique of somebody else's object, attached as the one of that name is, or NULL, to veth1@2
 * as most of ours are; section is that of the program or its name, "" for the only one, or the one
 * of section tc. One at a time: it is found under "object" until the next call. Where it has
 * constants named target_ifindex, target_mac and destination (const volatile, in .rodata), they are
 * told before the load, as ours are.
 */
const struct technique *technique_of_file(const char *file, const char *section, const char *like);

/* A technique at work. */
struct attachment {
	const struct technique *technique;
	struct bpf_object *object;
	struct bpf_program *program;
	/* Mapped from the kernel: changes as packets pass. NULL without a program of ours. */
	const volatile struct witness *witness;
	enum device_id hook;
	int link; /* of tcx and netkit, a descriptor: attached as long as it is open; 0: none */
	int statistics; /* of somebody else's, a descriptor: runs are counted while it is open */
	struct attachment *companion; /* NULL: none */
	char narrated[128];	      /* the file that a command would load; narrate.h */
};

/*
 * Opens the object, tells it its settings, loads it and attaches it to the ingress of the hook's
 * device: direct-action to a clsact made for it, through a tcx link, or to its XDP hook; then its
 * companion. narrate: with its bpf_printk lines. What failed is noted in failure.h, and then
 * nothing stays behind; detach takes qdisc, programs and maps away.
 */
int technique_attach(struct attachment *attachment, const struct technique *technique,
		     struct topology *topology, bool narrate);
int technique_detach(struct attachment *attachment, struct topology *topology);
/* Puts both ends of a connection into the program's map of sockets, if it has one. */
int technique_show_sockets(const struct attachment *attachment, int client, int server);
/* Closes the technique's own tcx link; its companion stays. */
void technique_close_link(struct attachment *attachment);
/* Detaches and forgets the program, but leaves it at work in the kernel: not so one with a link. */
void technique_leave(struct attachment *attachment);
/* The same with links as well, which then have names under /sys/fs/bpf, until they are dropped. */
int technique_keep(struct attachment *attachment);
void technique_drop_kept(void);

/* How often the kernel ran the program of somebody else's object; NOT_TOLD before 5.8. */
int64_t technique_runs(const struct attachment *attachment);

/* What libbpf and the verifier said since the last attach, load or begin; "" for nothing. */
void technique_log_begin(void);
const char *technique_log(void);
/* So many of its last lines tell most of the time what it is about. */
#define LOG_LINES 20

#endif
