// SPDX-License-Identifier: GPL-2.0
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/reboot.h>
#include <sys/stat.h>
#include <termios.h>
#include <unistd.h>

#include "arch.h"
#include "failure.h"
#include "machine.h"
#include "modules.h"
#include "rtnl.h"
#include "sabotage.h"
#include "wait.h"

static const struct mount_point {
	const char *type, *path;
	bool wanted; /* the lab does not work without it */
} mounts[] = {
	{ "devtmpfs", "/dev", true },
	{ "proc", "/proc", true },
	{ "sysfs", "/sys", true },
	{ "tmpfs", "/run", true },
	{ "tmpfs", "/tmp", true },
	{ "devpts", "/dev/pts", false },
	{ "tracefs", "/sys/kernel/tracing", false },
	{ "debugfs", "/sys/kernel/debug", false },
	{ "bpf", "/sys/fs/bpf", false },
};

/* In every namespace lo is the first device. */
#define LOOPBACK 1

static int mount_all(void)
{
	for (size_t i = 0; i < sizeof(mounts) / sizeof(mounts[0]); i++) {
		const struct mount_point *m = &mounts[i];

		/* Those inside /sys are the kernel's to make. */
		mkdir(m->path, 0755);
		/* EBUSY: the kernel has mounted devtmpfs itself (CONFIG_DEVTMPFS_MOUNT). */
		if (mount(m->type, m->path, m->type, 0, NULL) && errno != EBUSY && m->wanted)
			return failed(-errno, "mount %s on %s", m->type, m->path);
	}
	return 0;
}

enum { COMPILER, SHARE };
static const struct attached {
	const char *source, *type, *path;
	unsigned long flags;
	const char *options;
} attached[] = {
	[COMPILER] = { "/dev/vda", "squashfs", "/opt/compiler", MS_RDONLY, NULL },
	[SHARE] = { "share", "9p", "/share", 0, "trans=virtio,version=9p2000.L,msize=131072" },
};

int machine_mount_attached(const struct parameters *parameters)
{
	for (size_t i = 0; i < sizeof(attached) / sizeof(attached[0]); i++) {
		const struct attached *a = &attached[i];

		/* Not every kernel knows 9p. */
		if (i == SHARE && !parameters->share)
			continue;
		/* ENOENT: there is no such device. */
		if (mkdir(a->path, 0755) && errno != EEXIST)
			return failed(-errno, "make %s", a->path);
		if (!mount(a->source, a->path, a->type, a->flags, a->options))
			continue;
		if (errno != ENOENT)
			return failed(-errno, "mount %s on %s", a->source, a->path);
		rmdir(a->path);
	}
	return 0;
}

/* The kernel opens the console for PID 1 only where the initramfs has a node for it. */
static int open_console(void)
{
	struct termios terminal;
	int fd = open("/dev/console", O_RDWR | O_NOCTTY);

	if (fd < 0)
		return failed(-errno, "open /dev/console");
	for (int i = 0; i < 3; i++)
		dup2(fd, i);
	if (fd > 2)
		close(fd);
	/* A line ends in a line feed alone: what the host keeps is a text file. */
	if (!tcgetattr(STDOUT_FILENO, &terminal)) {
		terminal.c_oflag &= ~OPOST;
		tcsetattr(STDOUT_FILENO, TCSANOW, &terminal);
	}
	return 0;
}

/*
 * The first clsact of the machine switches a static key on and the last one off: the kernel patches
 * its own code, and TCG throws away what it has translated of it, 90 ms each time. One on lo, for
 * good, keeps the key on. Where the kernel has no clsact, the checks will say so.
 */
static int loopback_up(void)
{
	struct netlink rtnl;
	int err = netlink_open(&rtnl, NETLINK_ROUTE);

	if (err)
		return failed(err, "open rtnetlink");
	err = rtnl_link_up(&rtnl, LOOPBACK);
	rtnl_clsact_add(&rtnl, "clsact", LOOPBACK);
	netlink_close(&rtnl);
	return err ? failed(err, "set lo up") : 0;
}

