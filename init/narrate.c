// SPDX-License-Identifier: GPL-2.0
#include <signal.h>
#include <stdarg.h>
#include <string.h>

#include "narrate.h"
#include "text.h"

static FILE *to;

void narrate_begin(FILE *file)
{
	to = file;
	/* Whoever reads it may stop when he has seen enough: no step is left half done. */
	signal(SIGPIPE, SIG_IGN);
}

bool narrate_has_begun(void)
{
	return to;
}

static void line(const char *before, const char *place, const char *format, va_list arguments)
{
	if (!to)
		return;
	if (place && strcmp(place, "host"))
		fprintf(to, "%s%s ", before, place);
	vfprintf(to, format, arguments);
	fputc('\n', to);
	fflush(to);
}

void narrate(const char *place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	line("ip netns exec ", place, format, arguments);
	va_end(arguments);
}

void narrate_pinned(const char *place, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	line("nsenter --net=/run/netns/", place, format, arguments);
	va_end(arguments);
}

void narrate_aside(const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	line("", "#", format, arguments);
	va_end(arguments);
}

void narrate_copy(const char *from, const char *to, const struct narrated_bytes *bytes)
{
	char room[2048];
	struct text octal = text_in(room, sizeof(room));

	for (size_t i = 0; i < bytes->size; i++)
		if (!bytes->words || i < bytes->read_at || i >= bytes->read_at + bytes->read_size)
			text_add(&octal, "\\%o", bytes->bytes[i]);
		else if (i == bytes->read_at)
			text_add(&octal, "%s", bytes->words);
	narrate(NULL, "{ head -c %zu %s; printf \"%s\"; tail -c +%zu %s; } >%s", bytes->offset,
		from, room, bytes->offset + bytes->size + 1, from, to);
}

const char *narrate_word(const char *word)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				    "0123456789_./:@%+=,-";
	static char room[1024];
	struct text text = text_in(room, sizeof(room));

	if (*word && !word[strspn(word, plain)])
		return word;
	text_add(&text, "'");
	for (; *word; word++)
		if (*word == '\'')
			text_add(&text, "'\\''");
		else
			text_add(&text, "%c", *word);
	text_add(&text, "'");
	return room;
}
