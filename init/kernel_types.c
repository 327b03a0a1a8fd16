// SPDX-License-Identifier: GPL-2.0
#include <bpf/bpf.h>
#include <bpf/btf.h>
#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "failure.h"
#include "kernel_types.h"

static const struct member {
	const char *structure, *path; /* a dot goes into a member */
	size_t place;		      /* in struct layout */
} members[] = {
	{ "sk_buff", "head", offsetof(struct layout, skb_head) },
	{ "sk_buff", "network_header", offsetof(struct layout, skb_network_header) },
	{ "sk_buff", "dev", offsetof(struct layout, skb_dev) },
	{ "sk_buff", "sk", offsetof(struct layout, skb_sk) },
	{ "sk_buff", "len", offsetof(struct layout, skb_len) },
	{ "sk_buff", "mark", offsetof(struct layout, skb_mark) },
	{ "sk_buff", "protocol", offsetof(struct layout, skb_protocol) },
	{ "sk_buff", "pkt_type", offsetof(struct layout, skb_pkt_type) },
	{ "net_device", "ifindex", offsetof(struct layout, dev_ifindex) },
	{ "net_device", "mtu", offsetof(struct layout, dev_mtu) },
	{ "net_device", "nd_net.net", offsetof(struct layout, dev_net) },
	{ "sock", "__sk_common.skc_net.net", offsetof(struct layout, sock_net) },
	{ "net", "ns.inum", offsetof(struct layout, net_inum) },
	{ "xdp_buff", "data", offsetof(struct layout, buff_data) },
	{ "xdp_buff", "data_end", offsetof(struct layout, buff_data_end) },
	{ "xdp_buff", "rxq", offsetof(struct layout, buff_rxq) },
	{ "xdp_rxq_info", "dev", offsetof(struct layout, rxq_dev) },
	{ "xdp_frame", "data", offsetof(struct layout, frame_data) },
	{ "xdp_frame", "len", offsetof(struct layout, frame_len) },
	{ "napi_struct", "dev", offsetof(struct layout, napi_dev) },
};

#define MEMBERS (sizeof(members) / sizeof(members[0]))

struct search {
	const struct btf *btf;
	struct kernel_types *types;
	bool letters[256], found[MEMBERS];
};

static const char *name_of(const struct search *search, __u32 offset)
{
	return btf__name_by_offset(search->btf, offset);
}

static const struct btf_type *composite(const struct search *search, __u32 id)
{
	const struct btf_type *type = btf__type_by_id(search->btf, id);

	while (type && (btf_is_mod(type) || btf_is_typedef(type)))
		type = btf__type_by_id(search->btf, type->type);
	return type && btf_is_composite(type) ? type : NULL;
}

/* Bits from the begin of the structure, or -ENOENT. Members without a name are looked through. */
static int offset_in(const struct search *search, const struct btf_type *type, const char *path)
{
	const struct btf_member *fields = btf_members(type);
	size_t length = strcspn(path, ".");

	for (int i = 0; i < btf_vlen(type); i++) {
		const char *name = name_of(search, fields[i].name_off);
		bool is_it = strlen(name) == length && !strncmp(name, path, length);
		const struct btf_type *inner;
		int offset = btf_member_bit_offset(type, i), more;

		if (is_it && !path[length])
			return offset;
		if (!is_it && *name)
			continue;
		inner = composite(search, fields[i].type);
		more = inner ? offset_in(search, inner, is_it ? path + length + 1 : path) : -ENOENT;
		if (more >= 0)
			return offset + more;
	}
	return -ENOENT;
}

static void note_structure(struct search *search, const struct btf_type *type)
{
	const char *name = name_of(search, type->name_off);

	for (size_t i = 0; i < MEMBERS; i++) {
		int offset;

		if (search->found[i] || strcmp(members[i].structure, name))
			continue;
		offset = offset_in(search, type, members[i].path);
		if (offset < 0)
			continue;
		search->found[i] = true;
		*(__u32 *)((char *)&search->types->layout + members[i].place) = offset;
	}
}

/* Some 25000 names come by and hardly one is wanted: the first two letters tell most apart. */
static unsigned char letters(const char *name)
{
	return name[0] ? name[0] * 31 + name[1] : 0;
}

static void note_function(struct search *search, const struct btf_type *type, int id)
{
	const char *name = name_of(search, type->name_off);

	if (!search->letters[letters(name)])
		return;
	for (int i = 0; i < functions_count; i++)
		if (!strcmp(functions[i].name, name))
			search->types->functions[i] = id;
}

