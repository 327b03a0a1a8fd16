// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "narrate.h"
#include "netns.h"

static void named_path(char *path, size_t size, const char *name)
{
	snprintf(path, size, NETNS_DIRECTORY "/%s", name);
}

static int open_path(struct netns *netns, const char *name, const char *path)
{
	netns->name = name;
	netns->fd = open(path, O_RDONLY | O_CLOEXEC);
	return netns->fd < 0 ? -errno : 0;
}

int netns_open_home(struct netns *netns)
{
	return open_path(netns, "host", "/proc/thread-self/ns/net");
}

int netns_open(struct netns *netns, const char *name)
{
	char path[128];

	named_path(path, sizeof(path), name);
	return open_path(netns, name, path);
}

/* unshare() moves the caller into the new namespace: bind it to its name from in there. */
static int create_here(const char *path)
{
	int fd, err = 0;

	fd = open(path, O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444);
	if (fd < 0)
		return -errno;
	close(fd);
	if (unshare(CLONE_NEWNET) ||
	    mount("/proc/thread-self/ns/net", path, "none", MS_BIND, NULL)) {
		err = -errno;
		unlink(path);
	}
	return err;
}

int netns_create(struct netns *netns, const char *name)
{
	struct netns home;
	char path[128];
	int err;

	named_path(path, sizeof(path), name);
	if (mkdir(NETNS_DIRECTORY, 0755) && errno != EEXIST)
		return -errno;
	err = netns_open_home(&home);
	if (err)
		return err;
	err = create_here(path);
	if (!err)
		err = open_path(netns, name, path);
	if (setns(home.fd, CLONE_NEWNET) && !err)
		err = -errno;
	netns_close(&home);
	if (!err)
		narrate(NULL, "ip netns add %s", name);
	return err;
}

void netns_close(struct netns *netns)
{
	if (netns->fd >= 0)
		close(netns->fd);
	netns->fd = -1;
}

int netns_delete(const char *name)
{
	char path[128];

	named_path(path, sizeof(path), name);
	if (umount2(path, MNT_DETACH) && errno != EINVAL)
		return -errno;
	if (unlink(path))
		return -errno;
	narrate(NULL, "ip netns delete %s", name);
	return 0;
}

int netns_inside(const struct netns *netns, int (*act)(void *context), void *context)
{
	struct netns home;
	int result = netns_open_home(&home);

	if (result)
		return result;
	result = setns(netns->fd, CLONE_NEWNET) ? -errno : act(context);
	if (setns(home.fd, CLONE_NEWNET) && result >= 0)
		result = -errno;
	netns_close(&home);
	return result;
}

struct socket_wanted {
	int family, type, protocol;
};

static int open_socket(void *context)
{
	const struct socket_wanted *wanted = context;
	int fd = socket(wanted->family, wanted->type | SOCK_CLOEXEC, wanted->protocol);

	return fd < 0 ? -errno : fd;
}

int netns_socket(const struct netns *netns, int family, int type, int protocol)
{
	struct socket_wanted wanted = { family, type, protocol };

	return netns_inside(netns, open_socket, &wanted);
}

struct file_wanted {
	const char *path;
	int flags;
};

static int open_file(void *context)
{
	const struct file_wanted *wanted = context;
	int fd = open(wanted->path, wanted->flags | O_CLOEXEC);

	return fd < 0 ? -errno : fd;
}

int netns_read(const struct netns *netns, const char *path, char *buffer, size_t size)
{
	struct file_wanted wanted = { path, O_RDONLY };
	int fd = netns_inside(netns, open_file, &wanted);
	size_t have = 0;
	ssize_t got = 0;

	if (fd < 0)
		return fd;
	while (have < size - 1 && (got = read(fd, buffer + have, size - 1 - have)) > 0)
		have += got;
	got = got < 0 ? -errno : (ssize_t)have;
	close(fd);
	buffer[have] = '\0';
	return got;
}

static void narrate_file(const struct netns *netns, const char *path, const char *text)
{
	bool home = !strcmp(netns->name, "host");

	narrate(netns->name, home ? "echo %s >%s" : "sh -c 'echo %s >%s'", text, path);
}

int netns_write(const struct netns *netns, const char *path, const char *text)
{
	struct file_wanted wanted = { path, O_WRONLY };
	int fd = netns_inside(netns, open_file, &wanted);
	int err = 0;

	if (fd < 0)
		return fd;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	if (!err)
		narrate_file(netns, path, text);
	return err;
}
