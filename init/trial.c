// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "setting.h"
#include "technique.h"
#include "trial.h"

/* In the witnesses' words and, of a program that was not taken, the verifier's. */
static void tell_seen(struct text *seen, const struct result *result)
{
	text_add(seen, "%s%s%s", result->line, result->line[0] ? "\n" : "", result->detail);
	if (result->check->kind == OBJECT && !result->passages[0].direction)
		text_add(seen, "%s", text_last_lines(technique_log(), LOG_LINES));
}

static void tell_expected(const struct outcome *outcome, const char *otherwise,
			  struct text *expected)
{
	if (outcome)
		text_add(expected, "%s: %s", outcome->name, outcome->story);
	else
		text_add(expected, "%s", otherwise);
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
	bool passed;

	technique_of_file(work->object, "", trial->like ? trial->like : work->exercise->like);
	if (trial->drawn)
		topology_draw(&check.variant.numbers);
	if (trial->drawn == DEVICES_DRAWN)
		check.variant.numbers.network = 0;
	passed = run(work, &check, &result);
	if (result.status == SKIPPED && check.itinerary) {
		/* The kernel has inlined a function of the way: the other witnesses must do. */
		check.itinerary = NULL;
		passed = run(work, &check, &result);
	}
	if (passed)
		return true;
	tell_expected(outcome,
		      frames ? "each kind of frame fares as it should" : "it loads and runs",
		      expected);
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

struct arrangement {
	const struct answer *answer;
	bool made;
};

static int make_settings(struct topology *topology, void *context)
{
	struct arrangement *settings = context;
	int err = setting_make_all(topology, settings->answer);

	settings->made = !err;
	return err;
}

static bool try_settings(const struct trial *trial, struct work *work, struct text *expected,
			 struct text *seen)
{
	static struct result result;
	const struct outcome *outcome = trial->outcome ? outcome_find(trial->outcome) : NULL;
	struct arrangement settings = { .answer = &work->answer };
	struct check check = *check_find(trial->check);
	bool passed;

	check.variant = trial->variant;
	work->stage.arrange = make_settings;
	work->stage.context = &settings;
	passed = run(work, &check, &result);
	work->stage.arrange = NULL;
	if (passed || (settings.made && !outcome))
		return true;
	tell_expected(outcome, trial->form, expected);
	tell_seen(seen, &result);
	return false;
}

/* Which of the pieces the line is, or -1. */
static int piece_of(const struct trial *trial, const struct answer_line *line)
{
	char text[128] = "";

	if (line->count == 2)
		snprintf(text, sizeof(text), "%s %s", line->words[0], line->words[1]);
	for (int i = 0; trial->pieces[i]; i++)
		if (!strcmp(trial->pieces[i], text))
			return i;
	return -1;
}

static unsigned int device_bits(const char *name)
{
	unsigned int bits = 0;

	for (int id = 0; id < DEVICES; id++)
		bits |= !strcmp(devices[id].name, name) << id;
	return bits;
}

/* Each piece must stand there once; they are the itinerary, in the order of the lines. */
static bool lay_pieces(const struct trial *trial, const struct answer *answer,
		       struct itinerary *itinerary, struct text *seen)
{
	bool laid[STOPS] = {}, whole = true;
	int count = 0;

	for (int i = 0; i < answer->count && i < ANSWER_LINES; i++) {
		const struct answer_line *line = &answer->lines[i];
		int piece = piece_of(trial, line);

		if (piece < 0)
			continue;
		if (laid[piece])
			text_add(seen, "%s stands there twice\n", trial->pieces[piece]);
		whole &= !laid[piece];
		laid[piece] = true;
		if (whole)
			itinerary->stops[count++] = (struct stop){
				.function = line->words[0],
				.devices = device_bits(line->words[1]),
			};
	}
	for (int i = 0; trial->pieces[i]; i++) {
		if (!laid[i])
			text_add(seen, "there is no line %s\n", trial->pieces[i]);
		whole &= laid[i];
	}
	return whole;
}

/* What this kernel has inlined, or calls otherwise, nobody can see: it is not asked for. */
static void leave_unseen_out(const struct path *path, struct itinerary *itinerary)
{
	int kept = 0;

	for (int i = 0; i < STOPS; i++)
		if (itinerary->stops[i].function && path_meets(path, &itinerary->stops[i]))
			itinerary->stops[kept++] = itinerary->stops[i];
	for (; kept < STOPS; kept++)
		itinerary->stops[kept] = (struct stop){};
}

static bool try_order(const struct trial *trial, struct work *work, struct text *expected,
		      struct text *seen)
{
	static struct path path;
	static struct result result;
	struct itinerary itinerary = {};
	char room[4096];
	struct text report = text_in(room, sizeof(room));

	text_add(expected, "%s", trial->form);
	if (!lay_pieces(trial, &work->answer, &itinerary, seen))
		return false;
	work->stage.path = &path;
	if (!run(work, check_find(trial->check), &result)) {
		tell_seen(seen, &result);
		return false;
	}
	leave_unseen_out(&path, &itinerary);
	if (!path_compare(&path, &itinerary, &report))
		return true;
	/* The first place only: the others may be right once that is. */
	text_add(seen, "%.*s\n", (int)strcspn(room, "\n"), room);
	return false;
}

bool trial_passes(const struct trial *trial, struct work *work, struct text *expected,
		  struct text *seen)
{
	static bool (*const kinds[])(const struct trial *, struct work *, struct text *,
				     struct text *) = {
		[PROGRAM] = try_program,       [FRAMES] = try_program,	  [ANSWER] = try_answer,
		[PREDICTION] = try_prediction, [SETTINGS] = try_settings, [ORDER] = try_order,
	};

	return kinds[trial->kind](trial, work, expected, seen);
}
