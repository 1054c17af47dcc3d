#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: relocs.py MKELFIMAGE i386|x86_64 DIRECTORY

Relocations of a small kernel: what mkelfImage makes of a vmlinux.relocs, what it
keeps, leaves out and refuses, and what --verify finds.
"""

import json
import random
import struct
import sys

import elf
import mkelfimage
import relocs_model
import subtest
from elf import read
from subtest import result

START = 0x1000000
BSS = 0x9000                    # offset of .bss, as make-vmlinux.py has it
BASE = {"i386": 0xc0000000, "x86_64": 0x80000000}
# Where there are addresses, by make-vmlinux.py: neither notes nor stub, no hole.
ADDRESSES = (*range(0, 0x200, 8), *range(0x400, 0x17e0, 8),
             *range(0x4000, 0x5000, 8), *range(0x5000, 0x59d8, 8),
             *range(0x6000, 0x7000, 8), *range(0x7060, 0x8ff8, 8))


class Bench(mkelfimage.Bench):
    """The tool, a kernel, and what its relocations are."""

    def __init__(self, tool, arch, directory):
        super().__init__(tool, directory)
        self.arch, self.directory = arch, directory
        self.kernel = f"{directory}/vmlinux.{arch}"
        self.relocs = f"{directory}/vmlinux.relocs.{arch}"
        self.image = f"{directory}/relocs.elf"
        self.number = 1 if arch == "i386" else 3
        self.lists = self.some_lists()

    def some_lists(self):
        """First and last place, near and far; one list is empty."""
        rnd = random.Random(self.arch)
        lists = []
        for kind in range(self.number):
            width = 8 if kind == 2 else 4
            places = set()
            if kind != 1:
                places = {0, BSS - width, *rnd.sample(ADDRESSES, 300)}
            lists.append(sorted(places))
        return lists

    def words(self, lists=None, base=None):
        """A vmlinux.relocs; as the kernel's tool, but in no order."""
        rnd = random.Random(1)
        base = BASE[self.arch] + START if base is None else base
        data = b""
        for places in reversed(self.lists if lists is None else lists):
            places = list(places)
            rnd.shuffle(places)
            data += struct.pack(f"<{len(places) + 1}I", 0,
                                *((base + at) & 0xffffffff for at in places))
        return data

    def make(self, *options, output=None):
        """The bytes of an image, or nothing."""
        return super().make("--quiet", *options, output=output)

    def write(self, data, path=None):
        """A vmlinux.relocs."""
        with open(path or self.relocs, "wb") as file:
            file.write(data)

    def refuses(self, name, message, *options, status=1):
        """No output, a message, this exit status."""
        with open(self.output, "wb") as file:
            file.write(b"old")
        run = self.run(*options, self.output)
        text = run.stderr.decode()
        result(run.returncode == status and message in text and
               read(self.output) == b"old", f"{self.arch}: refused: {name}",
               f"exit status {run.returncode}: {text}")


def find(data):
    """The stub's words, the offset in the file that they lead to."""
    image = elf.Image(data)
    load = elf.read_phdrs(data)[1]
    at = image.stub() - load["paddr"] + load["offset"]

    def word(offset):
        return elf.get32(data, at + offset)

    place = word(elf.STUB_RELOCS)
    offset = place - load["paddr"] + load["offset"] if place else 0
    return place, word(elf.STUB_RELOCS_SIZE), offset, load


def check_image(bench, data, name, want=True):
    """The relocations of an image."""
    place, size, offset, load = find(data)
    if not want:
        result(not place and not size, f"{bench.arch}: {name}: none",
               (place, size))
        return
    try:
        lists = relocs_model.decode(data[offset:offset + size], bench.number)
    except ValueError as error:
        lists = error
    result(lists == bench.lists, f"{bench.arch}: {name}: the same places")
    result(place == START + BSS and load["memsz"] == 0x27000 and
           load["filesz"] == BSS + size,
           f"{bench.arch}: {name}: where .bss will be",
           (hex(place), load))


