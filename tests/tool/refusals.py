#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: refusals.py MKELFIMAGE VMLINUX DIRECTORY STEP

Give the tool what it must refuse: files that are no kernel, damaged or
truncated ones (at every STEP-th offset of the first 8 KiB), outputs that
cannot be written, wrong usage. It must say why in one line, exit with 1 (2
for usage), leave no temporary behind and the old output as it was.
"""

import contextlib
import os
import random
import subprocess
import sys

import elf
from mkelfimage import Judge
from refusals_vmlinux import DAMAGED, STUB_AT

# Arguments, exit status.
USAGE = (
    ((), 2),
    (("one",), 2),
    (("one", "two", "three"), 2),
    (("--verify",), 2),
    (("--verify", "one", "two"), 2),
    (("--nonsense", "one", "two"), 2),
    (("-x", "one", "two"), 2),
    (("--verify=yes", "one"), 2),
    (("--dump",), 2),
    (("--dump", "one", "two"), 2),
    (("--dump", "--output=two", "one"), 2),
    (("--verify", "--output=two", "one"), 2),
    (("--output=two",), 2),
    (("--output=two", "one", "three"), 2),
    (("-o",), 2),
    (("--append",), 2),
    (("--initrd",), 2),
    (("--help",), 0),
)
# What does not go together, and words of the line in front of the usage.
NOT_TOGETHER = (
    (("--relocs=one", "--no-relocs", "two", "three"), "not both"),
    (("--relocs=-", "-", "one"), "only once"),
    (("--initrd=-", "--initrd=-", "one", "two"), "only once"),
    (("--initrd=-", "--relocs=-", "one", "two"), "only once"),
    (("--json", "one", "two"), "--json does nothing here"),
    (("--verify", "--relocs=one", "two"), "--relocs does nothing here"),
    (("--extract=initrd", "--no-relocs", "one", "two"),
     "--no-relocs does nothing here"),
)


def test_inputs(judge, vmlinux):
    """Files that are no kernel."""
    for name, path in (("no such file", "/nonexistent"),
                       ("directory", "/proc"), ("device", "/dev/null")):
        judge.put_old()
        run = judge.run(path, judge.output)
        judge.result("input: " + name, judge.message(run, path),
                     judge.leftovers())
        run = judge.run("--verify", path)
        judge.result("--verify: " + name, judge.message(run, path))
    for name, change, word in DAMAGED:
        data = bytearray(vmlinux)
        change(data)
        judge.refuse("input: " + name, data, word)


def test_truncated(judge, vmlinux, step):
    """Files cut short."""
    # Behind the segments and the notes there is nothing of use.
    used = 0x5000 + 0x2ffd
    sizes = list(range(1, 8192, step)) + list(range(8192, used, 997))
    sizes.append(used - 1)
    judge.put_old()
    with open(judge.input, "wb") as file:
        file.write(vmlinux)
    wrong = judge.truncate(judge.input, sizes, (judge.input, judge.output))
    judge.result(f"truncated at {len(sizes)} offsets", wrong,
                 judge.leftovers())
    with open(judge.input, "wb") as file:
        file.write(vmlinux[:used])
    run = judge.run(judge.input, judge.output)
    judge.result("truncated behind all segments: taken", run.stderr)


def test_image_truncated(judge, kernel, step):
    """An image cut short, as input and to be verified: at every byte of its
    headers, all 4 KiB behind them, and at its last bytes. Without a checksum,
    which would tell, too."""
    initrd = os.path.dirname(judge.input) + "/initrd"
    image = os.path.dirname(judge.input) + "/image"
    for path, data in ((judge.input, kernel), (initrd, b"x" * 0x3001)):
        with open(path, "wb") as file:
            file.write(data)
    run = judge.run("--no-checksum", "--append=quiet", "--initrd=" + initrd,
                    judge.input, image)
    judge.result("an image to be truncated", run.stderr)
    length = os.path.getsize(image)
    sizes = (list(range(1, 0x400, step)) + list(range(0x400, length, 4096)) +
             list(range(length - 16, length)))
    judge.put_old()
    wrong = judge.truncate(image, sizes, ("--append=x", image, judge.output),
                           ("--verify", image))
    judge.result(f"image: truncated at {len(sizes)} offsets", wrong,
                 judge.leftovers())


def odd_byte(chance):
    """A value that is likely to be wrong."""
    return chance.choice((0, 1, 0x7f, 0x80, 0xff, chance.randrange(256)))


def test_noise(judge, vmlinux, step):
    """Bytes changed at random: taken or refused, never a crash, and what it
    writes it also accepts."""
    chance = random.Random(1)
    places = [range(0, 64 + 56 * 5), range(0x1200, 0x1290),
              range(STUB_AT, STUB_AT + elf.STUB_HEADER_SIZE)]
    wrong = ""
    taken = 0
    number = max(400 // step, 100)
    for _ in range(number):
        data = bytearray(vmlinux)
        for _ in range(chance.choice((1, 1, 2, 5))):
            at = chance.choice(chance.choice(places))
            data[at] = odd_byte(chance)
        good, problem = judge.take_or_refuse(data)
        taken += good
        wrong += problem
    judge.result(f"{number} damaged files, {taken} taken", wrong)


def test_noise_verify(judge, vmlinux, step):
    """The same for --verify."""
    chance = random.Random(2)
    with open(judge.input, "wb") as file:
        file.write(vmlinux)
    judge.run(judge.input, judge.output)
    image = elf.read(judge.output)
    wrong = ""
    number = max(400 // step, 100)
    for _ in range(number):
        data = bytearray(image)
        for _ in range(chance.choice((1, 1, 2, 5))):
            data[chance.randrange(elf.PHDRS_AT + 64 + 108)] = odd_byte(chance)
        if data == image:
            continue
        with open(judge.input, "wb") as file:
            file.write(data[:chance.choice((len(data), 300))])
        run = judge.run("--verify", judge.input)
        # The PT_NOTE is not covered by the checksum.
        if run.returncode:
            wrong += judge.message(run)
    judge.result(f"--verify of {number} damaged images", wrong)


def test_outputs(judge, vmlinux):
    """Outputs that cannot be written."""
    with open(judge.input, "wb") as file:
        file.write(vmlinux)
    for name, path in (
            ("no such directory", judge.output_dir + "/none/elfImage"),
            ("no directory", "/dev/null/elfImage"),
            ("not writable", "/proc/elfImage"),
            ("directory", judge.output_dir),
            ("directory with a slash", judge.output_dir + "/"),
            ("device that is full", "/dev/full"),
            ("no name", "")):
        judge.put_old()
        before = os.stat(path).st_mode if os.path.exists(path) else None
        run = judge.run(judge.input, path)
        after = os.stat(path).st_mode if os.path.exists(path) else None
        judge.result("output: " + name, judge.message(run, path),
                     judge.leftovers(),
                     "" if before == after else f"{path} has changed")
    run = judge.run(judge.input, judge.input)
    same = elf.read(judge.input) == vmlinux
    judge.result("output: the input itself", judge.message(run, "output"),
                 "" if same else "the input has changed")
    run = judge.run(judge.input, judge.output)
    judge.result("output: an old one is replaced", run.stderr,
                 "" if os.listdir(judge.output_dir) == ["elfImage"] else
                 f"left: {os.listdir(judge.output_dir)}")


@contextlib.contextmanager
def mount(judge, *args):
    """Mount something: where it is, or None after a subtest skipped."""
    where = judge.output_dir + "/mount"
    os.makedirs(where, exist_ok=True)
    run = subprocess.run(["mount", *args, where], capture_output=True,
                         text=True, check=False)
    if run.returncode:
        print(f"skip output: mount {args[1]} # {run.stderr.strip()}")
        yield None
        return
    try:
        yield where
    finally:
        subprocess.run(["umount", where], check=True)


def test_full_disk(judge):
    """A file system too small: for the contents, for the holes."""
    outcomes = set()
    for pages in range(2, 14):
        with mount(judge, "-t", "tmpfs", "-o", f"size={pages * 4096}",
                   "none") as where:
            if where is None:
                return
            judge.put_old(where)
            run = judge.run(judge.input, where + "/elfImage")
            outcomes.add(run.returncode)
            if run.returncode:
                judge.result(f"output: file system full ({pages} pages)",
                             judge.message(run, where + "/elfImage"),
                             judge.leftovers(where))
    judge.result("output: file system large enough",
                 "" if outcomes == {0, 1} else f"exit status {outcomes}")


def test_read_only(judge):
    """A file system that is read-only."""
    source = judge.output_dir + "/source"
    os.makedirs(source, exist_ok=True)
    judge.put_old(source)
    with mount(judge, "--bind", "-o", "ro", source) as where:
        if where is None:
            return
        run = judge.run(judge.input, where + "/elfImage")
        judge.result("output: file system read-only", judge.message(run),
                     judge.leftovers(where))


def test_usage(judge):
    """Wrong usage."""
    for args, status in USAGE:
        run = judge.run(*args)
        text, silent = ((run.stderr, run.stdout) if status else
                        (run.stdout, run.stderr))
        lines = text.splitlines()
        if args and status and "usage: " not in lines[0]:
            del lines[0]        # getopt's own, or what is missing
        good = (run.returncode == status and not silent and lines and
                lines[0].startswith("usage: mkelfImage"))
        judge.result("usage: " + (" ".join(args) or "no argument"),
                     "" if good else
                     f"exit status {run.returncode}: {run.stderr}")
    for args, word in NOT_TOGETHER:
        run = judge.run(*args)
        lines = run.stderr.splitlines()
        good = (run.returncode == 2 and not run.stdout and
                len(lines) > 1 and word in lines[0] and
                lines[1].startswith("usage: mkelfImage"))
        judge.result("not together: " + " ".join(args), "" if good else
                     f"exit status {run.returncode}: {run.stderr}")


def main():
    """As the usage says."""
    if len(sys.argv) != 5:
        sys.exit(__doc__.strip())
    tool, path, directory, step = sys.argv[1:]
    vmlinux = elf.read(path)
    judge = Judge(tool, directory)
    test_inputs(judge, vmlinux)
    test_truncated(judge, vmlinux, int(step))
    test_image_truncated(judge, vmlinux, int(step))
    test_noise(judge, vmlinux, int(step))
    test_noise_verify(judge, vmlinux, int(step))
    test_usage(judge)
    test_outputs(judge, vmlinux)
    test_full_disk(judge)
    test_read_only(judge)
    sys.exit(judge.failed)


if __name__ == "__main__":
    main()
