// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <linux/types.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "capture.h"
#include "failure.h"
#include "pcapng.h"
#include "sabotage.h"
#include "topology.h"
#include "wait.h"
#include "../bpf/captured.h"

#include "frames.skel.h"

_Static_assert((int)DEVICES == DEVICE_NAMES, "bpf/frames.bpf.c knows other devices");

/* The file's interfaces: the devices, and for each namespace the backlog of what comes to its. */
#define INTERFACES (DEVICES + NAMESPACES)

/* What the recorder is asked for, "" being the end, and what it says to that. */
struct order {
	char check[80];
};

struct answer {
	int err;
	char why[256]; /* of an err */
	const char *lack;
	struct capture_totals totals;
};

struct recorder {
	FILE *file;
	int orders, answers;
	struct bpf_object *object;
	struct perf_buffer *frames;
	int64_t epoch; /* CLOCK_MONOTONIC's zero, in ns since 1970 */
	uint64_t start;
	char check[sizeof(((struct order *)0)->check)];
	uint64_t written[INTERFACES];
	int err; /* the first of writing */
};

static uint64_t clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return now.tv_sec * 1000000000ull + now.tv_nsec;
}

static uint32_t interface_of(int point, int device)
{
	return point == QUEUED ? DEVICES + (uint32_t)devices[device].place : (uint32_t)device;
}

static int describe_interfaces(struct recorder *recorder)
{
	char name[32], about[128];
	int err = 0;

	for (size_t i = 0; i < DEVICES && !err; i++) {
		const struct device *peer = &devices[topology_peer(i)];

		snprintf(about, sizeof(about), "in %s; the other end is %s in %s",
			 namespaces[devices[i].place], peer->name, namespaces[peer->place]);
		err = pcapng_interface(recorder->file, devices[i].name, about,
				       FRAME_LIMIT + ETH_HLEN);
	}
	for (size_t i = 0; i < NAMESPACES && !err; i++) {
		snprintf(name, sizeof(name), "backlog %s", namespaces[i]);
		snprintf(about, sizeof(about),
			 "the processor's queue, as far as it holds what is for devices of %s",
			 namespaces[i]);
		err = pcapng_interface(recorder->file, name, about, FRAME_LIMIT + ETH_HLEN);
	}
	return err;
}

static int begin_file(struct recorder *recorder)
{
	struct utsname names;
	char system[160];
	int err;

	uname(&names);
	snprintf(system, sizeof(system), "%s %s", names.sysname, names.release);
	err = pcapng_section(recorder->file, system, "redirect-lab");
	if (!err)
		err = describe_interfaces(recorder);
	return err ? failed(err, "write the capture") : 0;
}

static void take_frame(void *context, int cpu, void *data, __u32 size)
{
	static const uint32_t kinds[] = {
		[PACKET_HOST] = PCAPNG_UNICAST,
		[PACKET_BROADCAST] = PCAPNG_BROADCAST,
		[PACKET_MULTICAST] = PCAPNG_MULTICAST,
		[PACKET_OTHERHOST] = PCAPNG_PROMISCUOUS,
	};
	struct recorder *recorder = context;
	const struct captured *seen = data;
	struct pcapng_packet packet = {
		.interface = interface_of(seen->point, seen->device),
		.flags = seen->point == SENT ? PCAPNG_OUTBOUND : PCAPNG_INBOUND,
		.time = seen->time + recorder->epoch,
		.length = seen->length,
		.header = seen->header,
		.header_size = seen->ethernet,
		.data = seen + 1,
		.data_size = seen->taken,
	};
	const char **comment = packet.comments;
	int err;

	(void)cpu;
	(void)size;
	if (recorder->check[0])
		*comment++ = recorder->check;
	if (seen->point == QUEUED)
		*comment++ = devices[seen->device].name;
	if (seen->point != SENT && seen->type < sizeof(kinds) / sizeof(kinds[0])) {
		packet.flags |= kinds[seen->type];
		if (seen->type == PACKET_OTHERHOST)
			*comment++ = "OTHERHOST";
	}
	err = pcapng_packet(recorder->file, &packet);
	if (!recorder->err)
		recorder->err = err;
	recorder->written[packet.interface] += !err;
}

