// with: init/setting.c init/answer.c init/failure.c
// SPDX-License-Identifier: GPL-2.0
/* What a participant may set, and above all what not. */
#include <errno.h>
#include <string.h>

#include "devices.h"
#include "setting.h"
#include "tap.h"

static int written;

int netns_write(const struct netns *netns, const char *path, const char *text)
{
	(void)netns, (void)path, (void)text;
	written++;
	return 0;
}

static struct setting setting;

static const char *wrong_with(const char *text)
{
	static struct answer answer;

	snprintf(answer.text, sizeof(answer.text), "%s", text);
	answer_parse(&answer);
	return setting_read(&answer.lines[0], &setting);
}

static bool is_wrong(const char *text, const char *with)
{
	const char *wrong = wrong_with(text);

	return wrong && strstr(wrong, with);
}

static void make(const char *text, int result, int times, const char *name)
{
	static struct topology topology;
	struct answer answer;

	written = 0;
	snprintf(answer.text, sizeof(answer.text), "%s", text);
	answer_parse(&answer);
	check(setting_make_all(&topology, &answer) == result && written == times, name);
}

int main(void)
{
	check(!wrong_with("netns_1 net.ipv4.ip_forward = 1") && setting.place == NETNS_1 &&
		      !strcmp(setting.path, "/proc/sys/net/ipv4/ip_forward") &&
		      !strcmp(setting.value, "1"),
	      "a setting of the namespace");
	check(!wrong_with("netns_2 net.ipv4.conf.veth2@2.rp_filter=2") &&
		      setting.place == NETNS_2 &&
		      !strcmp(setting.path, "/proc/sys/net/ipv4/conf/veth2@2/rp_filter"),
	      "one of a device, without blanks");
	check(is_wrong("host net.ipv4.ip_forward = 1", "netns_1 or netns_2"),
	      "not in the namespace that stays");
	check(is_wrong("net.ipv4.ip_forward = 1", "NAMESPACE KEY"), "no namespace");
	check(is_wrong("ip neigh add 10.0.2.11 dev veth1@1", "NAMESPACE KEY"), "a command");
	check(is_wrong("netns_1 kernel.panic = 1", "only"), "another setting");
	check(is_wrong("netns_1 net.ipv4.ip_forwarded = 1", "only"), "one that begins like ours");
	check(is_wrong("netns_1 net.ipv4.conf = 1", "only"), "a directory");
	check(is_wrong("netns_1 net.ipv4.conf./../../../kernel/panic = 1", "only"), "a way up");
	check(is_wrong("netns_1 net.ipv4.conf.... = 1", "only"), "dots that become one");
	check(is_wrong("netns_1 net.ipv4.conf.all. = 1", "only"), "a dot at the end");
	check(is_wrong("netns_1 net.ipv4.ip_forward = on", "number") &&
		      is_wrong("netns_1 net.ipv4.ip_forward = 123456", "number"),
	      "a value that is no number, or none of these");
	make("netns_1 net.ipv4.ip_forward = 1\nnetns_1 net.ipv4.conf.all.arp_ignore = 0\n", 0, 2,
	     "all of them are made");
	make("# nothing\n", -EINVAL, 0, "there is none");
	make("netns_1 net.ipv4.ip_forward = 1\nnonsense\n", -EINVAL, 1, "one of them is none");
	return tap_done();
}
