// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "backend.h"
#include "failure.h"
#include "sabotage.h"
#include "technique.h"
#include "trace.h"
#include "../bpf/sighting.h"

#include "trace.skel.h"

/* Calls for a sighting of which the numbers are to be names. */
static int take_sighting(void *context, void *data, size_t size);

static void close_if_open(int *fd)
{
	if (*fd > 0)
		close(*fd);
	*fd = 0;
}

static void detach(struct tracer *tracer)
{
	for (int i = 0; i < FUNCTIONS_MAX; i++) {
		close_if_open(&tracer->links[i]);
		close_if_open(&tracer->instances[i]);
		tracer->watched[i] = false;
	}
	ring_buffer__free(tracer->ring);
	bpf_object__close(tracer->object);
	tracer->ring = NULL;
	tracer->object = NULL;
}

static int write_layout(struct tracer *tracer)
{
	struct bpf_map *map = bpf_object__find_map_by_name(tracer->object, ".rodata.layout");
	size_t size = 0;
	void *initial = map ? bpf_map__initial_value(map, &size) : NULL;

	if (!initial || size != sizeof(tracer->types.layout))
		return -ENOENT;
	memcpy(initial, &tracer->types.layout, size);
	return 0;
}

static int load(struct tracer *tracer, const struct backend *backend)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "lab_trace");
	struct bpf_program *program;
	size_t size;
	const void *bytes = trace__elf_bytes(&size);
	int err;

	tracer->object = bpf_object__open_mem(bytes, size, &options);
	if (!tracer->object)
		return -errno;
	bpf_object__for_each_program(program, tracer->object) bpf_program__set_autoload(
		program, !strcmp(bpf_program__name(program), backend->program));
	tracer->program = bpf_object__find_program_by_name(tracer->object, backend->program);
	tracer->backend = backend->name;
	if (sabotage->small_ring)
		bpf_map__set_max_entries(bpf_object__find_map_by_name(tracer->object, "sightings"),
					 getpagesize());
	err = write_layout(tracer);
	return err ? err : bpf_object__load(tracer->object);
}

static int open_backend(struct tracer *tracer, const struct backend *backend)
{
	int err = load(tracer, backend), ring;

	if (!err) {
		ring = bpf_object__find_map_fd_by_name(tracer->object, "sightings");
		tracer->ring = ring_buffer__new(ring, take_sighting, tracer, NULL);
		err = tracer->ring ? 0 : -errno;
	}
	if (!err)
		err = backend->attach(tracer);
	if (err)
		detach(tracer);
	return err;
}

int tracer_open(struct tracer *tracer, const char *wanted)
{
	const struct backend *backend = backends, *last = NULL;
	int err;

	if (tracer->object)
		return 0;
	*tracer = (struct tracer){};
	technique_log_begin();
	err = kernel_types_read(&tracer->types);
	if (err)
		return err;
	for (; backend->name; backend++) {
		if (*wanted && strcmp(wanted, backend->name))
			continue;
		last = backend;
		err = open_backend(tracer, backend);
		if (!err)
			return 0;
	}
	kernel_types_close(&tracer->types);
	if (!last)
		return refused("there is no tracer %s", wanted);
	/* What the verifier refuses is no lack of the kernel's. */
	if (err == -ENOENT || err == -EOPNOTSUPP)
		return lacking(err, last->option, "attach the tracer");
	return failed(err, "load and attach the tracer");
}

void tracer_close(struct tracer *tracer)
{
	if (!tracer->object)
		return;
	detach(tracer);
	kernel_types_close(&tracer->types);
}

/* Sightings. */

static int place_of(const struct tracer *tracer, uint64_t inode)
{
	for (int i = 0; i < NAMESPACES; i++)
		if (tracer->inodes[i] == inode)
			return i;
	return -1;
}

static int device_of(const struct topology *topology, int place, int ifindex)
{
	for (int i = 0; i < DEVICES; i++)
		if ((int)devices[i].place == place && topology->ifindex[i] == ifindex)
			return i;
	return -1;
}

