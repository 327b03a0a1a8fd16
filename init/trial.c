// SPDX-License-Identifier: GPL-2.0
#include <string.h>

#include "technique.h"
#include "trial.h"

/* In the witnesses' words and, of a program that was not taken, the verifier's. */
static void tell_seen(struct text *seen, const struct result *result)
{
	text_add(seen, "%s\n%s", result->line, result->detail);
	if (result->check->kind == OBJECT && !result->passages[0].direction)
		text_add(seen, "%s", text_last_lines(technique_log(), LOG_LINES));
}

static bool run(struct work *work, const struct check *check, struct result *result)
{
	static char room[32768];
	struct text notes = text_in(room, sizeof(room)); /* for nobody */

	check_run(check, &work->stage, result, &notes);
	return result->status == PASSED;
}

static bool try_program(const struct trial *trial, struct work *work, struct text *expected,
			struct text *seen)
{
	static struct result result;
	const struct outcome *outcome = trial->outcome ? outcome_find(trial->outcome) : NULL;
	bool frames = trial->kind == FRAMES;
	struct check check = {
		.name = "object",
		.kind = frames ? OTHER_TRAFFIC : OBJECT,
		.technique = frames ? "object" : NULL,
		.variant = trial->variant,
		.before = trial->before,
		.steps = { { .action = work->exercise->action, .outcome = outcome } },
		.itinerary = trial->itinerary,
	};

	technique_of_file(work->object, "", trial->like ? trial->like : work->exercise->like);
	if (trial->drawn)
		topology_draw(&check.variant.numbers);
	if (run(work, &check, &result))
		return true;
	if (frames)
		text_add(expected, "each kind of frame fares as it should");
	else if (outcome)
		text_add(expected, "%s: %s", outcome->name, outcome->story);
	else
		text_add(expected, "it loads and runs");
	tell_seen(seen, &result);
	return false;
}

static void tell_answer(const struct work *work, struct text *seen)
{
	if (!work->has_answer)
		text_add(seen, "there is no answer.txt\n");
	else
		text_add(seen, "%s\n", work->answer.text[0] ? work->answer.text : "nothing");
}

static bool try_answer(const struct trial *trial, struct work *work, struct text *expected,
		       struct text *seen)
{
	if (answer_says(&work->answer, trial->answer))
		return true;
	text_add(expected, "%s", trial->form);
	tell_answer(work, seen);
	return false;
}

/* Whose MAC the client has for the server. */
static const char *neighbour_of_client(struct topology *topology)
{
	struct neighbour neighbour;
	int err = rtnl_neighbour_find(&topology->rtnl[HOST], topology->ifindex[VETH1_1],
				      topology_address(topology, SERVER_ADDRESS), &neighbour);

	for (int id = 0; id < DEVICES && !err; id++) {
		struct link link;

		err = rtnl_link_find(&topology->rtnl[devices[id].place], devices[id].name, &link);
		if (!err && !memcmp(link.mac, neighbour.mac, MAC_LENGTH))
			return devices[id].name;
	}
	return "nobody";
}

/* The witness speaks anew each time: the table does not know what it will say. */
static const char *testify(const struct trial *trial, struct work *work, char said[32],
			   struct text *seen)
{
	static struct result result;

	if (!run(work, check_find(trial->check), &result)) {
		tell_seen(seen, &result);
		return NULL;
	}
	if (trial->witness == NEIGHBOUR)
		return neighbour_of_client(&work->stage.topology);
	return witness_value(trial->witness, result.passages[0].testimony.said[trial->witness],
			     said);
}

static bool try_prediction(const struct trial *trial, struct work *work, struct text *expected,
			   struct text *seen)
{
	const struct answer_line *line = answer_line(&work->answer, trial->asked);
	const char *truth;
	char said[32];

	text_add(expected, "%s", trial->form);
	if (!line || line->count != 2) {
		text_add(seen,
			 work->has_answer ? "no line of answer.txt has %s and one word more\n"
					  : "there is no answer.txt with a line for %s\n",
			 trial->asked);
		return false;
	}
	truth = testify(trial, work, said, seen);
	if (!truth || !strcmp(truth, line->words[1]))
		return truth;
	text_add(seen, "%s %s, and the witness says another\n", trial->asked, line->words[1]);
	return false;
}

bool trial_passes(const struct trial *trial, struct work *work, struct text *expected,
		  struct text *seen)
{
	static bool (*const kinds[])(const struct trial *, struct work *, struct text *,
				     struct text *) = {
		[PROGRAM] = try_program,
		[FRAMES] = try_program,
		[ANSWER] = try_answer,
		[PREDICTION] = try_prediction,
	};

	return kinds[trial->kind](trial, work, expected, seen);
}
