// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/perf_event.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "backend.h"
#include "../bpf/sighting.h"

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

/* Then only kprobes, which ask for nothing but the name, can tell whether it is there. */
static bool has_untyped(const struct tracer *tracer)
{
	for (int i = 0; i < functions_count; i++)
		if (tracer->types.functions[i] == UNTYPED)
			return true;
	return false;
}

/* All in one go. The kernel refuses the whole list for one name that it cannot probe. */
static int attach_multi(struct tracer *tracer)
{
	const char *names[FUNCTIONS_MAX];
	__u64 cookies[FUNCTIONS_MAX];
	LIBBPF_OPTS(bpf_link_create_opts, options);
	int count = 0;

	if (has_untyped(tracer))
		return -ENOENT;
	for (int i = 0; i < functions_count; i++) {
		if (!tracer->types.functions[i])
			continue;
		tracer->watched[i] = true;
		names[count] = functions[i].name;
		cookies[count++] = cookie(i);
	}
	options.kprobe_multi.cnt = count;
	options.kprobe_multi.syms = names;
	options.kprobe_multi.cookies = cookies;
	tracer->links[0] = bpf_link_create(bpf_program__fd(tracer->program), 0,
					   BPF_TRACE_KPROBE_MULTI, &options);
	return tracer->links[0] < 0 ? -errno : 0;
}

/*
 * The others want a program for each function: instances of one, with the cookie among their
 * instructions. Before 5.15 a kprobe has no cookie of its own; before 6.0 fentry has none.
 */

static void tell_cookie(struct bpf_insn *instructions, size_t count, uint64_t cookie)
{
	uint64_t unset = strtoull(COOKIE_UNSET, NULL, 0);

	for (size_t i = 0; i + 1 < count; i++) {
		if (instructions[i].code != (BPF_LD | BPF_DW | BPF_IMM) ||
		    (uint32_t)instructions[i].imm != (uint32_t)unset ||
		    (uint32_t)instructions[i + 1].imm != unset >> 32)
			continue;
		instructions[i].imm = cookie;
		instructions[i + 1].imm = cookie >> 32;
	}
}

static int load_instance(struct tracer *tracer, int id, enum bpf_prog_type type,
			 enum bpf_attach_type attach_type)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options, .expected_attach_type = attach_type);
	size_t count = bpf_program__insn_cnt(tracer->program);
	struct bpf_insn *instructions = calloc(count, sizeof(*instructions));
	int program;

	if (!instructions)
		return -ENOMEM;
	memcpy(instructions, bpf_program__insns(tracer->program), count * sizeof(*instructions));
	tell_cookie(instructions, count, cookie(id));
	if (attach_type == BPF_TRACE_FENTRY) {
		options.attach_btf_id = tracer->types.functions[id];
		options.attach_btf_obj_fd = tracer->types.modules[functions[id].module];
	}
	program = bpf_prog_load(type, "lab_trace", "GPL", instructions, count, &options);
	free(instructions);
	return program < 0 ? -errno : program;
}

/* A function that cannot be probed is left out. What came of the last is told if none could. */
static int attach_each(struct tracer *tracer, enum bpf_prog_type type,
		       enum bpf_attach_type attach_type,
		       int (*attach)(int program, const char *name))
{
	int err = -ENOENT;
	bool any = false;

	for (int i = 0; i < functions_count; i++) {
		if (!tracer->types.functions[i])
			continue;
		err = tracer->instances[i] = load_instance(tracer, i, type, attach_type);
		if (err < 0)
			return err;
		err = tracer->links[i] = attach(tracer->instances[i], functions[i].name);
		tracer->watched[i] = err >= 0;
		any |= tracer->watched[i];
	}
	return any ? 0 : err;
}

static int attach_to_entry(int program, const char *name)
{
	int link = bpf_raw_tracepoint_open(NULL, program);

	(void)name;
	return link < 0 ? -errno : link;
}

static int attach_fentry(struct tracer *tracer)
{
	if (has_untyped(tracer))
		return -ENOENT;
	return attach_each(tracer, BPF_PROG_TYPE_TRACING, BPF_TRACE_FENTRY, attach_to_entry);
}

static int kprobe_type(void)
{
	FILE *file = fopen("/sys/bus/event_source/devices/kprobe/type", "re");
	int type = -1;

	if (file && fscanf(file, "%d", &type) != 1)
		type = -1;
	if (file)
		fclose(file);
	return type;
}

static int attach_to_probe(int program, const char *name)
{
	struct perf_event_attr attributes = {
		.type = kprobe_type(),
		.size = sizeof(attributes),
		.kprobe_func = (uintptr_t)name,
	};
	int event, err;

	event = syscall(SYS_perf_event_open, &attributes, -1, 0, -1, PERF_FLAG_FD_CLOEXEC);
	if (event < 0)
		return -errno;
	if (!ioctl(event, PERF_EVENT_IOC_SET_BPF, program) &&
	    !ioctl(event, PERF_EVENT_IOC_ENABLE, 0))
		return event;
	err = -errno;
	close(event);
	return err;
}

static int attach_kprobe(struct tracer *tracer)
{
	return attach_each(tracer, BPF_PROG_TYPE_KPROBE, 0, attach_to_probe);
}

/*
 * The best would be fentry, but the kernel patches itself for each function alone: on 6.12 opening
 * the tracer takes 62 million instructions with kprobe.multi, 350 with fentry, 360 with kprobes.
 */
const struct backend backends[] = {
	{ "kprobe.multi", "trace_multi", "CONFIG_FPROBE", attach_multi },
	{ "fentry", "trace_fentry", "CONFIG_DYNAMIC_FTRACE_WITH_DIRECT_CALLS", attach_fentry },
	{ "kprobe", "trace_kprobe", "CONFIG_KPROBE_EVENTS", attach_kprobe },
	{},
};
