// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "arch.h"
#include "blackbox.h"
#include "check.h"
#include "failure.h"
#include "feature.h"
#include "printk.h"
#include "probe.h"
#include "technique.h"
#include "traffic.h"

/* A check under way: everything that its parts share. */
struct run {
	const struct check *check;
	struct stage *stage;
	struct topology *topology; /* the stage's */
	struct attachment attachment;
	struct result *result;
	struct text line, detail, *notes;
	bool is_refused; /* somebody else's program, and technique_log() tells why */
};

/*
 * Each kind of check judges with the topology and its program at work: how many things were not
 * as they must be, each told in run->detail, or -errno.
 */

static int judge_topology(struct run *run)
{
	struct variant other = run->check->variant;
	char seen[1024];
	struct text unseen = text_in(seen, sizeof(seen));
	int differences = topology_compare(run->topology, &run->check->variant, &run->detail);
	int noticed;

	/* As good a departure as any: a comparison that does not see these two sees nothing. */
	other.second_pair_first = !other.second_pair_first;
	other.reply_proxy_arp = !other.reply_proxy_arp;
	noticed = topology_compare(run->topology, &other, &unseen);
	if (differences < 0 || noticed < 0)
		return differences < 0 ? differences : noticed;
	text_add(&run->line, "%d links, %d namespaces as in the article, veth2@1 is ifindex %d",
		 DEVICES, NAMESPACES, run->topology->ifindex[VETH2_1]);
	if (noticed != 2) {
		text_add(&run->detail,
			 "the control, another variant, differs in %d things, not 2\n", noticed);
		differences++;
	}
	return differences;
}

static int tell_disagreements(struct run *run, const struct passage *passage)
{
	for (int id = 0; id < WITNESSES; id++) {
		char seen[32], expected[32];

		if (witness_agrees(passage->expected[id], passage->testimony.said[id]))
			continue;
		text_add(&run->detail, "%s: %s is %s, expected %s\n", passage->direction,
			 witness_name(id), witness_value(id, passage->testimony.said[id], seen),
			 witness_value(id, passage->expected[id], expected));
	}
	return testimony_disagreements(passage->expected, &passage->testimony);
}

static int judge_passage(struct run *run, struct probe *probe, const struct step *step,
			 struct passage *passage)
{
	static int (*const send[])(struct probe *, const struct settlement *,
				   struct testimony *) = {
		[REQUEST] = probe_request, [REPLY] = probe_reply, [STREAM] = probe_stream,
		[BURST] = probe_burst,	   [ECHO] = probe_echo,	  [CONNECTION] = probe_connection,
	};
	const struct outcome *outcome;
	struct settlement settled;
	int err, differences;

	outcome = feature_outcome(step->outcome, run->topology, &err);
	if (err)
		return err;
	passage->story = outcome->story;
	step_expectation(step, outcome, passage->expected);
	run->stage->is_spoilt |= outcome->spoils;
	settled = (struct settlement){
		.by = outcome->settled_by,
		.at = outcome->expected[outcome->settled_by],
		.delivered = outcome->expected[DELIVERED],
	};
	err = send[step->action](probe, &settled, &passage->testimony);
	if (err && err != -ETIMEDOUT)
		return err;
	testimony_resolve(passage->expected, &passage->testimony);
	if (run->line.length)
		text_add(&run->line, "; %s ", passage->direction);
	testimony_gist(&passage->testimony, &run->line);
	differences = tell_disagreements(run, passage);
	if (err)
		text_add(&run->detail, "%s: %s said nothing more until the deadline\n",
			 passage->direction, witness_name(outcome->settled_by));
	return differences + (err ? 1 : 0);
}

static int exchange_server(struct run *run)
{
	static const uint8_t other_mac[MAC_LENGTH] = { 0x02, 0, 0, 0, 0, 0x01 };
	int err;

	/* It is no longer the topology that others want. */
	run->stage->is_spoilt = true;
	err = topology_move_server(run->topology, other_mac);
	/* netns_1 would ask again when its entry has aged; here it forgets at once. */
	return err ? err : topology_forget_neighbours(run->topology);
}

static int move_server(struct run *run)
{
	int err = exchange_server(run);

	return err ? err : probe_resolve(run->topology, run->check->variant.reply_proxy_arp);
}

