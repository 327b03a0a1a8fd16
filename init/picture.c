// SPDX-License-Identifier: GPL-2.0
#include <linux/if_packet.h>
#include <string.h>

#include "picture.h"
#include "xml.h"

/* All lengths are the drawing's own units, pixels on a screen. */
#define WIDTH 1210
#define MARGIN 20
#define LANES_TOP 92
#define HEADS 132 /* the middle of the posts' heads */
#define POSTS_TOP 158
#define FIRST_ROW 178
#define ROW 17
#define NOTE_LINE 14
#define NOTE_LINES 6
#define LETTER 5.9 /* how wide one is, about */
#define CORNER 5
#define BEND 9 /* above a step, where the line turns to its post */

/* Where something happens: on an interface, or at a socket, which has none. */
enum post { CLIENT, ON_VETH1_1, ON_VETH1_2, LISTENER_1, ON_VETH2_1, ON_VETH2_2, LISTENER_2, POSTS };

static const struct {
	const char *name;
	int x;
} posts[POSTS] = {
	[CLIENT] = { "client", 62 },	     [ON_VETH1_1] = { "veth1@1", 192 },
	[ON_VETH1_2] = { "veth1@2", 436 },   [LISTENER_1] = { "listener", 533 },
	[ON_VETH2_1] = { "veth2@1", 630 },   [ON_VETH2_2] = { "veth2@2", 872 },
	[LISTENER_2] = { "listener", 1070 },
};

static const struct {
	int left, right;
	const char *fill;
} lanes[NAMESPACES] = {
	[HOST] = { MARGIN, 382, "#f3f6f9" },
	[NETNS_1] = { 394, 818, "#fbf6ec" },
	[NETNS_2] = { 830, WIDTH - MARGIN, "#eff6f0" },
};

static const char style[] =
	".way{background:#fff;font-family:'DejaVu Sans',Helvetica,Arial,sans-serif;fill:#1c2733}"
	".way .title{font-size:20px;font-weight:bold}"
	".way .story{font-size:13px}"
	".way .small{font-size:10px;fill:#51606e}"
	".way .wired{text-anchor:middle}"
	".way .lane{stroke:#d3dae1}"
	".way .place{font-size:12px;font-weight:bold;fill:#51606e}"
	".way .head{fill:#fff;stroke:#51606e}"
	".way .name{font-size:11px;font-weight:bold;text-anchor:middle}"
	".way .post{stroke:#b9c3cc;stroke-dasharray:2 3}"
	".way .wire{stroke:#51606e;stroke-width:1.5}"
	".way .step,.way .drop{font-family:'DejaVu Sans "
	"Mono',Menlo,Consolas,monospace;font-size:10.5px}"
	".way .number{font-size:8px;fill:#8492a0;text-anchor:end}"
	".way .line{fill:none;stroke-width:2;stroke:#1d5fa6}"
	".way .dot{fill:#1d5fa6;stroke:#1d5fa6;stroke-width:1.5}"
	".way .line.copy{stroke:#b8560b}"
	".way .dot.copy{fill:#b8560b;stroke:#b8560b}"
	".way .dot.other{fill:#fff}"
	".way .drop{fill:#b3261e;font-weight:bold}"
	".way .cross{stroke:#b3261e;stroke-width:2.5}"
	".way .note{fill:#fffbe8;stroke:#dcc97a}"
	".way .note.bad{fill:#fdecea;stroke:#dd9c97}"
	".way .said{font-size:10.5px}";

/* One sheet: where each step stands, and what is said after it. */
struct sheet {
	FILE *file;
	const struct way *way;
	const struct path *path;
	const char *turns[FOOTSTEPS_MAX];
	int y[FOOTSTEPS_MAX];
	enum post post[FOOTSTEPS_MAX];
	bool copy[FOOTSTEPS_MAX];
	int bottom; /* of the lanes */
};

/* A text in lines that fit beside a post. */
struct note {
	const char *lines[NOTE_LINES];
	int lengths[NOTE_LINES], count, widest;
};

static struct note wrap(const char *text, int room)
{
	int most = room / LETTER;
	struct note note = {};

	while (*text && note.count < NOTE_LINES) {
		int length = strlen(text), next;

		if (length > most)
			for (length = most; length > 1 && text[length] != ' '; length--)
				;
		next = length + strspn(text + length, " ");
		note.lines[note.count] = text;
		note.lengths[note.count++] = length;
		note.widest = length > note.widest ? length : note.widest;
		text += next;
	}
	return note;
}

