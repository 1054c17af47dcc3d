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
import shutil
import struct
import subprocess
import sys

import elf

OLD = b"the old output\n"
PHDR64 = {"type": (0, "I"), "offset": (8, "Q"), "paddr": (24, "Q"),
          "filesz": (32, "Q"), "memsz": (40, "Q")}
TEXT, DATA, INIT, NOTE = 0, 1, 3, 4
MANY = 2 ** 64 - 1

# A change of vmlinux is a function of its bytes.


def put(at, form, *values):
    """Overwrite bytes."""
    return lambda data: struct.pack_into("<" + form, data, at, *values)


def phdr(number, **fields):
    """Overwrite fields of a program header."""
    def change(data):
        for field, value in fields.items():
            at, form = PHDR64[field]
            struct.pack_into("<" + form, data, 64 + 56 * number + at, value)
    return change


def replace(old, new):
    """Overwrite a string that is there once."""
    def change(data):
        if data.count(old) != 1 or len(old) != len(new):
            raise ValueError(old)
        at = data.index(old)
        data[at:at + len(new)] = new
    return change


def note(name, kind, desc, new_name=None, new_kind=None, new_desc=None):
    """Change a note in its place."""
    return replace(elf.note(name, kind, desc),
                   elf.note(new_name or name, new_kind or kind,
                            desc if new_desc is None else new_desc))


def cut(size):
    """Truncate."""
    def change(data):
        del data[size:]
    return change


def long_version(data):
    """A version of 400 characters; the notes move to the end."""
    notes = (elf.note("ELFBoot", 2, b"x" * 400 + b"\0") + STUB_NOTE)
    phdr(NOTE, offset=len(data), filesz=len(notes))(data)
    data += notes


def many_loads(data):
    """Seventeen PT_LOADs; the program headers move to the end."""
    head = bytes(data[64:64 + 56 * 5])
    struct.pack_into("<Q", data, 32, len(data))
    struct.pack_into("<H", data, 56, 17)
    data += head + 12 * struct.pack("<2I6Q", elf.PT_LOAD, 6, 0x1000, 0,
                                    0x1030000, 1, 1, 4096)


def starts(magic):
    """Another kind of file, by its first bytes."""
    return lambda data: data.__setitem__(slice(0, len(magic)), magic)


STUB_DESC = struct.pack("<I", 0x1007000)
STUB_NOTE = elf.note("Linux", 0x200, STUB_DESC)
VERSION = b"6.1.0-test\0"
STUB_AT = 0x6000                # of its header, in the file

