// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "sabotage.h"
#include "technique.h"

#include "redirect.skel.h"
#include "redirect_clone.skel.h"
#include "redirect_constant.skel.h"
#include "redirect_fib.skel.h"
#include "redirect_ingress.skel.h"
#include "redirect_mirror.skel.h"
#include "redirect_neigh.skel.h"
#include "redirect_no_mac.skel.h"
#include "redirect_not_returned.skel.h"
#include "redirect_peer.skel.h"

#define HELPER(name) .helper = BPF_FUNC_##name, .helper_name = "bpf_" #name "()"
#define ON_VETH1_2 .hook = VETH1_2, .target = VETH2_1

static const struct technique techniques[] = {
	{ "redirect", redirect__elf_bytes, ON_VETH1_2, .rewrite = SERVER_MAC },
	{ "redirect-constant", redirect_constant__elf_bytes, ON_VETH1_2 },
	{ "redirect-not-returned", redirect_not_returned__elf_bytes, ON_VETH1_2 },
	{ "redirect-no-mac", redirect_no_mac__elf_bytes, ON_VETH1_2 },
	{ "redirect-ingress", redirect_ingress__elf_bytes, ON_VETH1_2, .rewrite = SERVER_MAC },
	{ "redirect-ingress-repaired", redirect_ingress__elf_bytes, ON_VETH1_2,
	  .rewrite = TARGET_MAC },
	{ "redirect-clone", redirect_clone__elf_bytes, ON_VETH1_2, .rewrite = SERVER_MAC },
	{ "redirect-mirror", redirect_mirror__elf_bytes, ON_VETH1_2, .rewrite = SERVER_MAC },
	{ "redirect-fib", redirect_fib__elf_bytes, ON_VETH1_2, HELPER(fib_lookup),
	  .looks_up = true },
	{ "redirect-neigh", redirect_neigh__elf_bytes, ON_VETH1_2, HELPER(redirect_neigh) },
	{ "redirect-peer", redirect_peer__elf_bytes, ON_VETH1_2, HELPER(redirect_peer) },
	{ "redirect-tcx", redirect__elf_bytes, ON_VETH1_2, .rewrite = SERVER_MAC, .kind = TCX },
};

const struct technique *technique_find(const char *name)
{
	for (size_t i = 0; i < sizeof(techniques) / sizeof(techniques[0]); i++)
		if (!strcmp(techniques[i].name, name))
			return &techniques[i];
	return NULL;
}

/* What libbpf says is kept, and shown when something failed. The end is what counts. */
static char log_text[8192];
static size_t log_length;

static int keep_log(enum libbpf_print_level level, const char *format, va_list arguments)
{
	size_t room = sizeof(log_text) - log_length;
	int length;

	if (level == LIBBPF_DEBUG)
		return 0;
	length = vsnprintf(log_text + log_length, room, format, arguments);
	if (length > 0)
		log_length += (size_t)length < room ? (size_t)length : room - 1;
	return length;
}

void technique_log_begin(void)
{
	log_length = 0;
	log_text[0] = '\0';
	libbpf_set_print(keep_log);
}

const char *technique_log(void)
{
	return log_text;
}

static const struct technique *sabotaged(const struct technique *technique)
{
	if (sabotage->keep_mac && !strcmp(technique->name, "redirect"))
		return technique_find("redirect-no-mac");
	return technique;
}

static int fill_settings(const struct technique *technique, struct topology *topology, bool narrate,
			 struct settings *settings)
{
	const struct device *target = &devices[technique->target];
	struct link link;
	int err;

	settings->narrate = narrate;
	settings->target_ifindex = topology->ifindex[technique->target];
	if (sabotage->target_ifindex)
		settings->target_ifindex = sabotage->target_ifindex;
	if (technique->rewrite == SERVER_MAC)
		memcpy(settings->target_mac, server_mac, MAC_LENGTH);
	if (technique->rewrite == TARGET_MAC) {
		err = rtnl_link_find(&topology->rtnl[target->place], target->name, &link);
		if (err)
			return failed(err, "read the MAC of %s in %s", target->name,
				      namespaces[target->place]);
		memcpy(settings->target_mac, link.mac, MAC_LENGTH);
	}
	return 0;
}

static int write_settings(struct bpf_object *object, const struct settings *settings)
{
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata.settings");
	size_t size = 0;
	void *initial = map ? bpf_map__initial_value(map, &size) : NULL;

	if (!initial || size != sizeof(*settings))
		return -ENOENT;
	memcpy(initial, settings, size);
	return 0;
}

static int find_witness(struct attachment *attachment)
{
	struct bpf_map *map = bpf_object__find_map_by_name(attachment->object, ".bss");
	size_t size = 0;

	if (map)
		attachment->witness = bpf_map__initial_value(map, &size);
	return attachment->witness && size == sizeof(*attachment->witness) ? 0 : -ENOENT;
}