static int judge_step(struct run *run, struct probe *probe, int number)
{
	static const char *const names[][2] = {
		[REQUEST] = { "request", "second request" },
		/* There was a request before the first. */
		[REPLY] = { "reply", "second reply" },
		[STREAM] = { "stream", "second stream" },
		[ECHO] = { "echo", "second echo" },
		[BURST] = { "burst", "second burst" },
		[CONNECTION] = { "connection", "second connection" },
	};
	const struct step *step = &run->check->steps[number];
	struct passage *passage = &run->result->passages[number];

	switch (step->action) {
	case MOVE_SERVER: return move_server(run);
	case DETACH: return technique_detach(&run->attachment, run->topology);
	case CLOSE_LINK: technique_close_link(&run->attachment); return 0;
	case NO_ACTION: return 0;
	default:
		passage->direction = names[step->action][number > (step->action == REPLY)];
		return judge_passage(run, probe, step, passage);
	}
}

/* Resolves what can be resolved, and opens the two ends. */
static int prepare_probe(struct run *run, struct probe *probe)
{
	const struct variant *variant = &run->check->variant;
	int err = 0;

	if (run->stage->arrange) {
		/* Whether what was arranged has helped is what the probe will find. */
		if (probe_resolve(run->topology, variant->reply_proxy_arp))
			failure_clear();
	} else if (!variant->forwarding_off || variant->static_neighbour) {
		err = probe_resolve(run->topology, variant->reply_proxy_arp);
	}
	return err ? err : probe_open(probe, run->topology, &run->attachment);
}

static int judge_probe(struct run *run)
{
	struct probe probe;
	int differences = prepare_probe(run, &probe), more = 0;

	if (differences)
		return differences;
	for (int number = 0; number < STEPS && more >= 0; number++) {
		more = judge_step(run, &probe, number);
		differences += more;
	}
	probe_close(&probe);
	return more < 0 ? more : differences;
}

static int compare_path(struct run *run, const struct path *path)
{
	const struct itinerary *itinerary = run->check->itinerary;
	const char *lack = itinerary ? path_lacks(path, itinerary) : NULL;
	int differences;

	if (lack)
		return lacking(-ENOENT, lack, "follow the datagram's way");
	text_add(&run->line, "; ");
	path_gist(path, &run->line);
	differences = path_compare(path, itinerary, &run->detail);
	if (run->stage->path)
		*run->stage->path = *path;
	if (differences && !run->stage->shows_ways)
		path_show(path, run->notes);
	return differences;
}

/*
 * The kernel runs no program within a program: what an interrupt meets while the tracer's is at
 * work, on whose behalf ever, is lost. Such a way proves nothing and is taken anew; one that loses
 * something each time fails.
 */
#define ATTEMPTS 3

/* Its passage is not for the report: with the tracer at work the price is another. */
static int take_way(struct run *run, struct probe *probe, struct path *path)
{
	struct tracer *tracer = &run->stage->tracer;
	struct passage passage = { .direction = "request" };
	int differences, err, attempts = 0;

	do {
		run->line = text_in(run->result->line, sizeof(run->result->line));
		run->detail = text_in(run->result->detail, sizeof(run->result->detail));
		differences = tracer_begin(tracer);
		if (!differences)
			differences = judge_passage(run, probe, &run->check->steps[0], &passage);
		err = differences < 0 ? differences : tracer_take(tracer, run->topology, path);
	} while (!err && path->lost && ++attempts < ATTEMPTS);
	return err ? err : differences;
}

static int judge_path(struct run *run)
{
	static struct path path;
	struct probe probe;
	int differences = tracer_open(&run->stage->tracer, run->stage->backend), more;

	if (!differences)
		differences = prepare_probe(run, &probe);
	if (differences)
		return differences;
	differences = take_way(run, &probe, &path);
	probe_close(&probe);
	if (differences < 0)
		return differences;
	more = compare_path(run, &path);
	return more < 0 ? more : differences + more;
}

/* To be refused is an outcome like others. */
static int judge_refusal(struct run *run, const struct outcome *expected, int err)
{
	if (failure_is_refusal() || failure_lack())
		return err;
	run->is_refused = true;
	run->result->outcome = outcome_refused.name;
	text_add(&run->line, "%s: %s", outcome_refused.name, failure_text());
	if (expected == &outcome_refused)
		return 0;
	if (expected)
		text_add(&run->detail, "the outcome is %s, expected %s\n", outcome_refused.name,
			 expected->name);
	return 1;
}

