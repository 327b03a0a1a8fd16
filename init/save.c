// SPDX-License-Identifier: GPL-2.0
#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "machine.h"
#include "parcel.h"
#include "save.h"
#include "work.h"

#define WORK "/root"
#define SHARE "/share"
#define KEPT "/run/kept" /* work.h's note */
#define TOLD "/run/told" /* work_hash() of what somebody knows to be lost */
#define SHOWN_MAX 12

int save_begin(void)
{
	struct work work;
	int err = work_unsaved(WORK, KEPT, &work);

	if (!err)
		err = work_keep(KEPT, &work);
	work_free(&work);
	return err;
}

/* For a copy that is whole or not there; what it takes the place of stays as NAME~. */
static int copy_file(struct work_file *file)
{
	char name[sizeof(SHARE) + WORK_PATH_MAX], draft[sizeof(name) + 8], before[sizeof(name) + 1];
	FILE *to;
	int err;

	snprintf(name, sizeof(name), SHARE "/%s", file->path);
	snprintf(draft, sizeof(draft), "%s.new", name);
	snprintf(before, sizeof(before), "%s~", name);
	for (char *slash = strchr(name + sizeof(SHARE), '/'); slash;
	     slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		mkdir(name, 0755);
		*slash = '/';
	}
	to = fopen(draft, "we");
	if (!to)
		return failed(-errno, "make %s", draft);
	err = work_write(WORK, file, to);
	if (!err && file->program && fchmod(fileno(to), 0755))
		err = failed(-errno, "make %s one to run", draft);
	if ((fflush(to) || fsync(fileno(to)) || fclose(to)) && !err)
		err = failed(-errno, "write %s", draft);
	if (!err && rename(name, before) && errno != ENOENT)
		err = failed(-errno, "keep %s as it was", name);
	if (!err && rename(draft, name))
		err = failed(-errno, "name %s", name);
	if (err)
		unlink(draft);
	return err;
}

static int to_share(struct work *work)
{
	int err = 0;

	for (int i = 0; i < work->count && !err; i++)
		err = copy_file(&work->files[i]);
	return err;
}

static int to_output(struct work *work)
{
	FILE *port = machine_port("lab.work");
	int err;

	if (!port)
		return failed(-ENODEV, "find the port for --output");
	err = parcel_send(port, WORK, work);
	fclose(port);
	return err;
}

/* Where work is kept: the first that the machine has, and the last is nowhere. */
static const struct keeper {
	int (*keep)(struct work *work);
	const char *saved, *advice;
} keepers[] = {
	{ to_share, "in /share", "`lab save` copies it to /share" },
	{ to_output, "on the host, and in work/ of --output when the machine has ended",
	  "`lab save` puts it into work/ of --output" },
	{ NULL, NULL,
	  "this machine keeps nothing: begin with --shell --share DIR, or --shell --output DIR" },
};

static bool has_share(void)
{
	struct stat root, share;

	/* Something is mounted there; what it calls itself is up to the host. */
	return !stat("/", &root) && !stat(SHARE, &share) && root.st_dev != share.st_dev;
}

static bool has_port(void)
{
	struct parameters parameters = {};
	char bad[128];

	return !machine_parameters(&parameters, bad, sizeof(bad)) && parameters.work;
}

static const struct keeper *find_keeper(void)
{
	return &keepers[has_share() ? 0 : has_port() ? 1 : 2];
}

/* On a line of its own; what would write elsewhere on the screen does not. */
static void show(FILE *says, const char *path)
{
	fputs("#   ", says);
	for (; *path; path++)
		fputc(iscntrl((unsigned char)*path) ? '?' : *path, says);
	fputc('\n', says);
}

static void show_all(FILE *says, const struct work *work)
{
	for (int i = 0; i < work->count && i < SHOWN_MAX; i++)
		show(says, work->files[i].path);
	if (work->count > SHOWN_MAX)
		fprintf(says, "#   and %d more\n", work->count - SHOWN_MAX);
}

int save_work(FILE *says)
{
	const struct keeper *keeper = find_keeper();
	struct work work = {};
	int err = keeper->keep ? work_unsaved(WORK, KEPT, &work) : refused("%s", keeper->advice);

	if (!err && work.count)
		err = keeper->keep(&work);
	if (!err && work.count)
		err = work_keep(KEPT, &work);
	if (!err && work.count) {
		fprintf(says, "# saved, %s:\n", keeper->saved);
		show_all(says, &work);
	} else if (!err) {
		fprintf(says, "# nothing in " WORK " is unsaved\n");
	}
	work_free(&work);
	return err;
}

static bool was_told(uint64_t hash)
{
	FILE *told = fopen(TOLD, "re");
	uint64_t before = 0;
	bool was = told && fscanf(told, "%" SCNx64, &before) == 1 && before == hash;

	if (told)
		fclose(told);
	return was;
}

static void tell(FILE *says, const struct work *work, const char *next)
{
	FILE *told = fopen(TOLD, "we");

	fputs("# not saved, and lost when the machine is off:\n", says);
	show_all(says, work);
	fprintf(says, "# %s. %s\n", find_keeper()->advice, next);
	fflush(says);
	if (told) {
		fprintf(told, "%" PRIx64 "\n", work_hash(work));
		fclose(told);
	}
}

bool save_may_leave(FILE *says, const char *next)
{
	struct work work;
	bool may;

	failure_clear();
	if (work_unsaved(WORK, KEPT, &work)) {
		/* What cannot be looked at is not held against who wants to leave. */
		fprintf(says, "# what is saved and what is not cannot be told: %s\n",
			failure_text());
		work_free(&work);
		return true;
	}
	may = !work.count || was_told(work_hash(&work));
	if (!may)
		tell(says, &work, next);
	work_free(&work);
	return may;
}
