// SPDX-License-Identifier: GPL-2.0
#include "report.h"

static void put_string(FILE *file, const char *text)
{
	fputc('"', file);
	for (; *text; text++)
		if (*text == '"' || *text == '\\')
			fprintf(file, "\\%c", *text);
		else if ((unsigned char)*text < ' ')
			fprintf(file, "\\u%04x", *text);
		else
			fputc(*text, file);
	fputc('"', file);
}

static void put_member(FILE *file, const char *name, const char *text)
{
	fprintf(file, "\"%s\": ", name);
	put_string(file, text);
	fputs(", ", file);
}

static void put_number(FILE *file, int64_t number)
{
	if (number == NOT_TOLD || number == ANYTHING)
		fputs("null", file);
	else
		fprintf(file, "%lld", (long long)number);
}

static void put_passage(FILE *file, const struct passage *passage, bool priced)
{
	fputs("{", file);
	put_member(file, "direction", passage->direction);
	put_member(file, "story", passage->story);
	if (priced)
		fprintf(file, "\"instructions\": %llu, ",
			(unsigned long long)passage->testimony.price);
	fputs("\"witnesses\": [", file);
	for (int id = 0; id < WITNESSES; id++) {
		fputs(id ? ",\n     {" : "\n     {", file);
		put_member(file, "name", witness_name(id));
		fputs("\"expected\": ", file);
		if (passage->expected[id] == SOME)
			put_string(file, "some");
		else
			put_number(file, passage->expected[id]);
		fputs(", \"seen\": ", file);
		put_number(file, passage->testimony.said[id]);
		fputs("}", file);
	}
	fputs("]}", file);
}

static void put_result(FILE *file, const struct result *result, bool priced)
{
	static const char *const words[STATUSES] = { "pass", "fail", "skip" };
	const char *separator = "";

	fputs("{", file);
	put_member(file, "name", result->check->name);
	put_member(file, "about", result->check->about);
	put_member(file, "status", words[result->status]);
	if (result->outcome)
		put_member(file, "outcome", result->outcome);
	put_member(file, "line", result->line);
	put_member(file, "detail", result->detail);
	fprintf(file, "\"round\": %d, \"counter\": %llu, \"passages\": [", result->round,
		(unsigned long long)result->counter);
	for (int i = 0; i < PASSAGES; i++) {
		if (!result->passages[i].direction)
			continue;
		fputs(separator, file);
		put_passage(file, &result->passages[i], priced);
		separator = ",\n    ";
	}
	fputs("]}", file);
}

void json_write(FILE *file, const struct run_facts *facts, const struct result *results, int count)
{
	fputs("{", file);
	put_member(file, "kernel", facts->kernel);
	put_member(file, "arch", facts->machine);
	fprintf(file, "\"seed\": %u, \"counter_is\": \"%s\",\n \"phases\": [", facts->seed,
		facts->priced ? "instructions" : "ticks");
	for (int i = 0; i < facts->phases_count; i++) {
		fputs(i ? ", {" : "{", file);
		put_member(file, "name", facts->phases[i].name);
		fprintf(file, "\"counter\": %llu}", (unsigned long long)facts->phases[i].counter);
	}
	fputs("],\n \"checks\": [\n  ", file);
	for (int i = 0; i < count; i++) {
		fputs(i ? ",\n  " : "", file);
		put_result(file, &results[i], facts->priced);
	}
	fputs("]}\n", file);
}
