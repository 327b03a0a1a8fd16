#!/bin/bash
# The guide: in a browser at the sizes of a phone and of a projector, on paper, and its commands as they stand there.
# shellcheck disable=SC2317,SC2154,SC2016 # tests are called by their names
. "$(dirname "$0")/part.bash" || exit

page=$image/guide.html pdf=$image/guide.pdf
text=$top/rootfs/guide/guide.md

exercises() { # their titles, as the pages have them
	sed -n 's/^# //p' "$top"/rootfs/workshop/*/page.md | tr -d '`'
}
claims() { sed -n '/^## What the article says/,/^## Techniques/s/^### //p' "$text"; }
pictures() { grep -c '^{{picture' "$text"; }
write() { # write RUN…: the page for a screen
	run python3 -B "$top/tools/guide" --edition screen "$@"
}

test_guide_is_made() {
	run make -C "$top" guide
	expect_status 0
	for file in "$page" "$pdf"; do [ -s "$file" ] || fail "there is no $file"; done
	! grep -n '{{' "$page" || fail "words in braces are left"
}

test_made_again_the_same_bytes() {
	cp "$page" "$pdf" .
	rm "$page" "$pdf"
	run make -C "$top" guide
	expect_status 0
	cmp guide.html "$page" || fail "guide.html differs"
	cmp guide.pdf "$pdf" || fail "guide.pdf differs"
}

test_nothing_is_claimed_that_was_not_seen() {
	cp -r "$image/guide/checks" "$image/guide/cost" "$image/guide/unknown-flag" .
	write checks cost unknown-flag
	expect_status 0
	cmp out "$page" || fail "not the guide, out of the same runs"
	cp checks/result.json passed.json
	jq '(.guest.checks[] | select(.name == "redirect-no-mac") | .status) = "fail"' passed.json >checks/result.json
	write checks cost unknown-flag
	expect_status 1
	expect_err 'redirect-no-mac has passed in no run'
	[ ! -s out ] || fail "half a page was written"
	cp passed.json checks/result.json
	rm checks/path-peer.svg
	write checks cost unknown-flag
	expect_status 1
	expect_err 'drawn path-peer'
	write "$image/guide/checks" unknown-flag
	expect_status 1
	expect_err 'measured what .* costs'
}

# --- in a browser --------------------------------------------------------------------------------------------

# What is wrong with a page, a line each, at every size and in both colours.
look() { cat <<'END'
import playwright from "./package/index.js";
const problems = () => {
	const said = [], targets = new Set([...document.querySelectorAll("[id]")].map(each => each.id));
	const overflow = document.documentElement.scrollWidth - innerWidth;
	if (overflow > 0) said.push(`${overflow} pixels wider than the screen`);
	for (const link of document.links) {
		const target = link.getAttribute("href");
		if (!target.startsWith("#") || !targets.has(target.slice(1))) said.push(`link to ${target}`);
	}
	for (const svg of document.querySelectorAll("svg"))
		if (!svg.querySelector("title")?.textContent || svg.getAttribute("role") != "img") said.push("a drawing without a title");
	for (const image of document.images) if (!image.alt) said.push("an image without words");
	for (const wide of document.querySelectorAll("svg, table"))
		if (!(wide.closest(".scroll")?.getBoundingClientRect().right <= innerWidth)) said.push("a drawing or table outside of its box");
	const style = getComputedStyle(document.body), dark = matchMedia("(prefers-color-scheme: dark)").matches;
	if (parseFloat(style.fontSize) < (innerWidth > 1900 ? 20 : 16)) said.push("small type");
	const light = color => color.match(/[\d.]+/g).slice(0, 3).reduce((sum, each) => sum + +each, 0) / 765;
	if (light(style.backgroundColor) < .5 != dark || Math.abs(light(style.backgroundColor) - light(style.color)) < .6)
		said.push("the wrong colours");
	return said;
};
const browser = await playwright.chromium.launch({ executablePath: process.argv[2], args: ["--no-sandbox"] });
for (const [width, height] of [[360, 740], [1920, 1080]]) for (const colorScheme of ["light", "dark"]) {
	const page = await browser.newPage({ viewport: { width, height }, colorScheme }), said = [];
	page.on("console", message => said.push(`console: ${message.text()}`));
	page.on("pageerror", error => said.push(`error: ${error.message}`));
	page.on("request", request => [process.argv[3], "data:,"].includes(request.url()) || said.push(`request: ${request.url()}`));
	await page.goto(process.argv[3]);
	said.push(...await page.evaluate(problems));
	for (const line of new Set(said)) console.log(`${width} ${colorScheme}: ${line}`);
	if (width > 360 || colorScheme == "dark") continue;
	const hint = page.locator("details").first(), inside = hint.locator("p").last();
	if (await inside.isVisible()) console.log("a hint stands open");
	await hint.locator("summary").click();
	if (await inside.isVisible() != await hint.evaluate(each => each.open)) console.log("a hint does not open");
	await page.locator("nav a:visible").last().click();
	if (!await page.evaluate(() => scrollY)) console.log("the contents lead nowhere");
}
await browser.close();
END
}
browse() { # browse PAGE
	command -v npm >/dev/null || skip "npm, which brings playwright-core, is not here"
	run npm pack --silent playwright-core@1.49.1
	[ "$status" = 0 ] || skip "npm cannot bring playwright-core"
	echo "fc7544a2dbc24341dfc63c4a67c62ce593bc2e7e3257690f2d12d2f7d2b2d636  playwright-core-1.49.1.tgz" | sha256sum --status -c ||
		fail "playwright-core 1.49.1 is another one"
	tar -xzf playwright-core-1.49.1.tgz
	look >look.mjs
	run node look.mjs "$(command -v chromium)" "file://$1"
	expect_status 0
}

test_page_in_a_browser() {
	browse "$page"
	refuse_out .
}

test_a_browser_finds_what_is_wrong() { # each of the above
	local problem
	sed '
		s,<main>,&<div style="width:3000px">wide</div><table><tr><td>loose</table><svg><path/></svg><a href="\#nowhere">x</a>,
		s,<main>,&<script>console.error("loud");oh.no</script><img src="http://127.0.0.1:9/x">,
		s/<details>/<details open>/; s/^html { font-size: [^;]*/html { font-size: 12px/; s/--paper: #14171a/--paper: #fff/' "$page" >bad.html
	browse "$scratch/bad.html"
	for problem in '360 light: .* wider' '1920 dark: .* wider' '#nowhere' 'without a title' 'without words' 'outside of its box' \
		'360 light: small type' '1920 light: small type' 'dark: the wrong colours' 'console: loud' 'error: oh is not' \
		'request: http://127' 'hint stands open'; do
		expect_out "$problem"
	done
}

test_all_is_in_the_page() {
	local title
	[ "$(claims | wc -l)" = 12 ] || fail "not twelve claims"
	sed 's,</*code>,,g; s/&quot;/"/g; s/&lt;/</g; s/&gt;/>/g; s/&amp;/\&/g' "$page" >bare.html
	{ claims; exercises; } >titles
	while read -r title; do grep -qF ">$title<" bare.html || fail "the page lacks: $title"; done <titles
	[ "$(grep -c '<details>' "$page")" = "$(cat "$top"/rootfs/workshop/*/page.md | grep -c '<details>')" ] || fail "not all hints"
	[ "$(grep -c 'class="way"' "$page")" = "$(pictures)" ] || fail "not all pictures"
	grep -q 'class="map"' "$page" || fail "no topology"
}

# --- on paper --------------------------------------------------------------------------------------------------

over_the_edge() { # over_the_edge PGM…: those with ink within 4 mm of the sheet's edge, at 50 dots an inch
	python3 - "$@" <<'END'
import sys
for name in sys.argv[1:]:
    kind, size, depth, pixels = open(name, "rb").read().split(b"\n", 3)
    width, height = map(int, size.split())
    rows = [pixels[y * width:(y + 1) * width] for y in range(height)]
    if min(b"".join(rows[:8] + rows[-8:] + [row[:8] + row[-8:] for row in rows])) < 240:
        print(name)
END
}

test_what_runs_over_the_edge_is_seen() {
	python3 - <<'END'
white = b"P5\n40 40\n255\n" + b"\xff" * 1600
open("white", "wb").write(white)
open("inside", "wb").write(white[:-820] + b"\0" + white[-819:])
open("inked", "wb").write(white[:-80] + b"\0" + white[-79:])
END
	[ "$(over_the_edge white inside inked)" = inked ] || fail "not told apart: $(over_the_edge white inside inked)"
}

test_paper() {
	local pages number title
	pdfinfo "$pdf" >info
	grep -q '^Title: *Where did my packet go?' info || fail "no title"
	grep -q '^Page size: .*A4' info || fail "not A4"
	pages=$(sed -n 's/^Pages: *//p' info)
	if [ "$pages" -lt 15 ] || [ "$pages" -gt 60 ]; then fail "$pages pages"; fi
	pdffonts "$pdf" | tail -n +3 >fonts
	[ -s fonts ] || fail "no fonts"
	! grep -vE ' yes +(yes|no) +yes +[0-9]+ +0$' fonts || fail "these fonts are not embedded, or their text is none"
	for ((number = 1; number <= pages; number++)); do
		[ "$(pdftotext -f "$number" -l "$number" "$pdf" - | wc -w)" -gt 25 ] || fail "page $number is as good as blank"
	done
	pdftoppm -gray -r 50 "$pdf" sheet
	[ "$(find . -name 'sheet*.pgm' | wc -l)" = "$pages" ] || fail "not every page can be drawn"
	[ -z "$(over_the_edge sheet*.pgm)" ] || fail "these run over the edge: $(over_the_edge sheet*.pgm)"
	pdfinfo -l "$pages" "$pdf" >info
	[ "$(grep -cE '^Page +[0-9]+ size: +84[0-9.]+ x 59' info)" = "$(pictures)" ] || fail "not a sheet a picture"
	pdftotext "$pdf" - | tr -s ' \n\f' ' ' >words
	{ claims; exercises; } >titles
	while read -r title; do grep -qF -- "$title" words || fail "paper lacks: $title"; done <titles
	# Hints cannot be folded there: they stand behind all else.
	grep -oE 'thirty directories [A-Z][a-z]+ .* Hints Cover the rest.*' words >hints || fail "the hints are not at the end"
	exercises >titles
	while read -r title; do grep -qF -- "$title" hints || fail "no hints for: $title"; done <titles
}

# --- its commands ----------------------------------------------------------------------------------------------

commands() { # commands KIND: those of its blocks
	sed -n "/^\`\`\`$1\$/,/^\`\`\`\$/p" "$text" | grep -v '^```'
}

test_commands_for_the_host() {
	local command
	run make -C "$top" workshop
	expect_status 0
	ln -s "$top/run-qemu.sh" .
	mkdir -p my-work submissions/one submissions/two
	cp -r "$top/rootfs/solutions/03-egress" submissions/one
	cp -r "$top/rootfs/workshop/03-egress" submissions/two
	cp -r "$top/rootfs/workshop/03-egress" my-work
	commands sh >host
	[ "$(wc -l <host)" -gt 5 ] || fail "no commands"
	while read -r command <&9; do
		run timeout 900 sh -c "$command"
		case $command in
		*--grade\ submissions*) expect_status 0 ;;    # all of a class were graded
		*--grade*) [ "$status" = 1 ] || fail "nobody made all points, and the status is $status" ;;
		*--capture*) expect_status 0; [ -s way.pcapng ] || fail "there is no way.pcapng" ;;
		*) expect_status 0 ;;
		esac
	done 9<host
	expect_out '^one .* 10 of [0-9]+ +graded$'
	expect_out '^two .* 2 of [0-9]+ +graded$'
	grep -q '^not ok [0-9]* 03-egress # 2 of 10 points$' graded/feedback/two/results.tap || fail "no words for the second"
}

# In one boot. Nobody reads the listener's words in between, so each command waits for what the one before began.
test_commands_at_the_prompt() {
	commands lab | sed '
		s/^lab listen &$/lab listen >heard \&/
		s/.*&$/&\nuntil ip netns exec netns_2 ss -Hlun | grep -q 7777; do :; done/
		s/^lab send.*/&\nuntil [ -s heard ]; do :; done; cat heard; rm heard/' >typed
	ran="run-qemu.sh --shell" status=0
	"$top/run-qemu.sh" --accel tcg --shell --output mine --timeout 600 <typed >console 2>err || status=$?
	tr -d '\r' <console >out
	expect_status 0
	! grep -E 'not found|No such|cannot|refused' out || fail "a command does not work"
	in_order '^from 10.0.1.10:.* TTL 64 ' '^from 10.0.1.10:.* TTL 63 ' '^ok 1 redirect # delivered, TTL 64' '^ok 1 object # redirected' '^# saved, on the host' \
		'^hello$' '^Ip: [12] 64 0 ' '03-egress # 2 of 10 points' '^# verdict'
}

run_tests "${1-}"
