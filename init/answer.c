// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "answer.h"

#define BETWEEN " \t\r="

static struct answer_line split(char *line)
{
	struct answer_line split = {};
	char *rest = NULL, *word;

	line[strcspn(line, "#")] = '\0';
	for (word = strtok_r(line, BETWEEN, &rest); word; word = strtok_r(NULL, BETWEEN, &rest)) {
		if (split.count < ANSWER_WORDS)
			split.words[split.count] = word;
		split.count++;
	}
	return split;
}

void answer_parse(struct answer *answer)
{
	char *rest = NULL, *line;

	snprintf(answer->words, sizeof(answer->words), "%s", answer->text);
	answer->count = 0;
	for (line = strtok_r(answer->words, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		struct answer_line words = split(line);

		if (!words.count)
			continue;
		if (answer->count < ANSWER_LINES)
			answer->lines[answer->count] = words;
		answer->count++;
	}
}

/* The word's end, or NULL where the text does not begin with it. */
static const char *behind(const char *text, const char *word)
{
	size_t length = strlen(word);

	if (strncmp(text, word, length) || (text[length] && text[length] != ' '))
		return NULL;
	return text + length + (text[length] == ' ');
}

bool answer_says(const struct answer *answer, const char *words)
{
	for (int i = 0; i < answer->count; i++)
		for (int j = 0; i < ANSWER_LINES && j < answer->lines[i].count; j++) {
			words = j < ANSWER_WORDS ? behind(words, answer->lines[i].words[j]) : NULL;
			if (!words)
				return false;
		}
	return answer->count <= ANSWER_LINES && !*words;
}

const struct answer_line *answer_line(const struct answer *answer, const char *word)
{
	for (int i = 0; i < answer->count && i < ANSWER_LINES; i++)
		if (!strcmp(answer->lines[i].words[0], word))
			return &answer->lines[i];
	return NULL;
}
