"""The judged table as report.json, report.md, junit.xml and report.html, the last one for a person."""
import json
import pathlib
import xml.etree.ElementTree as xml

import expectation
import plot

SIGNS = {"pass": "✓", "fail": "✗", "skip": "–", "news": "!"}
PAGE = pathlib.Path(__file__).parent / "page.html"


def write(output, judged):
    for name, text in (("report.json", as_json(judged)), ("report.md", as_markdown(judged)),
                       ("junit.xml", as_junit(judged)), ("report.html", as_html(judged, output))):
        partial = output / f".{name}"
        partial.write_text(text, encoding="utf-8")
        partial.rename(output / name)


def summary(judged, output):
    lines = [f"{row['name']}: {what}" for row in judged["rows"] for what in complaints(row)]
    count = len(judged["rows"])
    lines.append(f"{count - judged['failed']} of {count} kernels as expected; {output / 'report.html'}")
    return "\n".join(lines)


def complaints(row):
    """What is wrong in a row, a line each."""
    failure = [f"{row['failure']['step']}: {row['failure']['why']}"] if row["failure"] else []
    return failure + [f"{name}: {cell['line']}" for name, cell in row["cells"].items() if cell["state"] in ("fail", "news")]


def count(row, state):
    return sum(cell["state"] == state for cell in row["cells"].values())


# --- for programs ------------------------------------------------------------------------------------------

def as_json(judged):
    return json.dumps(judged, ensure_ascii=False, indent=1) + "\n"


def as_junit(judged):
    root = xml.Element("testsuites")
    for row in judged["rows"]:
        suite = xml.SubElement(root, "testsuite", name=row["name"], time=str(row["wall_ms"] / 1000))
        if row["failure"]:
            case = xml.SubElement(suite, "testcase", classname=row["name"], name=row["failure"]["step"])
            xml.SubElement(case, "error", message=row["failure"]["why"])
        for name, cell in row["cells"].items():
            case = xml.SubElement(suite, "testcase", classname=row["name"], name=name)
            if cell["state"] in ("fail", "news"):
                xml.SubElement(case, "failure", message=cell["line"])
            elif cell["state"] == "skip":
                xml.SubElement(case, "skipped", message=cell["line"])
        suite.set("tests", str(len(suite)))
        suite.set("errors", str(int(bool(row["failure"]))))
        suite.set("failures", str(count(row, "fail") + count(row, "news")))
        suite.set("skipped", str(count(row, "skip")))
    xml.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + xml.tostring(root, encoding="unicode") + "\n"


def as_markdown(judged):
    rows = judged["rows"]
    lines = [f"## {len(rows) - judged['failed']} of {len(rows)} kernels as expected", ""]
    lines += [f"- **{row['name']}** {escaped(what)}" for row in rows for what in complaints(row)]
    lines += ["", "| check | " + " | ".join(f"{row['name']}<br>{row['version']}" for row in rows) + " |", "|---" * (len(rows) + 1) + "|"]
    for name in judged["checks"]:
        cells = [SIGNS[row["cells"][name]["state"]] if row["cells"] else SIGNS["fail"] for row in rows]
        lines.append(f"| {name} | " + " | ".join(cells) + " |")
    lines += ["", "✓ passes, – is skipped for a stated lack of the kernel, ✗ fails, ! is not as expected", ""]
    return "\n".join(lines)


def escaped(text):
    return text.replace("|", "\\|").replace("<", "&lt;").replace("*", "\\*").replace("_", "\\_")


# --- for a person ------------------------------------------------------------------------------------------

def as_html(judged, output):
    """page.html with the data in it: one file, which asks for nothing."""
    data = {"checks": judged["checks"], "failed": judged["failed"], "signs": SIGNS,
            "about": abouts(judged), "rows": [for_page(row, output) for row in judged["rows"]],
            "plots": plot.plots(judged["rows"])}
    # In a script element `</` would end it.
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return PAGE.read_text(encoding="utf-8").replace("@DATA@", text)


def abouts(judged):
    return {name: check["about"] for row in judged["rows"] for name, check in expectation.checks_of(row).items()}


def for_page(row, output):
    checks = expectation.checks_of(row)
    return {
        "name": row["name"], "origin": row["origin"], "series": row["series"], "arch": row["arch"], "version": row["version"],
        "suite": row["suite"], "packages": [package["file"] for package in row["packages"]], "wall_ms": row["wall_ms"],
        "failure": row["failure"], "complaints": complaints(row), "console": text_of(output / row["name"], row),
        "release": row["boots"]["checks"]["guest"]["kernel"] if checks else "",
        "ways": ways(output / row["name"]),
        "cells": {name: {**cell, "passages": [witnesses(passage) for passage in checks.get(name, {}).get("passages", [])],
                         "detail": checks.get(name, {}).get("detail", "")} for name, cell in row["cells"].items()},
    }


def ways(place):
    """The traces, by the names that a cell may have: the path's, and that of its technique."""
    if not (place / "trace/trace.json").is_file():
        return []
    traced = json.loads((place / "trace/trace.json").read_text(encoding="utf-8"))["ways"]
    return [{"names": [way["name"], way["name"].removeprefix("path-"), way["technique"]], "line": way["line"], "steps":
             [[step[field] for field in ("function", "netns", "interface", "length", "type", "turn")] for step in way["steps"]]}
            for way in traced if way["steps"]]


def witnesses(passage):
    return {"direction": passage["direction"], "story": passage["story"], "instructions": passage.get("instructions"),
            "witnesses": [[each["name"], each["expected"], each["seen"]] for each in passage["witnesses"]]}


def text_of(place, row):
    """The console of the checks; of a row that failed, what its last step said."""
    for name in ("checks/console.log", f"{row['failure']['step']}.log" if row["failure"] else ""):
        if name and (place / name).is_file():
            return (place / name).read_text(encoding="utf-8", errors="replace")
    return ""