static void name_reason(const struct tracer *tracer, uint32_t reason, char text[32])
{
	if (!reason)
		return;
	if (reason < sizeof(tracer->types.reasons) / sizeof(tracer->types.reasons[0]) &&
	    tracer->types.reasons[reason][0])
		snprintf(text, 32, "%s", tracer->types.reasons[reason]);
	else
		snprintf(text, 32, "reason %u", reason);
}

static int take_sighting(void *context, void *data, size_t size)
{
	struct tracer *tracer = context;
	const struct sighting *seen = data;
	struct path *path = tracer->path;
	struct footstep *step;

	if (!path || size < sizeof(*seen))
		return 0;
	if (path->count == FOOTSTEPS_MAX) {
		path->lost++;
		return 0;
	}
	step = &path->steps[path->count++];
	*step = (struct footstep){
		.skb = seen->skb,
		.function = seen->function,
		.cpu = seen->cpu,
		.pid = seen->pid,
		.mark = seen->mark,
		.mtu = seen->mtu,
		.length = seen->length,
		.protocol = seen->protocol,
		.type = seen->type,
		.place = place_of(tracer, seen->netns),
	};
	step->device = device_of(tracer->topology, step->place, seen->ifindex);
	memcpy(step->process, seen->process, sizeof(step->process));
	name_reason(tracer, seen->reason, step->reason);
	return 0;
}

static int add_misses(int program, uint64_t *misses)
{
	struct bpf_prog_info info = {};
	__u32 length = sizeof(info);
	int err = bpf_prog_get_info_by_fd(program, &info, &length);

	*misses += info.recursion_misses;
	return err;
}

/* What the ring had no room for, and what the kernel ran no program for. */
static int count_lost(struct tracer *tracer, uint64_t *lost)
{
	struct bpf_map *map = bpf_object__find_map_by_name(tracer->object, ".bss");
	size_t size;
	const uint64_t *full = map ? bpf_map__initial_value(map, &size) : NULL;
	int err = full ? add_misses(bpf_program__fd(tracer->program), lost) : -ENOENT;

	for (int i = 0; i < FUNCTIONS_MAX && !err; i++)
		if (tracer->instances[i] > 0)
			err = add_misses(tracer->instances[i], lost);
	if (err)
		return failed(err, "count what the tracer lost");
	*lost += *(const volatile uint64_t *)full;
	return 0;
}

static int drain(struct tracer *tracer)
{
	int taken;

	/* On another CPU the datagram may still be on its last steps. */
	do
		taken = ring_buffer__poll(tracer->ring, 1);
	while (taken > 0 || taken == -EINTR);
	return taken < 0 ? failed(taken, "read what the tracer saw") : 0;
}

int tracer_begin(struct tracer *tracer)
{
	int err;

	tracer->path = NULL;
	err = drain(tracer);
	tracer->lost_before = 0;
	return err ? err : count_lost(tracer, &tracer->lost_before);
}

static int read_inodes(struct tracer *tracer, struct topology *topology)
{
	for (int i = 0; i < NAMESPACES; i++) {
		struct stat status;

		if (fstat(topology->netns[i].fd, &status))
			return failed(-errno, "stat namespace %s", namespaces[i]);
		tracer->inodes[i] = status.st_ino;
	}
	return 0;
}

int tracer_take(struct tracer *tracer, struct topology *topology, struct path *path)
{
	uint64_t lost = 0;
	int err = read_inodes(tracer, topology);

	if (err)
		return err;
	*path = (struct path){ .backend = tracer->backend };
	memcpy(path->watched, tracer->watched, sizeof(path->watched));
	tracer->path = path;
	tracer->topology = topology;
	err = drain(tracer);
	tracer->path = NULL;
	if (!err)
		err = count_lost(tracer, &lost);
	if (!err)
		path->lost += lost - tracer->lost_before;
	return err;
}

int tracer_wait(struct tracer *tracer)
{
	struct pollfd ring = { .fd = ring_buffer__epoll_fd(tracer->ring), .events = POLLIN };

	return poll(&ring, 1, -1) < 0 ? failed(-errno, "wait for what the tracer sees") : 0;
}
