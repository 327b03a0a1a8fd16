// with: init/pcapng.c
// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdlib.h>

#include "pcapng.h"
#include "tap.h"

static char *written;
static size_t size;

/* What one call writes, from its first byte to its last. */
#define WRITE(call)                                           \
	({                                                    \
		FILE *file = open_memstream(&written, &size); \
		int err = call;                               \
                                                              \
		fclose(file);                                 \
		err;                                          \
	})

static uint32_t word(size_t at)
{
	uint32_t number = 0;

	if (at + sizeof(number) <= size)
		memcpy(&number, written + at, sizeof(number));
	return number;
}

static uint16_t half(size_t at)
{
	uint16_t number = 0;

	if (at + sizeof(number) <= size)
		memcpy(&number, written + at, sizeof(number));
	return number;
}

/* Both lengths, and whole words. */
static int is_block(uint32_t type)
{
	return size % 4 == 0 && word(0) == type && word(4) == size && word(size - 4) == size;
}

/* The offset of the option's value; 0 when the options from there on do not have it, or have no
 * end. */
static size_t option(size_t from, uint16_t wanted, int which)
{
	size_t found = 0;

	for (size_t at = from; at + 4 <= size - 4; at += 4 + ((half(at + 2) + 3) & ~3)) {
		if (half(at) == wanted && wanted && which-- == 0)
			found = at + 4;
		if (!half(at))
			return at + 8 == size ? found : 0;
	}
	return 0;
}

static void check_section(void)
{
	check(!WRITE(pcapng_section(file, "Linux", "redirect-lab")), "a section");
	check(is_block(0x0a0d0d0a) && word(8) == 0x1a2b3c4d, "says its byte order");
	check(half(12) == 1 && half(14) == 0 && word(16) == 0xffffffff && word(20) == 0xffffffff,
	      "and version 1.0, of unknown length");
	check(option(24, 3, 0) && !memcmp(written + option(24, 3, 0), "Linux\0\0\0", 8),
	      "a text is padded with zeros");
	check(half(26) == 5, "which its length does not count");
	check(option(24, 4, 0) && !memcmp(written + option(24, 4, 0), "redirect-lab", 12),
	      "one that needs none has none");
	free(written);
}

static void check_interface(void)
{
	check(!WRITE(pcapng_interface(file, "veth1@2", "in netns_1", 2062)), "an interface");
	check(is_block(1) && half(8) == 1 && word(12) == 2062, "of Ethernet");
	check(option(16, 2, 0) && !memcmp(written + option(16, 2, 0), "veth1@2", 7),
	      "with its name");
	check(option(16, 3, 0) && !memcmp(written + option(16, 3, 0), "in netns_1", 10),
	      "its place");
	check(option(16, 9, 0) && written[option(16, 9, 0)] == 9, "and nanoseconds");
	free(written);
}

static void check_packet(void)
{
	char frame[4096] = "abcdefg";
	struct pcapng_packet packet = {
		.interface = 6,
		.flags = PCAPNG_INBOUND | PCAPNG_PROMISCUOUS,
		.time = 0x123456789abcdef0,
		.length = 100,
		.header = "HEADER",
		.header_size = 6,
		.data = frame,
		.data_size = 7,
		.comments = { "redirect", "veth1@2" },
	};

	check(!WRITE(pcapng_packet(file, &packet)), "a packet");
	check(is_block(6) && word(8) == 6, "of its interface");
	check(word(12) == 0x12345678 && word(16) == 0x9abcdef0, "the time's high half comes first");
	check(word(20) == 13 && word(24) == 100, "what there is of it, and what it was");
	check(!memcmp(written + 28, "HEADERabcdefg\0\0\0", 16), "both parts, and padding");
	check(option(44, 2, 0) && word(option(44, 2, 0)) == 0x11, "direction and reception");
	check(option(44, 1, 0) && !memcmp(written + option(44, 1, 0), "redirect", 8), "a comment");
	check(option(44, 1, 1) && !memcmp(written + option(44, 1, 1), "veth1@2", 7),
	      "and a second");
	check(!option(44, 1, 2), "and no third");
	free(written);

	packet.header_size = packet.data_size = 0;
	packet.comments[0] = "";
	check(!WRITE(pcapng_packet(file, &packet)), "an empty packet without a comment");
	check(is_block(6) && word(20) == 0 && !option(28, 1, 0) && option(28, 2, 0),
	      "has its flags all the same");
	free(written);

	packet.data_size = sizeof(frame);
	check(WRITE(pcapng_packet(file, &packet)) == -EMSGSIZE && size == 0,
	      "one too long is refused, and nothing written");
	free(written);
}

static void check_statistics(void)
{
	check(!WRITE(pcapng_statistics(file, 3, 0x100000002, 0x300000004, 1000, 7)), "statistics");
	check(is_block(5) && size == PCAPNG_STATISTICS_LENGTH && word(8) == 3,
	      "are as long as they are said to be");
	check(word(12) == 3 && word(16) == 4, "taken at the end");
	check(option(20, 2, 0) && word(option(20, 2, 0)) == 1 && word(option(20, 2, 0) + 4) == 2,
	      "since the start");
	check(option(20, 4, 0) && word(option(20, 4, 0)) == 1000, "with what came");
	check(option(20, 5, 0) && word(option(20, 5, 0)) == 7, "and what was dropped");
	free(written);
}

static void check_full(void)
{
	FILE *full = fopen("/dev/full", "w");

	setvbuf(full, NULL, _IONBF, 0);
	check(pcapng_statistics(full, 0, 0, 0, 0, 0) == -ENOSPC, "a full disk is told of");
	fclose(full);
}

int main(void)
{
	check_section();
	check_interface();
	check_packet();
	check_statistics();
	check_full();
	return tap_done();
}
