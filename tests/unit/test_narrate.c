// with: init/narrate.c init/text.c
// SPDX-License-Identifier: GPL-2.0
/* Lines that a shell takes, and nothing at all for whoever did not ask. */
#include <stdlib.h>
#include <unistd.h>

#include "narrate.h"
#include "tap.h"

static char *said;
static size_t said_length;

/* What was said since the last call. */
static const char *line(void)
{
	static size_t heard;
	const char *from = said + heard;

	heard = said_length;
	return from;
}

static void places(void)
{
	narrate(NULL, "ip netns add %s", "netns_1");
	check_text(line(), "ip netns add netns_1\n", "a command is a line, at once");
	narrate("host", "ip link");
	check_text(line(), "ip link\n", "the host's is typed as it is");
	narrate("netns_1", "ip link");
	check_text(line(), "ip netns exec netns_1 ip link\n", "another's is run inside");
	narrate_pinned("netns_1", "bpftool net");
	check_text(line(), "nsenter --net=/run/netns/netns_1 bpftool net\n",
		   "with the /sys of here where that is wanted");
	narrate_aside("waits until %s", "it is so");
	check_text(line(), "# waits until it is so\n", "what no command does is a comment");
}

static void words(void)
{
	check_text(narrate_word("/tmp/a-b_c.bpf.o"), "/tmp/a-b_c.bpf.o", "a plain word is bare");
	check_text(narrate_word("veth1@2"), "veth1@2", "so is a device");
	check_text(narrate_word("two words"), "'two words'", "a blank wants quotes");
	check_text(narrate_word("$x"), "'$x'", "so does a dollar");
	check_text(narrate_word("it's"), "'it'\\''s'", "and a quote more than that");
	check_text(narrate_word(""), "''", "nothing is a word too");
}

static void write_file(const char *name, const void *bytes, size_t size)
{
	FILE *file = fopen(name, "w");

	check(file && fwrite(bytes, 1, size, file) == size && !fclose(file), "a file to copy");
}

/* Of every byte that there is, digits behind it included, which no octal number may swallow. */
static void copies(void)
{
	uint8_t whole[1024], other[512], seen[1025];
	struct narrated_bytes bytes = { .offset = 256, .bytes = other, .size = sizeof(other) };
	FILE *file;

	for (int i = 0; i < 512; i++) {
		other[i] = i % 2 ? i / 2 : '0' + i % 10;
		whole[i] = whole[512 + i] = 511 - i;
	}
	write_file("from", whole, sizeof(whole));
	narrate_copy("from", "to", &bytes);
	check(!system(line()), "the line is one that a shell takes");
	memcpy(whole + 256, other, sizeof(other));
	file = fopen("to", "r");
	check(file && fread(seen, 1, sizeof(seen), file) == sizeof(whole) &&
		      !memcmp(seen, whole, sizeof(whole)),
	      "and copies the file, with the other bytes in their place");
	fclose(file);
	bytes = (struct narrated_bytes){ 2, other, 4, 1, 2, "$(read it)" };
	narrate_copy("from", "to", &bytes);
	check_text(line(),
		   "{ head -c 2 from; printf \"\\60$(read it)\\1\"; tail -c +7 from; } >to\n",
		   "what is read anew stands as the words for it");
}

int main(void)
{
	FILE *file = open_memstream(&said, &said_length);

	narrate(NULL, "ip link");
	narrate_aside("a word");
	fflush(file);
	check(!said_length && !narrate_has_begun(), "nothing is said to whoever has not asked");
	narrate_begin(file);
	check(narrate_has_begun(), "until then");
	places();
	words();
	copies();
	fclose(file);
	free(said);
	return tap_done();
}
