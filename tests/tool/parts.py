#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: parts.py MKELFIMAGE VMLINUX BZIMAGE DIRECTORY

An image taken apart again, standard input and output, kinds of kernels,
addresses, the SHA-256 note, the plan as JSON.
"""

import hashlib
import json
import os
import sys

import elf
import subtest
from elf import read
from mkelfimage import Bench
from subtest import result

CMDLINE = "console=ttyS0,115200 quiet"
SHA256 = 0x203
RELOCATABLE_KERNEL = 0x234       # in a bzImage


class Files(Bench):
    """An image to take apart, and the initrd that is in it."""

    def __init__(self, tool, directory):
        super().__init__(tool, directory)
        self.image = directory + "/parts.elf"
        self.initrd = directory + "/parts.initrd"
        with open(self.initrd, "wb") as file:
            file.write(elf.some_bytes(12345))


def check_extract(bench, kernel, name):
    """Composed, extracted: the same bytes."""
    parts = "--append=" + CMDLINE, "--initrd=" + bench.initrd
    for headers in ((), ("--without-multiboot",), ("--no-checksum",),
                    ("--sha256", "--ramdisk-base=0x8000000")):
        plain = bench.make(*(option for option in headers
                             if "base" not in option), kernel)
        with open(bench.image, "wb") as file:
            file.write(bench.make(*parts, *headers, kernel))
        got = [bench.make("--extract", part, bench.image)
               for part in ("kernel", "initrd", "cmdline")]
        result(plain and got == [plain, read(bench.initrd), CMDLINE.encode()],
               f"{name}: extract: {' '.join(headers) or 'plain'}",
               [len(part) for part in got])
    run = bench.run("--extract=initrd", bench.image, "-")
    result(run.stdout == read(bench.initrd), name + ": extract to stdout",
           run.stderr)
    with open(bench.image, "wb") as file:
        file.write(plain)
    for part in "initrd", "cmdline":
        bench.refuses(f"{name}: no {part} in it", "--extract=" + part,
                      bench.image, bench.output, message="there is no")
    bench.refuses(f"{name}: extract from a kernel", "--extract=kernel",
                  kernel, bench.output, message="mkelfImage has made")


def check_streams(bench, kernel, name):
    """-, at either end."""
    options = "--append=" + CMDLINE, "--initrd=" + bench.initrd
    wanted = bench.make(*options, kernel)
    data = read(kernel)
    for way, run in (
            ("pipe to pipe", bench.run(*options, "-", "-", data=data)),
            ("file to pipe", bench.run(*options, kernel, "-o", "-")),
            ("initrd by a pipe",
             bench.run(options[0], "--initrd=-", kernel, "-",
                       data=read(bench.initrd))),
            ("a named pipe's name", bench.run(*options, "/dev/stdin", "-",
                                              data=data))):
        result(wanted and run.stdout == wanted and not run.stderr,
               f"{name}: {way}", run.stderr)
    with open(kernel, "rb") as file:
        run = bench.run(*options, "-", "-", stdin=file)
    result(run.stdout == wanted, name + ": a file as stdin", run.stderr)
    bench.refuses(name + ": nothing in the pipe", "-", bench.output, data=b"",
                  message="empty")
    bench.refuses(name + ": stdin twice", "--initrd=-", "-", bench.output,
                  data=data, status=2)
    bench.refuses(name + ": a truncated pipe", "-", bench.output,
                  data=data[:-1000], message="truncated")
    inner, outer = os.pipe()
    os.close(inner)
    run = bench.run(kernel, "-", stdout=outer)
    os.close(outer)
    result(run.returncode == 1 and b"Broken pipe" in run.stderr,
           name + ": refused: closed pipe", run.stderr)
    with open("/dev/full", "wb") as full:
        for what in ((kernel, "-"), ("--dump", kernel), ("--help",),
                     ("--version",)):
            run = bench.run(*what, stdout=full)
            result(run.returncode == 1 and b"No space" in run.stderr,
                   f"{name}: refused: full device, {what[0][:9]}",
                   run.stderr)
    with open(bench.output, "wb") as file:
        file.write(data)
    with open(bench.output, "rb") as file:
        run = bench.run("-", bench.output, stdin=file)
    result(run.returncode == 1 and b"output as well" in run.stderr and
           read(bench.output) == data, name + ": refused: stdin is the output",
           run.stderr)
    master, terminal = os.openpty()
    run = bench.run(kernel, "-", stdout=terminal)
    result(run.returncode == 1 and b"terminal" in run.stderr,
           name + ": refused: terminal", run.stderr)
    os.close(master)
    os.close(terminal)


def check_types(bench, kernels):
    """--type, --kernel, and the words of the first mkelfImage."""
    words = {
        "bzImage": ("bzImage", "bzImage-i386", "any", "linux-i386"),
        "vmlinux": ("vmlinux", "vmlinux-i386", "any", "linux-i386"),
        "elfImage": ("elfImage", "any"),
    }
    for kind, kernel in kernels.items():
        plain = bench.make(kernel)
        good = [word for word in words[kind] if
                plain and bench.make("--type", word, kernel) == plain]
        result(good == list(words[kind]), f"type: {kind}", good)
        run = bench.run("-t", kind, "--kernel", kernel, "--output",
                        bench.output)
        result(not run.returncode and read(bench.output) == plain,
               f"type: {kind}: --kernel, --output", run.stderr)
        for other in words:
            if other != kind:
                bench.refuses(f"type: {kind} is no {other}", "-t", other,
                              kernel, bench.output, message=", not a")
    bench.refuses("type: unknown", "-t", "linux-ia64", kernel, bench.output,
                  status=2, message="it is one of any bzImage")


def check_load_address(bench, kernel, vmlinux):
    """A relocatable bzImage, elsewhere."""
    plain = elf.Image(bench.make(kernel))
    wanted = plain.loads[0]["paddr"] + 0x2000000
    moved = bench.make(f"--load-address={wanted:#x}", kernel)
    image = elf.Image(moved)
    shifted = [(load["paddr"] - 0x2000000, load["memsz"], load["filesz"])
               for load in image.loads]
    result(shifted == [(load["paddr"], load["memsz"], load["filesz"])
                       for load in plain.loads] and
           image.get_stub(elf.STUB_ENTRY) == wanted,
           "load address", shifted)
    with open(bench.image, "wb") as file:
        file.write(moved)
    result(bench.make(bench.image) == moved, "load address: again")
    result(bench.make(f"--load-address={plain.loads[0]['paddr']:#x}",
                      bench.image) == bench.make(kernel),
           "load address: and back")
    for name, address, message in (
            ("not aligned", wanted + 0x1000, "kernel_alignment"),
            ("below pref_address", 0x200000, "is not from"),
            ("too high", 0xd0000000, "is not from")):
        bench.refuses("load address: " + name, f"--load-address={address:#x}",
                      kernel, bench.output, message=message)
    bench.refuses("load address: of a vmlinux", "--load-address=0x4000000",
                  vmlinux, bench.output, message="where it is linked")
    fixed = bytearray(read(kernel))
    fixed[RELOCATABLE_KERNEL] = 0
    bench.refuses("load address: not relocatable", "--load-address=0x4000000",
                  "-", bench.output, data=bytes(fixed),
                  message="relocatable_kernel is 0")
    for text in "", "x", "0", " 4096", "+4096", "0x", "-4096", "4097", "0x100000000", "4096k":
        for option in "--load-address=", "--ramdisk-base=":
            bench.refuses("address: " + option + text, option + text, kernel,
                          bench.output, status=2, message="address of a page")


def check_ramdisk_base(bench, kernel, name):
    """The initrd where it is wanted, and no gap."""
    initrd = "--initrd=" + bench.initrd
    end = elf.Image(bench.make(initrd, kernel)).loads[-1]["paddr"]
    for base in end, end + elf.PAGE, end + 0x1234000:
        data = bench.make(initrd, f"--ramdisk-base={base:#x}", kernel)
        loads = elf.Image(data).loads
        gaps = [high["paddr"] - low["paddr"] - low["memsz"]
                for low, high in zip(loads, loads[1:])]
        result(loads[-1]["paddr"] == base and max(gaps) < elf.PAGE,
               f"{name}: ramdisk base {base - end:#x} higher", loads)
        with open(bench.image, "wb") as file:
            file.write(data)
        result(bench.make("--append=", initrd, bench.image) == data,
               f"{name}: ramdisk base {base - end:#x} higher: again")
    bench.refuses(name + ": ramdisk base without an initrd",
                  "--ramdisk-base=0x8000000", kernel, bench.output,
                  message="there is no initrd")
    bench.refuses(name + ": ramdisk base too low", initrd,
                  f"--ramdisk-base={end - elf.PAGE:#x}", kernel, bench.output,
                  message="below the end of the kernel")


def check_sha256(bench, kernel, name):
    """The note, by another implementation; --verify finds every change."""
    data = bytearray(bench.make("--sha256", "--initrd=" + bench.initrd,
                                kernel))
    notes = {(name, kind): desc
             for name, kind, desc in elf.Image(bytes(data)).notes}
    digest = notes.get(("Linux", SHA256), b"-")
    blank = bytearray(data)
    for desc in digest, notes[("ELFBoot", 3)]:
        where = blank.rindex(desc, 0, 512)
        blank[where:where + len(desc)] = bytes(len(desc))
    result(hashlib.sha256(blank).digest() == digest, name + ": SHA-256",
           digest.hex())
    result(not bench.run("--verify", "-", data=bytes(data)).returncode,
           name + ": SHA-256: --verify")
    silent = []
    for at in 0x3f0, 0x210, 0xfff, 0x1000, len(data) - 1:
        data[at] ^= 1
        run = bench.run("--verify", "-", data=bytes(data))
        if run.returncode != 1 or b"rule " not in run.stderr:
            silent.append(hex(at))
        data[at] ^= 1
    result(not silent, name + ": SHA-256: every change is found", silent)


def check_verify(bench, kernel, name):
    """What is composed and not noted, or noted and not there; no SHA-256."""
    image = bench.make("--no-checksum", "--append=x",
                       "--initrd=" + bench.initrd, kernel)
    for kind, owner in ((0x201, "command line"), (0x202, "initrd")):
        data = bytearray(image)
        at = data.index(elf.note("Linux", kind, b"\0" * 8)[:20])
        data[at + 8] ^= 0x10
        run = bench.run("--verify", "-", data=bytes(data))
        result(run.returncode == 1 and b"rule 10" in run.stderr,
               f"{name}: a composed {owner} without its note", run.stderr)
    for options, good in (("--sha256",), True), ((), False):
        data = bench.make(*options, kernel)
        run = bench.run("--verify", "--sha256", "-", data=data)
        result(run.returncode == (not good), f"{name}: --verify --sha256: "
               + ("there is one" if good else "there is none"), run.stderr)


def check_options(bench, kernel, image):
    """No option is taken that does nothing."""
    for options in (("--verify", "--append=x"), ("--verify", "-t", "any"),
                    ("--extract=cmdline", "--initrd=x"),
                    ("--extract=kernel", "--sha256"),
                    ("--extract=kernel", "--type=elfImage")):
        files = [image] + [bench.output] * options[0].startswith("--e")
        bench.refuses(" ".join(options), *options, *files, status=2,
                      message="usage")


def check_json(bench, kernel, name):
    """The plan is the file."""
    options = "--append=" + CMDLINE, "--initrd=" + bench.initrd
    data = bench.make(*options, kernel)
    image = elf.Image(data)
    plan = json.loads(bench.run(*options, "--dump", "--json", kernel).stdout)
    loads = [{key: load[key] for key in ("paddr", "memsz", "offset",
                                         "filesz")} for load in image.loads]
    notes = [{"name": note, "type": kind, "desc": desc.hex()}
             for note, kind, desc in image.notes]
    result(plan["segments"] == loads and plan["notes"] == notes and
           plan["file"] == len(data) and
           plan["entry"] == elf.get32(data, 24) and
           plan["stub"]["initrd size"] == 12345, name + ": --json", plan)
    cost = plan["cost"]
    result(cost["file"] == len(data) == sum(cost[part] for part in (
        "kernel", "relocs", "stub", "cmdline", "initrd", "rest")) and
           cost["initrd"] == 12345 and cost["cmdline"] == len(CMDLINE) + 1,
           name + ": --json: cost", cost)
    number = len(elf.read_phdrs(data))
    result(plan["headers"] == [
        {"class": 32, "phoff": elf.PHDRS_AT, "phnum": number,
         "shoff": elf.SECTION_AT, "shnum": 1},
        {"class": 64, "phoff": elf.SECTION_AT, "phnum": number + 1,
         "shnum": 0}], name + ": --json: headers", plan["headers"])
    bench.refuses(name + ": --json alone", "--json", kernel, bench.output,
                  status=2)
    bench.refuses(name + ": two verbs", "--dump", "--verify", kernel, status=2,
                  message="at a time")


def main():
    """As the usage says."""
    if len(sys.argv) != 5:
        sys.exit(__doc__.strip())
    tool, vmlinux, bz_image, directory = sys.argv[1:]
    bench = Files(tool, directory)
    for name, kernel in ("vmlinux", vmlinux), ("bzImage", bz_image):
        check_extract(bench, kernel, name)
        check_streams(bench, kernel, name)
        check_ramdisk_base(bench, kernel, name)
        check_sha256(bench, kernel, name)
        check_verify(bench, kernel, name)
        check_json(bench, kernel, name)
    made = directory + "/parts.made"
    with open(made, "wb") as file:
        file.write(bench.make(bz_image))
    check_types(bench, {"vmlinux": vmlinux, "bzImage": bz_image,
                        "elfImage": made})
    check_load_address(bench, bz_image, vmlinux)
    check_options(bench, bz_image, made)
    sys.exit(subtest.failed)


main()