static int count_maps(void)
{
	__u32 id = 0;
	int count = 0;

	while (!bpf_map_get_next_id(id, &id))
		count++;
	return count;
}

struct settling {
	struct bpf_object *object;
	int maps_before;
};

static int is_settled(void *context)
{
	const struct settling *settling = context;
	int maps = settling->maps_before;
	struct bpf_map *map;

	bpf_object__for_each_map(map, settling->object) maps++;
	return count_maps() == maps;
}

/* What libbpf has tried the kernel with is not for an inventory to find. */
static int load(struct recorder *recorder)
{
	LIBBPF_OPTS(bpf_object_open_opts, options, .object_name = "lab_capture");
	struct settling settling = { .maps_before = count_maps() };
	size_t size;
	const void *bytes = frames__elf_bytes(&size);
	int err;

	settling.object = recorder->object = bpf_object__open_mem(bytes, size, &options);
	err = recorder->object ? bpf_object__load(recorder->object) : -errno;
	if (!err)
		err = wait_until(is_settled, &settling, WAIT_LIMIT_MS);
	return err ? failed(err, "load the capture") : 0;
}

/*
 * Nobody reads while a connection keeps the processor: a MiB each way, in segments, takes 14 MB. An
 * eighth of the memory, in parts that the kernel takes.
 */
static size_t buffer_pages(void)
{
	size_t most = sysconf(_SC_PHYS_PAGES) / 8 / libbpf_num_possible_cpus(), pages = 1;

	while (!sabotage->small_ring && 2 * pages <= most)
		pages *= 2;
	return pages;
}

static int attach(struct recorder *recorder)
{
	struct bpf_program *program;

	recorder->frames =
		perf_buffer__new(bpf_object__find_map_fd_by_name(recorder->object, "frames"),
				 buffer_pages(), take_frame, NULL, recorder, NULL);
	if (!recorder->frames)
		return failed(-errno, "open the capture's buffer");
	bpf_object__for_each_program(program, recorder->object)
	{
		if (!bpf_program__attach(program))
			return lacking(-errno, "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS",
				       "attach %s", bpf_program__name(program));
	}
	return 0;
}

/* What the buffer had no room for, by interface, and all told: also what no program ran for. */
static int count_lost(struct recorder *recorder, uint64_t lost[INTERFACES], uint64_t *all)
{
	struct bpf_map *map = bpf_object__find_map_by_name(recorder->object, ".bss");
	size_t size;
	const volatile uint64_t(*counts)[DEVICES] = map ? bpf_map__initial_value(map, &size) : NULL;
	struct bpf_program *program;

	if (!counts)
		return failed(-ENOENT, "count what the capture lost");
	for (int point = 0; point < POINTS; point++)
		for (size_t device = 0; device < DEVICES; device++) {
			lost[interface_of(point, device)] += counts[point][device];
			*all += counts[point][device];
		}
	bpf_object__for_each_program(program, recorder->object)
	{
		struct bpf_prog_info info = {};
		__u32 length = sizeof(info);
		int err = bpf_prog_get_info_by_fd(bpf_program__fd(program), &info, &length);

		if (err)
			return failed(err, "count what the capture lost");
		*all += info.recursion_misses;
	}
	return 0;
}

static int end_file(struct recorder *recorder, struct capture_totals *totals)
{
	uint64_t lost[INTERFACES] = {}, now = clock_ns(CLOCK_MONOTONIC);
	int err = count_lost(recorder, lost, &totals->lost);

	for (int i = 0; i < INTERFACES && !err; i++) {
		err = pcapng_statistics(recorder->file, i, recorder->start + recorder->epoch,
					now + recorder->epoch, recorder->written[i] + lost[i],
					lost[i]);
		totals->frames += recorder->written[i];
		if (err)
			failed(err, "write the capture");
	}
	return err;
}

static void answer(struct recorder *recorder, struct answer *answer)
{
	snprintf(answer->why, sizeof(answer->why), "%s", failure_text());
	answer->lack = failure_lack();
	if (write(recorder->answers, answer, sizeof(*answer)) != sizeof(*answer))
		_exit(1);
}

