/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The table of the workshop's exercises: what is tried with a participant's program, what must
 * come of it, and what to say when it does not. Their pages are in rootfs/workshop/.
 */
#ifndef EXERCISES_H
#define EXERCISES_H

#include "checks.h"

#define TRIALS 3

struct trial {
	struct variant variant;
	bool drawn;			   /* its numbers are, each time */
	const char *outcome;		   /* its name (checks.h); NULL: it must load and run */
	bool frames;			   /* instead: every kind of frame (traffic.h) */
	const char *like;		   /* in place of the exercise's */
	enum action before;		   /* MOVE_SERVER, once the program is attached */
	const struct itinerary *itinerary; /* the way that leads there; NULL: any */
	int points;
	const char *missing, *hint;
};

struct exercise {
	int number;
	const char *name; /* its directory's, under that of all exercises */
	/* The technique as which it is attached; NULL: to veth1@2 through clsact. */
	const char *like;
	enum action action; /* REPLY: what is sent is a reply; else a request */
	struct trial trials[TRIALS];
	/* What answer.txt must say, word by word; NULL: there is nothing to answer. */
	const char *answer;
	const char *form;      /* what those words are */
	struct trial answered; /* points, missing and hint of the answer */
};

extern const struct exercise exercises[];
extern const int exercises_count;

#endif