int technique_load(struct attachment *attachment, const struct technique *technique,
		   struct topology *topology, bool narrate)
{
	LIBBPF_OPTS(bpf_object_open_opts, options);
	const struct technique *actual = sabotaged(technique);
	const char *name = technique->name;
	struct settings settings = {};
	const void *bytes;
	size_t size;
	int err;

	technique_log_begin();
	*attachment = (struct attachment){ .technique = technique, .hook = technique->hook };
	err = fill_settings(actual, topology, narrate, &settings);
	if (err)
		return err;
	bytes = actual->object(&size);
	options.object_name = "lab";
	attachment->object = bpf_object__open_mem(bytes, size, &options);
	if (!attachment->object)
		return failed(-errno, "open the object of %s", name);
	attachment->program = bpf_object__next_program(attachment->object, NULL);
	err = write_settings(attachment->object, &settings);
	if (err) {
		failed(err, "find the settings of %s", name);
		goto close;
	}
	err = bpf_object__load(attachment->object);
	if (err == -ENOSYS)
		lacking(err, "CONFIG_BPF_SYSCALL", "load %s", name);
	else if (err && actual->helper &&
		 !libbpf_probe_bpf_helper(BPF_PROG_TYPE_SCHED_CLS, actual->helper, NULL))
		lacking(err, actual->helper_name, "load %s", name);
	else if (err)
		failed(err, "load %s", name);
	if (err)
		goto close;
	err = find_witness(attachment);
	if (!err)
		return 0;
	failed(err, "find the witness of %s", name);
close:
	technique_leave(attachment);
	return err;
}

struct hook {
	int ifindex, program;
};

/* libbpf opens its netlink socket in the namespace that it is called in. */
static int attach_here(void *context)
{
	const struct hook *where = context;
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = where->ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = 1, .priority = 1, .prog_fd = where->program);

	return bpf_tc_attach(&hook, &options);
}

static int attach_tcx_here(void *context)
{
	const struct hook *where = context;
	int link = bpf_link_create(where->program, where->ifindex, BPF_TCX_INGRESS, NULL);

	return link < 0 ? -errno : link;
}

static int attach_tcx(struct attachment *attachment, struct topology *topology)
{
	const struct device *device = &devices[attachment->hook];
	struct hook hook = {
		.ifindex = topology->ifindex[attachment->hook],
		.program = bpf_program__fd(attachment->program),
	};
	int link = netns_inside(&topology->netns[device->place], attach_tcx_here, &hook);

	/* Before 6.6 the kernel does not know this attach type. */
	if (link == -EINVAL)
		return lacking(link, "tcx, CONFIG_NET_XGRESS", "attach %s to %s through tcx",
			       attachment->technique->name, device->name);
	if (link < 0)
		return failed(link, "attach %s to %s through tcx", attachment->technique->name,
			      device->name);
	attachment->link = link;
	return 0;
}

static int attach_clsact(struct attachment *attachment, struct topology *topology)
{
	const struct device *device = &devices[attachment->hook];
	struct hook hook = {
		.ifindex = topology->ifindex[attachment->hook],
		.program = bpf_program__fd(attachment->program),
	};
	const char *place = namespaces[device->place];
	int err;

	err = rtnl_clsact_add(&topology->rtnl[device->place], sabotage->clsact_kind, hook.ifindex);
	if (err == -ENOENT)
		return lacking(err, "CONFIG_NET_SCH_INGRESS", "add clsact to %s in %s",
			       device->name, place);
	if (err)
		return failed(err, "add clsact to %s in %s", device->name, place);
	err = netns_inside(&topology->netns[device->place], attach_here, &hook);
	if (err == -ENOENT)
		lacking(err, "CONFIG_NET_CLS_BPF", "attach %s to %s in %s",
			attachment->technique->name, device->name, place);
	else if (err)
		failed(err, "attach %s to %s in %s", attachment->technique->name, device->name,
		       place);
	if (err)
		rtnl_clsact_delete(&topology->rtnl[device->place], hook.ifindex);
	return err;
}

int technique_attach(struct attachment *attachment, const struct technique *technique,
		     struct topology *topology, bool narrate)
{
	int err = technique_load(attachment, technique, topology, narrate);

	if (err)
		return err;
	err = (technique->kind == TCX ? attach_tcx : attach_clsact)(attachment, topology);
	if (err)
		technique_leave(attachment);
	return err;
}

void technique_leave(struct attachment *attachment)
{
	if (attachment->link)
		close(attachment->link);
	bpf_object__close(attachment->object);
	*attachment = (struct attachment){};
}

int technique_detach(struct attachment *attachment, struct topology *topology)
{
	const struct device *device = &devices[attachment->hook];
	int err = 0;

	if (attachment->object && !attachment->link)
		err = rtnl_clsact_delete(&topology->rtnl[device->place],
					 topology->ifindex[attachment->hook]);
	if (err)
		failed(err, "delete clsact of %s in %s", device->name, namespaces[device->place]);
	technique_leave(attachment);
	return err;
}
