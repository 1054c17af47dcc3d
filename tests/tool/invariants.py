#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: invariants.py MKELFIMAGE VMLINUX DIRECTORY

What holds for the elfImage of any kernel, found out without the tool's help:
the memory it makes is that of vmlinux, the checksum is right, the options do
what they say, and the same input gives the same bytes.
"""

import os
import struct
import sys

import elf
import subtest
from mkelfimage import run_tool
from subtest import result


def make(tool, vmlinux, path, *options, umask=0o022):
    """The image, or nothing with a message."""
    run = run_tool(tool, "--no-relocs", *options, vmlinux, path, umask=umask,
                   text=True)
    if run.returncode or run.stdout or run.stderr:
        print("  " + run.stdout + run.stderr)
        return b""
    return elf.read(path)


def memory_of_vmlinux(data):
    """What its PT_LOADs make of physical memory: the lowest address, the
    bytes that come from the file, the size."""
    loads = [(phdr["paddr"],
              data[phdr["offset"]:phdr["offset"] + phdr["filesz"]],
              phdr["memsz"])
             for phdr in elf.read_phdrs(data) if phdr["type"] == elf.PT_LOAD]
    start = min(paddr for paddr, _, _ in loads)
    memory = bytearray(max(paddr + len(contents)
                           for paddr, contents, _ in loads) - start)
    for paddr, contents, _ in loads:
        memory[paddr - start:paddr - start + len(contents)] = contents
    end = max(paddr + memsz for paddr, _, memsz in loads)
    return start, bytes(memory), end - start


def check_contents(data, vmlinux):
    """The PT_LOAD is the kernel's memory; nothing else is in the file."""
    note, load = elf.read_phdrs(data)
    start, memory, size = memory_of_vmlinux(vmlinux)
    result((load["paddr"], load["filesz"], load["memsz"]) ==
           (start, len(memory), size), "memory has its place and size", load)
    result(data[load["offset"]:] == memory, "memory is that of vmlinux")
    image = elf.Image(data)
    result(elf.get32(data, 24) == image.stub() + elf.STUB_AT_ENTRY,
           "entry is the stub's")
    end = load["paddr"] + load["memsz"]
    result(load["paddr"] + load["filesz"] <= note["paddr"] and
           note["paddr"] + note["memsz"] <= end,
           "PT_NOTE's address is in NOBITS memory of the PT_LOAD", note)


def check_notes(data):
    """The notes, but for their contents."""
    note = elf.read_phdrs(data)[0]
    end = note["offset"] + note["filesz"]
    names = [part[:2] for part in
             elf.read_notes(data[note["offset"]:end])]
    more = [("Xen", 19)] if is_movable(data) else []
    result(names == [("Xen", 18), *more, ("ELFBoot", 1), ("ELFBoot", 2),
                     ("ELFBoot", 3)], "notes", names)
    at, value = elf.checksum_note(data)
    result(value == elf.checksum(data), "checksum",
           f"{value:#x}, not {elf.checksum(data):#x}")
    result(at < elf.read_phdrs(data)[1]["offset"],
           "checksum lies outside the PT_LOAD")


def is_movable(data):
    """An x86_64 image needs no relocations for that."""
    return bool(elf.Image(data).get_stub(elf.STUB_FLAGS) &
                elf.STUB_FLAG_MOVABLE)


def check_multiboot2(header, movable):
    """The multiboot 2 header asks for what the stub reads; whoever does not
    know a tag may go on."""
    try:
        tags = elf.multiboot2_tags(header)
    except (ValueError, struct.error) as problem:
        result(False, "multiboot 2 tags", problem)
        return
    kinds = [kind for kind, _, _ in tags]
    result(kinds == [1, 4, 5, 6, *([10] if movable else []), 0],
           "multiboot 2 tags", kinds)
    result(all(flags == 1 for kind, flags, _ in tags if kind) and
           tags[-1][1:] == (0, b""), "multiboot 2 tags: optional", tags)
    wanted = struct.iter_unpack("<I", tags[0][2])
    result([kind for kind, in wanted] == [1, 3, 6, 8, 11, 12, 14, 15, 17],
           "multiboot 2 header: what it asks for", tags[0])


def check_multiboot(data, plain):
    """With and without multiboot headers."""
    at = elf.multiboot_header(data)
    result(at is not None and at % 4 == 0 and at < 8144 and
           elf.get32(data, at + 4) == 3, "multiboot header", at)
    at2, header = elf.multiboot2_header(data)
    result(at2 is not None and at2 % 8 == 0 and
           at2 + len(header) <= elf.MULTIBOOT2_ZONE and
           elf.get32(data, at2 + 4) == 0 and
           len(header) == elf.get32(data, at2 + 8), "multiboot 2 header", at2)
    check_multiboot2(header, is_movable(data))
    result(plain and elf.multiboot_header(plain) is None and
           struct.pack("<I", elf.MULTIBOOT_MAGIC) not in plain[:elf.PAGE],
           "--without-multiboot: no multiboot header")
    result(plain and elf.multiboot2_header(plain)[0] is None and
           struct.pack("<I", elf.MULTIBOOT2_MAGIC) not in plain[:elf.PAGE],
           "--without-multiboot: no multiboot 2 header")
    without = bytearray(data)
    without[at:at + 12] = bytes(12)
    if at2 is not None:
        without[at2:at2 + len(header)] = bytes(len(header))
    result(bytes(without) == plain,
           "--without-multiboot: everything else is the same")


def check_no_checksum(data):
    """Without the checksum note."""
    result(data and elf.checksum_note(data) is None, "--no-checksum")


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    tool, path, directory = sys.argv[1:]
    output = directory + "/elfImage"
    with open(path, "rb") as file:
        vmlinux = file.read()

    for umask, mode in ((0o022, 0o644), (0o077, 0o600), (0o002, 0o644)):
        if os.path.exists(output):
            os.unlink(output)
        data = make(tool, path, output, umask=umask)
        found = os.stat(output).st_mode if data else 0
        result(found == 0o100000 | mode, f"mode {mode:o}, umask {umask:03o}",
               f"{found:o}")
    run = run_tool(tool, "--verify", output, text=True)
    result(not run.returncode and not run.stdout + run.stderr, "--verify",
           run.stderr)
    result(data == make(tool, path, directory + "/again"),
           "same input, same bytes")
    check_contents(data, vmlinux)
    check_notes(data)
    plain = make(tool, path, output, "--without-multiboot")
    check_multiboot(data, plain)
    check_no_checksum(make(tool, path, output, "--no-checksum"))
    nothing = make(tool, path, output, "--no-checksum", "--without-multiboot")
    result(nothing and elf.checksum_note(nothing) is None and
           elf.multiboot_header(nothing) is None and
           elf.multiboot2_header(nothing)[0] is None, "both options")
    sys.exit(subtest.failed)


main()
