// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <string.h>

#include "report.h"

static void __attribute__((format(printf, 2, 3)))
tell(struct report *report, const char *format, ...)
{
	for (int i = 0; i < 2; i++) {
		va_list arguments;

		if (!report->sinks[i])
			continue;
		va_start(arguments, format);
		vfprintf(report->sinks[i], format, arguments);
		va_end(arguments);
		fflush(report->sinks[i]);
	}
}

void report_plan(struct report *report, int checks)
{
	tell(report, "KTAP version 1\n1..%d\n", checks);
}

void report_note(struct report *report, const char *text)
{
	while (*text) {
		int length = strcspn(text, "\n");

		tell(report, "# %.*s\n", length, text);
		text += length + (text[length] == '\n');
	}
}

static void tell_witnesses(struct report *report, const struct passage *passage)
{
	char expected[32], said[32];

	tell(report, "#   %s: %s\n", passage->direction, passage->story);
	for (int id = 0; id < WITNESSES; id++)
		tell(report, "#   %s %-22s %s, expected %s\n",
		     witness_agrees(passage->expected[id], passage->testimony.said[id]) ? " " : "!",
		     witness_name(id), witness_value(id, passage->testimony.said[id], said),
		     witness_value(id, passage->expected[id], expected));
}

void report_result(struct report *report, const struct result *result)
{
	static const char *const words[STATUSES] = {
		[PASSED] = "ok",
		[FAILED] = "not ok",
		[SKIPPED] = "ok",
	};
	int number = 1;

	for (int i = 0; i < STATUSES; i++)
		number += report->count[i];
	report->count[result->status]++;

	tell(report, "%s %d %s", words[result->status], number, result->check->name);
	if (result->round > 1)
		tell(report, " round %d", result->round);
	tell(report, " # %s%s", result->status == SKIPPED ? "SKIP " : "", result->line);
	for (int i = 0; i < PASSAGES && report->priced && result->status != SKIPPED; i++)
		if (result->passages[i].direction)
			tell(report, ", %s%s%llu instructions",
			     i ? result->passages[i].direction : "", i ? " " : "",
			     (unsigned long long)result->passages[i].testimony.price);
	tell(report, "\n");

	report_note(report, result->detail);
	for (int i = 0; i < PASSAGES; i++)
		if (result->passages[i].direction && (report->verbose || result->status == FAILED))
			tell_witnesses(report, &result->passages[i]);
}

void report_summary(struct report *report)
{
	tell(report, "# %d passed, %d failed, %d skipped\n", report->count[PASSED],
	     report->count[FAILED], report->count[SKIPPED]);
}
