// with: init/answer.c
// SPDX-License-Identifier: GPL-2.0
/* Lines of words out of what somebody has written, whatever it is. */
#include <stdlib.h>
#include <string.h>

#include "answer.h"
#include "tap.h"

static const struct answer *parsed(const char *text)
{
	static struct answer answer;

	memset(&answer, 'x', sizeof(answer));
	snprintf(answer.text, sizeof(answer.text), "%s", text);
	answer_parse(&answer);
	return &answer;
}

static bool says(const char *text, const char *words)
{
	return answer_says(parsed(text), words);
}

static const char *repeated(const char *word, int times)
{
	static char text[2 * ANSWER_SIZE + 1];

	text[0] = '\0';
	for (int i = 0; i < times; i++)
		strcat(text, word);
	return text;
}

int main(void)
{
	check(says("veth2@2 OTHERHOST\n", "veth2@2 OTHERHOST"), "the words as they should be");
	check(says("\n \tveth2@2\r\n\n  OTHERHOST  # as I saw it\r\n", "veth2@2 OTHERHOST"),
	      "blanks, line ends and remarks are nobody's mistake");
	check(!says("veth2@1 OTHERHOST", "veth2@2 OTHERHOST"), "another word");
	check(!says("veth2@2", "veth2@2 OTHERHOST"), "a word less");
	check(!says("veth2@2 OTHERHOST too", "veth2@2 OTHERHOST"), "a word more");
	check(!says("veth2@2 OTHER", "veth2@2 OTHERHOST"), "the beginning of a word");
	check(!says("veth2@2 OTHERHOSTS", "veth2@2 OTHERHOST"), "more than the word");
	check(!says("", "veth2@2") && !says("# veth2@2", "veth2@2"), "nothing");
	check(!says("a b c d e", "a b c d e") && !says(repeated("a\n", ANSWER_LINES + 1), "a"),
	      "more than there is room for");
	check(parsed(repeated("a\n", 5 * ANSWER_LINES))->count == 5 * ANSWER_LINES,
	      "and it is counted");
	check(parsed(repeated("a ", ANSWER_SIZE))->lines[0].count == ANSWER_SIZE / 2,
	      "what has no room as a text is cut off");
	check(!strcmp(answer_line(parsed("a 1\nb 2\nb 3\n"), "b")->words[1], "2"),
	      "the first line with a name");
	check(!answer_line(parsed("ab 1\n"), "a") && !answer_line(parsed("1 a\n"), "a"),
	      "there is none");
	return tap_done();
}