int machine_setup(void)
{
	int err = mount_all();

	return err ? err : open_console();
}

int machine_prepare(void)
{
	int err = modules_load();

	return err ? err : loopback_up();
}

int machine_parameters(struct parameters *parameters, char *bad, int size)
{
	char line[4096];
	int fd = open("/proc/cmdline", O_RDONLY | O_CLOEXEC);
	ssize_t length;

	if (fd < 0)
		return failed(-errno, "open /proc/cmdline");
	length = read(fd, line, sizeof(line) - 1);
	close(fd);
	if (length < 0)
		return failed(-errno, "read /proc/cmdline");
	line[length] = '\0';
	return parameters_parse(parameters, line, bad, size) ? 0 : -EINVAL;
}

/* /sys/class/virtio-ports/vport0p1/name holds the name that the host gave to /dev/vport0p1. */
static bool port_is(const char *port, const char *name)
{
	char path[320], found[64];
	FILE *file;
	bool is;

	snprintf(path, sizeof(path), "/sys/class/virtio-ports/%s/name", port);
	file = fopen(path, "re");
	if (!file)
		return false;
	is = fgets(found, sizeof(found), file) && !strcmp(strtok(found, "\n"), name);
	fclose(file);
	return is;
}

/* A device that the driver has got. */
static bool ports_are_to_come(void)
{
	glob_t found;
	bool are = !glob("/sys/bus/virtio/drivers/virtio_console/virtio*", 0, NULL, &found);

	globfree(&found);
	return are;
}

struct wanted_port {
	const char *name;
	FILE *file;
};

static int open_port(void *context)
{
	struct wanted_port *wanted = context;
	DIR *ports = opendir("/sys/class/virtio-ports");
	struct dirent *entry;

	while (ports && !wanted->file && (entry = readdir(ports))) {
		char path[320];

		if (entry->d_name[0] == '.' || !port_is(entry->d_name, wanted->name))
			continue;
		snprintf(path, sizeof(path), "/dev/%s", entry->d_name);
		wanted->file = fopen(path, "we");
	}
	if (ports)
		closedir(ports);
	return wanted->file || !ports_are_to_come();
}

/* The host names its ports when the driver asks for them, and as a module that has asked just now.
 */
FILE *machine_port(const char *name)
{
	struct wanted_port wanted = { .name = name };

	wait_until(open_port, &wanted, WAIT_LIMIT_MS);
	return wanted.file;
}

/* Any bit pattern but the ones that QEMU exits with by itself: 0, 1 and what signals make. */
static const struct {
	const char *word;
	uint8_t value;
} verdicts[] = {
	[VERDICT_PASS] = { "pass", 0x20 },
	[VERDICT_FAIL] = { "fail", 0x21 },
	[VERDICT_REFUSED] = { "refused", 0x22 },
	[VERDICT_USAGE] = { "usage", 0x23 },
};

static void say(enum verdict verdict, const char *nonce)
{
	printf("# verdict %s %s\n", sabotage->other_nonce ? "0000000000000000" : nonce,
	       verdicts[verdict].word);
}

void machine_end(enum verdict verdict, const char *nonce)
{
	uint8_t value = verdicts[verdict].value;

	if (!sabotage->unsaid)
		say(verdict, nonce);
	if (sabotage->said_twice)
		say(verdict, nonce);
	if (sabotage->other_answer)
		value ^= verdicts[VERDICT_PASS].value ^ verdicts[VERDICT_FAIL].value;
	fflush(stdout);
	/* What is still in the UART's queue would be lost. */
	tcdrain(STDOUT_FILENO);
	if (!sabotage->unsaid)
		arch_exit(value);
	/* No ACPI: a reset that QEMU does not carry out (-no-reboot) is the way to end. */
	reboot(RB_AUTOBOOT);
	for (;;)
		pause();
}
