// with: init/explain.c init/checks.c init/path.c init/paths.c init/testimony.c

// with: init/text.c init/failure.c
// SPDX-License-Identifier: GPL-2.0
/* What a learner is told of each check: whole, of this width, and of what the table has. */
#include <errno.h>
#include <stdbool.h>

#include "checks.h"
#include "devices.h"
#include "explain.h"
#include "failure.h"
#include "tap.h"
#include "technique.h"

/* The table of techniques wants libbpf: here is one that is like its rows. */
static const struct technique one = { .name = "redirect-fib", .source = "redirect_fib" };

const struct technique *technique_find(const char *name)
{
	return strcmp(name, one.name) ? NULL : &one;
}

const char *technique_names(void)
{
	return one.name;
}

void technique_describe(const struct technique *technique, struct text *words)
{
	text_add(words, "It is the row of %s.", technique->name);
}

static char room[16384];

static const char *explained(const char *name)
{
	struct text text = text_in(room, sizeof(room));

	failure_clear();
	return explain(name, &text) ? "" : room;
}

/* No line is empty or too long, none ends in a blank, and the last is ended. */
static bool is_well_set(const char *text)
{
	bool good = *text;

	while (*text) {
		size_t length = strcspn(text, "\n");

		good &= length && length <= EXPLAIN_COLUMNS && text[length] == '\n' &&
			text[length - 1] != ' ' && length > strspn(text, " ");
		text += length + (text[length] == '\n');
	}
	return good;
}

static bool has(const char *text, const char *words)
{
	bool there = strstr(text, words);

	if (!there)
		printf("# without \"%s\":\n# %s\n", words, text);
	return there;
}

/* Wherever its lines end. */
static const char *unwrapped(const char *text)
{
	static char line[16384];
	size_t length = 0;

	for (; *text; text++)
		if (*text != '\n')
			line[length++] = *text;
		else
			for (line[length++] = ' '; text[1] == ' ';)
				text++;
	line[length] = '\0';
	return line;
}

static void each_check(void)
{
	bool set = true, whole = true;

	for (int i = 0; i < checks_count; i++) {
		const struct check *one = &checks[i];
		const char *text = explained(one->name);

		if (!is_well_set(text)) {
			printf("# %s:\n# %s\n", one->name, text);
			set = false;
		}
		text = unwrapped(text);
		whole &= has(text, one->about) && has(text, one->control);
		for (int step = 0; step < STEPS; step++)
			if (one->steps[step].outcome)
				whole &= has(text, one->steps[step].outcome->story);
		if (one->technique)
			whole &= has(text, one->technique);
		if (one->itinerary)
			whole &= has(text, one->itinerary->story) &&
				 has(text, one->itinerary->stops[0].function);
	}
	check(set, "every check is told in lines that fit");
	check(whole, "with what must be true, its stories, its technique, its way and its control");
}

static void each_outcome(void)
{
	bool set = true;

	for (int i = 0; i < outcomes_count; i++)
		set &= is_well_set(explained(outcomes[i]->name)) && has(room, outcomes[i]->name);
	check(set && is_well_set(explained("refused")), "so is every outcome");
}

static void names(void)
{
	check(has(explained("redirect"), "a check"), "a check by its name");
	check(!strstr(explained("fib"), "a technique"), "is no technique of another");
	check(has(unwrapped(explained("redirect-fib")), "bpf/redirect_fib.bpf.c. It is the row of"),
	      "a technique names its file");
	check(has(unwrapped(room), "Checks: fib,"), "and its checks");
	check_text(explained("redirec"), "", "a name that is none has no words");
	check(has(failure_text(),
		  "no check, technique or outcome redirec; the nearest is redirect,"),
	      "and is told what comes nearest");
	explained("redirect-fip");
	check(has(failure_text(), "the nearest is redirect-fib,"), "be it a technique");
	explained("mirorred");
	check(has(failure_text(), "the nearest is mirrored,"), "or an outcome");
}

static void witnesses(void)
{
	const char *text = unwrapped(explained("redirect"));

	check(has(text, "TTL 64,") && has(text, "program answer TC_ACT_REDIRECT,"),
	      "what each witness must say");
	check(!strstr(text, "InReceives"), "but not the many that must say nothing");
	check(has(unwrapped(explained("tcp")), "veth1@2 rx as many as veth1@1 tx,"),
	      "or as much as another");
}

static void stops(void)
{
	const char *text = unwrapped(explained("path-no-mac"));

	check(has(text, "ip_rcv on veth2@2") || has(text, "ip_rcv in netns_2"),
	      "a stop is told with its place");
	check(has(text, "It must never meet: ip_rcv in netns_1,"), "and so is what may not be met");
}

static void wrapping(void)
{
	char small[256];
	struct text text = text_in(small, sizeof(small));

	explain_wrap("one  two", 2, &text);
	check_text(small, "  one two\n", "blanks are one");
	text = text_in(small, sizeof(small));
	explain_wrap(
		"0123456789012345678901234567890123456789 01234567890123456789012345678901234567 x",
		0, &text);
	check_text(small,
		   "0123456789012345678901234567890123456789 "
		   "01234567890123456789012345678901234567\nx\n",
		   "a line may be full");
}

int main(void)
{
	each_check();
	each_outcome();
	names();
	witnesses();
	stops();
	wrapping();
	return tap_done();
}
