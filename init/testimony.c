// SPDX-License-Identifier: GPL-2.0
#include <linux/bpf.h>
#include <linux/pkt_cls.h>
#include <stdio.h>

#include "testimony.h"
#include "topology.h"

#define DEVICE_NAMES(id, device)                                                                \
	[id##_TX] = device " tx", [id##_RX] = device " rx", [id##_DROPPED] = device " dropped", \
	[id##_OTHERHOST] = device " otherhost"

static const char *const names[WITNESSES] = {
	[DELIVERED] = "delivered",
	[PAYLOAD] = "payload",
	[SOURCE_ADDRESS] = "source address",
	[SOURCE_PORT] = "source port",
	[TTL] = "TTL",
	[SECOND_TTL] = "second TTL",
	[BYTES] = "bytes",
	[NEIGHBOUR] = "neighbour",
	[IN_RECEIVES] = "netns_1 InReceives",
	[FORW_DATAGRAMS] = "netns_1 ForwDatagrams",
	[IN_ADDR_ERRORS] = "netns_1 InAddrErrors",
	[IN_HDR_ERRORS] = "netns_1 InHdrErrors",
	[IN_DISCARDS] = "netns_1 InDiscards",
	[SERVER_CSUM_ERRORS] = "netns_2 InCsumErrors",
	[PROGRAM_RAN] = "program ran",
	[PROGRAM_MATCHED] = "program matched",
	[PROGRAM_ANSWER] = "program answer",
	[PROGRAM_LOOKUP] = "program FIB lookup",
	[PROGRAM_SUPER] = "program super-packets",
	[COMPANION_MATCHED] = "second program matched",
	[COMPANION_SUPER] = "second program super-packets",
	DEVICE_NAMES(VETH1_1, "veth1@1"),
	DEVICE_NAMES(VETH1_2, "veth1@2"),
	DEVICE_NAMES(VETH2_1, "veth2@1"),
	DEVICE_NAMES(VETH2_2, "veth2@2"),
};

const char *witness_name(enum witness_id id)
{
	return names[id];
}

void testimony_resolve(int64_t expected[WITNESSES], const struct testimony *testimony)
{
	for (int id = 0; id < WITNESSES; id++)
		if (expected[id] <= AS_MANY_AS(0) && expected[id] > AS_MANY_AS(WITNESSES))
			expected[id] = testimony->said[AS_MANY_AS(expected[id])];
}

bool witness_agrees(int64_t expected, int64_t said)
{
	if (expected == SOME)
		return said == NOT_TOLD || said > 0;
	return said == NOT_TOLD || expected == ANYTHING || said == expected;
}

int testimony_disagreements(const int64_t expected[WITNESSES], const struct testimony *testimony)
{
	int count = 0;

	for (int id = 0; id < WITNESSES; id++)
		count += !witness_agrees(expected[id], testimony->said[id]);
	return count;
}

/* The name of a number, or the number. */
static const char *named(int64_t value, const char *const *names, size_t count, char buffer[32])
{
	if (value == NO_ANSWER)
		return "none";
	if (value >= 0 && (size_t)value < count && names[value])
		return names[value];
	snprintf(buffer, 32, "%lld", (long long)value);
	return buffer;
}

#define NAMED(value, names, buffer) named(value, names, sizeof(names) / sizeof(names[0]), buffer)

static const char *answer_value(int64_t answer, char buffer[32])
{
	static const char *const answers[] = {
		[TC_ACT_OK] = "TC_ACT_OK",
		[TC_ACT_SHOT] = "TC_ACT_SHOT",
		[TC_ACT_REDIRECT] = "TC_ACT_REDIRECT",
		[XDP_ANSWER(XDP_ABORTED)] = "XDP_ABORTED",
		[XDP_ANSWER(XDP_DROP)] = "XDP_DROP",
		[XDP_ANSWER(XDP_PASS)] = "XDP_PASS",
		[XDP_ANSWER(XDP_TX)] = "XDP_TX",
		[XDP_ANSWER(XDP_REDIRECT)] = "XDP_REDIRECT",
		[SK_ANSWER(SK_DROP)] = "SK_DROP",
		[SK_ANSWER(SK_PASS)] = "SK_PASS",
	};

	return NAMED(answer, answers, buffer);
}

static const char *lookup_value(int64_t result, char buffer[32])
{
	static const char *const results[] = {
		[BPF_FIB_LKUP_RET_SUCCESS] = "SUCCESS",
		[BPF_FIB_LKUP_RET_BLACKHOLE] = "BLACKHOLE",
		[BPF_FIB_LKUP_RET_UNREACHABLE] = "UNREACHABLE",
		[BPF_FIB_LKUP_RET_PROHIBIT] = "PROHIBIT",
		[BPF_FIB_LKUP_RET_NOT_FWDED] = "NOT_FWDED",
		[BPF_FIB_LKUP_RET_FWD_DISABLED] = "FWD_DISABLED",
		[BPF_FIB_LKUP_RET_UNSUPP_LWT] = "UNSUPP_LWT",
		[BPF_FIB_LKUP_RET_NO_NEIGH] = "NO_NEIGH",
		[BPF_FIB_LKUP_RET_FRAG_NEEDED] = "FRAG_NEEDED",
	};

	return NAMED(result, results, buffer);
}

const char *witness_value(enum witness_id id, int64_t value, char buffer[32])
{
	static const char *const fates[] = { "none", "resolved", "failed" };

	if (value == NOT_TOLD)
		return "not told";
	if (value == SOME)
		return "some";
	if (value == ANYTHING)
		return "anything";
	if (id == PROGRAM_ANSWER)
		return answer_value(value, buffer);
	if (id == PROGRAM_LOOKUP)
		return lookup_value(value, buffer);
	if (id == NEIGHBOUR && value >= 0 && value <= NEIGHBOUR_FAILED)
		return fates[value];
	snprintf(buffer, 32, "%lld", (long long)value);
	return buffer;
}

static void losses_gist(const int64_t said[WITNESSES], struct text *text)
{
	/* Worth a word only when there were some. */
	static const enum witness_id losses[] = {
		IN_ADDR_ERRORS,	   IN_HDR_ERRORS,     IN_DISCARDS,	 SERVER_CSUM_ERRORS,
		VETH1_1_OTHERHOST, VETH1_2_OTHERHOST, VETH2_1_OTHERHOST, VETH2_2_OTHERHOST,
		VETH1_1_DROPPED,   VETH1_2_DROPPED,   VETH2_1_DROPPED,	 VETH2_2_DROPPED,
	};

	for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++)
		if (said[losses[i]] != 0 && said[losses[i]] != NOT_TOLD)
			text_add(text, ", %s %lld", names[losses[i]], (long long)said[losses[i]]);
}

/* How many segments there are is TCP's affair, and another each time: none is counted here. */
static void connection_gist(const int64_t said[WITNESSES], struct text *text)
{
	char buffer[32];

	text_add(text, "%lld bytes, %lld of 2 ways intact, netns_1 IP %s", (long long)said[BYTES],
		 (long long)said[PAYLOAD],
		 said[IN_RECEIVES] || said[FORW_DATAGRAMS] ? "entered" : "0/0");
	if (said[PROGRAM_MATCHED])
		text_add(text, ", program %s", answer_value(said[PROGRAM_ANSWER], buffer));
	if (said[PROGRAM_LOOKUP] != NO_ANSWER)
		text_add(text, ", FIB lookup %s", lookup_value(said[PROGRAM_LOOKUP], buffer));
	if (said[COMPANION_MATCHED])
		text_add(text, ", and the second on the way back");
	if (said[PROGRAM_SUPER] || said[COMPANION_SUPER])
		text_add(text, ", super-packets");
}

static void datagram_gist(const int64_t said[WITNESSES], struct text *text)
{
	char buffer[32];

	if (said[DELIVERED] > 1)
		text_add(text, "delivered %lld times, TTL %lld and %lld",
			 (long long)said[DELIVERED], (long long)said[TTL],
			 (long long)said[SECOND_TTL]);
	else if (said[DELIVERED] && said[TTL])
		text_add(text, "delivered, TTL %lld", (long long)said[TTL]);
	else if (said[DELIVERED])
		text_add(text, "delivered");
	else
		text_add(text, "not delivered");
	if (said[NEIGHBOUR] != NEIGHBOUR_RESOLVED)
		text_add(text, ", neighbour %s", witness_value(NEIGHBOUR, said[NEIGHBOUR], buffer));
	text_add(text, ", netns_1 IP %lld/%lld", (long long)said[IN_RECEIVES],
		 (long long)said[FORW_DATAGRAMS]);
	if (said[PROGRAM_MATCHED] > 0)
		text_add(text, ", program %lldx %s", (long long)said[PROGRAM_MATCHED],
			 answer_value(said[PROGRAM_ANSWER], buffer));
	else if (said[PROGRAM_MATCHED] == NOT_TOLD && said[PROGRAM_RAN] != NOT_TOLD)
		text_add(text, ", program ran %lldx", (long long)said[PROGRAM_RAN]);
	if (said[PROGRAM_LOOKUP] != NO_ANSWER)
		text_add(text, ", FIB lookup %s", lookup_value(said[PROGRAM_LOOKUP], buffer));
	if (said[COMPANION_MATCHED])
		text_add(text, ", second program %lldx", (long long)said[COMPANION_MATCHED]);
	if (said[PROGRAM_SUPER])
		text_add(text, ", super-packet %lldx", (long long)said[PROGRAM_SUPER]);
}

void testimony_gist(const struct testimony *testimony, struct text *text)
{
	bool connection = testimony->said[BYTES];

	(connection ? connection_gist : datagram_gist)(testimony->said, text);
	losses_gist(testimony->said, text);
}
