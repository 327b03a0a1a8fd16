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
	return tap_done();
}