static int judge_outcome(struct run *run, const struct outcome *expected, struct passage *passage)
{
	const struct testimony *testimony = &passage->testimony;
	const struct outcome *seen = outcome_of(testimony);
	const char *name = seen ? seen->name : "one without a name";
	int differences = tell_disagreements(run, passage);

	run->result->outcome = name;
	text_add(&run->line, "%s: ", name);
	testimony_gist(testimony, &run->line);
	passage->story = seen ? seen->story : "it fits no outcome of the lab's";
	if (expected && expected != seen) {
		text_add(&run->detail, "the outcome is %s, expected %s\n", name, expected->name);
		differences++;
	}
	if (!testimony->said[PROGRAM_RAN]) {
		text_add(&run->detail, "the program never ran\n");
		differences++;
	}
	return differences;
}

static void tell_trial(struct run *run)
{
	char value[32];
	int answer;

	if (run->attachment.hook == VETH1_2 &&
	    !traffic_try(run->topology, &run->attachment, &answer))
		text_add(&run->line, ", %s in a test run",
			 witness_value(PROGRAM_ANSWER, answer, value));
}

/* The way is shown where the kernel can be traced; the witnesses do without. */
static int follow(struct run *run, struct probe *probe, const struct outcome *expected)
{
	static struct path path;
	struct tracer *tracer = &run->stage->tracer;
	struct passage *passage = &run->result->passages[0];
	bool reply = run->check->steps[0].action == REPLY;
	int err = tracer_open(tracer, run->stage->backend), more = 0;
	bool traced = !err;

	if (err && !failure_lack())
		return err;
	failure_clear();
	err = traced ? tracer_begin(tracer) : 0;
	if (!err)
		err = (reply ? probe_reply : probe_request)(probe, NULL, &passage->testimony);
	if (err == -ETIMEDOUT)
		return failed(err, "wait until the witnesses have no more to say");
	if (err)
		return err;
	passage->direction = reply ? "reply" : "request";
	outcome_expectation(expected == &outcome_refused ? NULL : expected, passage->expected);
	err = judge_outcome(run, expected, passage);
	if (traced)
		more = tracer_take(tracer, run->topology, &path);
	tell_trial(run);
	if (traced && !more)
		more = compare_path(run, &path);
	return more < 0 ? more : err + more;
}

/* Somebody else's program. Nobody need have said what comes of it, but it must load and run. */
static int judge_object(struct run *run)
{
	const struct step *step = &run->check->steps[0];
	const struct outcome *expected = step->outcome;
	struct probe probe;
	int differences = technique_attach(&run->attachment, technique_find("object"),
					   run->topology, run->stage->narrate);

	if (differences)
		return judge_refusal(run, expected, differences);
	if (run->check->before == MOVE_SERVER)
		differences = exchange_server(run);
	if (differences)
		return differences;
	/* Where the program lets no ARP pass, that is what the probe will find. */
	if (probe_resolve(run->topology, step->action == REPLY))
		failure_clear();
	differences = probe_open(&probe, run->topology, &run->attachment);
	if (differences)
		return differences;
	differences = follow(run, &probe, expected);
	probe_close(&probe);
	return differences;
}

static int judge_traffic(struct run *run)
{
	int kinds = 0;
	/* Those that netns_1 routes, or answers, must find their neighbours known. */
	int differences = probe_resolve(run->topology, false);

	if (!differences)
		differences =
			traffic_compare(run->topology, &run->attachment, &kinds, &run->detail);
	if (differences >= 0)
		text_add(&run->line,
			 "%d kinds of frame, on the wire and in the test run, %d differ", kinds,
			 differences);
	return differences;
}

