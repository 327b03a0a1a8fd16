// SPDX-License-Identifier: GPL-2.0
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "check.h"
#include "draw.h"
#include "failure.h"
#include "picture.h"
#include "run.h"
#include "technique.h"
#include "ways.h"

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

/* paths has one for each check of the selection, or is NULL. */
static void run_all(const struct selection *selection, const struct parameters *parameters,
		    struct stage *stage, struct report *report, struct result *results,
		    struct path *paths)
{
	static char notes_room[32768];

	report_plan(report, selection->count * parameters->repeat);
	for (unsigned int i = 0; i < selection->count * parameters->repeat; i++) {
		struct text notes = text_in(notes_room, sizeof(notes_room));
		int place = i % selection->count;

		stage->path = paths && (int)i < selection->count ? &paths[place] : NULL;
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

static struct run_facts facts_of(const struct parameters *parameters,
				 const struct run_outputs *outputs)
{
	struct run_facts facts = {
		.seed = parameters->seed,
		.priced = parameters->price && !outputs->capture,
		.phases = outputs->phases,
		.phases_count = outputs->phases_count,
	};
	struct utsname names;

	uname(&names);
	snprintf(facts.kernel, sizeof(facts.kernel), "%s", names.release);
	snprintf(facts.machine, sizeof(facts.machine), "%s", names.machine);
	return facts;
}

static void write_results(const struct run_outputs *outputs, const struct run_facts *facts,
			  const struct result *results, int count)
{
	if (outputs->junit) {
		junit_write(outputs->junit, results, count);
		fflush(outputs->junit);
	}
	if (outputs->json) {
		json_write(outputs->json, facts, results, count);
		fflush(outputs->json);
	}
}

/* Of those that were traced; one that was skipped has left no way. */
static void write_ways(const struct run_outputs *outputs, const struct run_facts *facts,
		       const struct way *ways, int count)
{
	if (outputs->trace) {
		json_write_ways(outputs->trace, facts, ways, count);
		fflush(outputs->trace);
	}
	for (int i = 0; i < count && outputs->pictures; i++)
		if (ways[i].path->count)
			picture_write(outputs->pictures, &ways[i], facts->kernel);
	if (outputs->pictures)
		fflush(outputs->pictures);
}

static struct report report_to(const struct parameters *parameters,
			       const struct run_outputs *outputs)
{
	return (struct report){
		.sinks = { outputs->console, outputs->tap },
		/* What a program prints costs more than what it does, and so does a capture. */
		.priced = parameters->price && !parameters->printk && !outputs->capture,
		.verbose = parameters->verbose,
	};
}

static struct stage stage_for(const struct parameters *parameters,
			      const struct run_outputs *outputs)
{
	return (struct stage){
		.capture = outputs->capture,
		.narrate = parameters->printk,
		.backend = parameters->tracer,
	};
}

static void report_clear(struct report *report, struct stage *stage)
{
	if (!stage_clear(stage))
		return;
	report_note(report, failure_text());
	report->count[FAILED]++;
}

static int find_ways(const struct selection *selection, const struct result *results,
		     const struct path *paths, struct way *ways)
{
	int count = 0;

	for (int i = 0; i < selection->count; i++)
		if (selection->checks[i]->kind == PATH)
			ways[count++] =
				(struct way){ selection->checks[i], &results[i], &paths[i] };
	return count;
}

/* Only for files: the checks themselves keep no way. */
static void keep_ways(const struct run_outputs *outputs, const struct run_facts *facts,
		      const struct selection *selection, const struct result *results,
		      const struct path *paths)
{
	struct way ways[CHECK_NAMES_MAX];
	int count = paths ? find_ways(selection, results, paths, ways) : 0;

	if (count)
		write_ways(outputs, facts, ways, count);
}

enum verdict run_checks(const struct parameters *parameters, const struct run_outputs *outputs)
{
	struct report report = report_to(parameters, outputs);
	struct stage stage = stage_for(parameters, outputs);
	struct run_facts facts = facts_of(parameters, outputs);
	struct selection selection;
	struct result *results;
	struct path *paths = NULL;
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
	if (outputs->trace || outputs->pictures)
		paths = calloc(selection.count, sizeof(*paths));
	draw_seed(parameters->seed);
	run_all(&selection, parameters, &stage, &report, results, paths);
	report_clear(&report, &stage);
	verdict = conclude(&report, results, count);
	write_results(outputs, &facts, results, count);
	keep_ways(outputs, &facts, &selection, results, paths);
	free(paths);
	free(results);
	return verdict;
}

/* What run_trace() traces: a check of kind PATH, or another one taken for such. */
struct traced {
	struct check check;
	struct path path;
	char notes[16384];
};

static struct traced *trace_every_path(int *count)
{
	struct traced *traced = calloc(checks_count, sizeof(*traced));

	for (int i = 0; i < checks_count && traced; i++)
		if (checks[i].kind == PATH)
			traced[(*count)++].check = checks[i];
	return traced;
}

static struct traced *trace_named(const char *names, int *count, struct report *report)
{
	struct traced *traced = calloc(strlen(names), sizeof(*traced));
	char name[64], complaint[128];

	for (const char *at = names; *at && traced;) {
		int length = strcspn(at, ",");
		const struct check *check;

		snprintf(name, sizeof(name), "%.*s", length, at);
		check = check_to_trace(name);
		if (!check) {
			snprintf(complaint, sizeof(complaint),
				 "no check or technique named %s sends a datagram", name);
			report_note(report, complaint);
			free(traced);
			return NULL;
		}
		traced[*count].check = *check;
		traced[(*count)++].check.kind = PATH;
		at += length + (at[length] == ',');
	}
	return traced;
}

static void take_ways(struct stage *stage, struct traced *traced, struct result *results,
		      struct way *ways, int count)
{
	stage->shows_ways = true;
	for (int i = 0; i < count; i++) {
		struct text notes = text_in(traced[i].notes, sizeof(traced[i].notes));

		stage->path = &traced[i].path;
		check_run(&traced[i].check, stage, &results[i], &notes);
		ways[i] = (struct way){ &traced[i].check, &results[i], &traced[i].path };
	}
}

static void show_ways(const struct way *ways, int count, FILE *console)
{
	static char room[FOOTSTEPS_MAX * 256];
	struct text text = text_in(room, sizeof(room));

	if (count == 1) {
		path_show(ways[0].path, &text);
	} else if (count == 2) {
		text_add(&text, "%-46s | %s\n", ways[0].check->name, ways[1].check->name);
		path_show_both(ways[0].path, ways[1].path, &text);
	} else {
		ways_table(ways, count, &text);
	}
	fputs(room, console);
}

/* What is true of them together counts as what is true of each. */
static void report_ways(struct report *report, const struct traced *traced,
			const struct result *results, const struct way *ways, int count)
{
	static char room[8192];
	struct text text = text_in(room, sizeof(room));

	report_plan(report, count);
	for (int i = 0; i < count; i++) {
		report_result(report, &results[i]);
		report_note(report, traced[i].notes);
	}
	report->count[FAILED] += ways_confused(ways, count, &text);
	if (ways[0].path->backend)
		text_add(&text, "traced with %s\n", ways[0].path->backend);
	report_note(report, room);
}

enum verdict run_trace(const struct parameters *parameters, const struct run_outputs *outputs)
{
	struct report report = report_to(parameters, outputs);
	struct stage stage = stage_for(parameters, outputs);
	struct run_facts facts = facts_of(parameters, outputs);
	struct traced *traced;
	struct result *results;
	struct way *ways;
	enum verdict verdict = VERDICT_FAIL;
	int count = 0;

	traced = strcmp(parameters->trace, "all") ? trace_named(parameters->trace, &count, &report)
						  : trace_every_path(&count);
	if (!traced)
		return VERDICT_USAGE;
	results = calloc(count, sizeof(*results));
	ways = calloc(count, sizeof(*ways));
	if (results && ways) {
		draw_seed(parameters->seed);
		take_ways(&stage, traced, results, ways, count);
		show_ways(ways, count, outputs->console);
		report_ways(&report, traced, results, ways, count);
		report_clear(&report, &stage);
		write_results(outputs, &facts, results, count);
		write_ways(outputs, &facts, ways, count);
		verdict = conclude(&report, results, count);
	}
	free(ways);
	free(results);
	free(traced);
	return verdict;
}

/* What no datagram was sent for: the log tells why, and its end first of all. */
static void tell_log(struct report *report, const struct parameters *parameters)
{
	report_note(report, parameters->verbose ? technique_log()
						: text_last_lines(technique_log(), LOG_LINES));
}

enum verdict run_object(const struct parameters *parameters, const char *file,
			const struct run_outputs *outputs)
{
	static char notes_room[32768];
	static struct path path;
	static struct result result;
	struct check object = { .name = "object", .about = file, .kind = OBJECT };
	struct text notes = text_in(notes_room, sizeof(notes_room));
	struct report report = report_to(parameters, outputs);
	struct stage stage = stage_for(parameters, outputs);
	struct run_facts facts = facts_of(parameters, outputs);
	struct way way = { &object, &result, &path };

	stage.path = &path;
	stage.shows_ways = true;
	object.steps[0].outcome = outcome_find(parameters->expect);
	if (parameters->expect[0] && !object.steps[0].outcome) {
		text_add(&notes, "there is no outcome named %s", parameters->expect);
		report_note(&report, notes_room);
		return VERDICT_USAGE;
	}
	/* With the tracer at work the price is another. */
	report.priced = false;
	technique_of_file(file, parameters->section, NULL);
	draw_seed(parameters->seed);
	check_run(&object, &stage, &result, &notes);
	if (path.count)
		show_ways(&way, 1, outputs->console);
	report_plan(&report, 1);
	report_result(&report, &result);
	report_note(&report, notes_room);
	if (!result.passages[0].direction)
		tell_log(&report, parameters);
	report_clear(&report, &stage);
	write_results(outputs, &facts, &result, 1);
	if (path.count)
		write_ways(outputs, &facts, &way, 1);
	if (!failure_is_refusal())
		return conclude(&report, &result, 1);
	report_note(&report, failure_text());
	return VERDICT_USAGE;
}
