// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "failure.h"

static char text[2048];
static const char *missing;
static bool refusal;

static void note(int err, const char *format, va_list arguments)
{
	int length;

	if (text[0])
		return;
	length = vsnprintf(text, sizeof(text), format, arguments);
	if (err && length > 0 && (size_t)length < sizeof(text))
		snprintf(text + length, sizeof(text) - length, ": %s", strerror(-err));
}

int failed(int err, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(err, format, arguments);
	va_end(arguments);
	return err;
}

int lacking(int err, const char *option, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	note(err, format, arguments);
	va_end(arguments);
	if (!missing)
		missing = option;
	return err;
}

int refused(const char *format, ...)
{
	va_list arguments;

	refusal = refusal || !text[0];
	va_start(arguments, format);
	note(0, format, arguments);
	va_end(arguments);
	return -EINVAL;
}

const char *failure_text(void)
{
	return text;
}

const char *failure_lack(void)
{
	return missing;
}

bool failure_is_refusal(void)
{
	return refusal;
}

void failure_clear(void)
{
	text[0] = '\0';
	missing = NULL;
	refusal = false;
}
