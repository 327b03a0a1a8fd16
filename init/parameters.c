// SPDX-License-Identifier: GPL-2.0
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parameters.h"

/* A size is that of a text; 0 is a number. */
#define TEXT(word, member)                                       \
	{                                                        \
		word, offsetof(struct parameters, member),       \
			sizeof(((struct parameters *)0)->member) \
	}
#define NUMBER(word, member)                                 \
	{                                                    \
		word, offsetof(struct parameters, member), 0 \
	}

static const struct word {
	const char *name;
	size_t offset, size;
} words[] = {
	TEXT("lab.mode", mode),		  NUMBER("lab.seed", seed),
	TEXT("lab.nonce", nonce),	  TEXT("lab.break", sabotage),
	TEXT("lab.check", checks),	  NUMBER("lab.repeat", repeat),
	NUMBER("lab.verbose", verbose),	  NUMBER("lab.printk", printk),
	NUMBER("lab.price", price),	  NUMBER("lab.emulated", emulated),
	TEXT("lab.trace", trace),	  TEXT("lab.tracer", tracer),
	NUMBER("lab.rows", rows),	  NUMBER("lab.cols", columns),
	TEXT("lab.section", section),	  TEXT("lab.expect", expect),
	NUMBER("lab.piped", piped),	  NUMBER("lab.capture", capture),
	NUMBER("lab.consoles", consoles), NUMBER("lab.share", share),
	NUMBER("lab.work", work),
};

static bool take_number(uint32_t *number, const char *value)
{
	unsigned long long wide;
	char *end;

	if (*value < '0' || *value > '9')
		return false;
	wide = strtoull(value, &end, 10);
	*number = wide;
	return !*end && wide <= UINT32_MAX;
}

static bool take(struct parameters *parameters, const char *name, size_t length, const char *value)
{
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		char *member = (char *)parameters + words[i].offset;

		if (strlen(words[i].name) != length || strncmp(words[i].name, name, length))
			continue;
		if (!words[i].size)
			return take_number((uint32_t *)member, value);
		return snprintf(member, words[i].size, "%s", value) < (int)words[i].size;
	}
	return false;
}

bool parameters_parse(struct parameters *parameters, const char *line, char *bad, int size)
{
	char word[2048];

	*parameters = (struct parameters){ .mode = "check", .repeat = 1 };
	while (*(line += strspn(line, " \n"))) {
		size_t length = strcspn(line, " \n"), name;

		if (!strncmp(line, "lab.", 4)) {
			snprintf(word, sizeof(word), "%.*s", (int)length, line);
			name = strcspn(word, "=");
			if (length >= sizeof(word) || !word[name] ||
			    !take(parameters, word, name, word + name + 1)) {
				snprintf(bad, size, "%s", word);
				return false;
			}
		}
		line += length;
	}
	return true;
}
