/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Named network namespaces, kept the way `ip netns` keeps them: a bind mount of the namespace's
 * file under /run/netns. Every call returns 0 or -errno, and leaves the caller in the namespace
 * that the program began in, its home.
 */
#ifndef NETNS_H
#define NETNS_H

#include <stddef.h>

#define NETNS_DIRECTORY "/run/netns"

/* An open namespace: fd keeps it alive. */
struct netns {
	const char *name; /* not owned; "host" for the one that the program began in */
	int fd;
};

int netns_open_home(struct netns *netns);
int netns_open(struct netns *netns, const char *name);
/* -EEXIST when the name is taken. */
int netns_create(struct netns *netns, const char *name);
/* Gives the handle back; the namespace lives on under its name. */
void netns_close(struct netns *netns);
/* Takes the name away; the namespace ends when nothing else holds it. */
int netns_delete(const char *name);

/* Calls act(context) in that namespace; the result is act's, or -errno of the way there or back. */
int netns_inside(const struct netns *netns, int (*act)(void *context), void *context);

/* A socket of that namespace, which the caller closes: its descriptor, or -errno. */
int netns_socket(const struct netns *netns, int family, int type, int protocol);
/*
 * Files whose content depends on the reader's namespace: those under /proc/sys/net and
 * /proc/thread-self/net. read terminates the buffer and returns the length.
 */
int netns_read(const struct netns *netns, const char *path, char *buffer, size_t size);
int netns_write(const struct netns *netns, const char *path, const char *text);

#endif