DAMAGED = (
    ("empty file", cut(0), "empty"),
    ("one byte", cut(1), "neither"),
    ("text", lambda data: data.__setitem__(slice(None), b"text\n" * 99),
     "neither"),
    ("gzip", starts(b"\x1f\x8b\x08"), "without zlib: unpack"),
    ("xz", starts(b"\xfd7zXZ\0"), "without liblzma: unpack"),
    ("zstd", starts(b"\x28\xb5\x2f\xfd"), "without libzstd: unpack"),
    ("lz4, legacy", starts(b"\x02\x21\x4c\x18"), "without liblz4: unpack"),
    ("lz4", starts(b"\x04\x22\x4d\x18"), "without liblz4: unpack"),
    ("bzip2", starts(b"BZh9"), "without libbz2: unpack"),
    ("lzma", starts(b"\x5d\0\0\x80"), "without liblzma: unpack"),
    ("uImage", starts(b"\x27\x05\x19\x56"), "uImage"),
    ("FIT image", starts(b"\xd0\x0d\xfe\xed"), "FIT image"),
    ("initrd", starts(b"070701"), "an initrd"),
    ("arm64 Image", lambda data: data.__setitem__(
        slice(0, 0x3c), b"MZ" + bytes(0x36) + b"ARM\x64"), "arm64"),
    ("EFI program", starts(b"MZ\x90\0"), "section .linux"),
    ("EFI zboot image", lambda data: data.__setitem__(
        slice(0, 8), b"MZ\0\0zimg"), "zboot"),
    ("RISC-V Image", lambda data: data.__setitem__(
        slice(0, 0x3c), b"MZ" + bytes(0x36) + b"RSC\5"), "RISC-V"),
    ("LoongArch Image", lambda data: data.__setitem__(
        slice(0, 0x3c), b"MZ" + bytes(0x36) + b"\xcd\x23\x82\x81"),
     "LoongArch"),
    ("ARM zImage", lambda data: data.__setitem__(
        slice(0, 0x28), bytes(0x24) + b"\x18\x28\x6f\1"), "ARM zImage"),
    ("Android boot image", starts(b"ANDROID!"), "Android"),
    ("ISO 9660", lambda data: data.__setitem__(
        slice(None), bytes(0x8001) + b"CD001" + bytes(9)), "ISO 9660"),
    ("squashfs", starts(b"hsqs"), "squashfs"),
    ("disk image", starts(b"QFI\xfb"), "disk image"),
    ("tar archive", lambda data: data.__setitem__(
        slice(None), b"boot/vmlinuz".ljust(257, b"\0") + b"ustar\0" + b"00" +
        bytes(999)), "tar archive"),
    ("zip archive", starts(b"PK\3\4"), "zip archive"),
    ("7z archive", starts(b"7z\xbc\xaf\x27\x1c"), "7z archive"),
    ("lzip", starts(b"LZIP"), "lzip"),
    ("compress", starts(b"\x1f\x9d"), "compress(1)"),
    ("a file of debug information", lambda data: [
        phdr(number, filesz=0)(data) for number in range(4)],
     "use the vmlinux"),
    ("a PT_LOAD 1 GiB away", phdr(TEXT, paddr=0x50000000), "spread over"),
    ("big-endian", put(5, "B", 2), "little-endian"),
    ("no byte order", put(5, "B", 0), "little-endian"),
    ("class 0", put(4, "B", 0), "little-endian"),
    ("class 3", put(4, "B", 3), "little-endian"),
    ("class 1 with headers of class 2", put(4, "B", 1), "headers"),
    ("for ARM", put(18, "H", 40), "x86"),
    ("no program headers", put(56, "H", 0), "program headers"),
    ("33 program headers", put(56, "H", 33), "program headers"),
    ("65535 program headers", put(56, "H", 0xffff), "program headers"),
    ("program headers of 32 bytes", put(54, "H", 32), "headers"),
    ("program headers at the end", lambda data: struct.pack_into(
        "<Q", data, 32, len(data)), "truncated"),
    ("program headers beyond 2^64", put(32, "Q", MANY - 8), "truncated"),
    ("contents beyond the end", phdr(TEXT, offset=0x100000), "truncated"),
    ("contents beyond 2^64", phdr(TEXT, offset=MANY), "truncated"),
    ("more contents than 2^64", phdr(TEXT, filesz=MANY), "truncated"),
    ("no stub note", note("Linux", 0x200, STUB_DESC, new_kind=0x201),
     "CONFIG_ELF_BOOT"),
    ("stub note of another name", note("Linux", 0x200, STUB_DESC, "Lunix"),
     "CONFIG_ELF_BOOT"),
    ("no notes", phdr(NOTE, type=0), "CONFIG_ELF_BOOT"),
    ("notes of no bytes", phdr(NOTE, filesz=0), "CONFIG_ELF_BOOT"),
    ("first note without end", put(0x1200, "I", MANY % 2 ** 32),
     "CONFIG_ELF_BOOT"),
    ("stub note of 3 bytes", replace(
        STUB_NOTE, STUB_NOTE[:4] + b"\3" + STUB_NOTE[5:]),
     "CONFIG_ELF_BOOT"),
    ("stub elsewhere", note("Linux", 0x200, STUB_DESC, new_desc=bytes(4)),
     "damaged"),
    ("stub in .bss", note("Linux", 0x200, STUB_DESC,
                          new_desc=struct.pack("<I", 0x1009000)), "damaged"),
    ("stub header beyond the file's bytes",
     note("Linux", 0x200, STUB_DESC,
          new_desc=struct.pack("<I", 0x1008ffd -
                                      elf.STUB_HEADER_SIZE + 1)), "damaged"),
    ("stub magic", put(STUB_AT + elf.STUB_MAGIC_AT, "I", 0), "damaged"),
    ("stub base", put(STUB_AT + elf.STUB_BASE, "I", 0x1000000), "damaged"),
    ("no version", note("ELFBoot", 2, VERSION, new_kind=4), "version"),
    ("version without NUL", note("ELFBoot", 2, VERSION,
                                 new_desc=b"6.1.0-testx"), "version"),
    ("version of 400 characters", long_version, "rule 2"),
    ("segment at 4 GiB", phdr(DATA, paddr=2 ** 32), "makes no sense"),
    ("segment across 4 GiB", phdr(INIT, memsz=0xff000000), "makes no sense"),
    ("segment larger than 2^64", phdr(INIT, memsz=MANY), "makes no sense"),
    ("segment smaller than its contents", phdr(DATA, memsz=1),
     "makes no sense"),
    ("nothing to load", lambda data: [phdr(i, memsz=0, filesz=0)(data)
                                      for i in (0, 1, 2)] + [
        phdr(INIT, type=0)(data)], "damaged"),
    ("segments overlap", phdr(DATA, paddr=0x1001000), "overlap"),
    ("segments are the same", phdr(DATA, paddr=0x1000000), "overlap"),
    ("more segments than usable", many_loads, "segments"),
    ("below 1 MiB", phdr(TEXT, paddr=0xf0000), "rule 7"),
    ("at address 0", phdr(TEXT, paddr=0), "rule 4"),
    ("begins within a page", phdr(TEXT, paddr=0x1000010), "rule 8"),
    ("scratch memory elsewhere", put(STUB_AT + elf.STUB_SCRATCH, "I",
                                     0x2000000), "rule 10"),
    ("scratch memory at 0", put(STUB_AT + elf.STUB_SCRATCH, "I", 0),
     "rule 4"),
    ("scratch memory below 1 MiB", put(STUB_AT + elf.STUB_SCRATCH, "I",
                                       0x9000), "rule 7"),
    ("scratch memory below the kernel",
     put(STUB_AT + elf.STUB_SCRATCH, "I", 0x200000), "rule 10"),
    ("ends elsewhere", put(STUB_AT + elf.STUB_END, "I", 0x2000000),
     "rule 10"),
)

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
    (("--json", "one", "two"), "does nothing here"),
    (("--verify", "--relocs=one", "two"), "does nothing here"),
    (("--extract=initrd", "--no-relocs", "one", "two"), "does nothing here"),
)


