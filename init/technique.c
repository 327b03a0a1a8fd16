// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/if_link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "narrate.h"
#include "sabotage.h"
#include "section.h"
#include "technique.h"
#include "testimony.h"

#include "look_on.skel.h"
#include "msg_redirect.skel.h"
#include "msg_redirect_hash.skel.h"
#include "netkit_reply.skel.h"
#include "redirect.skel.h"
#include "redirect_clone.skel.h"
#include "redirect_constant.skel.h"
#include "redirect_fib.skel.h"
#include "redirect_fib_length.skel.h"
#include "redirect_ingress.skel.h"
#include "redirect_mirror.skel.h"
#include "redirect_neigh.skel.h"
#include "redirect_no_mac.skel.h"
#include "redirect_not_returned.skel.h"
#include "redirect_peer.skel.h"
#include "sk_assign.skel.h"
#include "sk_redirect.skel.h"
#include "sk_redirect_hash.skel.h"
#include "xdp_devmap.skel.h"
#include "xdp_devmap_hash.skel.h"
#include "xdp_pass.skel.h"
#include "xdp_redirect.skel.h"

#define OBJECT(name) name##__elf_bytes, #name
/* The first kernel with each. */
#define SINCE_fib_lookup "4.18"
#define SINCE_redirect_neigh "5.10"
#define SINCE_redirect_peer "5.10"
#define SINCE_DEVMAP "4.14"
#define SINCE_DEVMAP_HASH "5.4"
#define SINCE_sk_assign "5.7"
#define SINCE_msg_redirect_map "4.17"
#define SINCE_SOCKMAP "4.14"
#define SINCE_msg_redirect_hash "4.18"
#define SINCE_SOCKHASH "4.18"
#define SINCE_sk_redirect_map "4.14"
#define SINCE_sk_redirect_hash "4.18"
#define HELPER(name) \
	.helper = BPF_FUNC_##name, .helper_name = "bpf_" #name "()", .helper_since = SINCE_##name
#define MAP(type) \
	.map = BPF_MAP_TYPE_##type, .map_name = "BPF_MAP_TYPE_" #type, .map_since = SINCE_##type
#define ON_VETH1_2 .hook = VETH1_2, .target = VETH2_1
#define ON_VETH2_1 .hook = VETH2_1, .target = VETH1_2
#define WAY_BACK .variant = { .reply_proxy_arp = true }
#define WHOLE_CHECKSUMS .variant = { .whole_checksums = true }
/* What NAME does on the way there is done on the way back as well, by a second program. */
#define BOTH_WAYS(name, bytes, ...)                                                            \
	{ name "-both", bytes, ON_VETH1_2, .companion = name "-back", WAY_BACK, __VA_ARGS__ }, \
	{                                                                                      \
		name "-back", bytes, ON_VETH2_1, __VA_ARGS__                                   \
	}

