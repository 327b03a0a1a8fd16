// with: init/text.c init/draw.c init/failure.c init/wait.c init/sabotage.c
// SPDX-License-Identifier: GPL-2.0
/* The small parts that everything else stands on. */
#include <errno.h>

#include "draw.h"
#include "failure.h"
#include "sabotage.h"
#include "tap.h"
#include "text.h"
#include "wait.h"

static int ready_after(void *context)
{
	int *looks = context;

	return --*looks == 0;
}

static int broken(void *context)
{
	(void)context;
	return -EIO;
}

int main(void)
{
	char room[8];
	struct text text = text_in(room, sizeof(room));
	uint64_t first, second;
	int looks = 3;

	text_add(&text, "abc%d", 1);
	check_text(room, "abc1", "text grows");
	text_add(&text, "23456789");
	check_text(room, "abc1234", "up to its room");
	text_add(&text, "x");
	check_text(room, "abc1234", "and no further");

	draw_seed(1);
	first = draw();
	second = draw();
	draw_seed(1);
	check(draw() == first && draw() == second, "one seed, the same draws");
	check(first != second, "which are not all one");
	check(first == 0x910a2dec89025cc1, "SplitMix64's first number for 1");
	draw_seed(2);
	check(draw() != first, "another seed, other draws");
	check(draw_between(7, 7) == 7, "from 7 to 7 there is one");
	check(draw_between(0, UINT32_MAX) <= UINT32_MAX, "the whole range does not overflow");

	check(failed(-ENODEV, "attach %s", "redirect") == -ENODEV, "a note passes the error on");
	check_text(failure_text(), "attach redirect: No such device",
		   "step, object, errno in words");
	lacking(-ENOENT, "CONFIG_VETH", "outer step");
	check_text(failure_text(), "attach redirect: No such device", "the first note stands");
	check_text(failure_lack(), "CONFIG_VETH", "what is lacking is kept");
	failure_clear();
	check(refused("no %s", "such") == -EINVAL, "a refusal is invalid");
	check_text(failure_text(), "no such", "and has no errno to tell");
	failure_clear();
	check(!failure_text()[0] && !failure_lack(), "until it is cleared");

	check(wait_until(ready_after, &looks, 1000) == 0 && looks == 0,
	      "a wait ends when it is so");
	looks = 0;
	check(wait_until(ready_after, &looks, 5) == -ETIMEDOUT, "or at the deadline");
	check(wait_until(broken, NULL, 1000) == -EIO, "or with the error of the look");

	check(sabotage_find("") == sabotage, "nothing is broken by default");
	check(sabotage_find("hang")->hang, "a break by its name");
	check(!sabotage_find("hangs"), "a name that is none");
	return tap_done();
}