class Judge:
    """Runs the tool and keeps the score."""

    def __init__(self, tool, directory):
        self.tool = os.path.abspath(tool)
        self.input = directory + "/input"
        self.output_dir = directory + "/output"
        self.failed = False
        shutil.rmtree(self.output_dir, ignore_errors=True)
        os.mkdir(self.output_dir)
        self.output = self.output_dir + "/elfImage"

    def run(self, *args):
        """The tool."""
        return subprocess.run([self.tool, *args], capture_output=True,
                              text=True, check=False, timeout=60)

    def result(self, name, *wrong):
        """One subtest: wrong has what went wrong, or empty strings."""
        for text in filter(None, wrong):
            print("  " + text.strip().replace("\n", "\n  "))
        print("not ok" if any(wrong) else "ok", name)
        self.failed |= any(wrong)

    def message(self, run, word=""):
        """What is wrong with a refusal, or an empty string."""
        if run.returncode != 1:
            return f"exit status {run.returncode}: {run.stdout}{run.stderr}"
        if run.stdout or run.stderr.count("\n") != 1 or \
           not run.stderr.startswith("mkelfImage: "):
            return f"not one line: {run.stdout}{run.stderr}"
        if word not in run.stderr:
            return f"no \"{word}\" in: {run.stderr}"
        return ""

    def leftovers(self, directory=None):
        """What is wrong with the output's directory."""
        directory = directory or self.output_dir
        found = os.listdir(directory)
        if found != ["elfImage"]:
            return f"in {directory}: {found}"
        with open(directory + "/elfImage", "rb") as file:
            if file.read() != OLD:
                return "the old output has changed"
        return ""

    def put_old(self, directory=None):
        """An output from an earlier run."""
        with open((directory or self.output_dir) + "/elfImage", "wb") as file:
            file.write(OLD)

    def refuse(self, name, data, word, *options):
        """The tool must refuse this input."""
        with open(self.input, "wb") as file:
            file.write(data)
        self.put_old()
        run = self.run(*options, self.input, self.output)
        self.result(name, self.message(run, word), self.leftovers())


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
    # From the longest to the shortest, in place.
    with open(judge.input, "wb") as file:
        file.write(vmlinux)
    wrong = ""
    for size in reversed(sizes):
        os.truncate(judge.input, size)
        run = judge.run(judge.input, judge.output)
        problem = judge.message(run)
        if problem:
            wrong += f"{size} bytes: {problem}\n"
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
    wrong = ""
    for size in sorted(sizes, reverse=True):
        os.truncate(image, size)
        for args in ("--append=x", image, judge.output), ("--verify", image):
            problem = judge.message(judge.run(*args))
            if problem:
                wrong += f"{args[0]}: {size} bytes: {problem}\n"
    judge.result(f"image: truncated at {len(sizes)} offsets", wrong,
                 judge.leftovers())


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
            data[at] = chance.choice((0, 1, 0x7f, 0x80, 0xff,
                                      chance.randrange(256)))
        with open(judge.input, "wb") as file:
            file.write(data)
        judge.put_old()
        run = judge.run(judge.input, judge.output)
        if run.returncode:
            wrong += judge.message(run) + judge.leftovers()
            continue
        taken += 1
        run = judge.run("--verify", judge.output)
        if run.returncode:
            wrong += "written, but: " + run.stderr
    judge.result(f"{number} damaged files, {taken} taken", wrong)


def test_noise_verify(judge, vmlinux, step):
    """The same for --verify."""
    chance = random.Random(2)
    with open(judge.input, "wb") as file:
        file.write(vmlinux)
    judge.run(judge.input, judge.output)
    with open(judge.output, "rb") as file:
        image = file.read()
    wrong = ""
    number = max(400 // step, 100)
    for _ in range(number):
        data = bytearray(image)
        for _ in range(chance.choice((1, 1, 2, 5))):
            data[chance.randrange(elf.PHDRS_AT + 64 + 108)] = chance.choice(
                (0, 1, 0x7f, 0x80, 0xff, chance.randrange(256)))
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
    with open(judge.input, "rb") as file:
        same = file.read() == vmlinux
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
        if args and args[0].startswith("-") and status and \
           "usage: " not in lines[0]:
            del lines[0]        # getopt's own
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
    with open(path, "rb") as file:
        vmlinux = file.read()
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
