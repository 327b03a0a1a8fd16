"""Runs rows side by side, and tells how far it is."""
import concurrent.futures
import os
import subprocess
import sys
import threading
import time

import expectation
import rows


def processors():
    return len(os.sched_getaffinity(0))


def prepare(top, chosen):
    """The image of an architecture that has none, once, before any row needs it; else what was made last is run."""
    for arch in sorted({row["arch"] for row in chosen}):
        if not all((top / "build" / arch / name).exists() for name in ("vmlinux", "initramfs.cpio.zst", "checks")):
            subprocess.run(rows.make(top, f"ARCH={arch}", "image"), stdout=sys.stderr, stdin=subprocess.DEVNULL, check=False)


class Progress:
    """On a terminal one line that is drawn anew; elsewhere a line a row."""

    def __init__(self, todo, jobs, skipped):
        self.todo, self.jobs, self.done, self.times = todo, jobs, 0, []
        self.lock, self.began = threading.Lock(), {}
        self.live = sys.stderr.isatty()
        if skipped:
            self.line(f"{skipped} finished before, and nothing of theirs has changed")

    def line(self, text):
        with self.lock:
            print(f"\r\033[K{text}" if self.live else text, file=sys.stderr, flush=True)

    def left(self):
        if not self.times:
            return "time left unknown yet"
        waves = -(-(len(self.todo) - self.done) // self.jobs)
        seconds = round(waves * sum(self.times) / len(self.times))
        return f"about {seconds // 60} min {seconds % 60} s left" if seconds > 90 else f"about {seconds} s left"

    def draw(self):
        if not self.live:
            return
        running = ", ".join(f"{row.row['name']} {row.state} {int(time.monotonic() - since)} s"
                            for row, since in list(self.began.items()))
        with self.lock:
            print(f"\r\033[K[{self.done}/{len(self.todo)}] {running}; {self.left()}", end="", file=sys.stderr, flush=True)

    def finished(self, row, outcome):
        self.times.append(time.monotonic() - self.began.pop(row))
        self.done += 1
        self.line(f"[{self.done}/{len(self.todo)}] {row.row['name']:<20} {outcome}, {self.times[-1]:.1f} s; {self.left()}")


def outcome(result):
    if result["failure"]:
        return f"{result['failure']['step']}: {result['failure']['why']}"
    states = [check["status"] for check in expectation.checks_of(result).values()]
    return ", ".join(f"{states.count(state)} {word}" for state, word in (("pass", "passed"), ("fail", "failed"), ("skip", "skipped")))


def run(top, options, chosen):
    prepare(top, chosen)
    todo = [row for row in (rows.Row(top, options, each) for each in chosen) if not row.finished()]
    jobs = min(options.jobs, processors(), len(todo) or 1)
    progress = Progress(todo, jobs, len(chosen) - len(todo))
    with concurrent.futures.ThreadPoolExecutor(jobs) as pool:
        def one(row):
            progress.began[row] = time.monotonic()
            row.run()
            if not row.stopped:
                progress.finished(row, outcome(rows.read(options.output, row.row)))
        waiting = {pool.submit(one, row) for row in todo}
        try:
            while waiting:
                done, waiting = concurrent.futures.wait(waiting, timeout=1, return_when=concurrent.futures.FIRST_COMPLETED)
                for each in done:
                    each.result()
                progress.draw()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for row in todo:
                row.stop()
            raise
