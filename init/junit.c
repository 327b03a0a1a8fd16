// SPDX-License-Identifier: GPL-2.0
#include "report.h"
#include "xml.h"

static void put_outcome(FILE *file, const char *element, const struct result *result)
{
	fprintf(file, "      <%s message=\"", element);
	xml_put(file, result->line);
	fputs("\">", file);
	xml_put(file, result->detail);
	fprintf(file, "</%s>\n", element);
}

static void put_case(FILE *file, const struct result *result)
{
	fputs("    <testcase classname=\"redirect-lab\" name=\"", file);
	xml_put(file, result->check->name);
	if (result->round > 1)
		fprintf(file, " round %d", result->round);
	fputs("\">\n", file);
	if (result->status == FAILED)
		put_outcome(file, "failure", result);
	if (result->status == SKIPPED)
		put_outcome(file, "skipped", result);
	fputs("      <system-out>", file);
	xml_put(file, result->line);
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
