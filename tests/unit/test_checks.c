// with: init/checks.c init/paths.c init/testimony.c init/text.c
// SPDX-License-Identifier: GPL-2.0
/* What makes a table of checks worth its name: each can fail, and has a control that shows it. */
#include <ctype.h>
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>

#include "checks.h"
#include "parameters.h"
#include "tap.h"

/* Two checks come out differently if any datagram of theirs does. */
static bool differ(const struct check *a, const struct check *b)
{
	if (a->kind != b->kind || (a->kind != PROBE && a->kind != PATH))
		return a->kind != b->kind;
	if (a->itinerary != b->itinerary)
		return true;
	for (int i = 0; i < STEPS; i++)
		if (a->steps[i].outcome != b->steps[i].outcome ||
		    memcmp(&a->steps[i].program, &b->steps[i].program, sizeof(a->steps[i].program)))
			return true;
	return false;
}

static void each_has_a_control(void)
{
	char name[128];

	for (int i = 0; i < checks_count; i++) {
		const struct check *control = check_find(checks[i].control);

		snprintf(name, sizeof(name), "%s has a control with another outcome",
			 checks[i].name);
		check(control && differ(&checks[i], control), name);
	}
}

static void names_are_names(void)
{
	bool distinct = true, plain = true;

	for (int i = 0; i < checks_count; i++) {
		distinct &= check_find(checks[i].name) == &checks[i];
		for (const char *c = checks[i].name; *c; c++)
			plain &= islower(*c) || isdigit(*c) || *c == '-';
	}
	check(distinct, "no name twice");
	check(plain, "names are made of a-z, 0-9 and -, so that a command line can carry them");
	check(checks_count <= CHECK_NAMES_MAX, "there is room for all of them");
	check(!check_find("redirec"), "a prefix finds nothing");
}

/*
 * Calls judge for the outcome of every datagram of every check, on a new kernel and on an old one;
 * whether all were good.
 */
static bool all_outcomes(bool (*judge)(const struct outcome *outcome))
{
	bool good = true;

	for (int i = 0; i < checks_count; i++)
		for (int step = 0; step < STEPS; step++) {
			const struct outcome *outcome = checks[i].steps[step].outcome;

			for (; outcome; outcome = outcome->elder)
				good &= judge(outcome);
		}
	return good;
}

static struct testimony as_expected(const struct outcome *outcome)
{
	struct testimony testimony = {};

	memcpy(testimony.said, outcome->expected, sizeof(testimony.said));
	for (int id = 0; id < WITNESSES; id++)
		if (testimony.said[id] == SOME)
			testimony.said[id] = 7;
	testimony_resolve(testimony.said, &testimony);
	return testimony;
}

static int disagreements(const struct outcome *outcome, const struct testimony *testimony)
{
	int64_t expected[WITNESSES];

	memcpy(expected, outcome->expected, sizeof(expected));
	testimony_resolve(expected, testimony);
	return testimony_disagreements(expected, testimony);
}

static bool passes(const struct outcome *outcome)
{
	struct testimony testimony = as_expected(outcome);

	return !disagreements(outcome, &testimony);
}

/* More than one disagrees where others are held against the one that changed. */
static bool each_can_fail_it(const struct outcome *outcome)
{
	bool noticed = true;

	for (int id = 0; id < WITNESSES; id++) {
		struct testimony testimony = as_expected(outcome);

		if (outcome->expected[id] == SOME)
			testimony.said[id] = 0;
		else
			testimony.said[id]++;
		noticed &= disagreements(outcome, &testimony) > 0;
	}
	return noticed;
}

static bool settles(const struct outcome *outcome)
{
	return outcome->expected[outcome->settled_by] > 0;
}

/* Else it would be no matter which of the two is expected. */
static bool differs_from_its_elder(const struct outcome *outcome)
{
	struct testimony testimony = as_expected(outcome);

	return !outcome->elder || disagreements(outcome->elder, &testimony);
}

static void every_witness_counts(void)
{
	check(all_outcomes(passes), "a check passes when every witness says what is expected");
	check(all_outcomes(each_can_fail_it), "and any single one of them can fail it");
	/* A wait for a witness of whom nothing is expected would end at the deadline each time. */
	check(all_outcomes(settles), "the witness that settles a probe is one that will speak");
	check(all_outcomes(differs_from_its_elder),
	      "what is expected of an old kernel is another thing");
	for (int id = 0; id < WITNESSES; id++)
		if (!witness_name(id))
			check(false, "a witness has no name");
}

/* Of the witnesses that somebody else's program leaves. */
static void outcomes_are_told_apart(void)
{
	static const char *const names[] = { "redirected",	  "handed-over",
					     "mirrored",	  "routed",
					     "dropped",		  "unresolved",
					     "refused-by-veth2@2" };
	bool found = true;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		const struct outcome *outcome = outcome_find(names[i]);
		struct testimony testimony = as_expected(outcome);

		testimony.said[PROGRAM_RAN] = outcome->expected[VETH1_2_RX];
		testimony.said[PROGRAM_MATCHED] = NOT_TOLD;
		found &= outcome_of(&testimony) == outcome;
		testimony.said[PROGRAM_RAN] = 0;
		found &= !outcome_of(&testimony);
	}
	check(found, "an outcome is known by its witnesses, and not when the program never ran");
	check(outcome_find("refused") == &outcome_refused, "to be refused is one of them");
	check(!outcome_find("redirect"), "a prefix finds none");
}

