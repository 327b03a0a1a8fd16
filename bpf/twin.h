/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The article's addresses in IPv6: the twin of 10.0.S.H is fd00:0:0:S::H, with the same digits, so
 * that 10.0.2.11 is fd00:0:0:2::11. ip is in host byte order, and so is each 32-bit word of the
 * twin; H is at most 99. init/ includes <linux/types.h> first, bpf/ vmlinux.h.
 */
#ifndef TWIN_H
#define TWIN_H

#define TWIN_HOST(ip) (((ip)&0xff) / 10 << 4 | ((ip)&0xff) % 10)
#define TWIN_WORD(ip, word)               \
	((word) == 0   ? 0xfd000000       \
	 : (word) == 1 ? (ip) >> 8 & 0xff \
	 : (word) == 3 ? TWIN_HOST(ip)    \
		       : 0)

#ifdef __bpf__
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

static __always_inline void put_twin(__be32 words[4], __u32 ip)
{
	for (int i = 0; i < 4; i++)
		words[i] = bpf_htonl(TWIN_WORD(ip, i));
}

static __always_inline int is_twin(const __be32 words[4], __u32 ip)
{
	__u32 difference = 0;

	for (int i = 0; i < 4; i++)
		difference |= words[i] ^ bpf_htonl(TWIN_WORD(ip, i));
	return !difference;
}
#endif

#endif
