/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of the workshop's exercises: what is tried with a participant's program, what must
 * come of it, and what to say when it does not. Their pages are in rootfs/workshop/.
 */
#ifndef EXERCISES_H
#define EXERCISES_H

#include "checks.h"

#define TRIALS 6

enum trial_kind {
	PROGRAM,    /* a datagram under the participant's program */
	FRAMES,	    /* every kind of frame under it (traffic.h) */
	ANSWER,	    /* what answer.txt says */
	PREDICTION, /* a line of answer.txt, against a witness in one of the lab's checks */
	SETTINGS,   /* one of the lab's checks, once the settings of answer.txt are made */
	ORDER,	    /* the lines of answer.txt, against the way of a datagram in such a check */
};

/* Which of the topology's numbers are others, each time (topology_draw()). */
enum drawn { NONE_DRAWN, DEVICES_DRAWN, ALL_DRAWN }; /* DEVICES: all but the addresses */

struct trial {
	enum trial_kind kind;
	int points;
	const char *missing, *hint;
	struct variant variant; /* of a program, or of SETTINGS */
	/* Of a program. */
	enum drawn drawn;
	const char *outcome;		   /* its name (checks.h); NULL: it must load and run; of
						SETTINGS: they need only be ones */
	const char *like;		   /* in place of the exercise's */
	enum action before;		   /* MOVE_SERVER, once the program is attached */
	const struct itinerary *itinerary; /* the way that leads there; NULL: any */
	/* Of answer.txt. */
	const char *form;	   /* what belongs there */
	const char *answer;	   /* of an ANSWER: all of it, word by word */
	const char *check;	   /* which one is run */
	const char *asked;	   /* of a PREDICTION: the word before what is predicted, */
	enum witness_id witness;   /* and who says it; NEIGHBOUR: whose MAC the client was told */
	const char *const *pieces; /* of an ORDER: the lines, with a NULL behind the last */
};

struct exercise {
	int number;
	const char *name; /* its directory's, under that of all exercises */
	/* The technique as which it is attached; NULL: to veth1@2 through clsact. */
	const char *like;
	enum action action; /* REPLY: what is sent is a reply; else a request */
	struct trial trials[TRIALS];
};

extern const struct exercise exercises[];
extern const int exercises_count;

#endif
