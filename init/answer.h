/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a participant has written into answer.txt: lines of words. Blanks, = between them, empty
 * lines and whatever stands behind a # are nobody's mistake. Pure: grade.c brings the text.
 */
#ifndef ANSWER_H
#define ANSWER_H

#include <stdbool.h>

#define ANSWER_SIZE 2048
#define ANSWER_LINES 32
#define ANSWER_WORDS 4

struct answer {
	char text[ANSWER_SIZE]; /* as it was written */
	char words[ANSWER_SIZE];
	struct answer_line {
		const char *words[ANSWER_WORDS];
		int count; /* of all words, those that had no room too */
	} lines[ANSWER_LINES];
	int count; /* of all lines with words on them, as above */
};

/* Finds the lines and words of answer->text. */
void answer_parse(struct answer *answer);
/* Whether these, a blank between, are all its words, in this order. */
bool answer_says(const struct answer *answer, const char *words);
/* The first line that begins with that word; NULL: there is none. */
const struct answer_line *answer_line(const struct answer *answer, const char *word);

#endif
