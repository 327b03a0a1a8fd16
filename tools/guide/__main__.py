"""The workshop's guide as one HTML page, for a screen or for paper.

usage: python3 -B tools/guide --edition screen|print RUN… >PAGE

Its text is rootfs/guide/guide.md, its exercises are those of rootfs/workshop. What it says of measurements stands as
{{WORD NAME…}} in the text and comes out of each RUN, a directory that run-qemu.sh --output has left. A check that
did not pass, or that nobody ran, is an error: the guide claims nothing that this build has not seen.

On paper nothing unfolds: there the hints stand at the end.
"""
import argparse
import html
import json
import pathlib
import re
import subprocess
import sys

TOP = pathlib.Path(__file__).resolve().parents[2]
GUIDE = TOP / "rootfs/guide"
EXERCISES = TOP / "rootfs/workshop"


class Wrong(Exception):
    """What is missing or in disagreement, in words."""


# --- Markdown ----------------------------------------------------------------------------------------------

def render(markdown, deeper=0):
    """As HTML, its headings so many levels further down."""
    page = subprocess.run(["cmark-gfm", "--unsafe", "-e", "table"], input=markdown, stdout=subprocess.PIPE,
                          encoding="utf-8", check=True).stdout
    return re.sub(r"<(/?)h(\d)>", lambda tag: f"<{tag[1]}h{int(tag[2]) + deeper}>", page)


def plain(text):
    return html.unescape(re.sub("<[^>]*>", "", text))


def named(page):
    """Each heading down to the third level with an id to link to."""
    seen = set()

    def name(heading):
        level, text = heading.groups()
        slug = re.sub(r"[^a-z0-9]+", "-", plain(text).lower()).strip("-")
        if slug in seen:
            raise Wrong(f"two headings would be #{slug}")
        seen.add(slug)
        return f'<h{level} id="{slug}">{text}</h{level}>'

    return re.sub(r"<h([123])>(.*?)</h\1>", name, page)


def contents(page):
    lines = []
    for level, slug, text in re.findall(r'<h([23]) id="(.*?)">(.*?)</h\1>', page):
        lines.append(f'<li class="level{level}"><a href="#{slug}">{html.escape(plain(text))}</a></li>')
    return "<ol>\n" + "\n".join(lines) + "\n</ol>"


def scrolling(page):
    """What is wide scrolls in a box of its own, for the keyboard as well."""
    page = re.sub(r"<table>.*?</table>", r'<div class="scroll" tabindex="0">\g<0></div>', page, flags=re.S)
    return page.replace("<pre>", '<pre tabindex="0">')


# --- what was measured -------------------------------------------------------------------------------------

class Runs:
    def __init__(self, directories):
        self.directories = directories
        self.lines, self.lanes = {}, {}
        for directory in directories:
            for check in self.read(directory / "result.json")["guest"].get("checks", []):
                if check["status"] == "pass":
                    # An object's is known by the directory: all of them are called so.
                    name = directory.name if check["name"] == "object" else check["name"]
                    self.lines[name] = check["line"]
            if (directory / "cost.json").exists():
                self.costs = directory / "cost.json"
                self.lanes = {lane["name"]: lane for lane in self.read(self.costs)["lanes"]}

    @staticmethod
    def read(file):
        return json.loads(file.read_text(encoding="utf-8"))

    def line(self, check):
        if check not in self.lines:
            raise Wrong(f"the check {check} has passed in no run")
        return self.lines[check]

    def lane(self, technique):
        if technique not in self.lanes:
            raise Wrong(f"no run has measured what {technique} costs")
        return self.lanes[technique]

    def drawing(self, check):
        for directory in self.directories:
            if (directory / f"{check}.svg").exists():
                return (directory / f"{check}.svg").read_text(encoding="utf-8")
        raise Wrong(f"no run has drawn {check}")

    @property
    def kernel(self):
        return self.read(self.directories[0] / "result.json")["guest"]["kernel"]


# --- the words in braces -----------------------------------------------------------------------------------

