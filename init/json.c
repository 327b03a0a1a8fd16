// SPDX-License-Identifier: GPL-2.0
#include "report.h"
#include "ways.h"

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

static const char *const status_words[STATUSES] = { "pass", "fail", "skip" };

static void put_result(FILE *file, const struct result *result, bool priced)
{
	const char *separator = "";

	fputs("{", file);
	put_member(file, "name", result->check->name);
	put_member(file, "about", result->check->about);
	put_member(file, "status", status_words[result->status]);
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

static void put_optional(FILE *file, const char *name, const char *text)
{
	if (text && *text)
		put_member(file, name, text);
	else
		fprintf(file, "\"%s\": null, ", name);
}

static void put_footstep(FILE *file, const struct footstep *step, const char *turn)
{
	fputs("{", file);
	put_member(file, "function", functions[step->function].name);
	if (step->skb)
		fprintf(file, "\"skb\": \"0x%llx\", ", (unsigned long long)step->skb);
	else
		fputs("\"skb\": null, ", file);
	put_optional(file, "netns", step->place < 0 ? NULL : namespaces[step->place]);
	put_optional(file, "interface", step->device < 0 ? NULL : devices[step->device].name);
	put_member(file, "process", step->process);
	put_optional(file, "type", step->skb ? packet_type(step->type) : NULL);
	if (path_is_drop(step))
		put_member(file, "drop", step->reason);
	put_optional(file, "turn", turn);
	fprintf(file,
		"\"pid\": %u, \"cpu\": %u, \"mark\": %u, \"protocol\": %u, \"mtu\": %u, "
		"\"length\": %u}",
		step->pid, step->cpu, step->mark, step->protocol, step->mtu, step->length);
}

static void put_way(FILE *file, const struct way *way)
{
	const char *turns[FOOTSTEPS_MAX];

	fputs("{", file);
	put_member(file, "name", way->check->name);
	put_optional(file, "technique", way->check->technique);
	put_optional(file, "story", way->check->itinerary ? way->check->itinerary->story : NULL);
	put_member(file, "status", status_words[way->result->status]);
	put_member(file, "line", way->result->line);
	put_optional(file, "tracer", way->path->backend);
	fprintf(file, "\"lost\": %llu, \"steps\": [", (unsigned long long)way->path->lost);
	path_turns(way->path, turns);
	for (int i = 0; i < way->path->count; i++) {
		fputs(i ? ",\n    " : "\n    ", file);
		put_footstep(file, &way->path->steps[i], turns[i]);
	}
	fputs("]}", file);
}

void json_write_ways(FILE *file, const struct run_facts *facts, const struct way *ways, int count)
{
	fputs("{", file);
	put_member(file, "kernel", facts->kernel);
	put_member(file, "arch", facts->machine);
	fprintf(file, "\"seed\": %u, \"ways\": [\n  ", facts->seed);
	for (int i = 0; i < count; i++) {
		fputs(i ? ",\n  " : "", file);
		put_way(file, &ways[i]);
	}
	fputs("]}\n", file);
}
