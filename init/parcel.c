// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>

#include "failure.h"
#include "parcel.h"

static int fill_up(FILE *to, uint64_t length)
{
	static const char zeros[PARCEL_BLOCK];
	size_t lacks = (PARCEL_BLOCK - length % PARCEL_BLOCK) % PARCEL_BLOCK;

	return fwrite(zeros, 1, lacks, to) == lacks ? 0 : -errno;
}

static int send_text(FILE *to, const char *text)
{
	return fputs(text, to) < 0 ? -errno : fill_up(to, strlen(text));
}

static int send_file(FILE *to, const char *directory, struct work_file *file)
{
	char text[PARCEL_BLOCK];
	int err;

	snprintf(text, sizeof(text), "file %s %llu %s\n", file->program ? "755" : "644",
		 (unsigned long long)file->length, file->path);
	err = send_text(to, text);
	if (!err)
		err = work_write(directory, file, to);
	return err ? err : fill_up(to, file->length);
}

/* Before the first byte leaves: a parcel goes whole or not at all. */
static int may_go(const struct work *work)
{
	uint64_t bytes = 0;

	for (int i = 0; i < work->count; i++) {
		if (strchr(work->files[i].path, '\n'))
			return refused("there is a line end in a file's name: rename it");
		bytes += work->files[i].length;
	}
	if (bytes > PARCEL_MAX)
		return refused("%llu KiB are too much for --output, which takes %d at a time: "
			       "remove what need not be kept, or use --share",
			       (unsigned long long)bytes >> 10, PARCEL_MAX >> 10);
	return 0;
}

int parcel_send(FILE *to, const char *directory, struct work *work)
{
	int err = may_go(work);

	for (int i = 0; i < work->count && !err; i++)
		err = send_file(to, directory, &work->files[i]);
	if (!err)
		err = send_text(to, "saved\n");
	if (!err && fflush(to))
		err = -errno;
	return err ? failed(err, "send the work to the host") : 0;
}
