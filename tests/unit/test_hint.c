// with: init/hint.c init/failure.c
// SPDX-License-Identifier: GPL-2.0
/* The hints of a page, as it is written. */
#include <string.h>

#include "hint.h"
#include "tap.h"

#define ONE "<details><summary>A first hint</summary>\n\nLook there.\n\nOr here.\n\n</details>\n"
#define TWO "<details><summary>A second hint</summary>\n\nThere, too.\n\n</details>\n"

static bool has(const char *page, int number, const char *title, const char *text)
{
	struct hint hint = {};

	hint_find(page, number, &hint);
	return hint.title_length == (int)strlen(title) &&
	       !strncmp(hint.title, title, strlen(title)) &&
	       hint.text_length == (int)strlen(text) && !strncmp(hint.text, text, strlen(text));
}

int main(void)
{
	struct hint none = {};

	check(has("# A page\n\n" ONE "\n" TWO, 1, "A first hint", "Look there.\n\nOr here."),
	      "the first");
	check(has("# A page\n\n" ONE "\n" TWO, 2, "A second hint", "There, too."), "the second");
	check(hint_find(ONE TWO, 3, &none) == 2 && !none.title, "there is no third");
	check(!hint_find("# A page\n", 1, &none) && !none.title, "a page without");
	check(!hint_find("<details><summary>Begun", 1, &none) && !none.title, "one without end");
	check(hint_find(ONE "<details><summary>Begun</summary>\n", 2, &none) == 1 && !none.title,
	      "and it hides none before it");
	check(has("<details><summary></summary></details>", 1, "", ""), "an empty one");
	return tap_done();
}
