// with: init/report.c init/junit.c init/json.c init/testimony.c init/text.c init/checks.c
// with: init/path.c init/paths.c init/xml.c
// SPDX-License-Identifier: GPL-2.0
#include "devices.h"
#include "report.h"
#include "tap.h"
#include "ways.h"

static char written[16384];

static FILE *begin(void)
{
	memset(written, 0, sizeof(written));
	return fmemopen(written, sizeof(written), "w");
}

static const char *end(FILE *file)
{
	fclose(file);
	return written;
}

static struct result result(const char *name, enum status status, const char *line,
			    const char *detail)
{
	struct result r = { .check = check_find(name), .round = 1, .status = status };

	snprintf(r.line, sizeof(r.line), "%s", line);
	snprintf(r.detail, sizeof(r.detail), "%s", detail);
	return r;
}

static void ktap(void)
{
	struct result good = result("redirect", PASSED, "delivered, TTL 64", "");
	struct result bad = result("redirect-no-mac", FAILED, "delivered", "TTL is 64\nlost\n");
	struct result none = result("teardown", SKIPPED, "the kernel lacks CONFIG_VETH", "");
	FILE *tap = begin();
	struct report report = { .sinks = { NULL, tap }, .priced = true };

	good.passages[0] = (struct passage){ .direction = "request", .story = "it went" };
	good.passages[0].testimony.price = 6543;
	good.passages[1] = (struct passage){ .direction = "reply", .story = "it came" };
	good.passages[1].testimony.price = 21;
	none.passages[0] = good.passages[0];
	report_plan(&report, 4);
	report_result(&report, &good);
	good.round = 2;
	report.priced = false;
	report_result(&report, &good);
	report.priced = true;
	report_result(&report, &bad);
	report_result(&report, &none);
	report_summary(&report);
	check_text(end(tap),
		   "KTAP version 1\n1..4\n"
		   "ok 1 redirect # delivered, TTL 64, 6543 instructions, reply 21 instructions\n"
		   "ok 2 redirect round 2 # delivered, TTL 64\n"
		   "not ok 3 redirect-no-mac # delivered\n# TTL is 64\n# lost\n"
		   "ok 4 teardown # SKIP the kernel lacks CONFIG_VETH\n"
		   "# 2 passed, 1 failed, 1 skipped\n",
		   "KTAP: plan, results with their price, rounds, details, skips, summary");
}

static void witnesses(void)
{
	struct result bad = result("redirect", FAILED, "delivered, TTL 63", "");
	FILE *tap = begin();
	struct report report = { .sinks = { tap, NULL } };
	const char *text;

	bad.passages[0] = (struct passage){ .direction = "request", .story = "it went" };
	bad.passages[0].expected[TTL] = 64;
	bad.passages[0].testimony.said[TTL] = 63;
	report_result(&report, &bad);
	text = end(tap);
	check(strstr(text, "\n#   ! TTL                    63, expected 64\n"),
	      "a failure shows every witness, and marks the one that disagrees");
	check(strstr(text, "\n#     delivered              0, expected 0\n"),
	      "and those that agree");
	check(!strstr(text, "\n\n") && text[0] == 'n', "no line of it could be taken for a result");
}

static void junit(void)
{
	struct result results[] = {
		result("redirect", PASSED, "delivered", ""),
		result("redirect-no-mac", FAILED, "a < b & \"c\" > d\x01", "TTL is 63\n"),
		result("teardown", SKIPPED, "no", ""),
	};
	FILE *file = begin();
	const char *text;

	junit_write(file, results, 3);
	text = end(file);
	check(strstr(text, "tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""),
	      "JUnit counts");
	check(strstr(text, "<failure message=\"a &lt; b &amp; &quot;c&quot; &gt; d?\">TTL is 63\n"),
	      "what XML reserves is escaped, what it forbids replaced");
	check(strstr(text, "<testcase classname=\"redirect-lab\" name=\"redirect\">"),
	      "a case has its check's name");
	check(strstr(text, "<skipped message=\"no\">"), "a skip is a skip");
	check(!strcmp(text + strlen(text) - 14, "</testsuites>\n"), "the document is closed");
}

static void json(void)
{
	static const struct phase phases[] = { { "kernel", 5 }, { "setup", 6 } };
	struct result results[] = { result("redirect", FAILED, "say \"hi\"\\", "one\ntwo\n") };
	struct run_facts facts = {
		.kernel = "6.12",
		.machine = "x86_64",
		.seed = 1,
		.priced = true,
		.phases = phases,
		.phases_count = 2,
	};
	FILE *file = begin();
	const char *text;

	results[0].passages[0] = (struct passage){ .direction = "request", .story = "s" };
	results[0].passages[0].testimony.said[TTL] = NOT_TOLD;
	results[0].passages[0].testimony.price = 99;
	json_write(file, &facts, results, 1);
	text = end(file);
	check(strstr(text, "\"line\": \"say \\\"hi\\\"\\\\\""),
	      "quotes and backslashes are escaped");
	check(strstr(text, "\"detail\": \"one\\u000atwo\\u000a\""), "line ends are escaped");
	check(strstr(text, "{\"name\": \"TTL\", \"expected\": 0, \"seen\": null}"),
	      "a witness that cannot speak is null");
	check(strstr(text, "\"instructions\": 99"), "the price is there when it is one");
	check(strstr(text, "{\"name\": \"kernel\", \"counter\": 5}, {\"name\": \"setup\""),
	      "the phases of the boot");
}

int main(void)
{
	ktap();
	witnesses();
	junit();
	json();
	return tap_done();
}
