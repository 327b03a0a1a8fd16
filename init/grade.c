// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "draw.h"
#include "failure.h"
#include "grade.h"
#include "trial.h"

#define SOURCE "redirect.bpf.c"
#define OBJECT_GIVEN "redirect.bpf.o"
#define ANSWER_GIVEN "answer.txt"
#define OBJECT_MADE "/tmp/graded.bpf.o"
#define COMPILER_LOG "/tmp/graded.log"

/*
 * Of processor time: the machine's clock runs ahead while its one processor waits for the disk. Who
 * only waits is ended by run-qemu.sh's --timeout.
 */
#define DEADLINE 60
#define LARGEST_FILE (4 * 1024 * 1024) /* that the compiler may write */
#define NOBODY 65534

struct grading {
	const char *directory;
	struct work work;
	char notes[16384];
	struct text text;
	int points;
};

/* Each line of it behind a mark of ours, each character one that a terminal only shows. */
static void quote(struct text *text, const char *foreign)
{
	bool begins = true;

	for (const char *at = foreign; *at; at++) {
		if (begins)
			text_add(text, "    | ");
		begins = *at == '\n';
		text_add(text, "%c", begins || (*at >= ' ' && *at <= '~') ? *at : '?');
	}
	if (!begins)
		text_add(text, "\n");
}

static void path_of(const struct grading *grading, const char *file, char path[256])
{
	snprintf(path, 256, "%s/%s/%s", grading->directory, grading->work.exercise->name, file);
}

static int read_text(const char *path, char *text, size_t size)
{
	int fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	ssize_t length = fd < 0 ? -1 : read(fd, text, size - 1);
	int err = length < 0 ? -errno : 0;

	text[length < 0 ? 0 : length] = '\0';
	if (fd >= 0)
		close(fd);
	return err;
}

static void limit(int resource, rlim_t most)
{
	struct rlimit both = { most, most };

	setrlimit(resource, &both);
}

/* As nobody, who may open no device that one waits for. */
static void __attribute__((noreturn)) become_clang(const char *source)
{
	int from = open(source, O_RDONLY | O_NONBLOCK), log = creat(COMPILER_LOG, 0600);

	dup2(from, 0);
	dup2(log, 1);
	dup2(log, 2);
	limit(RLIMIT_FSIZE, LARGEST_FILE);
	limit(RLIMIT_CPU, DEADLINE / 2);
	if (chdir("/tmp") || setgid(NOBODY) || setuid(NOBODY))
		_exit(127);
	execl("/bin/clang", "clang", "-O2", "-g", "-target", "bpf", "-c", "-x", "c", "-", "-o",
	      OBJECT_MADE, NULL);
	_exit(127);
}

static int compile(const char *source, struct text *text)
{
	char log[4096];
	int status = -1;
	pid_t clang;

	unlink(OBJECT_MADE);
	clang = fork();
	if (!clang)
		become_clang(source);
	if (clang < 0 || waitpid(clang, &status, 0) < 0)
		return failed(-errno, "run clang");
	if (!status)
		return 0;
	if (WIFSIGNALED(status))
		text_add(text, "clang was ended: %s\n", strsignal(WTERMSIG(status)));
	read_text(COMPILER_LOG, log, sizeof(log));
	text_add(text, "%s", log);
	return -EINVAL;
}

/* The source, compiled here, or an object. */
static bool find_object(struct grading *grading, struct text *seen)
{
	char *object = grading->work.object, source[256];

	path_of(grading, SOURCE, source);
	path_of(grading, OBJECT_GIVEN, object);
	if (!access(source, R_OK)) {
		strcpy(object, OBJECT_MADE);
		if (!compile(source, seen))
			return true;
		if (!seen->length)
			text_add(seen, "%s", failure_text());
	} else if (access(object, R_OK)) {
		text_add(seen, "neither %s nor %s is in %s\n", SOURCE, OBJECT_GIVEN,
			 grading->work.exercise->name);
	} else {
		return true;
	}
	object[0] = '\0';
	return false;
}

static void find_answer(struct grading *grading)
{
	struct answer *answer = &grading->work.answer;
	char path[256];

	path_of(grading, ANSWER_GIVEN, path);
	grading->work.has_answer = !read_text(path, answer->text, sizeof(answer->text));
	answer_parse(answer);
}

static bool is_the_load(const struct trial *trial)
{
	return trial->kind == PROGRAM && !trial->outcome;
}

