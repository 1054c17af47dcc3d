#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: relocs-kernel.py DIRECTORY

The relocations of a real kernel, build/KERNEL/ARCH: those in its elfImage are
those that its bzImage has, all of them, and no more than they may be.
"""

import sys

import elf
import relocs_model
import subtest
from elf import read
from subtest import result


def main():
    """As the usage says."""
    if len(sys.argv) != 2:
        sys.exit(__doc__.strip())
    directory = sys.argv[1]
    arch = directory.rsplit("/", 1)[1]
    words = read(directory + "/kbuild/arch/x86/boot/compressed/vmlinux.relocs")
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
        result(size <= len(data) // 200, f"{arch}: {name}: {size} bytes, "
               "1/200 of the file at most")
    sys.exit(subtest.failed)


main()
