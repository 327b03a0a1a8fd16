"""One row: from the catalogue's line to the results of its boots.

A row that cannot be run ends as its own named failure: the step that failed, and why. Its results are in
DIR/NAME/: row.json, what run-qemu.sh --output made of each of its boots, and console.log.
"""
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time


# What QEMU boots of a kernel of ours.
KERNEL_IMAGES = {"x86_64": "vmlinux", "aarch64": "Image"}


class Refused(Exception):
    """What was asked for cannot be: for the person who asked."""


class Failed(Exception):
    """This row fails: step, why."""


def choose(top, words):
    said = subprocess.run([top / "tools/catalogue", "--json", *words], capture_output=True, text=True)
    if said.returncode:
        raise Refused(said.stderr.strip().removeprefix("catalogue: "))
    return json.loads(said.stdout)


def read(output, row):
    with open(output / row["name"] / "row.json", encoding="utf-8") as file:
        return json.load(file)


def digest(*paths):
    total = hashlib.sha256()
    for path in paths:
        total.update(path.read_bytes() if path.exists() else b"-")
    return total.hexdigest()


def make(top, *words):
    """One make at a time in a build directory: run-qemu.sh takes this lock too."""
    (top / "build").mkdir(exist_ok=True)
    return ["flock", top / "build/.lock", "make", "-C", top, "-s", *words]


class Row:
    """The boots of one row. Commands run in a session of their own, so that a stop reaches all of it."""

    def __init__(self, top, options, row):
        self.top, self.options, self.row = top, options, row
        self.image = top / "build" / row["arch"]
        self.place = options.output / row["name"]
        self.state, self.process, self.stopped = "waits", None, False

    # What a row's results depend on: with nothing of it changed they stand.
    def key(self):
        parts = [self.top / "run-qemu.sh", self.top / "tools/kernel", self.image / "initramfs.cpio.zst"]
        if self.row["origin"] == "lab":
            parts += sorted((self.top / "kernel-config").glob("*.config"))
        return [self.row, digest(*parts), [name for name, _ in self.boots()], self.options.timeout]

    def finished(self):
        try:
            return read(self.options.output, self.row)["key"] == json.loads(json.dumps(self.key()))
        except (OSError, ValueError, KeyError):
            return False

    def boots(self):
        """What is run on the kernel, each with an --output of its own. A kernel without a tracer only has no traces."""
        yield "checks", []
        yield "trace", ["--trace", "all"]
        if self.options.cost:
            yield "cost", ["--cost"]

    def run(self):
        began = time.monotonic()
        result = dict(self.row, failure=None, boots={})
        shutil.rmtree(self.place, ignore_errors=True)
        self.place.mkdir(parents=True)
        try:
            kernel = self.build() if self.row["origin"] == "lab" else self.unpack()
            for name, words in self.boots():
                result["boots"][name] = self.boot(name, words, kernel, (0, 1, 3) if name == "trace" else (0, 1))
        except Failed as failure:
            result["failure"] = dict(zip(("step", "why"), failure.args))
        if self.stopped:
            return
        result.update(key=self.key(), wall_ms=round((time.monotonic() - began) * 1000))
        partial = self.place / ".row.json"
        partial.write_text(json.dumps(result, ensure_ascii=False), encoding="utf-8")
        partial.rename(self.place / "row.json")

    def build(self):
        kernel = self.image / "kernels" / f"lab-{self.row['series']}" / KERNEL_IMAGES[self.row["arch"]]
        self.command("build", make(self.top, f"ARCH={self.row['arch']}", kernel))
        return kernel

    def unpack(self):
        packages = self.command("fetch", [self.top / "tools/catalogue", "--files", self.row["name"]]).split("\n")
        modules = ["--modules", packages[1]] if packages[1:] else []
        kernel = self.place / "kernel"
        self.command("unpack", [self.top / "tools/kernel", "--arch", self.row["arch"], *modules, "--into", kernel, packages[0]])
        return kernel

    def boot(self, name, words, kernel, good):
        """The run's own account of itself. run-qemu.sh keeps the deadline; the second one is for run-qemu.sh."""
        into = self.place / name
        self.command(name, [self.top / "run-qemu.sh", "--arch", self.row["arch"], "--kernel", kernel, "--seed", "1", "--timeout",
                            str(self.options.timeout), "--output", into, *words], self.options.timeout + 60, good)
        with open(into / "result.json", encoding="utf-8") as file:
            return json.load(file)

    def command(self, step, words, deadline=None, good=(0,)):
        """Its standard output; what it says besides goes to STEP.log and, when it fails, its last line into the failure."""
        if self.stopped:
            raise Failed(step, "stopped")
        self.state = step
        log = self.place / f"{step}.log"
        with open(log, "wb") as errors:
            self.process = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors,
                                            start_new_session=True, cwd=self.top)
            try:
                said, _ = self.process.communicate(timeout=deadline)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGTERM)
                self.process.communicate()
                raise Failed(step, f"no end in {deadline} s") from None
        if self.process.returncode not in good:
            lines = log.read_text(encoding="utf-8", errors="replace").strip().split("\n")
            raise Failed(step, re.sub(r"^[a-z.-]+: ", "", lines[-1]) or f"exit status {self.process.returncode}")
        return said.decode(errors="replace").strip()

    def stop(self):
        self.stopped = True
        if self.process and self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