static bool try(struct grading *grading, const struct trial *trial)
{
	static char wanted[512], room[4608];
	struct text expected = text_in(wanted, sizeof(wanted)), seen = text_in(room, sizeof(room));

	if (is_the_load(trial) && !find_object(grading, &seen)) {
		text_add(&expected, "a program");
	} else if (trial_passes(trial, &grading->work, &expected, &seen)) {
		grading->points += trial->points;
		return true;
	}
	text_add(&grading->text, "  expected: %s\n  seen:\n", wanted);
	quote(&grading->text, room);
	text_add(&grading->text, "  missing: %s\n  hint: %s\n", trial->missing, trial->hint);
	return false;
}

/* A program that does not load is not tried again; what was answered may be right all the same. */
static void try_all(struct grading *grading)
{
	const struct trial *trials = grading->work.exercise->trials;
	bool loads = true;

	for (int i = 0; i < TRIALS && trials[i].points; i++) {
		bool wants_program = trials[i].kind == PROGRAM || trials[i].kind == FRAMES, passed;

		if (wants_program && !loads)
			continue;
		passed = try(grading, &trials[i]);
		if (is_the_load(&trials[i]))
			loads = passed;
	}
}

static int full(const struct exercise *exercise)
{
	int points = 0;

	for (int i = 0; i < TRIALS; i++)
		points += exercise->trials[i].points;
	return points;
}

/* In the process of the exercise: the points, then the words. */
static void __attribute__((noreturn)) grade_here(struct grading *grading, int into)
{
	limit(RLIMIT_CPU, DEADLINE);
	grading->work.stage = (struct stage){ .backend = "" };
	find_answer(grading);
	try_all(grading);
	stage_clear(&grading->work.stage);
	if (write(into, &grading->points, sizeof(grading->points)) < 0 ||
	    write(into, grading->notes, grading->text.length) < 0)
		_exit(1);
	_exit(0);
}

static size_t read_all(int fd, void *data, size_t size)
{
	size_t length = 0;
	ssize_t more;

	while (length < size && (more = read(fd, (char *)data + length, size - length)) > 0)
		length += more;
	return length;
}

/* Whoever was killed leaves its topology behind. */
static void clear_up(void)
{
	struct topology topology;

	if (topology_is_up() && !topology_open(&topology))
		topology_down(&topology);
}

static void grade(struct grading *grading)
{
	int ends[2], status = 0;
	pid_t child;

	grading->points = 0;
	grading->text = text_in(grading->notes, sizeof(grading->notes));
	if (pipe2(ends, O_CLOEXEC) || (child = fork()) < 0) {
		text_add(&grading->text, "no process for it: %s\n", strerror(errno));
		return;
	}
	if (!child)
		grade_here(grading, ends[1]);
	close(ends[1]);
	if (read_all(ends[0], &grading->points, sizeof(int)) == sizeof(int))
		grading->text.length =
			read_all(ends[0], grading->notes, sizeof(grading->notes) - 1);
	grading->notes[grading->text.length] = '\0';
	close(ends[0]);
	while (waitpid(child, &status, 0) < 0 && errno == EINTR)
		;
	if (!status)
		return;
	grading->points = 0;
	grading->text = text_in(grading->notes, sizeof(grading->notes));
	text_add(&grading->text, "the grader of this exercise was ended by %s\n",
		 WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "itself");
	clear_up();
}

enum verdict grade_run(const struct parameters *parameters, const char *directory, int number,
		       FILE *console, FILE *tap)
{
	static struct grading grading;
	struct report report = { .sinks = { console, tap } };
	int points = 0, most = 0, count = 0;
	char line[64];

	grading.directory = directory;
	draw_seed(parameters->seed);
	for (int i = 0; i < exercises_count; i++)
		count += !number || exercises[i].number == number;
	report_plan(&report, count);
	for (int i = 0, line_number = 0; i < exercises_count; i++) {
		int whole = full(&exercises[i]);

		if (number && exercises[i].number != number)
			continue;
		grading.work.exercise = &exercises[i];
		grade(&grading);
		for (int sink = 0; sink < 2; sink++)
			if (report.sinks[sink])
				fprintf(report.sinks[sink], "%sok %d %s # %d of %d points\n",
					grading.points == whole ? "" : "not ", line_number + 1,
					exercises[i].name, grading.points, whole);
		report_note(&report, grading.notes);
		line_number++;
		points += grading.points;
		most += whole;
	}
	snprintf(line, sizeof(line), "%d of %d points", points, most);
	report_note(&report, line);
	return points == most ? VERDICT_PASS : VERDICT_FAIL;
}