/* Whatever came before the order is written first. */
static int flush_frames(struct recorder *recorder)
{
	int err = perf_buffer__consume(recorder->frames);

	if (err < 0)
		return failed(err, "read the capture's buffer");
	if (recorder->err || fflush(recorder->file))
		return failed(recorder->err ? recorder->err : -errno, "write the capture");
	return 0;
}

static bool obey(struct recorder *recorder)
{
	struct answer said = {};
	struct order order;

	if (read(recorder->orders, &order, sizeof(order)) != sizeof(order))
		_exit(1);
	said.err = flush_frames(recorder);
	memcpy(recorder->check, order.check, sizeof(recorder->check));
	if (!said.err && !order.check[0])
		said.err = end_file(recorder, &said.totals);
	if (!said.err && fflush(recorder->file))
		said.err = failed(-errno, "write the capture");
	answer(recorder, &said);
	return order.check[0];
}

static void __attribute__((noreturn)) record(struct recorder *recorder)
{
	struct answer ready = {};
	struct pollfd wake[] = { { .fd = recorder->orders, .events = POLLIN },
				 { .events = POLLIN } };

	recorder->start = clock_ns(CLOCK_MONOTONIC);
	recorder->epoch = clock_ns(CLOCK_REALTIME) - recorder->start;
	ready.err = load(recorder);
	if (!ready.err)
		ready.err = attach(recorder);
	if (!ready.err)
		ready.err = begin_file(recorder);
	answer(recorder, &ready);
	if (ready.err)
		_exit(1);
	wake[1].fd = perf_buffer__epoll_fd(recorder->frames);
	do {
		wake[0].revents = 0;
		if (poll(wake, 2, -1) > 0 && !wake[0].revents)
			perf_buffer__poll(recorder->frames, 0);
	} while (!wake[0].revents || obey(recorder));
	_exit(0);
}

static int await_answer(struct capture *capture, struct answer *said)
{
	ssize_t got;

	do
		got = read(capture->answers, said, sizeof(*said));
	while (got < 0 && errno == EINTR);
	if (got != sizeof(*said))
		return failed(got < 0 ? -errno : -EPIPE, "hear from the capture's process");
	said->why[sizeof(said->why) - 1] = '\0';
	if (said->err && said->lack)
		return lacking(said->err, said->lack, "%s", said->why);
	if (said->err)
		failed(0, "%s", said->why);
	return said->err;
}

static int send_order(struct capture *capture, const struct order *order, struct answer *said)
{
	/* A recorder that is gone is told of, and no signal. */
	signal(SIGPIPE, SIG_IGN);
	if (write(capture->orders, order, sizeof(*order)) != sizeof(*order))
		return failed(-errno, "reach the capture's process");
	return await_answer(capture, said);
}

int capture_begin(struct capture *capture, FILE *file)
{
	int orders[2], answers[2];
	struct answer ready;

	if (!file)
		return failed(-ENODEV, "open the capture's port");
	if (pipe2(orders, O_CLOEXEC) || pipe2(answers, O_CLOEXEC))
		return failed(-errno, "make the capture's pipes");
	fflush(NULL);
	capture->recorder = fork();
	if (capture->recorder < 0)
		return failed(-errno, "start the capture's process");
	if (!capture->recorder) {
		static struct recorder recorder;

		close(orders[1]);
		close(answers[0]);
		recorder.file = file;
		recorder.orders = orders[0];
		recorder.answers = answers[1];
		record(&recorder);
	}
	fclose(file);
	close(orders[0]);
	close(answers[1]);
	capture->orders = orders[1];
	capture->answers = answers[0];
	return await_answer(capture, &ready);
}

int capture_mark(struct capture *capture, const char *check)
{
	struct order order = {};
	struct answer said;

	if (!capture)
		return 0;
	snprintf(order.check, sizeof(order.check), "%s", check);
	return send_order(capture, &order, &said);
}

int capture_end(struct capture *capture, struct capture_totals *totals)
{
	struct order end = {};
	struct answer said;
	int err = send_order(capture, &end, &said);

	close(capture->orders);
	close(capture->answers);
	waitpid(capture->recorder, NULL, 0);
	if (!err)
		*totals = said.totals;
	return err;
}
