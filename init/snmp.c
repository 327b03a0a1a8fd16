// SPDX-License-Identifier: GPL-2.0
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "snmp.h"

/* The first line from text on that begins with "protocol:"; NULL when there is none. */
static const char *find_line(const char *text, const char *protocol)
{
	size_t length = strlen(protocol);

	while (text && *text) {
		if (!strncmp(text, protocol, length) && text[length] == ':')
			return text;
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return NULL;
}

/* The next word behind spaces, on the same line: its length, 0 at the end of the line. */
static size_t next_word(const char **at)
{
	*at += strspn(*at, " ");
	return strcspn(*at, " \n");
}

int64_t snmp_value(const char *text, const char *protocol, const char *column, int64_t missing)
{
	const char *names = find_line(text, protocol), *values;
	size_t name, value;

	if (!names)
		return missing;
	values = strchr(names, '\n');
	values = values ? find_line(values + 1, protocol) : NULL;
	if (!values)
		return missing;
	while ((name = next_word(&names)) && (value = next_word(&values))) {
		if (name == strlen(column) && !strncmp(names, column, name))
			return strtoll(values, NULL, 10);
		names += name;
		values += value;
	}
	return missing;
}

int64_t snmp6_value(const char *text, const char *name, int64_t missing)
{
	size_t length = strlen(name);

	while (text && *text) {
		if (!strncmp(text, name, length) && (text[length] == ' ' || text[length] == '\t'))
			return strtoll(text + length, NULL, 10);
		text = strchr(text, '\n');
		if (text)
			text++;
	}
	return missing;
}
