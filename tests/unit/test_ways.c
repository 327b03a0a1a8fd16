// with: init/ways.c init/path.c init/paths.c init/text.c
// SPDX-License-Identifier: GPL-2.0
/* The table of ways, and the test that no way passes for another. */
#include "devices.h"
#include "tap.h"
#include "ways.h"

#define MANY 25

static const struct itinerary through_ip = { .stops = { AT("ip_rcv", IN(NETNS_1)) } },
			      anywhere = { .stops = { AT("ip_rcv") } },
			      around_ip = { .stops = { AT("veth_xmit") },
					    .never = { AT("ip_rcv", IN(NETNS_1)) } };
static struct check checks_made[MANY];
static struct path paths[MANY];
static struct way ways[MANY];
static char room[65536];

static void add(struct path *path, const char *name, int place)
{
	int function = 0;

	while (strcmp(functions[function].name, name))
		function++;
	path->watched[function] = true;
	path->steps[path->count++] =
		(struct footstep){ .skb = 1, .function = function, .place = place, .device = -1 };
}

static void way(int number, const char *name, const struct itinerary *itinerary, bool is_routed)
{
	checks_made[number] = (struct check){ .name = name, .itinerary = itinerary };
	paths[number] = (struct path){};
	add(&paths[number], "veth_xmit", HOST);
	if (is_routed)
		add(&paths[number], "ip_rcv", NETNS_1);
	add(&paths[number], "ip_rcv", NETNS_2);
	ways[number] = (struct way){ &checks_made[number], NULL, &paths[number] };
}

static void table(void)
{
	struct text text = text_in(room, sizeof(room));

	way(0, "path-control-routed", &through_ip, true);
	way(1, "path-redirect", &around_ip, false);
	add(&paths[1], "skb_consume_udp", -1);
	way(2, "fib", &around_ip, false);
	ways_table(ways, 3, &text);
	check_text(room,
		   "where each function was met: h host, 1 netns_1, 2 netns_2; a letter each time\n"
		   "\n"
		   "                              control-routed\n"
		   "                              |    redirect\n"
		   "                              |    |    fib\n"
		   "veth_xmit                     h    h    h\n"
		   "ip_rcv                        12   2    2\n"
		   "skb_consume_udp               .    ?    .\n",
		   "a column for each way, a line for each function that one of them met");
}

static int count_of(const char *words)
{
	int count = 0;

	for (const char *at = room; (at = strstr(at, words)); at++)
		count++;
	return count;
}

static void many(void)
{
	struct text text = text_in(room, sizeof(room));
	size_t longest = 0;

	way(0, "control-routed", &through_ip, true);
	for (int i = 1; i < MANY; i++)
		way(i, "redirect", &around_ip, false);
	ways_table(ways, MANY, &text);
	check(count_of("control-routed\n") == 3,
	      "what does not fit beside it goes to another table");
	check(count_of("redirect\n") == MANY - 1, "and each way is in one of them");
	for (const char *line = room; *line; line += strcspn(line, "\n") + 1)
		longest = strcspn(line, "\n") > longest ? strcspn(line, "\n") : longest;
	check(longest <= 105, "none is too wide");
	text = text_in(room, sizeof(room));
	ways_table(ways, 1, &text);
	check(!count_of("|"), "one way alone has no table");
}

static void confusion(void)
{
	struct text text = text_in(room, sizeof(room));

	way(0, "routed", &through_ip, true);
	way(1, "redirect", &around_ip, false);
	check(!ways_confused(ways, 2, &text) && !room[0], "two ways that nobody takes for another");
	way(2, "vague", &anywhere, false);
	check(ways_confused(ways, 3, &text) == 3, "one whose itinerary asks for too little");
	check_text(room,
		   "the way of routed passes for that of vague\n"
		   "the way of redirect passes for that of vague\n"
		   "the way of vague passes for that of redirect\n",
		   "is named with those that pass for it");
	way(2, "the same", &around_ip, false);
	check(!ways_confused(ways, 3, &text), "two of one itinerary may be alike");
	way(2, "not held to any", NULL, true);
	check(!ways_confused(ways, 3, &text), "one without an itinerary");
	paths[1].count = 0;
	way(2, "vague", &anywhere, true);
	check(ways_confused(ways, 2, &text) == 0, "one that was skipped has no way");
}

int main(void)
{
	table();
	many();
	confusion();
	return tap_done();
}
