/* SPDX-License-Identifier: GPL-2.0 */
/* The table of checks: technique and condition, and what every witness must say then. */
#ifndef CHECKS_H
#define CHECKS_H

#include "paths.h"
#include "testimony.h"
#include "topology.h"

/* What not every kernel has; feature.c asks for it. */
enum feature {
	XDP_FEATURES, /* a device says which parts of XDP it knows (6.3) */
	PEER_COUNTED, /* what bpf_redirect_peer() hands over counts as received (6.7, 6.1.64) */
	FEATURES,
};

/* Which way the datagram went, and what each witness says of that way. */
struct outcome {
	const char *name; /* of those that somebody else's program may have */
	const char *story;
	/* The witness that speaks last: when it has, the datagram's fate is known. */
	enum witness_id settled_by;
	/* 0, nothing counted, for each witness that is not named. The program's are the check's. */
	int64_t expected[WITNESSES];
	/*
	 * netns_1 sent ICMP, of which the kernel keeps account: after six in a second it would be
	 * silent (inet_peer_xrlim_allow()), so that no other check gets this topology.
	 */
	bool spoils;
	/* How it comes out on a kernel that lacks the feature; NULL: the same on all. */
	const struct outcome *elder;
	enum feature since;
};

/* What the program must say of itself: 0, 0 and no answer when there was none, or it stood by. */
struct program_testimony {
	int ran, matched, answer, lookup, companion, super, companion_super;
};

enum action {
	NO_ACTION,
	REQUEST,     /* a datagram from the client to the server */
	REPLY,	     /* one from the server to where the request came from */
	STREAM,	     /* as many bytes over a TCP connection from the client to the server */
	ECHO,	     /* the same, but it must come to the client's own end */
	BURST,	     /* 32 datagrams from the client to the server in one send, UDP_SEGMENT */
	CONNECTION,  /* a TCP connection from SYN to RST, a MiB each way */
	MOVE_SERVER, /* veth2@2 gets another MAC, and netns_1 learns of it */
	DETACH,	     /* the program is detached; the topology stays */
	CLOSE_LINK,  /* the program's own tcx link is closed; a second program stays */
};

#define STEPS 4

/* One step of a probe; outcome and program are those of a datagram. */
struct step {
	enum action action;
	const struct outcome *outcome;
	struct program_testimony program;
};

enum check_kind {
	TOPOLOGY_READ_BACK, /* the topology as the kernel has it */
	PROBE,		    /* datagrams, step by step */
	PATH,		    /* the first of them, and which functions it met: trace.c */
	OTHER_TRAFFIC,	    /* frames that are not the article's datagram, traffic.c */
	OBJECT,		    /* a datagram, or a REPLY, and its way under somebody else's program */
	TEARDOWN,	    /* nothing is left */
};

struct check {
	const char *name;
	const char *about; /* what must be true */
	enum check_kind kind;
	const char *technique; /* NULL: no program */
	struct variant variant;
	struct step steps[STEPS];
	enum action before; /* of an OBJECT, once it is attached: MOVE_SERVER, or nothing */
	const struct itinerary *itinerary; /* of a PATH */
	/*
	 * The check in which the same probe, without the decisive step, comes out the other way. A
	 * check that is itself a control names what it controls.
	 */
	const char *control;
};

/* The outcomes of somebody else's program, of which its own words are not known. */
extern const struct outcome *const outcomes[];
extern const int outcomes_count;
const struct outcome *outcome_find(const char *name);
/* The one that all witnesses agree with; NULL when there is none. */
const struct outcome *outcome_of(const struct testimony *testimony);
/* What is expected of each witness then; anything of all of them without an outcome. */
void outcome_expectation(const struct outcome *outcome, int64_t expected[WITNESSES]);
/* Of a step, where its outcome is that one, or its elder. */
void step_expectation(const struct step *step, const struct outcome *outcome,
		      int64_t expected[WITNESSES]);
/* No datagram has it: there was no program to send it to. */
extern const struct outcome outcome_refused;

extern const struct check checks[];
extern const int checks_count;

/* NULL when there is none. */
const struct check *check_find(const char *name);
/* Whether it sends a datagram whose way can be shown. */
bool check_is_traceable(const struct check *check);
/* The one of that name, or the first with a technique of that name; NULL when there is none. */
const struct check *check_to_trace(const char *name);

#endif
