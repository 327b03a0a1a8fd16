// SPDX-License-Identifier: GPL-2.0
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "text.h"

struct text text_in(char *start, size_t size)
{
	start[0] = '\0';
	return (struct text){ start, size, 0 };
}

void text_add(struct text *text, const char *format, ...)
{
	size_t room = text->size - text->length;
	va_list arguments;
	int length;

	va_start(arguments, format);
	length = vsnprintf(text->start + text->length, room, format, arguments);
	va_end(arguments);
	if (length > 0)
		text->length += (size_t)length < room ? (size_t)length : room - 1;
}

const char *text_last_lines(const char *text, int lines)
{
	const char *start = text + strlen(text);

	while (start > text && (start[-1] != '\n' || lines-- > 0))
		start--;
	return start;
}