def check_make(bench):
    """With relocations, without, composed, taken apart."""
    option = "--relocs=" + bench.relocs
    plain = bench.make(bench.kernel)
    check_image(bench, plain, "no --relocs", want=False)
    data = bench.make(option, bench.kernel, output=bench.image)
    check_image(bench, data, "--relocs")
    # Everything else is the same.
    place, _, offset, load = find(data)
    head = plain[elf.PAGE:]
    have = data[elf.PAGE:elf.PAGE + len(head)]
    differ = {at for at, (a, b) in enumerate(zip(head, have)) if a != b}
    stub = elf.Image(data).stub() - load["paddr"]
    result(place and differ <= set(range(stub + elf.STUB_RELOCS,
                                         stub + elf.STUB_HEADER_SIZE)),
           f"{bench.arch}: all else is the same", sorted(differ)[:9])
    verify = bench.run("--verify", bench.image)
    result(not verify.returncode, f"{bench.arch}: --verify", verify.stderr)
    bss = bench.make(option, f"{bench.directory}/bss.{bench.arch}")
    check_image(bench, bss, "zeros of .bss in the file")
    again = bench.make("--append=quiet", bench.image)
    place, size, at, _ = find(again)
    result(place and again[at:at + size] == data[offset:offset + size],
           f"{bench.arch}: composed: they stay")
    with open(bench.output + ".composed", "wb") as file:
        file.write(again)
    result(bench.make("--extract=kernel", bench.output + ".composed") == data,
           f"{bench.arch}: extracted: they stay")
    result(bench.make(bench.image) == data, f"{bench.arch}: made again")
    check_image(bench, bench.make("--no-relocs", bench.image),
                "--no-relocs", want=False)
    check_image(bench, bench.make("--no-relocs", bench.kernel),
                "--no-relocs of a vmlinux", want=False)


def check_dump(bench):
    """The words by name, where there are any."""
    names = "bss", "align", "image max", "relocs", "relocs size"
    option = "--relocs=" + bench.relocs
    place, size, _, _ = find(read(bench.image))
    for kernel, want in ((bench.kernel, True),
                         (f"{bench.directory}/plain.{bench.arch}", False),
                         (f"{bench.directory}/bzImage.{bench.arch}", False)):
        options = [option] if want else []
        stub = json.loads(bench.run("--dump", "--json", *options,
                                    kernel).stdout)["stub"]
        text = bench.run("--dump", *options, kernel).stdout.decode()
        name = kernel.rsplit("/", 1)[1]
        result(all((word in stub) == want and
                   (f" {word} " in text) == want for word in names[:3]),
               f"{name}: --dump: words are there or not", text)
        result((stub.get("relocs"), stub.get("relocs size")) ==
               ((place, size) if want else (None, None)),
               f"{name}: --dump: where they are", stub)


def check_told(bench, data, name, want=True, tag=True):
    """Where an image says that it may be."""
    top = 0xffffffff if bench.arch == "x86_64" else 0x3fffffff
    expected = ((START, top, 0x200000, 1) if tag and want else None,
                (0x200000, START, top) if want else None)
    found = elf.movable(data)
    result(found == expected, f"{bench.arch}: may be elsewhere: {name}",
           f"{found}, not {expected}")


def edit_words(bench, source, output, words):
    """The same file with other words of its stub; checksum right."""
    data = bytearray(source)
    at = data.index(b"ELFB", data.index(struct.pack("<I", START + 0x7000)))
    for word, value in words.items():
        elf.put32(data, at - elf.STUB_MAGIC_AT + word, value)
    bench.write(data, output)
    return output


