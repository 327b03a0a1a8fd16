/* SPDX-License-Identifier: GPL-2.0 */
/*
 * lab.break=NAME: the lab broken on purpose, for the tests of what watches over it. A row says
 * what is different; the first row, "", is the lab as it is.
 */
#ifndef SABOTAGE_H
#define SABOTAGE_H

#include <stdbool.h>

struct sabotage {
	const char *name;
	/* Asking for a kind that no kernel has gets the answer of a kernel without the real one. */
	const char *veth_kind, *netkit_kind, *clsact_kind;
	unsigned int target_ifindex; /* in place of the one looked up; 0: none */
	const char
		*instead;  /* "A=B,C=D": B is at work where technique A is asked for; NULL: none */
	bool small_ring;   /* the tracer's, too small for two datagrams */
	bool no_features;  /* those of feature.h seem to be lacking, every one */
	const char *crash; /* what LKDTM is asked for */
	bool die, hang;	   /* PID 1 ends by a signal; says nothing more */
	/* The verdict. */
	bool unsaid, said_twice, other_nonce, other_answer;
};

/* What has a = in it is a row of its own, its instead. NULL when there is no such row. */
const struct sabotage *sabotage_find(const char *name);
/* The row in force. */
extern const struct sabotage *sabotage;

/* Crashes, dies or hangs where the row says so; else returns. */
void sabotage_act(void);

#endif
