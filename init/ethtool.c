// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ethtool.h"
#include "narrate.h"

/* The kernel has some sixty, and fills in as many as it has whatever there is room for. */
#define FEATURES_MAX 256

static int talk(const struct netns *netns, const char *device, void *value)
{
	struct ifreq request = { .ifr_data = value };
	int fd = netns_socket(netns, AF_INET, SOCK_DGRAM, 0);
	int err = 0;

	if (fd < 0)
		return fd;
	snprintf(request.ifr_name, sizeof(request.ifr_name), "%s", device);
	if (ioctl(fd, SIOCETHTOOL, &request))
		err = -errno;
	close(fd);
	return err;
}

int ethtool_set_tx_checksum(const struct netns *netns, const char *device, bool on)
{
	struct ethtool_value value = { .cmd = ETHTOOL_STXCSUM, .data = on };

	int err = talk(netns, device, &value);

	if (!err)
		narrate(netns->name, "ethtool -K %s tx %s", device, on ? "on" : "off");
	return err;
}

int ethtool_tx_checksum(const struct netns *netns, const char *device)
{
	struct ethtool_value value = { .cmd = ETHTOOL_GTXCSUM };
	int err = talk(netns, device, &value);

	return err ? err : value.data != 0;
}

/* Features have no numbers of their own: names, in the order of the bits. */
int ethtool_feature(const struct netns *netns, const char *device, const char *name)
{
	union {
		struct ethtool_gstrings head;
		char room[sizeof(struct ethtool_gstrings) + FEATURES_MAX * ETH_GSTRING_LEN];
	} strings = { .head = { .cmd = ETHTOOL_GSTRINGS, .string_set = ETH_SS_FEATURES } };
	union {
		struct ethtool_gfeatures head;
		char room[sizeof(struct ethtool_gfeatures) +
			  FEATURES_MAX / 32 * sizeof(struct ethtool_get_features_block)];
	} features = { .head = { .cmd = ETHTOOL_GFEATURES, .size = FEATURES_MAX / 32 } };
	int err = talk(netns, device, &strings);

	if (!err)
		err = talk(netns, device, &features);
	for (__u32 i = 0; i < strings.head.len && !err; i++)
		if (!strncmp((const char *)strings.head.data + i * ETH_GSTRING_LEN, name,
			     ETH_GSTRING_LEN))
			return features.head.features[i / 32].active >> i % 32 & 1;
	return err;
}
