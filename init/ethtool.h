/* SPDX-License-Identifier: GPL-2.0 */
/* What the lab reads and changes of a driver's settings. Every call returns -errno on failure. */
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
/* Whether a feature is on, by the name that ethtool has for it; 0 when the kernel knows no such. */
int ethtool_feature(const struct netns *netns, const char *device, const char *name);

#endif
