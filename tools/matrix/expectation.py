"""What each kernel is known to have, and what it showed.

The file has a line a kernel: its name, and the checks that are skipped on it; all others pass. A cell that differs
is news, and fails, whichever way it differs.
"""
import sys

HEADER = """\
# What each kernel is known to lack: its name, and the checks that are skipped on it; all others pass. A cell that
# differs fails the matrix, be it a technique that newly works. After a review of the report,
# `make matrix-accept` writes this file anew from it.
"""


def read(path):
    expected = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                name, *skipped = line.split()
                expected[name] = skipped
    return expected


def accept(path, results):
    """Rows that were not run keep what they had; a check that failed is nothing to expect."""
    expected = read(path)
    for result in results:
        checks = checks_of(result)
        if checks:
            expected[result["name"]] = [name for name, check in checks.items() if check["status"] == "skip"]
        else:
            print(f"matrix: {result['name']} has no result to accept: {result['failure']['why']}", file=sys.stderr)
    path.write_text(HEADER + "".join(" ".join([name, *skipped]) + "\n" for name, skipped in expected.items()), encoding="utf-8")
    print(f"{path}: {len(expected)} kernels")
    return 0


def checks_of(result):
    """Those of the row's first boot; none where it has not come so far."""
    if "checks" not in result["boots"]:
        return {}
    return {check["name"]: check for check in result["boots"]["checks"]["guest"]["checks"]}


def cell(check, expected):
    """Its state: pass, fail or skip as expected; or news, an expectation that was not met."""
    if check is None:
        return "fail", "the run has no such check"
    if check["status"] == "fail":
        return "fail", check["line"]
    if check["status"] == "skip" and expected == "pass":
        return "news", "skipped, and expected to pass: " + check["line"]
    if check["status"] == "pass" and expected == "skip":
        return "news", "passes, and expected to be skipped: " + check["line"]
    return check["status"], check["line"]


def judge(results, expected):
    names = list(dict.fromkeys(name for result in results for name in checks_of(result)))
    table = []
    for result in results:
        checks, skips = checks_of(result), expected.get(result["name"], [])
        cells = {name: dict(zip(("state", "line"), cell(checks.get(name), "skip" if name in skips else "pass")))
                 for name in names} if checks else {}
        table.append(dict(result, cells=cells))
    failed = sum(bool(row["failure"]) or any(cell["state"] in ("fail", "news") for cell in row["cells"].values()) for row in table)
    return {"checks": names, "rows": table, "failed": failed}
