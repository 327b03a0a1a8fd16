// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "check.h"
#include "draw.h"
#include "failure.h"
#include "run.h"

/* Which checks, in the order of the table whatever the order of the names. */
struct selection {
	const struct check *checks[CHECK_NAMES_MAX];
	int count;
};

static bool select_checks(struct selection *selection, const char *names, struct report *report)
{
	bool wanted[CHECK_NAMES_MAX] = {};
	char name[64], complaint[128];

	for (const char *at = names; *at;) {
		int length = strcspn(at, ",");
		const struct check *check;

		snprintf(name, sizeof(name), "%.*s", length, at);
		check = check_find(name);
		if (!check) {
			snprintf(complaint, sizeof(complaint), "there is no check named %s", name);
			report_note(report, complaint);
			return false;
		}
		wanted[check - checks] = true;
		at += length + (at[length] == ',');
	}
	selection->count = 0;
	for (int i = 0; i < checks_count; i++)
		if (!*names || wanted[i])
			selection->checks[selection->count++] = &checks[i];
	return true;
}

/* A later round must find what the first found; its price may differ, for caches are warm. */
static void compare_rounds(const struct result *first, struct result *result)
{
	if (result->status == FAILED || !strcmp(first->line, result->line))
		return;
	result->status = FAILED;
	snprintf(result->detail, sizeof(result->detail), "round 1 found: %s\n", first->line);
}

static void run_all(const struct selection *selection, const struct parameters *parameters,
		    struct stage *stage, struct report *report, struct result *results)
{
	static char notes_room[32768];

	report_plan(report, selection->count * parameters->repeat);
	for (unsigned int i = 0; i < selection->count * parameters->repeat; i++) {
		struct text notes = text_in(notes_room, sizeof(notes_room));
		int place = i % selection->count;

		check_run(selection->checks[place], stage, &results[i], &notes);
		results[i].round = 1 + i / selection->count;
		compare_rounds(&results[place], &results[i]);
		report_result(report, &results[i]);
		report_note(report, notes.start);
	}
	report_summary(report);
}

static enum verdict conclude(struct report *report, const struct result *results, int count)
{
	char why[320];

	if (report->count[FAILED])
		return VERDICT_FAIL;
	if (report->count[PASSED])
		return VERDICT_PASS;
	snprintf(why, sizeof(why), "nothing could be checked: %s",
		 count ? results[0].line : "no check was asked for");
	report_note(report, why);
	return VERDICT_REFUSED;
}

static void write_files(const struct run_outputs *outputs, const struct parameters *parameters,
			const struct result *results, int count)
{
	struct run_facts facts = {
		.seed = parameters->seed,
		.priced = parameters->price,
		.phases = outputs->phases,
		.phases_count = outputs->phases_count,
	};
	struct utsname names;

	uname(&names);
	snprintf(facts.kernel, sizeof(facts.kernel), "%s", names.release);
	snprintf(facts.machine, sizeof(facts.machine), "%s", names.machine);
	if (outputs->junit) {
		junit_write(outputs->junit, results, count);
		fflush(outputs->junit);
	}
	if (outputs->json) {
		json_write(outputs->json, &facts, results, count);
		fflush(outputs->json);
	}
}

static struct report report_to(const struct parameters *parameters,
			       const struct run_outputs *outputs)
{
	return (struct report){
		.sinks = { outputs->console, outputs->tap },
		/* What a program prints costs more than what it does. */
		.priced = parameters->price && !parameters->printk,
		.verbose = parameters->verbose,
	};
}

static struct stage stage_for(const struct parameters *parameters)
{
	return (struct stage){ .narrate = parameters->printk, .backend = parameters->tracer };
}

enum verdict run_checks(const struct parameters *parameters, const struct run_outputs *outputs)
{
	struct report report = report_to(parameters, outputs);
	struct stage stage = stage_for(parameters);
	struct selection selection;
	struct result *results;
	enum verdict verdict;
	int count;

	if (!select_checks(&selection, parameters->checks, &report))
		return VERDICT_USAGE;
	count = selection.count * parameters->repeat;
	results = calloc(count ? count : 1, sizeof(*results));
	if (!results || inventory_take(&stage.before)) {
		report_note(&report, results ? failure_text() : "no memory for the results");
		free(results);
		return VERDICT_FAIL;
	}
	draw_seed(parameters->seed);
	run_all(&selection, parameters, &stage, &report, results);
	if (stage_clear(&stage)) {
		report_note(&report, failure_text());
		report.count[FAILED]++;
	}
	verdict = conclude(&report, results, count);
	write_files(outputs, parameters, results, count);
	free(results);
	return verdict;
}

#define WAYS 2 /* that can be shown beside each other */

static int find_traces(const char *names, struct check found[WAYS], char *complaint, size_t size)
{
	int count = 0;

	for (const char *at = names; *at && count < WAYS;) {
		int length = strcspn(at, ",");
		const struct check *check;

		snprintf(complaint, size, "%.*s", length, at);
		check = check_to_trace(complaint);
		if (!check) {
			snprintf(complaint, size,
				 "no check or technique named %.*s sends a datagram", length, at);
			return -1;
		}
		found[count] = *check;
		found[count++].kind = PATH;
		at += length + (at[length] == ',');
	}
	return count;
}

static void show_ways(const struct check *found, const struct path *paths, int count, FILE *console)
{
	static char room[FOOTSTEPS_MAX * 256];
	struct text text = text_in(room, sizeof(room));

	if (count == 1) {
		path_show(&paths[0], &text);
	} else {
		text_add(&text, "%-46s | %s\n", found[0].name, found[1].name);
		path_show_both(&paths[0], &paths[1], &text);
	}
	fputs(room, console);
}

enum verdict run_trace(const struct parameters *parameters, const struct run_outputs *outputs)
{
	static char notes_room[WAYS][16384];
	static struct path paths[WAYS];
	static struct result results[WAYS];
	static struct check found[WAYS];
	struct report report = report_to(parameters, outputs);
	struct stage stage = stage_for(parameters);
	int count = find_traces(parameters->trace, found, notes_room[0], sizeof(notes_room[0]));

	if (count < 0) {
		report_note(&report, notes_room[0]);
		return VERDICT_USAGE;
	}
	draw_seed(parameters->seed);
	for (int i = 0; i < count; i++) {
		struct text notes = text_in(notes_room[i], sizeof(notes_room[i]));

		stage.path = &paths[i];
		check_run(&found[i], &stage, &results[i], &notes);
	}
	show_ways(found, paths, count, outputs->console);
	report_plan(&report, count);
	for (int i = 0; i < count; i++) {
		report_result(&report, &results[i]);
		report_note(&report, notes_room[i]);
	}
	if (stage_clear(&stage)) {
		report_note(&report, failure_text());
		report.count[FAILED]++;
	}
	write_files(outputs, parameters, results, count);
	return conclude(&report, results, count);
}