static const struct technique techniques[] = {
	{ "redirect", OBJECT(redirect), ON_VETH1_2, .rewrite = PEER_MAC },
	{ "redirect-constant", OBJECT(redirect_constant), ON_VETH1_2 },
	{ "redirect-not-returned", OBJECT(redirect_not_returned), ON_VETH1_2 },
	{ "redirect-no-mac", OBJECT(redirect_no_mac), ON_VETH1_2 },
	{ "redirect-ingress", OBJECT(redirect_ingress), ON_VETH1_2, .rewrite = PEER_MAC },
	{ "redirect-ingress-repaired", OBJECT(redirect_ingress), ON_VETH1_2,
	  .rewrite = TARGET_MAC },
	{ "redirect-clone", OBJECT(redirect_clone), ON_VETH1_2, .rewrite = PEER_MAC },
	{ "redirect-mirror", OBJECT(redirect_mirror), ON_VETH1_2, .rewrite = PEER_MAC },
	{ "redirect-fib", OBJECT(redirect_fib), ON_VETH1_2, HELPER(fib_lookup), .looks_up = true },
	{ "redirect-fib-length", OBJECT(redirect_fib_length), ON_VETH1_2, HELPER(fib_lookup),
	  .looks_up = true },
	{ "redirect-neigh", OBJECT(redirect_neigh), ON_VETH1_2, HELPER(redirect_neigh) },
	{ "redirect-peer", OBJECT(redirect_peer), ON_VETH1_2, HELPER(redirect_peer) },
	{ "redirect-tcx", OBJECT(redirect), ON_VETH1_2, .rewrite = PEER_MAC, .kind = TCX },
	{ "redirect-tcx-watched", OBJECT(redirect), ON_VETH1_2, .rewrite = PEER_MAC, .kind = TCX,
	  .companion = "look-on-before" },
	{ "redirect-tcx-first", OBJECT(redirect), ON_VETH1_2, .rewrite = PEER_MAC, .kind = TCX,
	  .companion = "look-on-after" },
	{ "look-on-before", OBJECT(look_on), ON_VETH1_2, .kind = TCX, .order = BPF_F_BEFORE },
	{ "look-on-after", OBJECT(look_on), ON_VETH1_2, .kind = TCX, .order = BPF_F_AFTER },
	BOTH_WAYS("redirect", OBJECT(redirect), .rewrite = PEER_MAC),
	BOTH_WAYS("redirect-fib", OBJECT(redirect_fib), HELPER(fib_lookup), .looks_up = true),
	BOTH_WAYS("redirect-neigh", OBJECT(redirect_neigh), HELPER(redirect_neigh)),
	BOTH_WAYS("redirect-peer", OBJECT(redirect_peer), HELPER(redirect_peer)),
	BOTH_WAYS("redirect-tcx", OBJECT(redirect), .rewrite = PEER_MAC, .kind = TCX),
	{ "xdp", OBJECT(xdp_redirect), ON_VETH1_2, .rewrite = PEER_MAC, .kind = XDP_NATIVE,
	  WHOLE_CHECKSUMS, .companion = "xdp-pass" },
	{ "xdp-alone", OBJECT(xdp_redirect), ON_VETH1_2, .rewrite = PEER_MAC, .kind = XDP_NATIVE },
	{ "xdp-generic", OBJECT(xdp_redirect), ON_VETH1_2, .rewrite = PEER_MAC,
	  .kind = XDP_GENERIC },
	{ "xdp-devmap", OBJECT(xdp_devmap), ON_VETH1_2, .rewrite = PEER_MAC, .kind = XDP_NATIVE,
	  MAP(DEVMAP), WHOLE_CHECKSUMS, .companion = "xdp-pass" },
	{ "xdp-devmap-empty", OBJECT(xdp_devmap), ON_VETH1_2, .rewrite = PEER_MAC,
	  .kind = XDP_NATIVE, MAP(DEVMAP), .no_targets = true, .companion = "xdp-pass" },
	{ "xdp-devmap-generic", OBJECT(xdp_devmap), ON_VETH1_2, .rewrite = PEER_MAC,
	  .kind = XDP_GENERIC, MAP(DEVMAP) },
	{ "xdp-devmap-hash", OBJECT(xdp_devmap_hash), ON_VETH1_2, .rewrite = PEER_MAC,
	  .kind = XDP_NATIVE, MAP(DEVMAP_HASH), WHOLE_CHECKSUMS, .companion = "xdp-pass" },
	{ "xdp-devmap-hash-empty", OBJECT(xdp_devmap_hash), ON_VETH1_2, .rewrite = PEER_MAC,
	  .kind = XDP_NATIVE, MAP(DEVMAP_HASH), .no_targets = true, .companion = "xdp-pass" },
	{ "xdp-pass", OBJECT(xdp_pass), .hook = VETH2_2, .kind = XDP_NATIVE },
	{ "sk-assign", OBJECT(sk_assign), ON_VETH1_2, HELPER(sk_assign), .own_listener = true,
	  .variant = { .local_route = true } },
	{ "msg-redirect", OBJECT(msg_redirect), HELPER(msg_redirect_map), MAP(SOCKMAP),
	  .kind = SOCKET_SENDS, WAY_BACK },
	{ "msg-redirect-hash", OBJECT(msg_redirect_hash), HELPER(msg_redirect_hash), MAP(SOCKHASH),
	  .kind = SOCKET_SENDS, WAY_BACK },
	{ "sk-redirect", OBJECT(sk_redirect), HELPER(sk_redirect_map), MAP(SOCKMAP),
	  .kind = SOCKET_RECEIVES, WAY_BACK },
	{ "sk-redirect-hash", OBJECT(sk_redirect_hash), HELPER(sk_redirect_hash), MAP(SOCKHASH),
	  .kind = SOCKET_RECEIVES, WAY_BACK },
	{ "look-on", OBJECT(look_on), ON_VETH1_2, .own_listener = true,
	  .variant = { .local_route = true } },
	{ "netkit-reply", OBJECT(netkit_reply), ON_VETH2_1, HELPER(redirect_neigh),
	  .kind = NETKIT_PEER, .variant = { .netkit = true, .reply_proxy_arp = true } },
};

static struct technique of_file = { .name = "object" };

const struct technique *technique_of_file(const char *file, const char *section, const char *like)
{
	const struct technique *model = technique_find(like ? like : "redirect");

	of_file = (struct technique){
		.name = of_file.name,
		.file = file,
		.section = section,
		.hook = model->hook,
		.target = model->target,
		.kind = model->kind,
		.order = model->order,
		.no_targets = model->no_targets,
		.companion = model->companion,
	};
	return &of_file;
}

const struct technique *technique_find(const char *name)
{
	if (of_file.file && !strcmp(of_file.name, name))
		return &of_file;
	for (size_t i = 0; i < sizeof(techniques) / sizeof(techniques[0]); i++)
		if (!strcmp(techniques[i].name, name))
			return &techniques[i];
	return NULL;
}

