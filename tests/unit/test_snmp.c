// with: init/snmp.c
// SPDX-License-Identifier: GPL-2.0
#include "snmp.h"
#include "tap.h"

static const char text[] = "Ip: Forwarding DefaultTTL InReceives\n"
			   "Ip: 1 64 1234567890123\n"
			   "Icmp: InMsgs\n"
			   "Icmp: 5\n"
			   "Tcp: RtoMin MaxConn\n"
			   "Tcp: 200 -1\n";

static const char text6[] = "Ip6InReceives                   \t1234567890123\n"
			    "Ip6InHdrErrors                  \t0\n"
			    "Udp6InCsumErrors                \t5\n";

int main(void)
{
	check(snmp_value(text, "Ip", "InReceives", -7) == 1234567890123, "the last column");
	check(snmp_value(text, "Ip", "Forwarding", -7) == 1, "the first column");
	check(snmp_value(text, "Icmp", "InMsgs", -7) == 5, "another protocol");
	check(snmp_value(text, "Tcp", "MaxConn", -7) == -1, "a negative value");
	check(snmp_value(text, "Ip", "InReceive", -7) == -7, "a prefix is not the column");
	check(snmp_value(text, "Ip", "InMsgs", -7) == -7, "a column of another protocol");
	check(snmp_value(text, "Udp", "InDatagrams", -7) == -7, "no such protocol");
	check(snmp_value("Ip: A B\n", "Ip", "A", -7) == -7, "names without values");
	check(snmp_value("Ip: A B\nIp: 1\n", "Ip", "B", -7) == -7, "fewer values than names");
	check(snmp_value("", "Ip", "A", -7) == -7, "no text at all");
	check(snmp6_value(text6, "Ip6InReceives", -7) == 1234567890123, "the first line of snmp6");
	check(snmp6_value(text6, "Udp6InCsumErrors", -7) == 5, "the last one");
	check(snmp6_value(text6, "Ip6InReceive", -7) == -7, "a prefix is not the name");
	check(snmp6_value(text6, "InCsumErrors", -7) == -7, "the end of a name neither");
	check(snmp6_value("Ip6InReceives", "Ip6InReceives", -7) == -7, "a name without a value");
	check(snmp6_value("", "Ip6InReceives", -7) == -7, "no text at all");
	return tap_done();
}
