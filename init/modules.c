// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/module.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "failure.h"
#include "modules.h"

#define MODULES_DIRECTORY "/modules/"

/* What the host could not decompress is left to the kernel, which may know how to (since 5.17). */
static bool is_compressed(const char *name)
{
	const char *end = strrchr(name, '.');

	return !end || strcmp(end, ".ko");
}

static int load(const char *name)
{
	char path[256];
	int fd, err = 0;

	snprintf(path, sizeof(path), MODULES_DIRECTORY "%s", name);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return failed(-errno, "open %s", path);
	if (syscall(SYS_finit_module, fd, "",
		    is_compressed(name) ? MODULE_INIT_COMPRESSED_FILE : 0))
		err = -errno;
	close(fd);
	/* It may be built in, and some say that there is nothing here for them to drive. */
	if (err == -EEXIST || err == -ENODEV)
		err = 0;
	return err ? failed(err, "load the module %s", name) : 0;
}

int modules_load(void)
{
	FILE *order = fopen(MODULES_DIRECTORY "order", "re");
	char name[128];
	int err = 0;

	if (!order)
		return errno == ENOENT ? 0 : failed(-errno, "open " MODULES_DIRECTORY "order");
	while (!err && fgets(name, sizeof(name), order)) {
		name[strcspn(name, "\n")] = '\0';
		err = load(name);
	}
	fclose(order);
	return err;
}
