/* SPDX-License-Identifier: GPL-2.0 */
/* The ways that the checks of kind PATH expect, from ip_send_skb to where they end. */
#ifndef PATHS_H
#define PATHS_H

#include "path.h"

extern const struct itinerary way_routed, way_redirected, way_not_returned, way_fib,
	way_fib_not_forwarded, way_ingress, way_ingress_repaired, way_no_mac, way_neigh, way_peer,
	way_clone, way_mirror, way_tcx, way_netkit_routed, way_netkit, way_xdp, way_xdp_devmap,
	way_xdp_no_ring, way_xdp_half_checksum, way_xdp_passed, way_xdp_generic,
	way_xdp_devmap_generic, way_assigned, way_not_assigned, way_assigned_not_local;

#endif