static void note_reasons(struct search *search, const struct btf_type *type)
{
	static const char prefix[] = "SKB_DROP_REASON_";
	const struct btf_enum *values = btf_enum(type);

	if (strcmp(name_of(search, type->name_off), "skb_drop_reason"))
		return;
	for (int i = 0; i < btf_vlen(type); i++) {
		const char *name = name_of(search, values[i].name_off);
		unsigned int value = values[i].val;

		if (!strncmp(name, prefix, strlen(prefix)))
			name += strlen(prefix);
		if (value < sizeof(search->types->reasons) / sizeof(search->types->reasons[0]))
			snprintf(search->types->reasons[value], sizeof(search->types->reasons[0]),
				 "%s", name);
	}
}

static void look_through(struct search *search, int first)
{
	int count = btf__type_cnt(search->btf);

	for (int i = 0; i < functions_count; i++)
		search->letters[letters(functions[i].name)] = true;
	for (int id = first; id < count; id++) {
		const struct btf_type *type = btf__type_by_id(search->btf, id);

		if (btf_is_func(type))
			note_function(search, type, id);
		else if (btf_is_struct(type))
			note_structure(search, type);
		else if (btf_is_enum(type))
			note_reasons(search, type);
	}
}

int kernel_types_find(struct kernel_types *types, const struct btf *btf)
{
	struct search search = { .btf = btf, .types = types };

	look_through(&search, 1);
	for (size_t i = 0; i < MEMBERS; i++)
		if (!search.found[i])
			return failed(-ENOENT, "find %s of struct %s in the kernel's types",
				      members[i].path, members[i].structure);
	return 0;
}

/* Before 5.11 BTF has no name, and modules have no BTF. */
static int open_module(const char *module, __u32 *id)
{
	for (*id = 0; !bpf_btf_get_next_id(*id, id);) {
		char name[64] = "";
		struct bpf_btf_info info = { .name = (uintptr_t)name, .name_len = sizeof(name) };
		__u32 length = sizeof(info);
		int fd = bpf_btf_get_fd_by_id(*id);

		if (fd < 0)
			continue;
		if (!bpf_btf_get_info_by_fd(fd, &info, &length) && !strcmp(name, module))
			return fd;
		close(fd);
	}
	return -ENOENT;
}

static int search_module(struct kernel_types *types, const char *module, struct btf *base)
{
	struct search search = { .types = types };
	struct btf *btf;
	__u32 id;
	int fd = open_module(module, &id);

	if (fd < 0)
		return fd;
	search.btf = btf = btf__load_from_kernel_by_id_split(id, base);
	if (!btf) {
		close(fd);
		return -errno;
	}
	look_through(&search, btf__type_cnt(base));
	btf__free(btf);
	return fd;
}

static bool is_module(const struct kernel_types *types, enum module module, const char *name)
{
	char path[64];

	for (int i = 0; i < functions_count; i++)
		if (functions[i].module == module && types->functions[i])
			return false;
	snprintf(path, sizeof(path), "/sys/module/%s", name);
	return !access(path, F_OK);
}

static void search_modules(struct kernel_types *types, struct btf *base)
{
	static const char *const names[MODULES] = { [VETH] = "veth", [NETKIT] = "netkit" };

	for (int module = BUILT_IN + 1; module < MODULES; module++) {
		int fd;

		if (!is_module(types, module, names[module]))
			continue;
		fd = search_module(types, names[module], base);
		types->modules[module] = fd < 0 ? 0 : fd;
		for (int i = 0; i < functions_count && fd < 0; i++)
			if ((int)functions[i].module == module)
				types->functions[i] = UNTYPED;
	}
}

int kernel_types_read(struct kernel_types *types)
{
	struct btf *btf = btf__load_vmlinux_btf();
	int err;

	if (!btf)
		return lacking(-errno, "CONFIG_DEBUG_INFO_BTF", "read the kernel's types");
	err = kernel_types_find(types, btf);
	if (!err)
		search_modules(types, btf);
	btf__free(btf);
	return err;
}

void kernel_types_close(struct kernel_types *types)
{
	for (int module = 0; module < MODULES; module++)
		if (types->modules[module])
			close(types->modules[module]);
	memset(types->modules, 0, sizeof(types->modules));
}
