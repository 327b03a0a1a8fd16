"""The lab on every kernel of the catalogue, and a report.

usage: python3 -B tools/matrix [OPTION]… [WORD…]

A WORD chooses rows of kernel-config/catalogue as for tools/catalogue; none: every row. Rows that are finished and
whose inputs have not changed since are not run again.

  --jobs N         at a time, of one processor each (as many as the host has processors, and never more)
  --timeout N      a row's deadline for each of its boots, in seconds (600)
  --cost           what a packet costs on each kernel as well
  --output DIR     where the results go (build/matrix)
  --report         run nothing: the report of what is in DIR
  --accept         run nothing: write into the file of expectations what the rows in DIR have shown
  --expect FILE    the file of expectations (tests/matrix.expected)

exit status: 0 no cell failed; 1 one did; 2 usage error; 130 interrupted, and the same command goes on
"""
import argparse
import os
import pathlib
import signal
import sys

import expectation
import report
import rows
import runner

TOP = pathlib.Path(__file__).resolve().parents[2]


def read_options():
    parser = argparse.ArgumentParser(prog="matrix", add_help=False)
    parser.add_argument("words", nargs="*")
    parser.add_argument("--jobs", type=whole, default=runner.processors())
    parser.add_argument("--timeout", type=whole, default=600)
    parser.add_argument("--cost", action="store_true")
    parser.add_argument("--output", type=pathlib.Path, default=TOP / "build/matrix")
    parser.add_argument("--expect", type=pathlib.Path, default=TOP / "tests/matrix.expected")
    parser.add_argument("--report", action="store_true")
    parser.add_argument("--accept", action="store_true")
    parser.add_argument("--help", "-h", action="store_true")
    return parser.parse_args()


def whole(text):
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"a whole number from 1 on is wanted, not {text}")
    return int(text)


def main():
    options = read_options()
    if options.help:
        print(__doc__.strip())
        return 0
    for name in ("MAKEFLAGS", "MFLAGS", "MAKELEVEL"):    # of the make that this may run under
        os.environ.pop(name, None)
    # An interruption, from wherever it comes, is one; a shell's background job starts with SIGINT ignored.
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.default_int_handler)
    chosen = rows.choose(TOP, options.words)
    options.output.mkdir(parents=True, exist_ok=True)
    if options.report or options.accept:
        chosen = [row for row in chosen if (options.output / row["name"] / "row.json").exists()]
    else:
        runner.run(TOP, options, chosen)
    results = [rows.read(options.output, row) for row in chosen]
    if options.accept:
        return expectation.accept(options.expect, results)
    judged = expectation.judge(results, expectation.read(options.expect))
    report.write(options.output, judged)
    print(report.summary(judged, options.output))
    return 1 if judged["failed"] else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        print("\nmatrix: interrupted; the same command goes on from here", file=sys.stderr)
        sys.exit(130)
    except (rows.Refused, OSError) as error:
        print(f"matrix: {error}", file=sys.stderr)
        sys.exit(2)
