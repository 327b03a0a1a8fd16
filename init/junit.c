// SPDX-License-Identifier: GPL-2.0
#include "report.h"

/* What XML cannot carry at all (control characters) becomes a question mark. */
static void put_escaped(FILE *file, const char *text)
{
	for (; *text; text++)
		switch (*text) {
		case '<': fputs("&lt;", file); break;
		case '>': fputs("&gt;", file); break;
		case '&': fputs("&amp;", file); break;
		case '"': fputs("&quot;", file); break;
		default: fputc((unsigned char)*text < ' ' && *text != '\n' ? '?' : *text, file);
		}
}

static void put_outcome(FILE *file, const char *element, const struct result *result)
{
	fprintf(file, "      <%s message=\"", element);
	put_escaped(file, result->line);
	fputs("\">", file);
	put_escaped(file, result->detail);
	fprintf(file, "</%s>\n", element);
}

static void put_case(FILE *file, const struct result *result)
{
	fputs("    <testcase classname=\"redirect-lab\" name=\"", file);
	put_escaped(file, result->check->name);
	if (result->round > 1)
		fprintf(file, " round %d", result->round);
	fputs("\">\n", file);
	if (result->status == FAILED)
		put_outcome(file, "failure", result);
	if (result->status == SKIPPED)
		put_outcome(file, "skipped", result);
	fputs("      <system-out>", file);
	put_escaped(file, result->line);
	fputs("</system-out>\n    </testcase>\n", file);
}

void junit_write(FILE *file, const struct result *results, int count)
{
	int of[STATUSES] = {};

	for (int i = 0; i < count; i++)
		of[results[i].status]++;
	fprintf(file,
		"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
		"  <testsuite name=\"redirect-lab\" tests=\"%d\" failures=\"%d\" errors=\"0\" "
		"skipped=\"%d\">\n",
		count, of[FAILED], of[SKIPPED]);
	for (int i = 0; i < count; i++)
		put_case(file, &results[i]);
	fputs("  </testsuite>\n</testsuites>\n", file);
}