const char *technique_names(void)
{
	static char room[2048];
	struct text names = text_in(room, sizeof(room));

	for (size_t i = 0; i < sizeof(techniques) / sizeof(techniques[0]); i++)
		text_add(&names, "%s%s", i ? " " : "", techniques[i].name);
	return room;
}

static bool is_xdp(const struct technique *technique)
{
	return technique->kind == XDP_NATIVE || technique->kind == XDP_GENERIC;
}

/* What libbpf says is kept, and shown when something failed: all, for its end is what counts. */
static char *log_text;
static size_t log_length;

static int keep_log(enum libbpf_print_level level, const char *format, va_list arguments)
{
	va_list again;
	char *text;
	int length;

	if (level == LIBBPF_DEBUG)
		return 0;
	va_copy(again, arguments);
	length = vsnprintf(NULL, 0, format, again);
	va_end(again);
	text = length < 0 ? NULL : realloc(log_text, log_length + length + 1);
	if (!text)
		return 0;
	log_text = text;
	vsnprintf(log_text + log_length, length + 1, format, arguments);
	log_length += length;
	return length;
}

void technique_log_begin(void)
{
	free(log_text);
	log_text = NULL;
	log_length = 0;
	libbpf_set_print(keep_log);
}

const char *technique_log(void)
{
	return log_text ? log_text : "";
}

static enum device_id mac_of(const struct technique *technique)
{
	return technique->rewrite == PEER_MAC ? topology_peer(technique->target)
					      : technique->target;
}

static uint32_t destination_of(const struct technique *technique)
{
	return technique->target == VETH1_2 ? CLIENT_ADDRESS : SERVER_ADDRESS;
}

static int fill_settings(const struct technique *technique, struct topology *topology, bool narrate,
			 struct settings *settings)
{
	enum device_id whose = mac_of(technique);
	uint32_t article = destination_of(technique);
	struct ip_address twin = address_twin(article);
	struct link link;
	int err;

	settings->narrate = narrate;
	settings->ipv6 = topology->variant.ipv6;
	settings->destination = topology_ipv4(topology, article);
	memcpy(settings->destination_ipv6, twin.bytes, sizeof(settings->destination_ipv6));
	settings->target_ifindex = topology->ifindex[technique->target];
	if (sabotage->target_ifindex)
		settings->target_ifindex = sabotage->target_ifindex;
	if (technique->rewrite == NO_REWRITE)
		return 0;
	err = rtnl_link_find(&topology->rtnl[devices[whose].place], devices[whose].name, &link);
	if (err)
		return failed(err, "read the MAC of %s in %s", devices[whose].name,
			      namespaces[devices[whose].place]);
	memcpy(settings->target_mac, link.mac, MAC_LENGTH);
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

/* Where a program is pinned by whoever has no descriptor of it, and its maps. */
#define KEPT "/sys/fs/bpf/lab-"

static void narrate_file(struct attachment *attachment, const char *from, const char *section,
			 struct narrated_bytes bytes)
{
	const struct technique *technique = attachment->technique;
	size_t size = 0;

