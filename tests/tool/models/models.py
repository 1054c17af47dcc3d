#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: models.py DIRECTORY [IMAGE...]

Which loaders take an image, what they load and where they jump, by models of
their sources. DIRECTORY has small images, as make_images of run.sh makes them;
IMAGEs are put to all loaders as well. Then one image is changed in one place
at a time: every model must say what its table has, and have said every reason
that it knows at the end.
"""

import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..")]
# pylint: disable=wrong-import-position
import elf                      # noqa: E402
import subtest                  # noqa: E402
import etherboot                # noqa: E402
import flash                    # noqa: E402
import grub                     # noqa: E402
import ipxe                     # noqa: E402
import kexec                    # noqa: E402
import legacy                   # noqa: E402
import qemu                     # noqa: E402
import syslinux                 # noqa: E402
import uboot                    # noqa: E402
from changes import CHANGES, MULTIBOOT_CHANGES, NOT_SIGNED  # noqa: E402
from common import (ELF32, ELF64, PT_LOAD, PT_NOTE, Refused,  # noqa: E402
                    View, plain)
from layout import (NEW, OLD, sign, two_faced, without_face,  # noqa: E402
                    without_multiboot)
from memory import memory       # noqa: E402
from says import ANY, ENTRY, MEMORY, says  # noqa: E402

MODULES = (grub, legacy, syslinux, kexec, flash, etherboot, uboot, ipxe, qemu)
MODELS = [model for module in MODULES for model in module.MODELS]
IMAGES = ("elfImage.x86_64", "elfImage.i386", "zelfImage.x86_64",
          "zelfImage.i386", "composed", "composed-vmlinux")
GOOD = "composed-vmlinux"       # that is changed
TAKEN, MANY = "taken", 64       # segments, and then they are garbage


def stub(data):
    """The address in Xen's note, the first one."""
    note = View(data).phdrs[0]
    return next(elf.get32(desc, 0) for _, _, desc, _ in elf.read_notes(
        data[note.offset:note.offset + note.filesz]))


def expected(model, data, good):
    """What should be in memory, and the entry, by the program headers where
    a good image has them."""
    view, head = View(data, kind=ELF32), View(good).head
    view.head.phoff, view.head.phnum = head.phoff, head.phnum
    loads = plain(view.loads)
    return loads, (stub(good) if model.entry is qemu.pvh else
                   view.head.entry)


def verdict(model, data, good, seen=None):
    """What a loader makes of a file."""
    try:
        loads, entry = model.load(data)
    except Refused as refused:
        if seen is not None:
            seen.add(refused.row)
        return str(refused)
    want, want_entry = expected(model, data, good)
    if len(loads) > MANY:
        return MEMORY
    if loads != want and memory(data, loads) != memory(data, want):
        return MEMORY
    return TAKEN if entry == want_entry else ENTRY


def for_model(model, data):
    """Who knows multiboot would use it."""
    if model.multiboot:
        return data
    return without_multiboot(data)


def compare(data, name, exceptions=()):
    """What all of them make of an image; exceptions: those that say
    something else."""
    wrong = []
    for model in MODELS:
        if model.multiboot and elf.multiboot_header(data) is None:
            continue
        image = for_model(model, data)
        want = dict(exceptions).get(model.name, model.never or TAKEN)
        found = verdict(model, image, image)
        if found != want:
            wrong.append(f"{model.name}: {found}, not {want}")
    subtest.result(not wrong, f"{name}: {len(MODELS)} loaders",
                   "\n".join(wrong))


def check_face(data, name):
    """The ELF64 reading is that of ELF32."""
    wide = View(data, kind=ELF64)
    null, *phdrs = wide.phdrs
    good = not any(vars(null).values()) and wide.head.phoff >= 64 and \
        [phdr.type for phdr in phdrs] == \
        [PT_NOTE] + [PT_LOAD] * (len(phdrs) - 1) and \
        plain(phdrs) == plain(View(data).phdrs)
    subtest.result(good, f"{name}: the same, read as ELF64")


def check_image(path):
    """An image, as it is and in other layouts."""
    name, data = os.path.basename(path), elf.read(path)
    if View(data).head.phoff == OLD:
        name, data = f"{name}, two-faced", two_faced(data)
    compare(data, name)
    check_face(data, name)
    old = elf.layout_3_0(data)
    refusing = {model.name: grub.NO_SHOFF for model in MODELS
                if model.name.startswith(("GRUB 2.12", "GRUB 2.14"))}
    compare(old, f"{name}: old layout", refusing)
    compare(without_face(data), f"{name}: without ELF64")
    subtest.result(two_faced(old) == data, f"{name}: old layout and back")


def check_model(model, good):
    """A model and all changes."""
    changes = {**CHANGES, **(MULTIBOOT_CHANGES if model.multiboot else {})}
    good = for_model(model, good)
    table, seen, wrong = says(model), set(), []
    for name in set(table) - set(CHANGES) - set(MULTIBOOT_CHANGES):
        wrong.append(f"{name}: there is no such change")
    for name, change in changes.items():
        data = bytearray(good)
        change(data)
        if name not in NOT_SIGNED:
            sign(data)
        want = table.get(name, model.never or TAKEN)
        found = verdict(model, data, good, seen)
        if want not in (found, ANY):
            wrong.append(f"{name}: {found}, not {want}")
    subtest.result(not wrong, f"{model.name}: {len(changes)} changed files",
                   "\n".join(wrong))
    unseen = [reason for row, (reason, _) in enumerate(model.rows)
              if row not in seen]
    subtest.result(not unseen, f"{model.name}: every reason was seen",
                   "not seen: " + ", ".join(unseen))


def main():
    """As the usage says."""
    if len(sys.argv) < 2:
        sys.exit(__doc__.strip())
    directory, *images = sys.argv[1:]
    for name in IMAGES:
        check_image(f"{directory}/{name}")
    for path in images:
        check_image(path)
    good = elf.read(f"{directory}/{GOOD}")
    if View(good).head.phoff != NEW:
        good = two_faced(good)
    for model in MODELS:
        check_model(model, good)
    sys.exit(subtest.failed)


main()
