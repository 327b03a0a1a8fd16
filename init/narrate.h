/* SPDX-License-Identifier: GPL-2.0 */
/*
 * `lab --narrate`: each step, once it is done, as the command that does the same, a line that a
 * shell takes. The line is written where the step is done. Until narrate_begin() nothing is said.
 */
#ifndef NARRATE_H
#define NARRATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void narrate_begin(FILE *file);
/* For what has to be looked up before it can be said. */
bool narrate_has_begun(void);

/* A command; place is the name of the namespace that it is run in, or NULL where that is no matter.
 */
void narrate(const char *place, const char *format, ...) __attribute__((format(printf, 2, 3)));
/*
 * One that needs what is pinned under /sys/fs/bpf: there `ip netns exec` mounts a /sys of its own,
 * without it.
 */
void narrate_pinned(const char *place, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
/* What no command does, as a comment. */
void narrate_aside(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * A copy of a file in which other bytes stand at an offset. Some of these, in place of which the
 * line has the shell's words for them, are read anew by whoever runs it; without words there are
 * none.
 */
struct narrated_bytes {
	size_t offset;
	const uint8_t *bytes;
	size_t size, read_at, read_size;
	const char *words;
};
void narrate_copy(const char *from, const char *to, const struct narrated_bytes *bytes);

/* The word as a shell wants it: with quotes where it needs them. Valid until the next call. */
const char *narrate_word(const char *word);

#endif