	if (!narrate_has_begun())
		return;
	bytes.offset = section_find(from, section, &size);
	if (!bytes.offset || size != bytes.size) {
		narrate_aside("%s has no %zu bytes of %s to be told", from, bytes.size, section);
		return;
	}
	snprintf(attachment->narrated, sizeof(attachment->narrated), "/tmp/%s.bpf.o",
		 technique->name);
	narrate_copy(narrate_word(from), attachment->narrated, &bytes);
}

/* What the lab reads of the device, the shell reads too: the MAC is another each time. */
static void narrate_settings(struct attachment *attachment, struct topology *topology,
			     const struct settings *settings)
{
	const struct technique *technique = attachment->technique;
	const struct device *whose = &devices[mac_of(technique)];
	bool home = whose->place == HOST;
	char from[64], words[160], text[INET6_ADDRSTRLEN];
	struct narrated_bytes bytes = {
		.bytes = (const uint8_t *)settings,
		.size = sizeof(*settings),
		.read_at = offsetof(struct settings, target_mac),
		.read_size = sizeof(settings->target_mac),
	};

	snprintf(from, sizeof(from), "/bpf/%s.bpf.o", technique->source);
	snprintf(words, sizeof(words),
		 "$(%s%s sed 's/^/\\\\x/; s/:/\\\\x/g' /sys/class/net/%s/address)",
		 home ? "" : "ip netns exec ", home ? "" : namespaces[whose->place], whose->name);
	if (technique->rewrite != NO_REWRITE)
		bytes.words = words;
	narrate_aside("the program is told target_ifindex %u, destination %s%s%s",
		      settings->target_ifindex,
		      address_text(topology_address(topology, destination_of(technique)), text),
		      bytes.words ? ", target_mac that of " : "", bytes.words ? whose->name : "");
	narrate_file(attachment, from, ".rodata.settings", bytes);
}

/*
 * tc loads what it attaches; for the other hooks bpftool does both, and pins the program meanwhile.
 */
static void narrate_load(const struct attachment *attachment)
{
	const char *name = attachment->technique->name;

	if (attachment->technique->kind == CLSACT)
		return;
	narrate(NULL, "bpftool prog load %s " KEPT "%s%s%s%s", attachment->narrated, name,
		attachment->technique->map ? " pinmaps " KEPT : "",
		attachment->technique->map ? name : "", attachment->technique->map ? "-maps" : "");
}

static int find_witness(struct attachment *attachment)
{
	struct bpf_map *map = bpf_object__find_map_by_name(attachment->object, ".bss");
	size_t size = 0;

	if (map)
		attachment->witness = bpf_map__initial_value(map, &size);
	return attachment->witness && size == sizeof(*attachment->witness) ? 0 : -ENOENT;
}

/* What was not loaded for the lack of something in the kernel: the kernel is asked for it alone. */
static int not_loaded(int err, const struct technique *technique, const struct bpf_program *program)
{
	enum bpf_prog_type type = bpf_program__type(program);

	if (err == -ENOSYS)
		return lacking(err, "CONFIG_BPF_SYSCALL", "load %s", technique->name);
	if (technique->helper && !libbpf_probe_bpf_helper(type, technique->helper, NULL))
		return lacking(err, technique->helper_name, "load %s", technique->name);
	if (technique->map && !libbpf_probe_bpf_map_type(technique->map, NULL))
		return lacking(err, technique->map_name, "load %s", technique->name);
	return failed(err, "load %s", technique->name);
}

/* One target, under its own ifindex as the key. */
struct targets {
	int map;
	uint32_t ifindex;
};

static int put_target(void *context)
{
	const struct targets *targets = context;
	int err = bpf_map_update_elem(targets->map, &targets->ifindex, &targets->ifindex, BPF_ANY);

	return err ? -errno : 0;
}

static void narrate_target(const struct technique *technique, uint32_t ifindex)
{
	const uint8_t *bytes = (const uint8_t *)&ifindex;
	char word[16];

	if (technique->kind == CLSACT) {
		narrate_aside("ifindex %u is put into the map of targets: tc has no word for it",
			      ifindex);
		return;
	}
	snprintf(word, sizeof(word), "%u %u %u %u", bytes[0], bytes[1], bytes[2], bytes[3]);
	narrate_pinned(namespaces[devices[technique->target].place],
		       "bpftool map update pinned " KEPT "%s-maps/targets key %s value %s",
		       technique->name, word, word);
}

/* The map looks its devices up in the namespace of whoever puts them in. */
static int fill_targets(const struct attachment *attachment, struct topology *topology)
{
	const struct technique *technique = attachment->technique;
	const struct bpf_map *map = bpf_object__find_map_by_name(attachment->object, "targets");
	struct targets targets;
	int err;

	if (!map || technique->no_targets)
		return 0;
	if (bpf_map__key_size(map) != sizeof(targets.ifindex) ||
	    bpf_map__value_size(map) != sizeof(targets.ifindex))
		return failed(-EINVAL, "put an ifindex under an ifindex into the map of %s",
			      technique->name);
	targets.map = bpf_map__fd(map);
	targets.ifindex = topology->ifindex[technique->target];
	err = netns_inside(&topology->netns[devices[technique->target].place], put_target,
			   &targets);
	if (err)
		return failed(err, "put %s into the map of %s", devices[technique->target].name,
			      technique->name);
	narrate_target(technique, targets.ifindex);
	return 0;
}

/* Somebody else's object. */

/* libbpf knows the sections of today; tc itself takes any name for a classifier's. */
static bool is_for_hook(const struct bpf_program *program)
{
	enum bpf_prog_type type = bpf_program__type(program);

	if (is_xdp(&of_file))
		return type == BPF_PROG_TYPE_XDP;
	return type == BPF_PROG_TYPE_SCHED_CLS || type == BPF_PROG_TYPE_UNSPEC;
}

static const char *hook_name(void)
{
	return is_xdp(&of_file) ? "XDP" : "tc";
}

static bool is_called(const struct bpf_program *program, const char *name)
{
	return !strcmp(bpf_program__section_name(program), name) ||
	       !strcmp(bpf_program__name(program), name);
}

/* How many of those for the hook have that section or name ("": any), and the last of them. */
static int count_called(struct bpf_object *object, const char *name, struct bpf_program **found)
{
	struct bpf_program *program;
	int count = 0;

	bpf_object__for_each_program(program, object)
	{
		if (!is_for_hook(program) || (*name && !is_called(program, name)))
			continue;
		*found = program;
		count++;
	}
	return count;
}

static int refuse_choice(struct bpf_object *object, const char *section, int count)
{
	char room[256];
	struct text there = text_in(room, sizeof(room));
	const char *hook = hook_name();
	struct bpf_program *program;

	bpf_object__for_each_program(program, object)
	{
		text_add(&there, "%s%s in section %s", there.length ? ", " : "",
			 bpf_program__name(program), bpf_program__section_name(program));
		if (!is_for_hook(program))
			text_add(&there, " (not for %s)", hook);
	}
	if (!there.length)
		return refused("the object has no program");
	if (count)
		return refused("the object has %d programs for %s%s%s: choose one by --section and "
			       "its name; there are: %s",
			       count, hook, *section ? " called " : "", section, room);
	return refused("the object has no program for %s%s%s; there are: %s", hook,
		       *section ? " called " : "", section, room);
}

static int choose_program(struct attachment *attachment, const char *section)
{
	struct bpf_object *object = attachment->object;
	struct bpf_program *program;
	int count = count_called(object, section, &attachment->program);

	if (count > 1 && !*section && count_called(object, "tc", &attachment->program) == 1)
		count = 1;
	if (count != 1)
		return refuse_choice(object, section, count);
	bpf_object__for_each_program(program, object)
		bpf_program__set_autoload(program, program == attachment->program);
	if (!is_xdp(&of_file))
		bpf_program__set_type(attachment->program, BPF_PROG_TYPE_SCHED_CLS);
	return 0;
}

/* A constant of that name, if it has one of that size, whose value the loader is to tell. */
static void tell(struct bpf_object *object, const char *name, const void *value, size_t size)
{
	struct btf *btf = bpf_object__btf(object);
	int id = btf ? btf__find_by_name_kind(btf, ".rodata", BTF_KIND_DATASEC) : -1;
	const struct btf_type *section = id > 0 ? btf__type_by_id(btf, id) : NULL;
	struct bpf_map *map = bpf_object__find_map_by_name(object, ".rodata");
	size_t room = 0;
	char *initial = map ? bpf_map__initial_value(map, &room) : NULL;

	for (int i = 0; initial && section && i < btf_vlen(section); i++) {
		const struct btf_var_secinfo *place = btf_var_secinfos(section) + i;
		const struct btf_type *variable = btf__type_by_id(btf, place->type);

		if (!strcmp(btf__name_by_offset(btf, variable->name_off), name) &&
		    place->size == size && place->offset + size <= room)
			memcpy(initial + place->offset, value, size);
	}
}

/* What our programs find in settings, for who asks by name. */
static int tell_settings(struct attachment *attachment, struct topology *topology)
{
	struct settings settings = {};
	int err = fill_settings(technique_find("redirect"), topology, false, &settings);

	tell(attachment->object, "target_ifindex", &settings.target_ifindex,
	     sizeof(settings.target_ifindex));
	tell(attachment->object, "target_mac", settings.target_mac, sizeof(settings.target_mac));
	tell(attachment->object, "destination", &settings.destination,
	     sizeof(settings.destination));
	return err;
}

/* Where nothing was told the file is loaded as it is. */
static void narrate_told(struct attachment *attachment)
{
	const char *file = attachment->technique->file;
	struct bpf_map *map = bpf_object__find_map_by_name(attachment->object, ".rodata");
	struct narrated_bytes bytes = {};

	snprintf(attachment->narrated, sizeof(attachment->narrated), "%s", narrate_word(file));
	bytes.bytes = map ? bpf_map__initial_value(map, &bytes.size) : NULL;
	if (bytes.bytes)
		narrate_file(attachment, file, ".rodata", bytes);
}

static int load_file(struct attachment *attachment, struct topology *topology)
{
	const struct technique *technique = attachment->technique;
	int err;

	attachment->object = bpf_object__open_file(technique->file, NULL);
	if (!attachment->object)
		return failed(-errno, "open the object as libbpf does");
	err = choose_program(attachment, technique->section);
	if (!err)
		err = tell_settings(attachment, topology);
	if (err)
		goto close;
	err = bpf_object__load(attachment->object);
	if (err) {
		failed(err, "load program %s of section %s", bpf_program__name(attachment->program),
		       bpf_program__section_name(attachment->program));
		goto close;
	}
	narrate_told(attachment);
	err = fill_targets(attachment, topology);
	if (err)
		goto close;
	attachment->statistics = bpf_enable_stats(BPF_STATS_RUN_TIME);
	return 0;
close:
	technique_leave(attachment);
	return err;
}

int64_t technique_runs(const struct attachment *attachment)
{
	struct bpf_prog_info info = {};
	__u32 length = sizeof(info);

	if (attachment->statistics <= 0 ||
	    bpf_prog_get_info_by_fd(bpf_program__fd(attachment->program), &info, &length))
		return NOT_TOLD;
	return info.run_cnt;
}

static int load(struct attachment *attachment, const struct technique *technique,
		struct topology *topology, bool narrate)
{
	LIBBPF_OPTS(bpf_object_open_opts, options);
	const char *name = technique->name;
	struct settings settings = {};
	const void *bytes;
	size_t size;
	int err;