static int note_room(enum post post)
{
	int room = WIDTH - MARGIN - posts[post].x - 30;

	return room > 330 ? 330 : room;
}

static int note_height(enum post post, const char *text)
{
	return text ? wrap(text, note_room(post)).count * NOTE_LINE + 10 : 0;
}

static const char *drop_text(const struct footstep *step, char room[64])
{
	if (!path_is_drop(step))
		return NULL;
	snprintf(room, 64, "dropped here: %s",
		 step->reason[0] ? step->reason : "no reason is told");
	return room;
}

/* Laying out. */

static enum post post_of(const struct footstep *step, enum post before)
{
	static const enum post of_devices[DEVICES] = {
		[VETH1_1] = ON_VETH1_1,
		[VETH1_2] = ON_VETH1_2,
		[VETH2_1] = ON_VETH2_1,
		[VETH2_2] = ON_VETH2_2,
	};
	static const enum post of_places[NAMESPACES] = {
		[HOST] = CLIENT,
		[NETNS_1] = LISTENER_1,
		[NETNS_2] = LISTENER_2,
	};

	if (step->device >= 0)
		return of_devices[step->device];
	return step->place < 0 ? before : of_places[step->place];
}

/* An skb of another address is a copy, unless the first has ended in a raw frame. */
static bool is_copy(const struct path *path, int at)
{
	for (int i = 0; i < at; i++)
		if (!path->steps[i].skb)
			return false;
	return path->steps[at].skb && path->steps[at].skb != path->steps[0].skb;
}

static void lay_out(struct sheet *sheet)
{
	const struct path *path = sheet->path;
	int y = FIRST_ROW;

	path_turns(path, sheet->turns);
	for (int i = 0; i < path->count; i++) {
		const struct footstep *step = &path->steps[i];
		char room[64];

		sheet->post[i] = post_of(step, i ? sheet->post[i - 1] : CLIENT);
		sheet->copy[i] = is_copy(path, i);
		/* Room for the line to turn, above what stands beside the post. */
		if (i && sheet->post[i] != sheet->post[i - 1])
			y += BEND - 3;
		sheet->y[i] = y;
		y += ROW + note_height(sheet->post[i], drop_text(step, room)) +
		     note_height(sheet->post[i], sheet->turns[i]);
	}
	sheet->bottom = y + 4;
}

static int x_of(const struct sheet *sheet, int step)
{
	return posts[sheet->post[step]].x + (sheet->copy[step] ? 3 : 0);
}

/* Drawing. */

static void put_text(FILE *file, const char *class, int x, int y, const char *text, int length)
{
	char cut[512];

	snprintf(cut, sizeof(cut), "%.*s", length, text);
	fprintf(file, "<text class=\"%s\" x=\"%d\" y=\"%d\">", class, x, y);
	xml_put(file, cut);
	fputs("</text>\n", file);
}

static void put_line(FILE *file, const char *class, int x1, int y1, int x2, int y2)
{
	fprintf(file, "<line class=\"%s\" x1=\"%d\" y1=\"%d\" x2=\"%d\" y2=\"%d\"/>\n", class, x1,
		y1, x2, y2);
}

static void put_box(FILE *file, const char *class, int x, int y, int width, int height)
{
	fprintf(file,
		"<rect class=\"%s\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"4\"/>\n",
		class, x, y, width, height);
}

static void draw_lanes(const struct sheet *sheet)
{
	for (int i = 0; i < NAMESPACES; i++) {
		fprintf(sheet->file,
			"<rect class=\"lane\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" "
			"rx=\"6\" fill=\"%s\"/>\n",
			lanes[i].left, LANES_TOP, lanes[i].right - lanes[i].left,
			sheet->bottom - LANES_TOP, lanes[i].fill);
		put_text(sheet->file, "place", lanes[i].left + 10, LANES_TOP + 17, namespaces[i],
			 99);
	}
}

static bool is_used(const struct sheet *sheet, enum post post)
{
	for (int i = 0; i < sheet->path->count; i++)
		if (sheet->post[i] == post)
			return true;
	return false;
}

