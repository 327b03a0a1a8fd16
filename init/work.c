// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "work.h"

/* FNV-1a: a change is to be seen, nobody is to be kept from forging one. */
#define HASH_START 0xcbf29ce484222325
#define HASH_PRIME 0x100000001b3

static uint64_t hash_on(uint64_t hash, const void *bytes, size_t length)
{
	for (const uint8_t *byte = bytes; length--; byte++)
		hash = (hash ^ *byte) * HASH_PRIME;
	return hash;
}

/* Up to length bytes of from, hashed, into to where there is one. */
static int pass_on(FILE *from, FILE *to, uint64_t length, uint64_t *hash)
{
	char room[16384];
	size_t got = 1;

	for (*hash = HASH_START; length && got; length -= got) {
		got = fread(room, 1, length < sizeof(room) ? length : sizeof(room), from);
		*hash = hash_on(*hash, room, got);
		if (to && fwrite(room, 1, got, to) != got)
			return -errno;
	}
	return ferror(from) ? -EIO : length ? -ENODATA : 0;
}

static FILE *open_file(const char *directory, const char *path)
{
	char name[WORK_PATH_MAX + 256];

	snprintf(name, sizeof(name), "%s/%s", directory, path);
	return fopen(name, "re");
}

int work_write(const char *directory, struct work_file *file, FILE *to)
{
	FILE *from = open_file(directory, file->path);
	int err;

	if (!from)
		return failed(-errno, "open %s", file->path);
	err = pass_on(from, to, file->length, &file->hash);
	fclose(from);
	return err ? failed(err, "copy %s", file->path) : 0;
}

static bool exists(const char *directory, const char *path)
{
	char name[WORK_PATH_MAX + 256];

	snprintf(name, sizeof(name), "%s/%s", directory, path);
	return !access(name, F_OK);
}

/* An object whose source is there, the kernel's types, the shell's memory. */
static bool is_made_again(const char *directory, const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	size_t length = strlen(path);
	char source[WORK_PATH_MAX];

	if (!strcmp(name, "vmlinux.h") || !strcmp(name, ".ash_history"))
		return true;
	if (length < 3 || strcmp(path + length - 2, ".o"))
		return false;
	snprintf(source, sizeof(source), "%s", path);
	source[length - 1] = 'c';
	return exists(directory, source);
}

static int add_file(const char *path, const struct stat *found, struct work *work)
{
	struct work_file *files, *file;

	files = realloc(work->files, (work->count + 1) * sizeof(*files));
	if (!files)
		return -ENOMEM;
	work->files = files;
	file = &files[work->count];
	*file = (struct work_file){ .length = found->st_size, .program = found->st_mode & S_IXUSR };
	snprintf(file->path, sizeof(file->path), "%s", path);
	work->count++;
	return 0;
}

static int walk(const char *directory, const char *under, struct work *work);

static int look_at(const char *directory, const char *path, struct work *work)
{
	char name[WORK_PATH_MAX + 256];
	struct stat found;

	snprintf(name, sizeof(name), "%s/%s", directory, path);
	if (lstat(name, &found))
		return errno == ENOENT ? 0 : failed(-errno, "look at %s", name);
	if (S_ISDIR(found.st_mode))
		return walk(directory, path, work);
	if (!S_ISREG(found.st_mode) || is_made_again(directory, path))
		return 0;
	return add_file(path, &found, work);
}

static int walk(const char *directory, const char *under, struct work *work)
{
	char path[WORK_PATH_MAX];
	struct dirent *entry;
	int err = 0;
	DIR *open;

	snprintf(path, sizeof(path), "%s", directory);
	if (*under && snprintf(path, sizeof(path), "%s/%s", directory, under) >= (int)sizeof(path))
		return failed(-ENAMETOOLONG, "look into %s", under);
	open = opendir(path);
	if (!open)
		return failed(-errno, "look into %s", path);
	while (!err && (entry = readdir(open))) {
		if (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, ".."))
			continue;
		if (snprintf(path, sizeof(path), "%s%s%s", under, *under ? "/" : "",
			     entry->d_name) >= (int)sizeof(path))
			err = failed(-ENAMETOOLONG, "look at %s in %s", entry->d_name, under);
		else
			err = look_at(directory, path, work);
	}
	closedir(open);
	return err;
}

static int by_path(const void *a, const void *b)
{
	return strcmp(((const struct work_file *)a)->path, ((const struct work_file *)b)->path);
}

/* Marks in kept, one for each file, those that the note has as they are. */
static int read_note(const char *note, const struct work *work, bool *kept)
{
	char line[WORK_PATH_MAX + 32], *path;
	FILE *file = fopen(note, "re");
	struct work_file key, *found;
	uint64_t hash;

	if (!file)
		return errno == ENOENT ? 0 : failed(-errno, "open %s", note);
	while (fgets(line, sizeof(line), file)) {
		hash = strtoull(line, &path, 16);
		path[strcspn(path, "\n")] = '\0';
		snprintf(key.path, sizeof(key.path), "%s", path + (*path == ' '));
		found = bsearch(&key, work->files, work->count, sizeof(key), by_path);
		if (found)
			kept[found - work->files] = found->hash == hash;
	}
	fclose(file);
	return 0;
}

static int leave_out_kept(const char *note, struct work *work)
{
	bool *kept = calloc(work->count + 1, sizeof(*kept));
	int err = kept ? read_note(note, work, kept) : -ENOMEM, count = 0;

	for (int i = 0; i < work->count && !err; i++)
		if (!kept[i])
			work->files[count++] = work->files[i];
	if (!err)
		work->count = count;
	free(kept);
	return err;
}

int work_unsaved(const char *directory, const char *note, struct work *work)
{
	int err;

	*work = (struct work){};
	err = walk(directory, "", work);
	if (work->count)
		qsort(work->files, work->count, sizeof(*work->files), by_path);
	for (int i = 0; i < work->count && !err; i++)
		err = work_write(directory, &work->files[i], NULL);
	return err ? err : leave_out_kept(note, work);
}

int work_keep(const char *note, const struct work *work)
{
	FILE *file = fopen(note, "ae");
	int err = 0;

	if (!file)
		return failed(-errno, "open %s", note);
	for (int i = 0; i < work->count; i++)
		fprintf(file, "%016llx %s\n", (unsigned long long)work->files[i].hash,
			work->files[i].path);
	if (fclose(file))
		err = failed(-errno, "write %s", note);
	return err;
}

uint64_t work_hash(const struct work *work)
{
	uint64_t hash = HASH_START;

	for (int i = 0; i < work->count; i++) {
		const struct work_file *file = &work->files[i];

		hash = hash_on(hash, file->path, strlen(file->path) + 1);
		hash = hash_on(hash, &file->hash, sizeof(file->hash));
	}
	return hash;
}

void work_free(struct work *work)
{
	free(work->files);
	*work = (struct work){};
}
