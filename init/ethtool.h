/* SPDX-License-Identifier: GPL-2.0 */
/* The one setting of a driver that the lab changes. Every call returns -errno on failure. */
#ifndef ETHTOOL_H
#define ETHTOOL_H

#include <stdbool.h>

#include "netns.h"

/*
 * Whether the device is said to compute the checksums of what it sends. veth computes none: as long
 * as it is said to, a frame carries an unfinished one, and a note in its sk_buff that it is.
 */
int ethtool_set_tx_checksum(const struct netns *netns, const char *device, bool on);
/* 1 or 0. */
int ethtool_tx_checksum(const struct netns *netns, const char *device);

#endif