static void probes_send_something(void)
{
	for (int i = 0; i < checks_count; i++)
		if (checks[i].kind == PROBE && !checks[i].steps[0].outcome)
			check(false, checks[i].name);
}

static void names_to_trace(void)
{
	const struct check *control = check_find("control-routed");

	check(check_to_trace("control-routed") == control, "a check is traced by its name");
	check(check_to_trace("redirect-fib") == check_find("fib"), "and by its technique's");
	check(check_to_trace("path-peer") == check_find("path-peer"), "so is one of a path");
	check(!check_to_trace("topology") && !check_to_trace("teardown"),
	      "one that sends nothing has no way");
	check(!check_to_trace("redirec") && !check_to_trace(""), "an unknown name neither");
}

/* A PATH without an itinerary would pass wherever the datagram went. */
static void paths_expect_something(void)
{
	for (int i = 0; i < checks_count; i++)
		if (checks[i].kind == PATH &&
		    (!checks[i].itinerary || !checks[i].itinerary->stops[4].function ||
		     !checks[i].itinerary->never[0].function || !check_is_traceable(&checks[i])))
			check(false, checks[i].name);
}

static void words(void)
{
	struct testimony routed = { .said = { [DELIVERED] = 1,
					      [TTL] = 63,
					      [NEIGHBOUR] = NEIGHBOUR_RESOLVED,
					      [IN_RECEIVES] = 1,
					      [FORW_DATAGRAMS] = 1,
					      [PROGRAM_LOOKUP] = NO_ANSWER } };
	struct testimony lost = { .said = { [NEIGHBOUR] = NEIGHBOUR_RESOLVED,
					    [PROGRAM_MATCHED] = 1,
					    [PROGRAM_ANSWER] = TC_ACT_REDIRECT,
					    [PROGRAM_LOOKUP] = NO_ANSWER,
					    [VETH2_2_OTHERHOST] = 1,
					    [VETH1_1_OTHERHOST] = NOT_TOLD } };
	char room[256], buffer[32];
	struct text text = text_in(room, sizeof(room));

	testimony_gist(&routed, &text);
	check_text(room, "delivered, TTL 63, netns_1 IP 1/1", "the gist of a routed datagram");
	text = text_in(room, sizeof(room));
	testimony_gist(&lost, &text);
	check_text(room,
		   "not delivered, netns_1 IP 0/0, program 1x TC_ACT_REDIRECT, veth2@2 otherhost 1",
		   "the gist of a lost one names where");
	lost.said[DELIVERED] = 2;
	lost.said[TTL] = 64;
	lost.said[SECOND_TTL] = 63;
	lost.said[PROGRAM_LOOKUP] = BPF_FIB_LKUP_RET_FWD_DISABLED;
	text = text_in(room, sizeof(room));
	testimony_gist(&lost, &text);
	check_text(room,
		   "delivered 2 times, TTL 64 and 63, netns_1 IP 0/0, program 1x TC_ACT_REDIRECT, "
		   "FIB lookup FWD_DISABLED, veth2@2 otherhost 1",
		   "the gist of one that came twice, and of a lookup");
	text = text_in(room, 20);
	testimony_gist(&lost, &text);
	check(strlen(room) == 19, "what does not fit is cut off, and terminated");
	check_text(witness_value(PROGRAM_ANSWER, NO_ANSWER, buffer), "none", "no answer");
	check_text(witness_value(PROGRAM_ANSWER, 99, buffer), "99", "an answer without a name");
	check_text(witness_value(PROGRAM_ANSWER, -5, buffer), "-5", "a negative one");
	check_text(witness_value(PROGRAM_LOOKUP, 99, buffer), "99", "a lookup without a name");
	check_text(witness_value(NEIGHBOUR, NEIGHBOUR_FAILED, buffer), "failed", "a fate");
	check_text(witness_value(NEIGHBOUR, 9, buffer), "9", "a fate that is none");
	check_text(witness_value(TTL, NOT_TOLD, buffer), "not told", "a witness that cannot speak");
	check(witness_agrees(1, NOT_TOLD), "is held to nothing");
	check_text(witness_value(TTL, SOME, buffer), "some", "any number but none");
	check(witness_agrees(SOME, 3) && !witness_agrees(SOME, 0), "is not none");
}

static void gist_of_a_connection(void)
{
	struct testimony whole = { .said = { [BYTES] = 2 << 20,
					     [DELIVERED] = 2,
					     [PAYLOAD] = 2,
					     [PROGRAM_MATCHED] = 51,
					     [PROGRAM_ANSWER] = TC_ACT_REDIRECT,
					     [PROGRAM_LOOKUP] = NO_ANSWER,
					     [COMPANION_MATCHED] = 47,
					     [PROGRAM_SUPER] = 40,
					     [VETH1_1_TX] = 51 } };
	char room[256];
	struct text text = text_in(room, sizeof(room));

	testimony_gist(&whole, &text);
	check_text(room,
		   "2097152 bytes, 2 of 2 ways intact, netns_1 IP 0/0, program TC_ACT_REDIRECT, "
		   "and the second on the way back, super-packets",
		   "the gist of a connection has no number that another run may not have");
	whole.said[IN_RECEIVES] = 47;
	text = text_in(room, sizeof(room));
	testimony_gist(&whole, &text);
	check(strstr(room, "netns_1 IP entered"), "and tells when netns_1's IP layer took part");
}

int main(void)
{
	each_has_a_control();
	names_are_names();
	every_witness_counts();
	outcomes_are_told_apart();
	probes_send_something();
	names_to_trace();
	paths_expect_something();
	words();
	gist_of_a_connection();
	return tap_done();
}
