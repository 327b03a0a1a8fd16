// SPDX-License-Identifier: GPL-2.0
/*
 * Prints the table of checks, a line each: name, what must be true, for those that send a datagram
 * the technique, and then the technique of every one, or "-" without one; a tab between. Runs on
 * the build host.
 */
#include <stdio.h>

#include "../init/checks.h"

int main(void)
{
	for (int i = 0; i < checks_count; i++) {
		const char *technique = checks[i].technique ? checks[i].technique : "-";

		printf("%s\t%s\t%s\t%s\n", checks[i].name, checks[i].about,
		       check_is_traceable(&checks[i]) ? technique : "", technique);
	}
	return 0;
}