class Guide:
    def __init__(self, runs, edition):
        self.runs, self.edition = runs, edition
        self.pages = sorted(EXERCISES.glob("[0-9]*/page.md"))
        if not self.pages:
            raise Wrong(f"there is no exercise in {EXERCISES}")

    def expand(self, word):
        what, _, rest = html.unescape(word[1]).partition(" ")
        if not hasattr(self, f"say_{what}"):
            raise Wrong(f"guide.md: {{{{{what}}}}} is nothing that is known here")
        return getattr(self, f"say_{what}")(rest)

    def say_kernel(self, _):
        return html.escape(self.runs.kernel)

    def say_seen(self, checks):
        """The witnesses' words, a row a check."""
        rows = [f"<div><dt>{check}</dt><dd>{html.escape(self.runs.line(check))}</dd></div>" for check in checks.split()]
        return '<dl class="seen">' + "".join(rows) + "</dl>"

    def say_line(self, check):
        return html.escape(self.runs.line(check))

    def say_functions(self, technique):
        return str(self.runs.lane(technique)["functions"])

    def say_price(self, technique):
        return str(self.runs.lane(technique)["prices"]["16 bytes"])

    def say_beside(self, technique):
        """What it costs in per cent of its control."""
        lane = self.runs.lane(technique)
        control = self.runs.lane(lane["control"])
        return f'{100 * (lane["prices"]["16 bytes"] / control["prices"]["16 bytes"] - 1):+.1f} %'.replace("-", "−")

    def say_topology(self, _):
        drawing = (GUIDE / "topology.svg").read_text(encoding="utf-8")
        return f'<figure class="scroll topology" tabindex="0">\n{drawing}</figure>'

    def say_picture(self, rest):
        check, _, caption = rest.partition(" ")
        drawing = re.sub("^<!--.*-->\n", "", self.runs.drawing(check)).replace("<svg ", '<svg role="img" ', 1)
        return (f'<figure class="picture"><figcaption>{render(caption)}</figcaption>\n'
                f'<div class="scroll" tabindex="0">\n{drawing}</div></figure>')

    def say_techniques(self, _):
        table = subprocess.run(["jq", "-r", "-f", TOP / "tools/techniques.jq", self.runs.costs], stdout=subprocess.PIPE,
                               encoding="utf-8", check=True).stdout
        return render(table)

    def say_count(self, _):
        return str(len(self.pages))

    def say_exercises(self, _):
        return "\n".join(f'<section class="exercise">\n{self.exercise(page)}</section>' for page in self.pages)

    def exercise(self, page):
        text, hints = self.page(page)
        if hints and self.edition == "print":
            text += f'<p class="aside">{len(hints)} hints: <a href="#hints">at the end</a>.</p>\n'
        return text + f'<p class="aside">In the machine: <code>{page.parent.name}/</code></p>\n'

    def page(self, page):
        """What it says, and its hints where they are taken out of it."""
        text = render(page.read_text(encoding="utf-8"), deeper=2)
        hints = re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", text, flags=re.S)
        if self.edition == "print":
            text = re.sub(r"<details>.*?</details>\n?", "", text, flags=re.S)
        return text, hints

    def say_hints(self, _):
        if self.edition != "print":
            return ""
        said = ["<h2>Hints</h2>", "<p>Cover the rest of an exercise with a hand, and open one at a time.</p>"]
        for page in self.pages:
            text, hints = self.page(page)
            said.append(f'<section class="hints"><h4>{plain(re.search("<h3>(.*?)</h3>", text)[1])}</h4><ol>')
            said += [f"<li>{hint}</li>" for _, hint in hints]
            said.append("</ol></section>")
        return "\n".join(said)


def write(directories, edition):
    guide = Guide(Runs(directories), edition)
    text = render((GUIDE / "guide.md").read_text(encoding="utf-8"))
    text = re.sub(r"<p>\{\{([^{}]*)\}\}</p>|\{\{([^{}]*)\}\}", lambda word: guide.expand(["", word[1] or word[2]]), text)
    text = named(scrolling(text))
    head, text = re.match(r"(<h1.*?</h1>\n<p>.*?</p>)(.*)", text, flags=re.S).groups()
    page = (TOP / "tools/guide/page.html").read_text(encoding="utf-8")
    for place, what in (("title", plain(head.split("\n")[0])), ("edition", edition), ("head", head),
                        ("contents", contents(text)), ("text", text)):
        page = page.replace(f"<!-- {place} -->", what)
    return page


def main():
    parser = argparse.ArgumentParser(prog="guide", usage=__doc__)
    parser.add_argument("--edition", choices=("screen", "print"), required=True)
    parser.add_argument("runs", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    try:
        sys.stdout.write(write(options.runs, options.edition))
    except (Wrong, OSError) as error:
        sys.exit(f"guide: {error}")


main()
