// SPDX-License-Identifier: GPL-2.0
/* PID 1: the table of contents of a boot, from console to power-off. */
#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "arch.h"
#include "bench.h"
#include "capture.h"
#include "cost.h"
#include "draw.h"
#include "failure.h"
#include "grade.h"
#include "lab.h"
#include "machine.h"
#include "run.h"
#include "sabotage.h"
#include "shell.h"
#include "technique.h"

static enum verdict could_not(const char *why)
{
	printf("# %s\n", why);
	return VERDICT_FAIL;
}

/* It is this kernel, or its modules, with which nothing can be proved. */
static enum verdict cannot_begin(const char *why)
{
	printf("# %s\n", why);
	return VERDICT_REFUSED;
}

/* Where run-qemu.sh puts somebody else's object. */
#define OBJECT_FILE "/object.bpf.o"

static enum verdict check(const struct parameters *parameters, struct capture *capture,
			  const struct phase *phases, int count)
{
	struct run_outputs outputs = {
		.console = stdout,
		.tap = machine_port("lab.tap"),
		.junit = machine_port("lab.junit"),
		.json = machine_port("lab.json"),
		.trace = machine_port("lab.trace"),
		.pictures = machine_port("lab.pictures"),
		.capture = capture,
		.phases = phases,
		.phases_count = count,
	};

	if (!strcmp(parameters->mode, "object"))
		return run_object(parameters, OBJECT_FILE, &outputs);
	return (parameters->trace[0] ? run_trace : run_checks)(parameters, &outputs);
}

static enum verdict cost(const struct parameters *parameters)
{
	if (!parameters->price)
		return could_not("the machine does not count instructions: there are no costs");
	draw_seed(parameters->seed);
	return cost_run(stdout, machine_port("lab.json"), parameters->tracer)
		       ? could_not(failure_text())
		       : VERDICT_PASS;
}

static enum verdict bench(const struct parameters *parameters)
{
	enum bench_clock clock = parameters->price	? INSTRUCTIONS
				 : parameters->emulated ? EMULATED_TIME
							: REAL_TIME;
	int err;

	draw_seed(parameters->seed);
	err = bench_run(stdout, machine_port("lab.json"), clock);
	if (err)
		could_not(failure_text());
	return err == -ERANGE ? VERDICT_REFUSED : err ? VERDICT_FAIL : VERDICT_PASS;
}

/* Where run-qemu.sh puts a participant's work. */
#define WORK "/grade"

static enum verdict grade(const struct parameters *parameters)
{
	if (machine_mount_attached(parameters))
		return cannot_begin(failure_text());
	return grade_run(parameters, WORK, 0, stdout, machine_port("lab.tap"));
}

/* What parameters->mode asks for. */
static enum verdict work(const struct parameters *parameters, struct capture *capture,
			 const struct phase *phases, int count)
{
	if (!strcmp(parameters->mode, "shell"))
		return shell_run(parameters) ? could_not(failure_text()) : VERDICT_PASS;
	if (!strcmp(parameters->mode, "grade"))
		return grade(parameters);
	if (!strcmp(parameters->mode, "cost"))
		return cost(parameters);
	if (!strcmp(parameters->mode, "bench"))
		return bench(parameters);
	return check(parameters, capture, phases, count);
}

/* What was lost is no proof: it fails, whatever was found. */
static enum verdict work_captured(const struct parameters *parameters, const struct phase *phases,
				  int count)
{
	struct capture capture;
	struct capture_totals totals;
	enum verdict verdict;

	if (capture_begin(&capture, machine_port("lab.capture")))
		return cannot_begin(failure_text());
	verdict = work(parameters, &capture, phases, count);
	failure_clear();
	if (capture_end(&capture, &totals))
		return could_not(failure_text());
	printf("# captured %llu frames, %llu were lost\n", (unsigned long long)totals.frames,
	       (unsigned long long)totals.lost);
	if (totals.lost)
		could_not("the capture's buffer grows with the machine's memory");
	return totals.lost && verdict == VERDICT_PASS ? VERDICT_FAIL : verdict;
}

static enum verdict boot(struct parameters *parameters)
{
	struct phase phases[] = { { "kernel", arch_counter() }, { "setup", 0 } };
	char bad[128] = "";

	if (machine_setup())
		return could_not(failure_text());
	if (machine_parameters(parameters, bad, sizeof(bad))) {
		printf("# the kernel command line has %s, which is not a word of the lab's\n", bad);
		return VERDICT_USAGE;
	}
	sabotage = sabotage_find(parameters->sabotage);
	if (!sabotage || !technique_stand_ins_known()) {
		sabotage = sabotage_find("");
		printf("# there is no break named %s\n", parameters->sabotage);
		return VERDICT_USAGE;
	}
	if (machine_prepare())
		return cannot_begin(failure_text());
	phases[1].counter = arch_counter() - phases[0].counter;

	if (parameters->capture)
		return work_captured(parameters, phases, 2);
	return work(parameters, NULL, phases, 2);
}

int main(int argc, char **argv)
{
	struct parameters parameters = {};
	const char *name = strrchr(argv[0], '/');
	enum verdict verdict;

	if (!strcmp(name ? name + 1 : argv[0], "lab"))
		return lab_main(argc, argv);
	if (getpid() != 1) {
		fputs("init: this is PID 1 of the lab's machine; in there, use `lab`\n", stderr);
		return 2;
	}
	verdict = boot(&parameters);
	sabotage_act();
	machine_end(verdict, parameters.nonce);
}
