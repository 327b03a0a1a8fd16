/* SPDX-License-Identifier: GPL-2.0 */
/* The ways that the checks of kind PATH expect, from ip_send_skb to where they end. */
#ifndef PATHS_H
#define PATHS_H

#include "path.h"

extern const struct itinerary way_routed, way_redirected, way_ingress, way_ingress_repaired,
	way_no_mac, way_neigh, way_peer, way_clone, way_mirror, way_tcx;

#endif
