// with: init/work.c init/parcel.c init/failure.c
// SPDX-License-Identifier: GPL-2.0
/* What has changed since it was kept, and how it goes to the host. */
#include <errno.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "parcel.h"
#include "tap.h"
#include "work.h"

#define NOTE "note"

static void put(const char *path, const char *text)
{
	FILE *file = fopen(path, "w");

	fputs(text, file);
	fclose(file);
}

/* The unsaved paths, a blank behind each. */
static const char *unsaved(void)
{
	static char list[256];
	struct work work;

	list[0] = '\0';
	if (work_unsaved("w", NOTE, &work))
		return failure_text();
	for (int i = 0; i < work.count; i++)
		strcat(strcat(list, work.files[i].path), " ");
	work_free(&work);
	return list;
}

static void keep_all(void)
{
	struct work work;

	check(!work_unsaved("w", NOTE, &work) && !work_keep(NOTE, &work), "is kept");
	work_free(&work);
}

static uint64_t hash_now(void)
{
	struct work work;
	uint64_t hash;

	work_unsaved("w", NOTE, &work);
	hash = work_hash(&work);
	work_free(&work);
	return hash;
}

static void test_changes(void)
{
	uint64_t hash;

	check_text(unsaved(), "a b/c ", "with no note all is unsaved, in order");
	hash = hash_now();
	keep_all();
	check_text(unsaved(), "", "what is kept is not unsaved");
	put("w/a", "one");
	check_text(unsaved(), "", "nor what is written anew with the same bytes");
	put("w/a", "two");
	put("w/b/a b", "new");
	check_text(unsaved(), "a b/a b ", "what has changed is, and what was made");
	check(hash_now() != hash, "another list has another hash");
	hash = hash_now();
	put("w/a", "six");
	check(hash_now() != hash, "and other bytes have");
	keep_all();
	put("w/a", "one");
	check_text(unsaved(), "a ", "the last that was kept counts, not one before");
	unlink("w/a");
	check_text(unsaved(), "", "what is taken away is nobody's to save");
}

static void test_made_again(void)
{
	put("w/b/p.bpf.o", "object");
	put("w/vmlinux.h", "types");
	check_text(unsaved(), "b/p.bpf.o ", "an object without its source is work");
	put("w/b/p.bpf.c", "source");
	check_text(unsaved(), "b/p.bpf.c ", "beside its source it is not");
	check(!symlink("/etc/passwd", "w/link"), "a link");
	check_text(unsaved(), "b/p.bpf.c ", "is no file");
}

static void test_parcel(void)
{
	struct work work;
	size_t size;
	char *bytes;
	FILE *to = open_memstream(&bytes, &size);

	chmod("w/b/p.bpf.c", 0755);
	work_unsaved("w", NOTE, &work);
	check(!parcel_send(to, "w", &work), "a parcel is sent");
	fclose(to);
	check(size == 3 * PARCEL_BLOCK, "in whole blocks");
	check_text(bytes, "file 755 6 b/p.bpf.c\n", "mode, length and name of a file");
	check_text(bytes + PARCEL_BLOCK, "source", "its bytes");
	check_text(bytes + 2 * PARCEL_BLOCK, "saved\n", "and the end");
	free(bytes);

	put("w/b/p.bpf.c", "src");
	to = open_memstream(&bytes, &size);
	check(parcel_send(to, "w", &work) == -ENODATA, "a file that has shrunk fails it");
	fclose(to);
	check(!memmem(bytes, size, "saved", 5), "and it has no end");
	free(bytes);
	failure_clear();

	to = fopen("/dev/null", "w");
	work.files[0].length = PARCEL_MAX + 1;
	check(parcel_send(to, "w", &work) == -EINVAL, "too much is refused");
	work.files[0].length = 3;
	strcpy(work.files[0].path, "b/p\n.c");
	check(parcel_send(to, "w", &work) == -EINVAL, "a line end in a name too");
	fclose(to);
	to = fopen("/dev/full", "w");
	strcpy(work.files[0].path, "b/p.bpf.c");
	check(parcel_send(to, "w", &work) == -ENOSPC, "what is not taken is told");
	fclose(to);
	work_free(&work);
}

int main(void)
{
	mkdir("w", 0755);
	mkdir("w/b", 0755);
	put("w/a", "one");
	put("w/b/c", "");
	test_changes();
	test_made_again();
	test_parcel();
	return tap_done();
}
