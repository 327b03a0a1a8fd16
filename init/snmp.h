/* SPDX-License-Identifier: GPL-2.0 */
#ifndef SNMP_H
#define SNMP_H

#include <stdint.h>

/*
 * The value of one column in the text of /proc/net/snmp, where each protocol has two lines:
 * "Ip: Forwarding DefaultTTL …" and "Ip: 1 64 …". missing if there is no such column.
 */
int64_t snmp_value(const char *text, const char *protocol, const char *column, int64_t missing);

/* The same in the text of /proc/net/snmp6, where each value has a line: "Ip6InReceives 1". */
int64_t snmp6_value(const char *text, const char *name, int64_t missing);

#endif
