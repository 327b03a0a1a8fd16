// SPDX-License-Identifier: GPL-2.0
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "feature.h"
#include "sabotage.h"

static int query_xdp(void *context)
{
	LIBBPF_OPTS(bpf_xdp_query_opts, query);
	int err = bpf_xdp_query(*(const int *)context, 0, &query);

	return err ? err : query.feature_flags != 0;
}

/* A veth tells some of its XDP features, whatever its peer: where it tells none, there is no such
 * thing, and bpf_redirect() cannot ask veth2@1 for NETDEV_XDP_ACT_NDO_XMIT. */
static int has_xdp_features(struct topology *topology)
{
	const struct device *device = &devices[VETH1_2];
	int has = netns_inside(&topology->netns[device->place], query_xdp,
			       &topology->ifindex[VETH1_2]);

	return has < 0 ? failed(has, "ask for the XDP features of %s", device->name) : has;
}

/*
 * skb_do_redirect() counts what it hands to a peer since the counters of a veth are the core's, and
 * struct net_device says whose they are. A look at all the kernel's types would take longer than
 * any check: of their names one is enough.
 */
static int has_pcpu_stat_type(struct topology *topology)
{
	static const char name[] = "\0pcpu_stat_type";
	static char chunk[65536];
	size_t kept = 0;
	ssize_t length;
	int fd = open("/sys/kernel/btf/vmlinux", O_RDONLY | O_CLOEXEC), found = 0;

	(void)topology;
	if (fd < 0)
		return lacking(-errno, "CONFIG_DEBUG_INFO_BTF",
			       "find pcpu_stat_type of net_device");
	while (!found && (length = read(fd, chunk + kept, sizeof(chunk) - kept)) > 0) {
		length += kept;
		found = memmem(chunk, length, name, sizeof(name)) != NULL;
		kept = (size_t)length < sizeof(name) ? length : sizeof(name);
		memmove(chunk, chunk + length - kept, kept);
	}
	close(fd);
	return found;
}

static int (*const probes[FEATURES])(struct topology *topology) = {
	[XDP_FEATURES] = has_xdp_features,
	[PEER_COUNTED] = has_pcpu_stat_type,
};

int feature_is_there(enum feature feature, struct topology *topology)
{
	static int known[FEATURES]; /* 1 + what the probe said; 0 before */
	int is_there;

	if (sabotage->no_features)
		return 0;
	if (known[feature])
		return known[feature] - 1;
	is_there = probes[feature](topology);
	if (is_there >= 0)
		known[feature] = 1 + is_there;
	return is_there;
}

const struct outcome *feature_outcome(const struct outcome *outcome, struct topology *topology,
				      int *err)
{
	int is_there = outcome->elder ? feature_is_there(outcome->since, topology) : 1;

	*err = is_there < 0 ? is_there : 0;
	if (*err)
		return NULL;
	return is_there ? outcome : outcome->elder;
}
