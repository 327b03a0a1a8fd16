// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "failure.h"
#include "hint.h"

#define PAGE_SIZE_MAX 16384
#define BEGIN "<details><summary>"
#define MIDDLE "</summary>"
#define END "</details>"

int hint_find(const char *page, int number, struct hint *hint)
{
	int count = 0;

	for (const char *at = page, *middle, *end; (at = strstr(at, BEGIN)); at = end) {
		at += strlen(BEGIN);
		middle = strstr(at, MIDDLE);
		end = middle ? strstr(middle, END) : NULL;
		if (!end)
			break;
		if (++count != number)
			continue;
		hint->title = at;
		hint->title_length = middle - at;
		hint->text = middle + strlen(MIDDLE);
		hint->text += strspn(hint->text, "\n");
		for (hint->text_length = end - hint->text;
		     hint->text_length > 0 && hint->text[hint->text_length - 1] == '\n';)
			hint->text_length--;
	}
	return count;
}

/* The machine's own, whatever directory somebody works in. */
static int read_page(const struct exercise *exercise, char page[PAGE_SIZE_MAX])
{
	char path[128];
	FILE *file;
	size_t length;

	snprintf(path, sizeof(path), "/root/%s/page.md", exercise->name);
	file = fopen(path, "re");
	if (!file)
		return failed(-errno, "open %s", path);
	length = fread(page, 1, PAGE_SIZE_MAX - 1, file);
	page[length] = '\0';
	fclose(file);
	return 0;
}

static FILE *open_state(const struct exercise *exercise, const char *mode)
{
	char path[64];

	snprintf(path, sizeof(path), "/run/hints.%d", exercise->number);
	return fopen(path, mode);
}

static int count_open(const struct exercise *exercise)
{
	FILE *file = open_state(exercise, "re");
	int count = 0;

	if (file && fscanf(file, "%d", &count) != 1)
		count = 0;
	if (file)
		fclose(file);
	return count;
}

static int note_open(const struct exercise *exercise, int count)
{
	FILE *file = open_state(exercise, "we");

	if (!file || fprintf(file, "%d\n", count) < 0 || fclose(file))
		return failed(-errno, "note that hint %d is open", count);
	return 0;
}

int hint_open(const struct exercise *exercise, FILE *out)
{
	static char page[PAGE_SIZE_MAX];
	struct hint hint;
	int next = count_open(exercise) + 1, count, err = read_page(exercise, page);

	if (err)
		return err;
	count = hint_find(page, next, &hint);
	if (!count)
		return refused("the page of %s has no hints", exercise->name);
	if (next > count)
		hint_find(page, next = count, &hint);
	fprintf(out, "hint %d of %d: %.*s\n\n%.*s\n", next, count, hint.title_length, hint.title,
		hint.text_length, hint.text);
	return note_open(exercise, next);
}

void hint_announce(const struct exercise *exercise, FILE *out)
{
	static char page[PAGE_SIZE_MAX];
	struct hint hint;
	int next = count_open(exercise) + 1, count;

	if (read_page(exercise, page))
		return;
	count = hint_find(page, next, &hint);
	if (next <= count)
		fprintf(out, "# next hint: `lab hint %d` opens %d of %d\n", exercise->number, next,
			count);
}
