/* SPDX-License-Identifier: GPL-2.0 */
/* Addresses of either family. Those of the article are written in host byte order: 0x0a00010a. */
#ifndef ADDRESS_H
#define ADDRESS_H

#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct ip_address {
	sa_family_t family; /* AF_INET or AF_INET6 */
	uint8_t bytes[16];  /* as on the wire; of IPv4 the first four, and the rest is 0 */
};

struct ip_address address_ipv4(uint32_t article);
/* 10.0.1.10 becomes fd00:0:0:1::10 (bpf/twin.h), and on its own link it is fe80::10. */
struct ip_address address_twin(uint32_t article);
struct ip_address address_link_local(uint32_t article);
/* From an attribute or a header; none, all 0, for another family or too few bytes. */
struct ip_address address_from(int family, const void *bytes, size_t length);

size_t address_length(int family);
bool address_is(struct ip_address address, struct ip_address other);
/* 127.0.0.0/8 or ::1. */
bool address_is_loopback(struct ip_address address);
/* "10.0.1.10", "fd00:0:0:1::10"; the buffer holds INET6_ADDRSTRLEN. */
const char *address_text(struct ip_address address, char *buffer);

#endif
