// SPDX-License-Identifier: GPL-2.0
/* Prints the table of checks, a line each: name, tab, what must be true. Runs on the build host. */
#include <stdio.h>

#include "../init/checks.h"

int main(void)
{
	for (int i = 0; i < checks_count; i++)
		printf("%s\t%s\n", checks[i].name, checks[i].about);
	return 0;
}
