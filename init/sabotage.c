// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "sabotage.h"

#define AS_IT_IS .veth_kind = "veth", .netkit_kind = "netkit", .clsact_kind = "clsact"

static const struct sabotage rows[] = {
	{ .name = "", AS_IT_IS },
	{ .name = "wrong-ifindex", AS_IT_IS, .target_ifindex = 99 },
	{ .name = "small-ring", AS_IT_IS, .small_ring = true },
	{ .name = "no-features", AS_IT_IS, .no_features = true },
	{ .name = "no-veth",
	  .veth_kind = "no-such-link",
	  .netkit_kind = "netkit",
	  .clsact_kind = "clsact" },
	{ .name = "no-netkit",
	  .veth_kind = "veth",
	  .netkit_kind = "no-such-link",
	  .clsact_kind = "clsact" },
	{ .name = "no-clsact",
	  .veth_kind = "veth",
	  .netkit_kind = "netkit",
	  .clsact_kind = "no-such-qdisc" },
	{ .name = "panic", AS_IT_IS, .crash = "PANIC" },
	{ .name = "warn", AS_IT_IS, .crash = "WARNING" },
	{ .name = "oops", AS_IT_IS, .crash = "EXCEPTION" },
	{ .name = "killed", AS_IT_IS, .die = true },
	{ .name = "hang", AS_IT_IS, .hang = true },
	{ .name = "no-verdict", AS_IT_IS, .unsaid = true },
	{ .name = "two-verdicts", AS_IT_IS, .said_twice = true },
	{ .name = "wrong-nonce", AS_IT_IS, .other_nonce = true },
	{ .name = "channels-disagree", AS_IT_IS, .other_answer = true },
};

const struct sabotage *sabotage = &rows[0];

const struct sabotage *sabotage_find(const char *name)
{
	static struct sabotage substitution = { .name = "instead", AS_IT_IS };

	if (strchr(name, '=')) {
		substitution.instead = name;
		return &substitution;
	}
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		if (!strcmp(rows[i].name, name))
			return &rows[i];
	return NULL;
}

void sabotage_act(void)
{
	if (sabotage->crash) {
		int fd = open("/sys/kernel/debug/provoke-crash/DIRECT", O_WRONLY | O_CLOEXEC);

		if (fd < 0 || write(fd, sabotage->crash, strlen(sabotage->crash)) < 0)
			perror("# break: the kernel lacks CONFIG_LKDTM");
	}
	if (sabotage->die)
		__builtin_trap();
	while (sabotage->hang)
		pause();
}
