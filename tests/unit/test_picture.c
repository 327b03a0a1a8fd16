// with: init/picture.c init/xml.c init/json.c init/path.c init/testimony.c init/text.c
// SPDX-License-Identifier: GPL-2.0
/* A way as a drawing and as JSON: everything is on it, and nothing beyond its edges. */
#include <stdlib.h>

#include "devices.h"
#include "picture.h"
#include "tap.h"

static char written[65536];

static const struct itinerary itinerary = { .story = "here & there" };
static struct check drawn = { .name = "path-a", .about = "a < b", .itinerary = &itinerary };
static struct result result = { .status = PASSED, .line = "delivered" };
static struct path path;

static void add(const char *function, int place, int device, uint64_t skb)
{
	int number = 0;

	while (strcmp(functions[number].name, function))
		number++;
	path.steps[path.count++] = (struct footstep){
		.skb = skb, .function = number, .place = place, .device = device, .process = "init"
	};
}

static const char *draw(void)
{
	struct way way = { &drawn, &result, &path };
	FILE *file;

	memset(written, 0, sizeof(written));
	file = fmemopen(written, sizeof(written), "w");
	picture_write(file, &way, "6.12");
	fclose(file);
	return written;
}

static int count_of(const char *words)
{
	int count = 0;

	for (const char *at = written; (at = strstr(at, words)); at++)
		count++;
	return count;
}

static void begin(void)
{
	path = (struct path){ .backend = "fentry" };
	add("udp_send_skb", HOST, -1, 1);
	add("veth_xmit", HOST, VETH1_1, 1);
	add("tcf_classify", NETNS_1, VETH1_2, 1);
}

static void whole(void)
{
	begin();
	add("ip_rcv", NETNS_2, VETH2_2, 1);
	add("sk_skb_reason_drop", NETNS_2, VETH2_2, 1);
	strcpy(path.steps[4].reason, "OTHERHOST");
	draw();
	check(!strncmp(written, "<!-- path-a.svg -->\n<svg ", 25), "its file's name comes first");
	check(!strcmp(written + strlen(written) - 7, "</svg>\n"), "and its end last");
	check(strstr(written, ">here &amp; there<"), "the story, escaped");
	check(count_of("class=\"step\"") == 4 && count_of("class=\"drop\"") == 1,
	      "a label for each step");
	check(count_of("class=\"line") == 4, "a line from each to the next");
	check(count_of("<line class=\"cross\"") == 4, "a drop is crossed out, as in the legend");
	check(strstr(written, ">dropped here: OTHERHOST<"), "with its reason");
	check(strstr(written, "in veth1@2's clsact<"), "and the turns of the story");
	check(strstr(written, ">IP layer not entered<"), "what was jumped over");
	check(strstr(written, "watched with fentry, 0 sightings lost"), "who watched");
	add("ip_rcv", NETNS_1, VETH1_2, 1);
	check(strstr(draw(), ">IP layer entered<"), "or was not");
	drawn.variant.netkit = true;
	check(strstr(draw(), ">netkit pair<"), "which kind of pair");
	drawn.variant.netkit = false;
}

static void carriers(void)
{
	begin();
	add("skb_clone", NETNS_1, VETH1_2, 1);
	add("veth_xmit", NETNS_1, VETH2_1, 2);
	draw();
	check(count_of("class=\"dot copy\"") == 2, "a copy has a colour of its own, and a legend");
	begin();
	add("xdp_do_redirect", NETNS_1, VETH1_2, 0);
	add("ip_rcv_core", NETNS_2, VETH2_2, 2);
	draw();
	check(count_of("class=\"dot copy\"") == 0, "what a raw frame becomes is no copy");
	check(count_of("l5 5l-5 5l-5 -5z") == 2, "a raw frame is a diamond, as in the legend");
	path.steps[path.count - 1].device = path.steps[path.count - 1].place = -1;
	draw();
	check(count_of("class=\"step\"") == path.count, "one from nowhere stays where it was");
}

/* As many steps as there can be, on the rightmost post, with what is said of them. */
static void edges(void)
{
	int width, height, right = 0, bottom = 0;

	begin();
	while (path.count < FOOTSTEPS_MAX)
		add("sk_skb_reason_drop", NETNS_2, -1, 1);
	draw();
	check(sscanf(strstr(written, "viewBox"), "viewBox=\"0 0 %d %d", &width, &height) == 2,
	      "it has a size");
	for (const char *at = written; (at = strstr(at, "<rect class=\"note")); at++) {
		int x, y, wide, high;

		if (sscanf(strstr(at, "x="), "x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\"", &x, &y,
			   &wide, &high) != 4)
			continue;
		right = x + wide > right ? x + wide : right;
		bottom = y + high > bottom ? y + high : bottom;
	}
	check(right && right <= width, "no note is wider than the sheet");
	check(bottom && bottom <= height, "nor below it");
}

static void json(void)
{
	struct run_facts facts = { .kernel = "6.12", .machine = "x86_64", .seed = 1 };
	struct way way = { &drawn, &result, &path };
	FILE *file;

	begin();
	add("xdp_return_buff", NETNS_1, VETH1_2, 0);
	path.lost = 3;
	memset(written, 0, sizeof(written));
	file = fmemopen(written, sizeof(written), "w");
	json_write_ways(file, &facts, &way, 1);
	fclose(file);
	check(strstr(written,
		     "\"technique\": null, \"story\": \"here & there\", \"status\": \"pass\""),
	      "JSON: what was traced");
	check(strstr(written, "\"tracer\": \"fentry\", \"lost\": 3, \"steps\""),
	      "how, and the losses");
	check(strstr(written,
		     "{\"function\": \"udp_send_skb\", \"skb\": \"0x1\", \"netns\": \"host\", "
		     "\"interface\": null, \"process\": \"init\", \"type\": \"HOST\", "
		     "\"turn\": null, "),
	      "a step without a device");
	check(strstr(written, "{\"function\": \"xdp_return_buff\", \"skb\": null, "
			      "\"netns\": \"netns_1\", \"interface\": \"veth1@2\", "
			      "\"process\": \"init\", \"type\": null, \"drop\": \"\", "),
	      "a raw frame, and a drop without a reason");
	check(count_of("\"drop\"") == 1 && count_of("\"function\"") == 4, "and nothing else");
}

int main(void)
{
	whole();
	carriers();
	edges();
	json();
	return tap_done();
}
