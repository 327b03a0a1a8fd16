// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "failure.h"
#include "sabotage.h"
#include "technique.h"
#include "trace.h"
#include "../bpf/sighting.h"

#include "trace.skel.h"

/* Attaching. */

static uint64_t cookie(int id)
{
	const struct function *function = &functions[id];
	const int numbers[ROLES] = {
		[SKB] = function->skb,	       [XDP_BUFF] = function->buff,
		[XDP_FRAME] = function->frame, [XDP_FRAMES] = function->frames,
		[REASON] = function->reason,   [SOCKET] = function->socket,
		[DEVICE] = function->device,   [NAPI] = function->napi,
	};
	uint64_t cookie = id;

	for (int role = 0; role < ROLES; role++)
		cookie |= COOKIE_ARGUMENT(role, numbers[role]);
	return cookie;
}

/* All in one go. The kernel refuses the whole list for one name that it cannot probe. */
static int attach_multi(struct tracer *tracer)
{
	const char *names[FUNCTIONS_MAX];
	__u64 cookies[FUNCTIONS_MAX];
	LIBBPF_OPTS(bpf_kprobe_multi_opts, options, .syms = names, .cookies = cookies);
	int count = 0;

	for (int i = 0; i < functions_count; i++) {
		if (!tracer->types.has[i])
			continue;
		names[count] = functions[i].name;
		cookies[count++] = cookie(i);
	}
	options.cnt = count;
	tracer->links[0] = bpf_program__attach_kprobe_multi_opts(tracer->program, NULL, &options);
	return tracer->links[0] ? 0 : -errno;
}

static int attach_single(struct tracer *tracer)
{
	int count = 0;

	for (int i = 0; i < functions_count; i++) {
		LIBBPF_OPTS(bpf_kprobe_opts, options, .bpf_cookie = cookie(i));

		if (!tracer->types.has[i])
			continue;
		tracer->links[i] = bpf_program__attach_kprobe_opts(tracer->program,
								   functions[i].name, &options);
		tracer->types.has[i] = tracer->links[i];
		count += tracer->types.has[i];
	}
	return count ? 0 : -ENOENT;
}

static const struct backend {
	const char *name, *program, *option;
	int (*attach)(struct tracer *tracer);
} backends[] = {
	{ "kprobe.multi", "trace_multi", "CONFIG_FPROBE", attach_multi },
	{ "kprobe", "trace_single", "CONFIG_KPROBE_EVENTS", attach_single },
};

#define BACKENDS (sizeof(backends) / sizeof(backends[0]))

/* Calls for a sighting of which the numbers are to be names. */
static int take_sighting(void *context, void *data, size_t size);

static void detach(struct tracer *tracer)
{
	for (int i = 0; i < FUNCTIONS_MAX; i++) {
		bpf_link__destroy(tracer->links[i]);
		tracer->links[i] = NULL;
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

int tracer_open(struct tracer *tracer)
{
	int err;

	if (tracer->object)
		return 0;
	*tracer = (struct tracer){};
	technique_log_begin();
	err = kernel_types_read(&tracer->types);
	if (err)
		return err;
	for (size_t i = 0; i < BACKENDS; i++) {
		err = open_backend(tracer, &backends[i]);
		if (!err)
			return 0;
	}
	/* What the verifier refuses is no lack of the kernel's. */
	if (err == -ENOENT || err == -EOPNOTSUPP)
		return lacking(err, backends[BACKENDS - 1].option, "attach the tracer");
	return failed(err, "load and attach the tracer");
}

void tracer_close(struct tracer *tracer)
{
	if (tracer->object)
		detach(tracer);
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

/* What the ring had no room for, and what the kernel ran no program for. */
static int count_lost(struct tracer *tracer, uint64_t *lost)
{
	struct bpf_map *map = bpf_object__find_map_by_name(tracer->object, ".bss");
	size_t size;
	const uint64_t *full = map ? bpf_map__initial_value(map, &size) : NULL;
	struct bpf_prog_info info = {};
	__u32 length = sizeof(info);
	int err = bpf_prog_get_info_by_fd(bpf_program__fd(tracer->program), &info, &length);

	if (err || !full)
		return failed(err ? err : -ENOENT, "count what the tracer lost");
	*lost = *(const volatile uint64_t *)full + info.recursion_misses;
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
	uint64_t lost;
	int err = read_inodes(tracer, topology);

	if (err)
		return err;
	*path = (struct path){};
	memcpy(path->watched, tracer->types.has, sizeof(path->watched));
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