static int judge_teardown(struct run *run)
{
	const struct inventory *before = &run->stage->before;
	struct inventory now;
	char seen[1024];
	struct text unseen = text_in(seen, sizeof(seen));
	int err, noticed;

	/* The control: with everything up, the inventory must be another. */
	err = inventory_take(&now);
	if (err)
		return err;
	noticed = inventory_compare(before, &now, &unseen);
	err = technique_detach(&run->attachment, run->topology);
	if (!err)
		err = stage_clear(run->stage);
	if (!err)
		err = inventory_wait(before, &now);
	if (err && err != -ETIMEDOUT)
		return err;
	text_add(&run->line, "nothing left of %d kinds of things", noticed);
	if (noticed < 5)
		text_add(&run->detail, "the control, everything up, differs in %d kinds only\n",
			 noticed);
	return inventory_compare(before, &now, &run->detail) + (noticed < 5);
}

static const struct kind {
	int (*judge)(struct run *run);
	const char *technique; /* for those whose row names none; NULL: no program */
} kinds[] = {
	[TOPOLOGY_READ_BACK] = { judge_topology, NULL },
	[PROBE] = { judge_probe, NULL },
	[PATH] = { judge_path, NULL },
	[OTHER_TRAFFIC] = { judge_traffic, NULL },
	[OBJECT] = { judge_object, NULL },
	[TEARDOWN] = { judge_teardown, "redirect" },
};

/* The tracer may stay: it knows nothing of the topology. */
static int take_down(struct stage *stage)
{
	if (!stage->is_up)
		return 0;
	stage->is_up = false;
	return topology_down(&stage->topology);
}

int stage_clear(struct stage *stage)
{
	tracer_close(&stage->tracer);
	return take_down(stage);
}

static int stage_set(struct stage *stage, const struct variant *variant)
{
	int err;

	if (stage->is_up && !memcmp(&stage->topology.variant, variant, sizeof(*variant)))
		return topology_forget_neighbours(&stage->topology);
	err = take_down(stage);
	if (!err)
		err = topology_up(&stage->topology, variant);
	stage->is_up = !err;
	return err;
}

static int put_up(struct run *run)
{
	const char *technique = run->check->technique;
	int err;

	/* Whoever does not ask for it shall not be disturbed by it. */
	if (run->check->kind != PATH && run->check->kind != OBJECT)
		tracer_close(&run->stage->tracer);
	err = stage_set(run->stage, &run->check->variant);
	if (!err && run->stage->arrange) {
		run->stage->is_spoilt = true;
		err = run->stage->arrange(run->topology, run->stage->context);
	}
	if (!technique)
		technique = kinds[run->check->kind].technique;
	if (!err && technique)
		err = technique_attach(&run->attachment, technique_find(technique), run->topology,
				       run->stage->narrate);
	return err;
}

/* What could not be done for the lack of something in the kernel is skipped. */
static enum status could_not(struct run *run)
{
	run->line = text_in(run->result->line, sizeof(run->result->line));
	text_add(&run->line, "the kernel lacks %s (%s)", failure_lack(), failure_text());
	run->result->detail[0] = '\0';
	technique_detach(&run->attachment, run->topology);
	return SKIPPED;
}

static enum status judge(struct run *run)
{
	int differences = capture_mark(run->stage->capture, run->check->name), err;

	if (!differences)
		differences = put_up(run);
	if (differences >= 0)
		differences = kinds[run->check->kind].judge(run);
	if (run->stage->narrate)
		printk_read(run->notes);
	if (differences < 0 && failure_lack())
		return could_not(run);
	if (differences < 0)
		text_add(&run->detail, "%s\n", failure_text());
	if (differences && !run->is_refused)
		blackbox_write(run->stage->is_up ? run->topology : NULL, run->notes);
	err = technique_detach(&run->attachment, run->topology);
	if (err)
		text_add(&run->detail, "%s\n", failure_text());
	return differences || err ? FAILED : PASSED;
}

void check_run(const struct check *check, struct stage *stage, struct result *result,
	       struct text *notes)
{
	struct run run = {
		.check = check,
		.stage = stage,
		.topology = &stage->topology,
		.result = result,
		.line = text_in(result->line, sizeof(result->line)),
		.detail = text_in(result->detail, sizeof(result->detail)),
		.notes = notes,
	};
	uint64_t start = arch_counter();

	failure_clear();
	*result = (struct result){ .check = check, .round = 1 };
	result->status = judge(&run);
	/* A topology in which something went wrong is nobody else's to stand on. */
	if (result->status == FAILED || stage->is_spoilt)
		stage_clear(stage);
	stage->is_spoilt = false;
	result->counter = arch_counter() - start;
}