def check_movable(bench):
    """What says that an image may be elsewhere, and which do not."""
    option = "--relocs=" + bench.relocs
    is_64 = bench.arch == "x86_64"
    image, other = read(bench.image), bench.output + ".other"
    kernel = read(bench.kernel)
    check_told(bench, image, "with relocations")
    check_told(bench, bench.make("--no-relocs", bench.image),
               "without relocations", is_64)
    check_told(bench, bench.make("--without-multiboot", bench.image),
               "without multiboot", tag=False)
    for compose in ("--append=quiet", "--initrd=" + bench.kernel):
        check_told(bench, bench.make(compose, bench.image, output=other),
                   compose[:compose.index("=")], False)
        result(bench.make("--extract=kernel", other) == image,
               f"{bench.arch}: may be elsewhere: no more {compose[2:8]}")
    check_told(bench, bench.make(f"{bench.directory}/plain.{bench.arch}"),
               "not built for it", False)
    check_told(bench, bench.make(f"{bench.directory}/bzImage.{bench.arch}"),
               "a bzImage", False)
    flags = elf.STUB_FLAG_KASLR | (3 if is_64 else 0)
    for name, words, want in (
            ("a stub that does not know", {elf.STUB_FLAGS: flags}, False),
            ("image max where it ends",
             {elf.STUB_IMAGE_MAX: 0x1027000}, None),
            ("image max below", {elf.STUB_IMAGE_MAX: 0x1026fff}, is_64)):
        path = edit_words(bench, kernel, other, words)
        found = elf.movable(bench.make(option, path))
        if want is None:
            top = 0xffffffff if is_64 else 0x1026fff
            result(found[0] == (START, top, 0x200000, 1),
                   f"{bench.arch}: may be elsewhere: {name}", found)
        else:
            result((found != (None, None)) == want,
                   f"{bench.arch}: may be elsewhere: {name}", found)
    told = json.loads(bench.run("--dump", "--json", bench.image).stdout)
    top = 0xffffffff if is_64 else 0x3fffffff
    result(told.get("movable") == {"min": START, "max": top,
                                   "align": 0x200000},
           f"{bench.arch}: --dump --json: movable", told)
    text = bench.run("--dump", bench.image).stdout.decode()
    result(f"movable  0x{START:08x} to 0x{top:08x}, by multiples of 0x200000\n"
           in text, f"{bench.arch}: --dump: movable", text)


def check_rules_movable(bench):
    """Rules 16 and 24: what a loader is told is what the stub's words say."""
    good = read(bench.image)
    at, header = elf.multiboot2_header(good)
    tag = at + header.index(struct.pack("<2HI", 10, 1, 24)) + 8
    notes = elf.read_phdrs(good)[0]["offset"]
    note = notes + good[notes:].index(
        elf.note("Xen", 19, b"")[:4] + struct.pack("<2I", 12, 19)) + 16
    places = [(16, tag + 4 * i) for i in range(4)]
    places += [(24, note + 4 * i) for i in range(3)]
    for rule, place in places:
        for change in (-1, 1, 0x200000):
            data = bytearray(good)
            elf.put32(data, place, elf.get32(data, place) + change)
            bench.write(data, bench.output)
            text = bench.run("--verify", bench.output).stderr.decode()
            result(f"rule {rule}: " in text,
                   f"{bench.arch}: rule {rule}: {place:#x}, {change}", text)


def check_refusals(bench):
    """What belongs to another kernel, or is something else."""
    option = "--relocs=" + bench.relocs
    words = bench.words()
    other = "x86_64" if bench.arch == "i386" else "i386"
    for name, message, data in (
            ("odd size", "not a vmlinux.relocs", words + b"\0"),
            ("empty list", "not a vmlinux.relocs", words[4:]),
            ("too many lists", "more than 3 lists", bytes(16) + words),
            ("another architecture", "kernel, and this is",
             bytes(8) + words if bench.arch == "i386" else
             bench.words(bench.lists[:1])),
            ("another kernel", "another kernel",
             bench.words(base=BASE[bench.arch] + START + 0x8000)),
            ("a place below", "another kernel",
             bench.words(base=BASE[bench.arch] + START - 4)),
            ("another build", "no address of this kernel; it belongs to",
             bench.words([[at + 1 for at in places[:-1]]
                          for places in bench.lists])),
            ("a build that differs in its last part", "another build",
             bench.words([[at + 2 * (nr > 280) for nr, at in
                           enumerate(places[:-1])]
                          for places in bench.lists])),
            ("a place twice", "twice", words + words[-4:])):
        bench.write(data)
        bench.refuses(name, message, option, bench.kernel)
    bench.write(words)
    bench.refuses("no file", "No such file", option + ".none", bench.kernel)
    bench.refuses("an image", "and KERNEL is none", option, bench.image)
    bench.refuses("a bzImage", "and KERNEL is none", option,
                  f"{bench.directory}/bzImage.{bench.arch}")
    bench.refuses("a kernel without KASLR", "CONFIG_RANDOMIZE_BASE", option,
                  f"{bench.directory}/plain.{bench.arch}")
    bench.refuses("the wrong kernel", "kernel, and this is", option,
                  f"{bench.directory}/vmlinux.{other}")
    bench.refuses("both options", "not both", option, "--no-relocs",
                  bench.kernel, status=2)
    check_large(bench, option)
    bench.write(words)


