/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The way of one datagram, function by function, and what is expected of it. Pure: trace.c brings
 * the footsteps, here they are compared and shown.
 */
#ifndef PATH_H
#define PATH_H

#include <linux/types.h>
#include <stdbool.h>

#include "text.h"
#include "topology.h"

enum module { BUILT_IN, VETH, NETKIT, MODULES };

/* The functions that are watched, in the order in which a routed datagram meets them. */
struct function {
	const char *name;
	/* Arguments, from 1, as in bpf/sighting.h. */
	int skb, buff, frame, frames, reason, socket, device, napi;
	enum module module; /* where it may be */
	/* Where the kernel has none of that name, inlined or not yet written, this one tells it. */
	const char *stands_for;
};

#define FUNCTIONS_MAX 96
extern const struct function functions[];
extern const int functions_count;

/* A sighting with its numbers made names. */
struct footstep {
	uint64_t skb; /* 0: a raw frame, before the kernel makes an skb of it, or after */
	int function; /* index into functions */
	unsigned int cpu, pid, mark, mtu, length, protocol, type;
	char process[16];
	int place;  /* enum namespace_id, or -1 */
	int device; /* enum device_id, or -1 */
	char reason[32];
};

#define FOOTSTEPS_MAX 192

struct path {
	struct footstep steps[FOOTSTEPS_MAX];
	int count;
	uint64_t lost;		     /* sightings that were not recorded; the path proves nothing */
	const char *backend;	     /* the tracer's: backend.c */
	bool watched[FUNCTIONS_MAX]; /* the functions that this kernel has */
};

/* A footstep described: what is left 0 is not asked for. */
enum which_skb { ANY_SKB, ORIGINAL, COPY };
struct stop {
	const char *function;
	unsigned int places, devices, types; /* bits: 1 << NETNS_1, 1 << VETH1_2, 1 << PACKET_… */
	enum which_skb skb;
	const char *reason;
};

/* AT("ip_rcv", ON(VETH1_2)), AT("ip_rcv", IN(NETNS_1)) */
#define AT(name, ...)                           \
	{                                       \
		.function = name, ##__VA_ARGS__ \
	}
#define ON(device) .devices = 1u << (device)
#define IN(place) .places = 1u << (place)

#define STOPS 20

/* What must be on the way, in this order and whatever lies between, and what must not be. */
struct itinerary {
	const char *story;
	struct stop stops[STOPS], never[STOPS];
};

/* It is thrown away there. The reason is step->reason; "" where the kernel tells none. */
bool path_is_drop(const struct footstep *step);

/* The name of PACKET_HOST and so on. */
const char *packet_type(unsigned int type);

/* What to say after each footstep because the story turns there; NULL: nothing. */
void path_turns(const struct path *path, const char *turns[FOOTSTEPS_MAX]);

/* "ip_rcv on veth1@2, anything of the copy". */
void path_tell_stops(const struct stop stops[STOPS], struct text *text);

bool path_meets(const struct path *path, const struct stop *stop);

/* Returns how many things are not as expected, each told in a line of report. */
int path_compare(const struct path *path, const struct itinerary *itinerary, struct text *report);
/* The first function of the itinerary that this kernel has under no name; NULL when it has all. */
const char *path_lacks(const struct path *path, const struct itinerary *itinerary);

/* In the manner of pwru, a line a footstep, and a line of its own where the story turns. */
void path_show(const struct path *path, struct text *text);
/* Two ways beside each other: what both have stands on one line, and what only one has alone. */
void path_show_both(const struct path *left, const struct path *right, struct text *text);
/* "23 functions from ip_send_skb to skb_consume_udp". */
void path_gist(const struct path *path, struct text *text);

#endif
