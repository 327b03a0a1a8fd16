// SPDX-License-Identifier: GPL-2.0
#include <stdio.h>
#include <string.h>

#include "failure.h"
#include "setting.h"

/* Of devices, and the one that stands for all of them. A dot at the end: whatever lies below. */
static const char *const keys[] = { "net.ipv4.ip_forward", "net.ipv4.conf.", "net.ipv6.conf." };

static bool may_be_set(const char *key)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
		size_t length = strlen(keys[i]);
		bool below = keys[i][length - 1] == '.';

		if (below ? !strncmp(key, keys[i], length) : !strcmp(key, keys[i]))
			return true;
	}
	return false;
}

/* Names with single dots between them, so that no path leads up or elsewhere. */
static bool is_key(const char *key)
{
	return strspn(key, "abcdefghijklmnopqrstuvwxyz0123456789_@.") == strlen(key) &&
	       !strstr(key, "..") && key[0] != '.' && key[strlen(key) - 1] != '.';
}

const char *setting_read(const struct answer_line *line, struct setting *setting)
{
	const char *key = line->words[1], *value = line->words[2];

	if (line->count != 3)
		return "a setting is NAMESPACE KEY = VALUE";
	for (setting->place = NETNS_1; setting->place < NAMESPACES; setting->place++)
		if (!strcmp(line->words[0], namespaces[setting->place]))
			break;
	if (setting->place == NAMESPACES)
		return "a setting is made in netns_1 or netns_2";
	if (!is_key(key) || !may_be_set(key) || strlen(key) >= sizeof(setting->path) - 10)
		return "only net.ipv4.ip_forward and what lies in net.ipv4.conf and net.ipv6.conf "
		       "is set";
	if (strspn(value, "0123456789") != strlen(value) || strlen(value) > 5)
		return "a value is a number";
	snprintf(setting->path, sizeof(setting->path), "/proc/sys/%s", key);
	for (char *dot = setting->path; (dot = strchr(dot, '.'));)
		*dot = '/';
	setting->value = value;
	return NULL;
}

int setting_make_all(struct topology *topology, const struct answer *answer)
{
	int err = answer->count ? 0 : refused("answer.txt has no setting");

	if (answer->count > ANSWER_LINES)
		err = refused("answer.txt has more than %d lines", ANSWER_LINES);
	for (int i = 0; i < answer->count && !err; i++) {
		const struct answer_line *line = &answer->lines[i];
		struct setting setting;
		const char *wrong = setting_read(line, &setting);

		if (wrong)
			return refused("line %d, %s %s: %s", i + 1, line->words[0],
				       line->count > 1 ? line->words[1] : "", wrong);
		err = netns_write(&topology->netns[setting.place], setting.path, setting.value);
		if (err)
			failed(err, "write %s to %s in %s", setting.value, setting.path,
			       namespaces[setting.place]);
	}
	return err;
}
