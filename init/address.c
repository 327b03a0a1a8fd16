// SPDX-License-Identifier: GPL-2.0
#include <arpa/inet.h>
#include <linux/types.h>
#include <string.h>

#include "address.h"
#include "../bpf/twin.h"

size_t address_length(int family)
{
	return family == AF_INET6 ? sizeof(struct in6_addr) : sizeof(struct in_addr);
}

struct ip_address address_from(int family, const void *bytes, size_t length)
{
	struct ip_address address = {};

	if ((family != AF_INET && family != AF_INET6) || length < address_length(family))
		return address;
	address.family = family;
	memcpy(address.bytes, bytes, address_length(family));
	return address;
}

struct ip_address address_ipv4(uint32_t article)
{
	uint32_t word = htonl(article);

	return address_from(AF_INET, &word, sizeof(word));
}

struct ip_address address_twin(uint32_t article)
{
	uint32_t words[4];

	for (int i = 0; i < 4; i++)
		words[i] = htonl(TWIN_WORD(article, i));
	return address_from(AF_INET6, words, sizeof(words));
}

struct ip_address address_link_local(uint32_t article)
{
	uint32_t words[4] = { htonl(0xfe800000), 0, 0, htonl(TWIN_HOST(article)) };

	return address_from(AF_INET6, words, sizeof(words));
}

bool address_is(struct ip_address address, struct ip_address other)
{
	return address.family == other.family &&
	       !memcmp(address.bytes, other.bytes, sizeof(address.bytes));
}

bool address_is_loopback(struct ip_address address)
{
	return address.family == AF_INET
		       ? address.bytes[0] == 127
		       : !memcmp(address.bytes, &in6addr_loopback, sizeof(in6addr_loopback));
}

const char *address_text(struct ip_address address, char *buffer)
{
	return inet_ntop(address.family, address.bytes, buffer, INET6_ADDRSTRLEN);
}