static void draw_posts(const struct sheet *sheet)
{
	const char *second = sheet->way->check->variant.netkit ? "netkit pair" : "veth pair";
	FILE *file = sheet->file;

	put_line(file, "wire", posts[ON_VETH1_1].x, HEADS, posts[ON_VETH1_2].x, HEADS);
	put_line(file, "wire", posts[ON_VETH2_1].x, HEADS, posts[ON_VETH2_2].x, HEADS);
	put_text(file, "small wired", (posts[ON_VETH1_1].x + posts[ON_VETH1_2].x) / 2, HEADS - 6,
		 "veth pair", 99);
	put_text(file, "small wired", (posts[ON_VETH2_1].x + posts[ON_VETH2_2].x) / 2, HEADS - 6,
		 second, 99);
	for (int i = 0; i < POSTS; i++) {
		/* The listener is in netns_2, or else in netns_1. */
		if ((i == LISTENER_1 && !is_used(sheet, i)) ||
		    (i == LISTENER_2 && is_used(sheet, LISTENER_1)))
			continue;
		put_line(file, "post", posts[i].x, POSTS_TOP - 14, posts[i].x, sheet->bottom - 6);
		put_box(file, "head", posts[i].x - 33, HEADS - 12, 66, 24);
		put_text(file, "name", posts[i].x, HEADS + 4, posts[i].name, 99);
	}
}

/* What most techniques are about. Where the listener is there, its head is in this place. */
static void draw_ip_layer(const struct sheet *sheet)
{
	static const struct stop ip = AT("ip_rcv", IN(NETNS_1));
	int left = posts[ON_VETH1_2].x + 33, right = posts[ON_VETH2_1].x - 33;

	if (is_used(sheet, LISTENER_1))
		return;
	put_line(sheet->file, "post", left, HEADS, right, HEADS);
	put_text(sheet->file, "small wired", (left + right) / 2, HEADS - 6,
		 path_meets(sheet->path, &ip) ? "IP layer entered" : "IP layer not entered", 99);
}

/* From one step down to the next, at first along the post, then to the other post just above. */
static void draw_line(const struct sheet *sheet, int from, int to)
{
	int x1 = x_of(sheet, from), x2 = x_of(sheet, to);
	int y1 = sheet->y[from], y2 = sheet->y[to], bend = y2 - BEND;
	int side = x2 > x1 ? CORNER : -CORNER;

	fprintf(sheet->file, "<path class=\"line%s\" d=\"M%d %d", sheet->copy[to] ? " copy" : "",
		x1, y1);
	if (x1 != x2 && (x2 - x1) * side > 2 * CORNER * CORNER)
		fprintf(sheet->file, "V%dQ%d %d %d %dH%dQ%d %d %d %d", bend - CORNER, x1, bend,
			x1 + side, bend, x2 - side, x2, bend, x2, bend + CORNER);
	else if (x1 != x2)
		fprintf(sheet->file, "V%dL%d %d", bend - CORNER, x2, bend);
	fprintf(sheet->file, "V%d\"/>\n", y2);
}

/* The step before it of the same skb; a copy's first comes from where it was made. */
static int step_before(const struct sheet *sheet, int step)
{
	for (int i = step - 1; i >= 0; i--)
		if (sheet->copy[i] == sheet->copy[step])
			return i;
	return step - 1;
}

static void draw_dot(const struct sheet *sheet, int at)
{
	const struct footstep *step = &sheet->path->steps[at];
	int x = x_of(sheet, at), y = sheet->y[at];
	char class[32];

	if (path_is_drop(step)) {
		put_line(sheet->file, "cross", x - 5, y - 5, x + 5, y + 5);
		put_line(sheet->file, "cross", x - 5, y + 5, x + 5, y - 5);
		return;
	}
	snprintf(class, sizeof(class), "dot%s%s", sheet->copy[at] ? " copy" : "",
		 step->type == PACKET_OTHERHOST ? " other" : "");
	if (step->skb)
		fprintf(sheet->file, "<circle class=\"%s\" cx=\"%d\" cy=\"%d\" r=\"3.5\"/>\n",
			class, x, y);
	else
		fprintf(sheet->file, "<path class=\"%s\" d=\"M%d %dl5 5l-5 5l-5 -5z\"/>\n", class,
			x, y - 5);
}

/* Returns how high it is. */
static int draw_note(const struct sheet *sheet, int at, int y, const char *class, const char *text)
{
	enum post post = sheet->post[at];
	struct note note = wrap(text, note_room(post));
	int height = note_height(post, text), x = posts[post].x + 14;

	put_box(sheet->file, class, x, y, note.widest * LETTER + 14, height - 5);
	for (int i = 0; i < note.count; i++)
		put_text(sheet->file, "said", x + 7, y + 13 + i * NOTE_LINE, note.lines[i],
			 note.lengths[i]);
	return height;
}

