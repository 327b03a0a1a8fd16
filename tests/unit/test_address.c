// with: init/address.c init/datagram.c
// SPDX-License-Identifier: GPL-2.0
/* The article's addresses and their twins, and what the socket calls take. */
#include <arpa/inet.h>

#include "address.h"
#include "datagram.h"
#include "tap.h"

static const char *text(struct ip_address address)
{
	static char buffer[INET6_ADDRSTRLEN];

	return address_text(address, buffer);
}

static void twins(void)
{
	check_text(text(address_ipv4(0x0a00020b)), "10.0.2.11", "the article's own");
	check_text(text(address_twin(0x0a00020b)), "fd00:0:0:2::11", "its twin, digit by digit");
	check_text(text(address_twin(0x0a00010a)), "fd00:0:0:1::10", "another");
	check_text(text(address_twin(0x0a000263)), "fd00:0:0:2::99", "the last host with a twin");
	check_text(text(address_twin(0x0a000200)), "fd00:0:0:2::", "that of a network");
	check_text(text(address_link_local(0x0a00020b)), "fe80::11", "and on its own link");
}

static void comparing(void)
{
	struct ip_address ipv4 = address_ipv4(0x0a00020b), ipv6 = address_twin(0x0a00020b);
	struct ip_address none = address_from(AF_UNSPEC, ipv6.bytes, sizeof(ipv6.bytes));

	check(address_is(ipv6, address_from(AF_INET6, ipv6.bytes, 16)), "the same bytes");
	check(!address_is(ipv6, address_twin(0x0a00010b)), "another address");
	check(!address_is(ipv4, address_from(AF_INET6, ipv4.bytes, 16)), "another family");
	check(!none.family && !none.bytes[0], "a family that is none");
	check(!address_from(AF_INET6, ipv6.bytes, 15).family, "too few bytes");
	check(address_from(AF_INET, ipv4.bytes, 4).family == AF_INET, "no more than are needed");
	check(address_is_loopback(address_ipv4(0x7f000001)), "127.0.0.1");
	check(address_is_loopback(address_from(AF_INET6, &in6addr_loopback, 16)), "::1");
	check(!address_is_loopback(ipv4) && !address_is_loopback(ipv6), "no other is of lo");
}

static void endpoints(void)
{
	union endpoint ipv4 = endpoint_at(address_ipv4(0x0a00020b), 7777);
	union endpoint ipv6 = endpoint_at(address_twin(0x0a00020b), 7777);

	check(ipv4.ipv4.sin_family == AF_INET && ipv4.ipv4.sin_port == htons(7777) &&
		      ipv4.ipv4.sin_addr.s_addr == htonl(0x0a00020b),
	      "10.0.2.11:7777 as a sockaddr_in");
	check(ipv6.ipv6.sin6_family == AF_INET6 && ipv6.ipv6.sin6_port == htons(7777) &&
		      ipv6.ipv6.sin6_addr.s6_addr[15] == 0x11 && !ipv6.ipv6.sin6_scope_id,
	      "its twin as a sockaddr_in6");
	check(address_is(endpoint_address(&ipv4), address_ipv4(0x0a00020b)) &&
		      endpoint_port(&ipv4) == 7777,
	      "and back");
	check(address_is(endpoint_address(&ipv6), address_twin(0x0a00020b)) &&
		      endpoint_port(&ipv6) == 7777,
	      "of the twin too");
}

int main(void)
{
	twins();
	comparing();
	endpoints();
	return tap_done();
}
