// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "pcapng.h"

enum block_type {
	SECTION_HEADER = 0x0a0d0d0a, /* the same in either byte order */
	INTERFACE_DESCRIPTION = 1,
	INTERFACE_STATISTICS = 5,
	ENHANCED_PACKET = 6,
};

/* Their numbers count within the block that they stand in. */
enum option {
	END_OF_OPTIONS = 0,
	COMMENT = 1,
	SECTION_SYSTEM = 3,
	SECTION_APPLICATION = 4,
	INTERFACE_NAME = 2,
	INTERFACE_ABOUT = 3,
	INTERFACE_RESOLUTION = 9,
	PACKET_FLAGS = 2,
	STATISTICS_BEGIN = 2,
	STATISTICS_END = 3,
	STATISTICS_RECEIVED = 4,
	STATISTICS_DROPPED = 5,
};

#define BYTE_ORDER_MAGIC 0x1a2b3c4d
#define ETHERNET 1 /* LINKTYPE_ETHERNET */

struct block {
	uint8_t bytes[PCAPNG_BLOCK_MAX];
	size_t length;
	bool too_long;
};

static void put(struct block *block, const void *data, size_t size)
{
	block->too_long |= size > sizeof(block->bytes) - block->length;
	if (block->too_long || !size)
		return;
	memcpy(block->bytes + block->length, data, size);
	block->length += size;
}

static void put_16(struct block *block, uint16_t number)
{
	put(block, &number, sizeof(number));
}

static void put_32(struct block *block, uint32_t number)
{
	put(block, &number, sizeof(number));
}

/* The high half first, in either byte order. */
static void put_time(struct block *block, uint64_t time)
{
	put_32(block, time >> 32);
	put_32(block, time);
}

static void pad(struct block *block)
{
	static const uint8_t zeros[3];

	put(block, zeros, -block->length & 3);
}

static void put_option(struct block *block, enum option option, const void *value, size_t size)
{
	block->too_long |= size > UINT16_MAX;
	put_16(block, option);
	put_16(block, size);
	put(block, value, size);
	pad(block);
}

static void put_text(struct block *block, enum option option, const char *text)
{
	put_option(block, option, text, strlen(text));
}

static void put_time_option(struct block *block, enum option option, uint64_t time)
{
	uint32_t halves[] = { time >> 32, time };

	put_option(block, option, halves, sizeof(halves));
}

static void begin(struct block *block, enum block_type type)
{
	block->length = 0;
	block->too_long = false;
	put_32(block, type);
	put_32(block, 0); /* the length, which write_block() knows */
}

static int write_block(FILE *file, struct block *block)
{
	uint32_t length;

	put_16(block, END_OF_OPTIONS);
	put_16(block, 0);
	length = block->length + sizeof(length);
	put_32(block, length);
	if (block->too_long)
		return -EMSGSIZE;
	memcpy(block->bytes + 4, &length, sizeof(length));
	errno = EIO;
	return fwrite(block->bytes, 1, length, file) == length ? 0 : -errno;
}

int pcapng_section(FILE *file, const char *system, const char *application)
{
	int64_t unknown_length = -1;
	struct block block;

	begin(&block, SECTION_HEADER);
	put_32(&block, BYTE_ORDER_MAGIC);
	put_16(&block, 1); /* version 1.0 */
	put_16(&block, 0);
	put(&block, &unknown_length, sizeof(unknown_length));
	put_text(&block, SECTION_SYSTEM, system);
	put_text(&block, SECTION_APPLICATION, application);
	return write_block(file, &block);
}

int pcapng_interface(FILE *file, const char *name, const char *description, uint32_t longest)
{
	const uint8_t nanoseconds = 9;
	struct block block;

	begin(&block, INTERFACE_DESCRIPTION);
	put_16(&block, ETHERNET);
	put_16(&block, 0);
	put_32(&block, longest);
	put_text(&block, INTERFACE_NAME, name);
	put_text(&block, INTERFACE_ABOUT, description);
	put_option(&block, INTERFACE_RESOLUTION, &nanoseconds, sizeof(nanoseconds));
	return write_block(file, &block);
}

int pcapng_packet(FILE *file, const struct pcapng_packet *packet)
{
	struct block block;

	begin(&block, ENHANCED_PACKET);
	put_32(&block, packet->interface);
	put_time(&block, packet->time);
	put_32(&block, packet->header_size + packet->data_size);
	put_32(&block, packet->length);
	put(&block, packet->header, packet->header_size);
	put(&block, packet->data, packet->data_size);
	pad(&block);
	for (int i = 0; i < 3 && packet->comments[i] && packet->comments[i][0]; i++)
		put_text(&block, COMMENT, packet->comments[i]);
	put_option(&block, PACKET_FLAGS, &packet->flags, sizeof(packet->flags));
	return write_block(file, &block);
}

int pcapng_statistics(FILE *file, uint32_t interface, uint64_t start, uint64_t end,
		      uint64_t received, uint64_t dropped)
{
	struct block block;

	begin(&block, INTERFACE_STATISTICS);
	put_32(&block, interface);
	put_time(&block, end);
	put_time_option(&block, STATISTICS_BEGIN, start);
	put_time_option(&block, STATISTICS_END, end);
	put_option(&block, STATISTICS_RECEIVED, &received, sizeof(received));
	put_option(&block, STATISTICS_DROPPED, &dropped, sizeof(dropped));
	return write_block(file, &block);
}
