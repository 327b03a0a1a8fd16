// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "checks.h"
#include "explain.h"
#include "failure.h"
#include "technique.h"

void explain_wrap(const char *words, int indent, struct text *text)
{
	int column = 0;

	while (*(words += strspn(words, " "))) {
		int length = strcspn(words, " ");
		bool fits = column && column + 1 + length <= EXPLAIN_COLUMNS;

		if (column && !fits)
			text_add(text, "\n");
		text_add(text, "%*s%.*s", fits ? 1 : indent, "", length, words);
		column = (fits ? column + 1 : indent) + length;
		words += length;
	}
	text_add(text, "\n");
}

/* A paragraph is written whole and then wrapped. */
static char room[4096];

static struct text paragraph(void)
{
	return text_in(room, sizeof(room));
}

/* In which the topology is not the article's. */
static void tell_variant(const struct variant *variant, struct text *words)
{
	const struct {
		bool differs;
		const char *words;
	} rows[] = {
		{ variant->ipv6, "IPv6 in place of IPv4" },
		{ variant->forwarding_off, "forwarding off" },
		{ variant->second_pair_first, "veth2 made before veth1" },
		{ variant->reply_proxy_arp, "veth2@1 answers for the host as well" },
		{ variant->static_neighbour, "the host knows the server's MAC, and asks nobody" },
		{ variant->whole_checksums, "the host finishes its checksums" },
		{ variant->local_route, "netns_1 takes what is for the server as its own" },
		{ variant->cut_segments, "the senders cut their super-packets" },
		{ variant->netkit, "a netkit pair in place of veth2@1 and veth2@2" },
	};
	const char *before = "The topology is the article's, but: ";

	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (rows[i].differs) {
			text_add(words, "%s%s", before, rows[i].words);
			before = ", ";
		}
	if (words->length)
		text_add(words, ".");
}

static void show_variant(const struct variant *variant, struct text *text)
{
	struct text words = paragraph();

	tell_variant(variant, &words);
	if (words.length)
		explain_wrap(room, 2, text);
}

/* Those of whom something is expected; that the others must say 0 is said once. */
static void show_witnesses(const int64_t expected[WITNESSES], struct text *text)
{
	struct text words = paragraph();
	char value[32];

	for (int id = 0; id < WITNESSES; id++) {
		bool answers = id == PROGRAM_ANSWER || id == PROGRAM_LOOKUP;

		if (expected[id] == (answers ? NO_ANSWER : 0))
			continue;
		if (expected[id] <= AS_MANY_AS(0))
			text_add(&words, "%s as many as %s, ", witness_name(id),
				 witness_name(AS_MANY_AS(expected[id])));
		else
			text_add(&words, "%s %s, ", witness_name(id),
				 witness_value(id, expected[id], value));
	}
	text_add(&words, "and nothing of every other witness.");
	explain_wrap(room, 4, text);
}

static void show_step(const struct step *step, struct text *text)
{
	static const char *const actions[] = {
		[REQUEST] = "A datagram from the client to the server",
		[REPLY] = "A datagram from the server back to the client",
		[STREAM] = "Bytes through a TCP connection from the client to the server",
		[ECHO] = "Bytes that the client sends into a TCP connection and must get back",
		[BURST] = "32 datagrams from the client to the server, in one send",
		[CONNECTION] = "A TCP connection from SYN to RST, a MiB each way",
		[MOVE_SERVER] = "Then the server's MAC changes",
		[DETACH] = "Then the program is detached",
		[CLOSE_LINK] = "Then the program's own link is closed",
	};
	const struct outcome *outcome = step->outcome;
	struct text words = paragraph();
	int64_t expected[WITNESSES];

	text_add(&words, "%s%s%s.", actions[step->action], outcome ? ": " : "",
		 outcome ? outcome->story : "");
	if (outcome && outcome->elder)
		text_add(&words, " On an older kernel: %s.", outcome->elder->story);
	explain_wrap(room, 2, text);
	if (!outcome)
		return;
	step_expectation(step, outcome, expected);
	show_witnesses(expected, text);
}

static void show_stops(const char *intro, const struct stop *stops, struct text *text)
{
	struct text words = paragraph();

	text_add(&words, "%s ", intro);
	path_tell_stops(stops, &words);
	text_add(&words, ".");
	explain_wrap(room, 2, text);
}

static void show_way(const struct itinerary *way, struct text *text)
{
	struct text words = paragraph();

	text_add(&words, "Its way: %s.", way->story);
	explain_wrap(room, 2, text);
	show_stops("It must meet, in this order:", way->stops, text);
	show_stops("It must never meet:", way->never, text);
}

static void show_control(const struct check *check, struct text *text)
{
	const struct check *control = check_find(check->control);
	struct text words = paragraph();

	text_add(&words, "Its control comes out the other way: %s (%s).", control->name,
		 control->about);
	explain_wrap(room, 2, text);
	text_add(text, "  Next: lab check %s %s\n", check->name, control->name);
	if (check_is_traceable(check) && check_is_traceable(control))
		text_add(text, "        lab trace %s %s\n", check->name, control->name);
	text_add(text, "        lab explain %s\n", control->name);
}