def check_large(bench, option):
    """More than there is .bss; a byte in it that is not 0."""
    bench.write(bench.words())
    data = bytearray(read(bench.kernel))
    scratch, bss = (struct.pack("<I", START + at) for at in (0x16000, BSS))
    at = data.index(bss, data.index(b"ELFB")) - elf.STUB_BSS
    result(data[at + elf.STUB_SCRATCH:at + elf.STUB_SCRATCH + 4] == scratch,
           f"{bench.arch}: the word scratch")
    elf.put32(data, at + elf.STUB_SCRATCH, START + BSS + 200)
    with open(bench.output + ".scratch", "wb") as file:
        file.write(data)
    bench.refuses("more than .bss", "too small", option,
                  bench.output + ".scratch")
    path = f"{bench.directory}/bss.{bench.arch}"
    data = bytearray(read(path))
    data[-101] = 1
    with open(bench.output + ".bss", "wb") as file:
        file.write(data)
    bench.refuses("something in .bss", "in its .bss", option,
                  bench.output + ".bss")


def check_rule(bench):
    """Rule 23: an image that is damaged."""
    good = read(bench.image)
    place, size, offset, load = find(good)
    stub = elf.Image(good).stub() - load["paddr"] + load["offset"]
    tests = [
        ("no end", offset + size - 1, 1),
        ("a place outside", offset, 0),
        ("no place", stub + elf.STUB_RELOCS, 0),
        ("below .bss", stub + elf.STUB_RELOCS, START + BSS - 16),
        ("beyond the file", stub + elf.STUB_RELOCS, place + 0x10),
        ("one byte less", stub + elf.STUB_RELOCS_SIZE, size - 1),
        ("of 4 GiB", stub + elf.STUB_RELOCS_SIZE, 0xffffffff),
        ("in scratch memory", stub + elf.STUB_SCRATCH, place + size - 1),
    ]
    for name, at, value in tests:
        data = bytearray(good)
        if at >= offset:
            data[at] = value
            if name == "a place outside":
                data[at:at + 7] = b"\0\0\0" + struct.pack("<I", BSS)
        else:
            elf.put32(data, at, value)
        check, _ = elf.checksum_note(data)
        struct.pack_into("<H", data, check, elf.checksum(data))
        with open(bench.output, "wb") as file:
            file.write(data)
        text = bench.run("--verify", bench.output).stderr.decode()
        result("rule 23: " in text, f"{bench.arch}: rule 23: {name}", text)


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    bench = Bench(*sys.argv[1:])
    bench.write(bench.words())
    check_make(bench)
    check_dump(bench)
    check_movable(bench)
    check_rules_movable(bench)
    check_refusals(bench)
    check_rule(bench)
    if bench.arch == "x86_64":
        # 7.2 has no inverse list.
        bench.write(bench.words([bench.lists[0], bench.lists[2]]))
        check_image(bench, bench.make("--relocs=" + bench.relocs,
                                      bench.kernel), "two lists")
    sys.exit(subtest.failed)


main()
