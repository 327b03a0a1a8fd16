// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <linux/ethtool.h>
#include <linux/sockios.h>
#include <net/if.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "ethtool.h"

static int talk(const struct netns *netns, const char *device, struct ethtool_value *value)
{
	struct ifreq request = { .ifr_data = (void *)value };
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

	return talk(netns, device, &value);
}

int ethtool_tx_checksum(const struct netns *netns, const char *device)
{
	struct ethtool_value value = { .cmd = ETHTOOL_GTXCSUM };
	int err = talk(netns, device, &value);

	return err ? err : value.data != 0;
}
