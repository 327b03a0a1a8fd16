/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The frames that come to a namespace's IP layer as another host's, seen by a packet socket: the
 * only witness of them where the kernel does not count them (rx_otherhost_dropped came with 5.19).
 */
#ifndef OTHERHOST_H
#define OTHERHOST_H

#include "netns.h"

/* Its descriptor, or -errno; protocol is ETH_P_IP or ETH_P_IPV6. */
int otherhost_open(const struct netns *netns, int protocol);
/* The ifindex to which the next such frame came; 0 when there was no further one. */
int otherhost_next(int socket);

#endif