	technique_log_begin();
	*attachment = (struct attachment){ .technique = technique, .hook = technique->hook };
	if (technique->file)
		return load_file(attachment, topology);
	err = fill_settings(technique, topology, narrate, &settings);
	if (err)
		return err;
	bytes = technique->object(&size);
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
	if (err) {
		not_loaded(err, technique, attachment->program);
		goto close;
	}
	narrate_settings(attachment, topology, &settings);
	narrate_load(attachment);
	err = fill_targets(attachment, topology);
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
	enum bpf_attach_type type; /* of a link */
	uint32_t flags;
};

/* libbpf opens its netlink socket in the namespace that it is called in. */
static int attach_here(void *context)
{
	const struct hook *where = context;
	LIBBPF_OPTS(bpf_tc_hook, hook, .ifindex = where->ifindex, .attach_point = BPF_TC_INGRESS);
	LIBBPF_OPTS(bpf_tc_opts, options, .handle = 1, .priority = 1, .prog_fd = where->program);

	return bpf_tc_attach(&hook, &options);
}

static int attach_link_here(void *context)
{
	const struct hook *where = context;
	/* Before or after nothing in particular is first or last. */
	LIBBPF_OPTS(bpf_link_create_opts, options, .flags = where->flags);
	int link = bpf_link_create(where->program, where->ifindex, where->type, &options);

	return link < 0 ? -errno : link;
}

/* bpftool attaches without a link, behind what is there already. */
static void narrate_link(const struct attachment *attachment)
{
	const struct technique *technique = attachment->technique;
	const struct device *device = &devices[attachment->hook];

	if (technique->kind == NETKIT_PEER)
		narrate_aside("attaches it to %s by a netkit link: bpftool has no word for it",
			      device->name);
	else if (technique->order == BPF_F_BEFORE)
		narrate_aside("attaches it to %s before what is there: bpftool has no word for it",
			      device->name);
	else
		narrate_pinned(namespaces[device->place],
			       "bpftool net attach tcx_ingress pinned " KEPT "%s dev %s",
			       technique->name, device->name);
}

static int attach_link(struct attachment *attachment, struct topology *topology)
{
	static const struct {
		enum bpf_attach_type type;
		const char *option;
	} links[] = {
		[TCX] = { BPF_TCX_INGRESS, "tcx, CONFIG_NET_XGRESS" },
		[NETKIT_PEER] = { BPF_NETKIT_PEER, "CONFIG_NETKIT" },
	};
	const struct technique *technique = attachment->technique;
	const struct device *device = &devices[attachment->hook];
	struct hook hook = {
		.ifindex = topology->ifindex[attachment->hook],
		.program = bpf_program__fd(attachment->program),
		.type = links[technique->kind].type,
		.flags = technique->order,
	};
	int link = netns_inside(&topology->netns[device->place], attach_link_here, &hook);

	/* A kernel that does not know the attach type: tcx came with 6.6, netkit with 6.7. */
	if (link == -EINVAL)
		return lacking(link, links[technique->kind].option, "attach %s to %s by a link",
			       technique->name, device->name);
	if (link < 0)
		return failed(link, "attach %s to %s by a link", technique->name, device->name);
	attachment->link = link;
	narrate_link(attachment);
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
	narrate(place, "tc qdisc add dev %s clsact", device->name);
	err = netns_inside(&topology->netns[device->place], attach_here, &hook);
	if (err == -ENOENT)
		lacking(err, "CONFIG_NET_CLS_BPF", "attach %s to %s in %s",
			attachment->technique->name, device->name, place);
	else if (err)
		failed(err, "attach %s to %s in %s", attachment->technique->name, device->name,
		       place);
	if (err)
		rtnl_clsact_delete(&topology->rtnl[device->place], hook.ifindex);
	else
		narrate(place,
			"tc filter add dev %s ingress prio 1 handle 1 bpf direct-action "
			"object-file %s section %s",
			device->name, attachment->narrated,
			bpf_program__section_name(attachment->program));
	return err;
}

static int detach_clsact(struct attachment *attachment, struct topology *topology)
{
	const struct device *device = &devices[attachment->hook];
	int err = rtnl_clsact_delete(&topology->rtnl[device->place],
				     topology->ifindex[attachment->hook]);

	return err ? failed(err, "delete clsact of %s in %s", device->name,
			    namespaces[device->place])
		   : 0;
}

static int detach_link(struct attachment *attachment, struct topology *topology)
{
	(void)topology;
	technique_close_link(attachment);
	return 0;
}

static int set_xdp_here(void *context)
{
	const struct hook *where = context;

	return bpf_xdp_attach(where->ifindex, where->program, where->flags, NULL);
}

/* program -1 takes away what is attached. */
static int set_xdp(struct attachment *attachment, struct topology *topology, int program)
{
	const struct device *device = &devices[attachment->hook];
	bool native = attachment->technique->kind == XDP_NATIVE;
	struct hook hook = {
		.ifindex = topology->ifindex[attachment->hook],
		.program = program,
		.flags = native ? XDP_FLAGS_DRV_MODE : XDP_FLAGS_SKB_MODE,
	};
	int err = netns_inside(&topology->netns[device->place], set_xdp_here, &hook);

	if (err == -EOPNOTSUPP && native)
		return lacking(err, "native XDP in the driver of veth", "attach %s to %s",
			       attachment->technique->name, device->name);
	return err ? failed(err, "set the XDP program of %s in %s", device->name,
			    namespaces[device->place])
		   : 0;
}

static int attach_xdp(struct attachment *attachment, struct topology *topology)
{
	const struct technique *technique = attachment->technique;
	const struct device *device = &devices[attachment->hook];
	int err = set_xdp(attachment, topology, bpf_program__fd(attachment->program));

	if (!err)
		narrate_pinned(namespaces[device->place],
			       "bpftool net attach %s pinned " KEPT "%s dev %s",
			       technique->kind == XDP_NATIVE ? "xdpdrv" : "xdpgeneric",
			       technique->name, device->name);
	return err;
}

static int detach_xdp(struct attachment *attachment, struct topology *topology)
{
	return set_xdp(attachment, topology, -1);
}

static int sockets_map(const struct attachment *attachment)
{
	return bpf_object__find_map_fd_by_name(attachment->object, "sockets");
}

static enum bpf_attach_type socket_verdict(const struct attachment *attachment)
{
	return attachment->technique->kind == SOCKET_SENDS ? BPF_SK_MSG_VERDICT
							   : BPF_SK_SKB_STREAM_VERDICT;
}

/* To the map: the program is there for every socket that is put into it. */
static int attach_sockmap(struct attachment *attachment, struct topology *topology)
{
	int err = bpf_prog_attach(bpf_program__fd(attachment->program), sockets_map(attachment),
				  socket_verdict(attachment), 0);

	(void)topology;
	if (err == -EOPNOTSUPP)
		return lacking(err, "CONFIG_BPF_STREAM_PARSER", "attach %s",
			       attachment->technique->name);
	return err ? failed(err, "attach %s to its map of sockets", attachment->technique->name)
		   : 0;
}

static int detach_sockmap(struct attachment *attachment, struct topology *topology)
{
	int err = bpf_prog_detach2(bpf_program__fd(attachment->program), sockets_map(attachment),
				   socket_verdict(attachment));

	(void)topology;
	return err ? failed(err, "detach %s from its map of sockets", attachment->technique->name)
		   : 0;
}

int technique_show_sockets(const struct attachment *attachment, int client, int server)
{
	static const __u32 keys[] = { CLIENT_SOCKET, SERVER_SOCKET };
	const __u32 sockets[] = { client, server };
	int err = 0, map = attachment->object ? sockets_map(attachment) : -1;

	if (map < 0)
		return 0;
	for (size_t i = 0; i < 2 && !err; i++)
		err = bpf_map_update_elem(map, &keys[i], &sockets[i], BPF_ANY);
	return err ? failed(err, "put the sockets into the map of %s", attachment->technique->name)
		   : 0;
}

static const struct way {
	const char *name, *since; /* the kernel, with a veth that has it */
	int (*attach)(struct attachment *attachment, struct topology *topology);
	int (*detach)(struct attachment *attachment, struct topology *topology);
} ways[] = {
	[CLSACT] = { "clsact", "4.5", attach_clsact, detach_clsact },
	[TCX] = { "tcx", "6.6", attach_link, detach_link },
	[NETKIT_PEER] = { "netkit", "6.7", attach_link, detach_link },
	/* Of two kinds: for what a socket sends, and for what it receives. */
	[SOCKET_SENDS] = { "sk_msg", "4.17", attach_sockmap, detach_sockmap },
	[SOCKET_RECEIVES] = { "sk_skb", "4.14", attach_sockmap, detach_sockmap },
	/* Of two kinds: in the driver, and behind it. */
	[XDP_NATIVE] = { "native XDP", "4.19", attach_xdp, detach_xdp },
	[XDP_GENERIC] = { "generic XDP", "4.12", attach_xdp, detach_xdp },
};

void technique_needs(const struct technique *technique, struct text *needs)
{
	const struct technique *companion =
		technique->companion ? technique_find(technique->companion) : NULL;

	text_add(needs, "%s", ways[technique->kind].name);
	if (technique->helper)
		text_add(needs, ", %s", technique->helper_name);
	if (technique->map)
		text_add(needs, ", %s", technique->map_name);
	if (technique->rewrite != NO_REWRITE)
		text_add(needs, ", the MAC of %s", devices[mac_of(technique)].name);
	if (companion)
		text_add(needs, ", %s on %s", companion->name, devices[companion->hook].name);
}

void technique_describe(const struct technique *technique, struct text *words)
{
	const struct way *way = &ways[technique->kind];
	const struct device *hook = &devices[technique->hook];
	const char *target = devices[technique->target].name;

	if (technique->kind >= SOCKET_SENDS)
		text_add(words, "It is %s, at a map of sockets", way->name);
	else if (technique->kind == NETKIT_PEER)
		text_add(words, "It is at the egress of %s, told to its peer %s in %s, through %s",
			 devices[topology_peer(technique->hook)].name, hook->name,
			 namespaces[hook->place], way->name);
	else
		text_add(words, "It is at the ingress of %s in %s, through %s", hook->name,
			 namespaces[hook->place], way->name);
	text_add(words, " (Linux %s)", way->since);
	if (technique->helper)
		text_add(words, ", and calls %s (%s)", technique->helper_name,
			 technique->helper_since);
	if (technique->map)
		text_add(words, ", with a %s (%s)%s", technique->map_name, technique->map_since,
			 technique->no_targets ? " that stays empty" : "");
	text_add(words, ".");
	if (technique->rewrite == PEER_MAC)
		text_add(words, " Its frames get the MAC of %s, at the other end of %s.",
			 devices[topology_peer(technique->target)].name, target);
	if (technique->rewrite == TARGET_MAC)
		text_add(words, " Its frames get the MAC of %s itself.", target);
	if (technique->own_listener)
		text_add(words, " The server is in netns_1, at 10.0.1.11.");
	if (technique->companion)
		text_add(words, " Beside it works %s, on %s.", technique->companion,
			 devices[technique_find(technique->companion)->hook].name);
}

/* The next of "A=B,C=D"; false at the end. What is no pair of techniques has a NULL in it. */
static bool next_pair(const char **at, const struct technique *pair[2])
{
	char names[2][64] = {};
	int length = 0;

	if (!*at || !**at)
		return false;
	sscanf(*at, "%63[^=,]=%63[^=,]%n", names[0], names[1], &length);
	for (int i = 0; i < 2; i++)
		pair[i] = length ? technique_find(names[i]) : NULL;
	*at += length ? length : (int)strlen(*at);
	*at += **at == ',';
	return true;
}

bool technique_stand_ins_known(void)
{
	const char *at = sabotage->instead;
	const struct technique *pair[2];

	while (next_pair(&at, pair))
		if (!pair[0] || !pair[1])
			return false;
	return true;
}

static const struct technique *stand_in(const struct technique *technique)
{
	const char *at = sabotage->instead;
	const struct technique *pair[2];

	while (next_pair(&at, pair))
		if (pair[0] == technique)
			return pair[1];
	return technique;
}

static int attach_companion(struct attachment *attachment, struct topology *topology, bool narrate)
{
	const char *name = attachment->technique->companion;
	int err;

	if (!name)
		return 0;
	attachment->companion = calloc(1, sizeof(*attachment->companion));
	if (!attachment->companion)
		return failed(-ENOMEM, "attach %s", name);
	err = technique_attach(attachment->companion, technique_find(name), topology, narrate);
	if (!err)
		return 0;
	free(attachment->companion);
	attachment->companion = NULL;
	return err;
}

int technique_attach(struct attachment *attachment, const struct technique *technique,
		     struct topology *topology, bool narrate)
{
	int err = load(attachment, stand_in(technique), topology, narrate);

