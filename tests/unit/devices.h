/* SPDX-License-Identifier: GPL-2.0 */
/* The names of topology.c, without what it brings along. */
#include "topology.h"

const struct device devices[DEVICES] = {
	[VETH1_1] = { "veth1@1", HOST, 0, {} },
	[VETH1_2] = { "veth1@2", NETNS_1, 0, {} },
	[VETH2_1] = { "veth2@1", NETNS_1, 0, {} },
	[VETH2_2] = { "veth2@2", NETNS_2, 0, {} },
};
const char *const namespaces[NAMESPACES] = { "host", "netns_1", "netns_2" };