static void draw_step(const struct sheet *sheet, int at)
{
	const struct footstep *step = &sheet->path->steps[at];
	int x = posts[sheet->post[at]].x, y = sheet->y[at], below = y + 9;
	char room[64], number[16];
	const char *drop = drop_text(step, room);

	draw_dot(sheet, at);
	snprintf(number, sizeof(number), "%d", at + 1);
	put_text(sheet->file, "number", x - 8, y + 3, number, 99);
	put_text(sheet->file, drop ? "drop" : "step", x + 12, y + 4, functions[step->function].name,
		 99);
	if (drop)
		below += draw_note(sheet, at, below, "note bad", drop);
	if (sheet->turns[at])
		draw_note(sheet, at, below, "note", sheet->turns[at]);
}

static bool has_copy(const struct sheet *sheet)
{
	for (int i = 0; i < sheet->path->count; i++)
		if (sheet->copy[i])
			return true;
	return false;
}

static void draw_legend(const struct sheet *sheet, const char *kernel)
{
	int y = sheet->bottom + 22;
	FILE *file = sheet->file;
	char line[160];

	fprintf(file,
		"<circle class=\"dot\" cx=\"%d\" cy=\"%d\" r=\"3.5\"/>\n"
		"<circle class=\"dot other\" cx=\"%d\" cy=\"%d\" r=\"3.5\"/>\n"
		"<path class=\"dot\" d=\"M%d %dl5 5l-5 5l-5 -5z\"/>\n",
		MARGIN + 6, y, MARGIN + 76, y, MARGIN + 216, y - 5);
	put_text(file, "small", MARGIN + 16, y + 4, "sk_buff", 99);
	put_text(file, "small", MARGIN + 86, y + 4, "another host's MAC", 99);
	put_text(file, "small", MARGIN + 228, y + 4, "raw frame, XDP's", 99);
	put_line(file, "cross", MARGIN + 336, y - 4, MARGIN + 344, y + 4);
	put_line(file, "cross", MARGIN + 336, y + 4, MARGIN + 344, y - 4);
	put_text(file, "small", MARGIN + 352, y + 4, "dropped", 99);
	if (has_copy(sheet)) {
		fprintf(file, "<circle class=\"dot copy\" cx=\"%d\" cy=\"%d\" r=\"3.5\"/>\n",
			MARGIN + 422, y);
		put_text(file, "small", MARGIN + 432, y + 4, "the copy", 99);
	}
	snprintf(line, sizeof(line), "Linux %s, watched with %s, %llu sightings lost", kernel,
		 sheet->path->backend ?: "nothing", (unsigned long long)sheet->path->lost);
	fprintf(file, "<text class=\"small\" x=\"%d\" y=\"%d\" text-anchor=\"end\">",
		WIDTH - MARGIN, y + 4);
	xml_put(file, line);
	fputs("</text>\n", file);
}

static void begin(const struct sheet *sheet)
{
	const struct check *check = sheet->way->check;
	int height = sheet->bottom + 44;
	FILE *file = sheet->file;

	fprintf(file,
		"<!-- %s.svg -->\n"
		"<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"way\" width=\"%d\" "
		"height=\"%d\" "
		"viewBox=\"0 0 %d %d\">\n"
		"<title>",
		check->name, WIDTH, height, WIDTH, height);
	xml_put(file, check->name);
	fprintf(file, "</title>\n<style>%s</style>\n", style);
	fprintf(file, "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n", WIDTH, height);
	put_text(file, "title", MARGIN, 32, check->name, 99);
	put_text(file, "story", MARGIN, 54,
		 check->itinerary ? check->itinerary->story : check->about, 150);
	put_text(file, "small", MARGIN, 74, sheet->way->result->line, 180);
}

void picture_write(FILE *file, const struct way *way, const char *kernel)
{
	struct sheet sheet = { .file = file, .way = way, .path = way->path };

	lay_out(&sheet);
	begin(&sheet);
	draw_lanes(&sheet);
	draw_posts(&sheet);
	draw_ip_layer(&sheet);
	for (int i = 1; i < sheet.path->count; i++)
		draw_line(&sheet, step_before(&sheet, i), i);
	for (int i = 0; i < sheet.path->count; i++)
		draw_step(&sheet, i);
	draw_legend(&sheet, kernel);
	fputs("</svg>\n", file);
}
