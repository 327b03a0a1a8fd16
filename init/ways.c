// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "ways.h"

#define NAME_WIDTH 30
#define CELL_WIDTH 5
#define COLUMNS 11 /* in one table */

static const char letters[NAMESPACES] = { [HOST] = 'h', [NETNS_1] = '1', [NETNS_2] = '2' };

/* All of a kind need not say so each time. */
static const char *short_name(const struct way *way)
{
	static const char prefix[] = "path-";
	const char *name = way->check->name;

	return strncmp(name, prefix, strlen(prefix)) ? name : name + strlen(prefix);
}

static void add_cell(const struct path *path, int function, bool is_last, struct text *text)
{
	char met[FOOTSTEPS_MAX + 1];
	int count = 0;

	for (int i = 0; i < path->count; i++)
		if (path->steps[i].function == function)
			met[count++] =
				path->steps[i].place < 0 ? '?' : letters[path->steps[i].place];
	met[count] = '\0';
	text_add(text, "%-*s", is_last ? 0 : CELL_WIDTH, count ? met : ".");
}

static bool is_met(const struct way *const columns[COLUMNS], int count, int function)
{
	for (int column = 0; column < count; column++)
		for (int i = 0; i < columns[column]->path->count; i++)
			if (columns[column]->path->steps[i].function == function)
				return true;
	return false;
}

/* A line for each name, so that they may be longer than a cell is wide. */
static void add_heading(const struct way *const columns[COLUMNS], int count, struct text *text)
{
	for (int line = 0; line < count; line++) {
		text_add(text, "%-*s", NAME_WIDTH, "");
		for (int column = 0; column < line; column++)
			text_add(text, "%-*s", CELL_WIDTH, "|");
		text_add(text, "%s\n", short_name(columns[line]));
	}
}

static void add_table(const struct way *const columns[COLUMNS], int count, struct text *text)
{
	add_heading(columns, count, text);
	for (int i = 0; i < functions_count; i++) {
		if (!is_met(columns, count, i))
			continue;
		text_add(text, "%-*s", NAME_WIDTH, functions[i].name);
		for (int column = 0; column < count; column++)
			add_cell(columns[column]->path, i, column + 1 == count, text);
		text_add(text, "\n");
	}
}

void ways_table(const struct way *ways, int count, struct text *text)
{
	int rest = count - 1, tables = (rest + COLUMNS - 2) / (COLUMNS - 1), next = 1;

	text_add(text,
		 "where each function was met: h host, 1 netns_1, 2 netns_2; a letter each time\n");
	for (; tables > 0; tables--) {
		const struct way *columns[COLUMNS] = { &ways[0] };
		int width = 1 + (count - next + tables - 1) / tables;

		for (int column = 1; column < width; column++)
			columns[column] = &ways[next++];
		text_add(text, "\n");
		add_table(columns, width, text);
	}
}

static bool passes_for(const struct way *way, const struct way *other)
{
	const struct itinerary *own = way->check->itinerary, *its = other->check->itinerary;
	static char room[4096];
	struct text unseen = text_in(room, sizeof(room));

	return own && its && own != its && way->path->count && !path_lacks(way->path, its) &&
	       !path_compare(way->path, its, &unseen);
}

int ways_confused(const struct way *ways, int count, struct text *report)
{
	int confused = 0;

	for (int i = 0; i < count; i++)
		for (int j = 0; j < count; j++) {
			if (!passes_for(&ways[i], &ways[j]))
				continue;
			text_add(report, "the way of %s passes for that of %s\n",
				 ways[i].check->name, ways[j].check->name);
			confused++;
		}
	return confused;
}