	if (err)
		return err;
	err = ways[attachment->technique->kind].attach(attachment, topology);
	if (err) {
		technique_leave(attachment);
		return err;
	}
	err = attach_companion(attachment, topology, narrate);
	if (err)
		technique_detach(attachment, topology);
	return err;
}

void technique_close_link(struct attachment *attachment)
{
	if (attachment->link)
		close(attachment->link);
	attachment->link = 0;
}

void technique_leave(struct attachment *attachment)
{
	if (attachment->companion)
		technique_leave(attachment->companion);
	free(attachment->companion);
	technique_close_link(attachment);
	if (attachment->statistics > 0)
		close(attachment->statistics);
	bpf_object__close(attachment->object);
	*attachment = (struct attachment){};
}

int technique_detach(struct attachment *attachment, struct topology *topology)
{
	int err = 0, own = 0;

	if (attachment->companion)
		err = technique_detach(attachment->companion, topology);
	if (attachment->object)
		own = ways[attachment->technique->kind].detach(attachment, topology);
	technique_leave(attachment);
	return err ? err : own;
}

/* What no link keeps is kept by its hook: what bpftool pinned can go. */
static int keep_link(const struct attachment *attachment)
{
	const struct technique *technique = attachment->technique;
	char path[128];

	snprintf(path, sizeof(path), KEPT "%s", technique->name);
	if (attachment->link && bpf_obj_pin(attachment->link, path))
		return failed(-errno, "keep the link of %s as %s", technique->name, path);
	if (is_xdp(technique))
		narrate(NULL, "rm -r %s%s%s%s", path, technique->map ? " " : "",
			technique->map ? path : "", technique->map ? "-maps" : "");
	return attachment->companion ? keep_link(attachment->companion) : 0;
}

int technique_keep(struct attachment *attachment)
{
	int err = keep_link(attachment);

	technique_leave(attachment);
	if (err)
		technique_drop_kept();
	return err;
}

void technique_drop_kept(void)
{
	char path[128];

	for (size_t i = 0; i < sizeof(techniques) / sizeof(techniques[0]); i++) {
		snprintf(path, sizeof(path), KEPT "%s", techniques[i].name);
		if (!unlink(path))
			narrate(NULL, "rm %s", path);
	}
}
