// with: init/exercises.c init/checks.c init/paths.c init/testimony.c init/text.c
// SPDX-License-Identifier: GPL-2.0
/* A trial whose outcome nobody knows by name would be passed by whatever loads. */
#include <stdlib.h>

#include "exercises.h"
#include "tap.h"

static bool has_words(const struct trial *trial)
{
	return trial->missing && trial->hint && !trial->form == (trial->kind <= FRAMES);
}

static bool fit_into_an_itinerary(const char *const *pieces)
{
	int count = 0;

	while (pieces && pieces[count])
		count++;
	return count > 1 && count <= STOPS;
}

/* The first trial of a program is that it loads. */
static bool can_fail(const struct trial *trial, bool first)
{
	switch (trial->kind) {
	case PROGRAM: return trial->outcome ? outcome_find(trial->outcome) && !first : first;
	case FRAMES: return !trial->outcome && !first;
	case ANSWER: return trial->answer;
	case PREDICTION: return trial->asked && trial->check && check_find(trial->check);
	case SETTINGS: return trial->check && check_find(trial->check);
	case ORDER:
		return fit_into_an_itinerary(trial->pieces) && trial->check &&
		       check_find(trial->check);
	}
	return false;
}

static bool is_sound(const struct exercise *exercise)
{
	bool sound = atoi(exercise->name) == exercise->number;
	int points = 0, i;

	for (i = 0; i < TRIALS && exercise->trials[i].points; i++) {
		points += exercise->trials[i].points;
		sound &= has_words(&exercise->trials[i]) && can_fail(&exercise->trials[i], !i);
	}
	/* Behind one without points none is tried. */
	for (; i < TRIALS; i++)
		sound &= !exercise->trials[i].points;
	return sound && points == 10;
}

int main(void)
{
	char name[128];

	for (int i = 0; i < exercises_count; i++) {
		snprintf(name, sizeof(name), "%s has outcomes, words and ten points",
			 exercises[i].name);
		check(is_sound(&exercises[i]), name);
	}
	return tap_done();
}
