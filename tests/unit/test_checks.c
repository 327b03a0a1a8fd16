// with: init/checks.c init/testimony.c init/text.c
// SPDX-License-Identifier: GPL-2.0
/* What makes a table of checks worth its name: each can fail, and has a control that shows it. */
#include <ctype.h>
#include <linux/pkt_cls.h>
#include <stdbool.h>

#include "checks.h"
#include "parameters.h"
#include "tap.h"

/* Two checks come out differently if any witness of the request, or of the reply, differs. */
static bool differ(const struct check *a, const struct check *b)
{
	if (a->kind != PROBE || b->kind != PROBE)
		return a->kind != b->kind;
	return a->request != b->request || a->reply != b->reply;
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

static void every_witness_counts(void)
{
	bool named = true, noticed = true;

	for (int i = 0; i < checks_count; i++) {
		struct testimony testimony = {};

		if (checks[i].kind != PROBE)
			continue;
		for (int id = 0; id < WITNESSES; id++)
			testimony.said[id] = checks[i].request->expected[id];
		named &= !testimony_disagreements(checks[i].request->expected, &testimony);
		for (int id = 0; id < WITNESSES; id++) {
			testimony.said[id]++;
			noticed &= testimony_disagreements(checks[i].request->expected,
							   &testimony) == 1;
			testimony.said[id]--;
		}
	}
	check(named, "a check passes when every witness says what is expected");
	check(noticed, "and any single one of them can fail it");
	for (int id = 0; id < WITNESSES; id++)
		if (!witness_name(id))
			check(false, "a witness has no name");
}

/* A wait for a witness of whom nothing is expected would end at the deadline each time. */
static void waits_end(void)
{
	bool settles = true;

	for (int i = 0; i < checks_count; i++)
		if (checks[i].kind == PROBE)
			settles &= checks[i].request->expected[checks[i].request->settled_by] > 0 &&
				   (!checks[i].reply ||
				    checks[i].reply->expected[checks[i].reply->settled_by] > 0);
	check(settles, "the witness that settles a probe is one that will speak");
}

static void words(void)
{
	struct testimony routed = { .said = { [DELIVERED] = 1,
					      [TTL] = 63,
					      [NEIGHBOUR] = NEIGHBOUR_RESOLVED,
					      [IN_RECEIVES] = 1,
					      [FORW_DATAGRAMS] = 1 } };
	struct testimony lost = { .said = { [NEIGHBOUR] = NEIGHBOUR_RESOLVED,
					    [PROGRAM_MATCHED] = 1,
					    [PROGRAM_ANSWER] = TC_ACT_REDIRECT,
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
	text = text_in(room, 20);
	testimony_gist(&lost, &text);
	check(strlen(room) == 19, "what does not fit is cut off, and terminated");
	check_text(witness_value(PROGRAM_ANSWER, NO_ANSWER, buffer), "none", "no answer");
	check_text(witness_value(PROGRAM_ANSWER, 99, buffer), "99", "an answer without a name");
	check_text(witness_value(PROGRAM_ANSWER, -5, buffer), "-5", "a negative one");
	check_text(witness_value(NEIGHBOUR, NEIGHBOUR_FAILED, buffer), "failed", "a fate");
	check_text(witness_value(NEIGHBOUR, 9, buffer), "9", "a fate that is none");
	check_text(witness_value(TTL, NOT_TOLD, buffer), "not told", "a witness that cannot speak");
	check(witness_agrees(1, NOT_TOLD), "is held to nothing");
}

int main(void)
{
	each_has_a_control();
	names_are_names();
	every_witness_counts();
	waits_end();
	words();
	return tap_done();
}
