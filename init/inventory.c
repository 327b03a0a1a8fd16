// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "inventory.h"
#include "netns.h"
#include "rtnl.h"
#include "wait.h"

static const char *const names[INVENTORY_ITEMS] = {
	[NAMED_NAMESPACES] = "named namespaces",
	[NAMESPACE_IDS] = "namespaces",
	[LINKS] = "links",
	[ADDRESSES] = "addresses",
	[ROUTES] = "routes",
	[NEIGHBOURS] = "neighbours",
	[QDISCS] = "qdiscs",
	[PROGRAMS] = "BPF programs",
	[MAPS] = "BPF maps",
	[BPF_LINKS] = "BPF links",
	[SOCKETS] = "sockets",
};

/* The entries of a directory that is_one takes; none where there is no such directory. */
static int count_entries(const char *path, bool (*is_one)(DIR *directory, const char *name))
{
	DIR *directory = opendir(path);
	struct dirent *entry;
	int count = 0;

	if (!directory)
		return errno == ENOENT ? 0 : -errno;
	while ((entry = readdir(directory)))
		count += entry->d_name[0] != '.' && is_one(directory, entry->d_name);
	closedir(directory);
	return count;
}

static bool any(DIR *directory, const char *name)
{
	(void)directory;
	(void)name;
	return true;
}

/* /proc/self/fd/N is a link to "socket:[inode]". */
static bool is_socket(DIR *directory, const char *name)
{
	char target[64] = "";

	return readlinkat(dirfd(directory), name, target, sizeof(target) - 1) > 0 &&
	       !strncmp(target, "socket:", 7);
}

static int count_ids(int (*next)(__u32 id, __u32 *next_id))
{
	__u32 id = 0;
	int count = 0;

	while (!next(id, &id))
		count++;
	return errno == ENOENT ? count : -errno;
}

int inventory_take(struct inventory *inventory)
{
	int *count = inventory->count;
	struct netlink rtnl;
	int err = netlink_open(&rtnl, NETLINK_ROUTE);

	if (err)
		return failed(err, "take the inventory");
	count[NAMED_NAMESPACES] = count_entries(NETNS_DIRECTORY, any);
	count[NAMESPACE_IDS] = rtnl_namespace_ids(&rtnl);
	count[LINKS] = rtnl_links(&rtnl, NULL, 0);
	count[ADDRESSES] = rtnl_addresses(&rtnl, NULL, 0);
	count[ROUTES] = rtnl_routes(&rtnl, NULL, 0);
	count[NEIGHBOURS] = rtnl_neighbours(&rtnl, NULL, 0);
	count[QDISCS] = rtnl_qdiscs(&rtnl, NULL, 0);
	count[PROGRAMS] = count_ids(bpf_prog_get_next_id);
	count[MAPS] = count_ids(bpf_map_get_next_id);
	count[BPF_LINKS] = count_ids(bpf_link_get_next_id);
	netlink_close(&rtnl);
	/* The kernel's own count goes down only after an RCU grace period. */
	count[SOCKETS] = count_entries("/proc/self/fd", is_socket);
	for (int item = 0; item < INVENTORY_ITEMS; item++)
		if (count[item] < 0)
			return failed(count[item], "count %s", names[item]);
	return 0;
}

int inventory_compare(const struct inventory *before, const struct inventory *now,
		      struct text *report)
{
	int differences = 0;

	for (int item = 0; item < INVENTORY_ITEMS; item++) {
		if (now->count[item] == before->count[item])
			continue;
		differences++;
		text_add(report, "%s: %d, before %d\n", names[item], now->count[item],
			 before->count[item]);
	}
	return differences;
}

struct same {
	const struct inventory *before;
	struct inventory *now;
};

static int is_same(void *context)
{
	struct same *same = context;
	int err = inventory_take(same->now);

	return err ? err : !memcmp(same->before, same->now, sizeof(*same->now));
}

int inventory_wait(const struct inventory *before, struct inventory *now)
{
	struct same same = { before, now };

	return wait_until(is_same, &same, WAIT_LIMIT_MS);
}
