#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: relocs-kernel.py DIRECTORY DOCUMENT

The relocations of a real kernel, build/KERNEL/ARCH: those in its elfImage are
those that its bzImage has, all of them, and no more than they may be. And the
number of places where it can be is what DOCUMENT says of it.
"""

import math
import re
import sys

import elf
import relocs_model
import subtest
from elf import read
from subtest import result


GIB = 1 << 30


def bits(room, size, align):
    """Of the number of places."""
    return f"{math.log2(1 + (room - size) // align):.1f} bits"


def check_bits(arch, word, document):
    """The table in section 8.2: 3 GiB of RAM, or 512 MiB, behind the image."""
    start, end = word(elf.STUB_START), word(elf.STUB_END)
    size, align = end - start, word(elf.STUB_ALIGN)
    top = 3 * GIB if arch == "x86_64" else word(elf.STUB_IMAGE_MAX)
    want = [bits(top - elf.up(end, align), size, align)]
    if arch == "x86_64":
        want.insert(0, bits(word(elf.STUB_IMAGE_MAX) - start, size, align))
    row = re.search(rf"^elfImage, {arch} .*$", document, re.M)
    have = re.findall(r"[0-9.]+ bits", row[0]) if row else None
    result(have == want, f"{arch}: {' and '.join(want)}, says the document",
           have)


def main():
    """As the usage says."""
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    directory = sys.argv[1]
    document = read(sys.argv[2]).decode()
    arch = directory.rsplit("/", 1)[1]
    words = read(directory + "/vmlinux.relocs")
    for name in ("elfImage", "elfImage-without-multiboot"):
        data = read(f"{directory}/{name}")
        load = elf.read_phdrs(data)[1]
        stub = elf.Image(data).stub() - load["paddr"] + load["offset"]
        at = (elf.get32(data, stub + elf.STUB_RELOCS) - load["paddr"] +
              load["offset"])
        size = elf.get32(data, stub + elf.STUB_RELOCS_SIZE)
        base = load["paddr"] + (0x80000000 if arch == "x86_64" else 0xc0000000)
        want = relocs_model.read_words(words, base)
        result(size and relocs_model.decode(data[at:at + size], len(want)) ==
               want, f"{arch}: {name}: {sum(map(len, want))} relocations")
        most = 200 if arch == "x86_64" else 60
        result(size <= len(data) // most, f"{arch}: {name}: {size} bytes, "
               f"1/{most} of the file at most")
    check_bits(arch, lambda word: elf.get32(data, stub + word), document)
    sys.exit(subtest.failed)


main()