static void explain_check(const struct check *check, struct text *text)
{
	struct text words = paragraph();

	text_add(&words, "%s, a check: %s.", check->name, check->about);
	explain_wrap(room, 0, text);
	if (check->technique) {
		words = paragraph();
		text_add(&words, "The technique %s is at work.", check->technique);
		explain_wrap(room, 2, text);
	}
	show_variant(&check->variant, text);
	for (int i = 0; i < STEPS && check->steps[i].action; i++)
		show_step(&check->steps[i], text);
	if (check->itinerary)
		show_way(check->itinerary, text);
	show_control(check, text);
}

/* The names of the checks of which it is true. */
static void show_checks(const char *intro, bool (*is_one)(const struct check *, const void *),
			const void *of, struct text *text)
{
	struct text words = paragraph();
	int count = 0;

	for (int i = 0; i < checks_count; i++)
		if (is_one(&checks[i], of))
			text_add(&words, "%s%s", count++ ? ", " : intro, checks[i].name);
	text_add(&words, ".");
	if (count)
		explain_wrap(room, 2, text);
}

static bool has_technique(const struct check *check, const void *technique)
{
	return check->technique && !strcmp(check->technique, technique);
}

static bool has_outcome(const struct check *check, const void *outcome)
{
	bool has = false;

	for (int i = 0; i < STEPS; i++)
		has |= check->steps[i].outcome == outcome;
	return has;
}

static void explain_technique(const struct technique *technique, struct text *text)
{
	const struct check *check = check_to_trace(technique->name);
	bool at_sockets = technique->kind >= SOCKET_SENDS;
	struct text words = paragraph();

	text_add(&words, "%s, a technique: bpf/%s.bpf.c. ", technique->name, technique->source);
	technique_describe(technique, &words);
	explain_wrap(room, 0, text);
	show_variant(&technique->variant, text);
	show_checks("Checks: ", has_technique, technique->name, text);
	if (!at_sockets)
		text_add(text, "  Next: lab up %s\n", technique->name);
	if (check)
		text_add(text, "%s lab trace %s\n", at_sockets ? "  Next:" : "       ",
			 check->name);
}

static void explain_outcome(const struct outcome *outcome, struct text *text)
{
	struct text words = paragraph();
	int64_t expected[WITNESSES];

	text_add(&words, "%s, an outcome: %s.", outcome->name, outcome->story);
	explain_wrap(room, 0, text);
	outcome_expectation(outcome, expected);
	for (int id = PROGRAM_MATCHED; id <= COMPANION_SUPER; id++)
		expected[id] = id == PROGRAM_ANSWER || id == PROGRAM_LOOKUP ? NO_ANSWER : 0;
	if (outcome != &outcome_refused)
		show_witnesses(expected, text);
	show_checks("Checks that expect it: ", has_outcome, outcome, text);
	text_add(text, "  Next: lab object FILE tc %s\n", outcome->name);
}

/* Levenshtein's. */
static int distance(const char *a, const char *b)
{
	int row[64], length = strlen(b);

	if (length >= 64)
		return length;
	for (int j = 0; j <= length; j++)
		row[j] = j;
	for (int i = 1; a[i - 1]; i++) {
		int diagonal = row[0];

		row[0] = i;
		for (int j = 1; j <= length; j++) {
			int best = diagonal + (a[i - 1] != b[j - 1]);

			best = row[j] + 1 < best ? row[j] + 1 : best;
			best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
			diagonal = row[j];
			row[j] = best;
		}
	}
	return row[length];
}

struct nearest {
	const char *asked;
	char name[64];
	int distance;
};

static void consider(struct nearest *nearest, const char *name)
{
	int away = distance(nearest->asked, name);

	if (nearest->name[0] && away >= nearest->distance)
		return;
	snprintf(nearest->name, sizeof(nearest->name), "%s", name);
	nearest->distance = away;
}

static int refuse(const char *name)
{
	struct nearest nearest = { .asked = name };
	char techniques[2048];

	snprintf(techniques, sizeof(techniques), "%s", technique_names());
	for (int i = 0; i < checks_count; i++)
		consider(&nearest, checks[i].name);
	for (char *one = strtok(techniques, " "); one; one = strtok(NULL, " "))
		consider(&nearest, one);
	for (int i = 0; i < outcomes_count; i++)
		consider(&nearest, outcomes[i]->name);
	return refused("there is no check, technique or outcome %s; the nearest is %s, and "
		       "`lab list` names the checks",
		       name, nearest.name);
}

int explain(const char *name, struct text *text)
{
	const struct technique *technique = technique_find(name);
	const struct outcome *outcome = outcome_find(name);
	const struct check *check = check_find(name);

	if (technique)
		explain_technique(technique, text);
	if (check)
		explain_check(check, text);
	if (outcome)
		explain_outcome(outcome, text);
	return technique || check || outcome ? 0 : refuse(name);
}
