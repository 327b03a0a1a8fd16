/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a person makes in a directory of the machine, against the versions of it that outlive the
 * machine: those of the image, and those that `lab save` has brought to the host. The note of them
 * is a file, a line "HASH PATH" each; the last line of a path counts.
 */
#ifndef WORK_H
#define WORK_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#define WORK_PATH_MAX 400

struct work_file {
	char path[WORK_PATH_MAX]; /* from the directory on */
	uint64_t hash;		  /* of its bytes */
	uint64_t length;
	bool program; /* it may be run */
};

struct work {
	struct work_file *files; /* owned: work_free() */
	int count;
};

/*
 * The regular files under directory that the note has not got as they are; all of them where there
 * is no note. What is made again from what lies beside it does not count. 0 or -errno, noted in
 * failure.h; *work is to be freed either way.
 */
int work_unsaved(const char *directory, const char *note, struct work *work);

/* They outlive the machine as they are. 0 or -errno, noted. */
int work_keep(const char *note, const struct work *work);

/*
 * The file's bytes, file->length of them, into to; file->hash becomes theirs, as they may have
 * changed since. 0 or -errno, noted.
 */
int work_write(const char *directory, struct work_file *file, FILE *to);

/* One number for what is in it: files, and their bytes. */
uint64_t work_hash(const struct work *work);

void work_free(struct work *work);

#endif
