// SPDX-License-Identifier: GPL-2.0
#include <fcntl.h>
#include <unistd.h>

#include "printk.h"

void printk_read(struct text *text)
{
	int fd = open("/sys/kernel/tracing/trace_pipe", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	char buffer[1024];
	ssize_t length;

	if (fd < 0)
		return;
	while ((length = read(fd, buffer, sizeof(buffer))) > 0)
		text_add(text, "%.*s", (int)length, buffer);
	close(fd);
}
