// with: init/parameters.c
// SPDX-License-Identifier: GPL-2.0
#include "parameters.h"
#include "tap.h"

int main(void)
{
	struct parameters p;
	char bad[64], line[4096] = "lab.check=";

	check(parameters_parse(&p, "console=ttyS0 quiet\n", bad, sizeof(bad)),
	      "others' words pass");
	check(p.repeat == 1 && !strcmp(p.mode, "check") && !p.checks[0] && !p.seed && !p.price,
	      "what is not said is the ordinary run");

	check(parameters_parse(&p,
			       "quiet lab.seed=4294967295 lab.nonce=0123456789abcdef "
			       "lab.check=redirect,topology lab.mode=shell lab.break=hang "
			       "lab.trace=fib lab.price=1 lab.rows=24 lab.cols=80 lab.repeat=3 "
			       "lab.piped=1 lab.capture=1 lab.work=1\n",
			       bad, sizeof(bad)),
	      "every word is known");
	check(p.seed == 4294967295u && p.repeat == 3 && p.price == 1 && p.rows == 24 &&
		      p.columns == 80 && p.piped == 1 && p.capture == 1 && p.work == 1,
	      "numbers");
	check_text(p.nonce, "0123456789abcdef", "the nonce, whole");
	check_text(p.checks, "redirect,topology", "names of checks");
	check_text(p.sabotage, "hang", "the break");
	check_text(p.mode, "shell", "the mode");
	check_text(p.trace, "fib", "whose way is to be shown");

	check(!parameters_parse(&p, "lab.sed=1", bad, sizeof(bad)), "an unknown word is refused");
	check_text(bad, "lab.sed=1", "and named");
	check(!parameters_parse(&p, "lab.seed", bad, sizeof(bad)), "a word without a value");
	check(!parameters_parse(&p, "lab.seed=", bad, sizeof(bad)), "an empty number");
	check(!parameters_parse(&p, "lab.seed=12x", bad, sizeof(bad)), "a number with a tail");
	check(!parameters_parse(&p, "lab.seed=-1", bad, sizeof(bad)), "a negative number");
	check(!parameters_parse(&p, "lab.seed=4294967296", bad, sizeof(bad)), "one too large");
	check(!parameters_parse(&p, "lab.nonce=0123456789abcdef0", bad, sizeof(bad)),
	      "a text too long for its place");
	check(!parameters_parse(&p, "lab.see=1", bad, sizeof(bad)), "a prefix is not the word");
	memset(line + 10, 'a', 3000);
	check(!parameters_parse(&p, line, bad, sizeof(bad)), "a word longer than any line");
	check(strlen(bad) == sizeof(bad) - 1, "is named as far as there is room");
	return tap_done();
}
