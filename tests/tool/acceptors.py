#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: acceptors.py KERNELS DIRECTORY

What loaders of virtual machines that cannot run here would do with our files:
Firecracker and cloud-hypervisor (linux-loader), and Xen with a PVH domain.
KERNELS has an x86_64 and an i386 directory with vmlinux, elfImage and
elfImage-without-multiboot; DIRECTORY has small ones, vmlinux.x86_64 and
vmlinux.i386 of make-vmlinux.py, which are changed to break every rule once.
Where Xen's own library is installed, it is asked about every file as well.
"""

import platform
import re
import subprocess
import sys

from elf import PT_LOAD
from vmm.changes import (BAD_SIZE, CHANGED, CHANGED_32, IMAGES, MORE_MEMORY,
                         UNKNOWN, Vmlinux, all_say)
from vmm.headers import EHDR_SIZE, ELF32, MIB, REASONS, Refused
from vmm.linux_loader import cloud_hypervisor, firecracker, firecracker_next
from vmm.xen import XEN_LIBRARY, Libelf, XenLibrary, xen

PROGRAMS = {"Firecracker": firecracker,
            "linux-loader after 0.14": firecracker_next,
            "cloud-hypervisor": cloud_hypervisor,
            "Xen": xen}


class Judge:
    """Puts files to the programs and keeps the score."""

    def __init__(self):
        self.failed = False
        self.seen = set()
        self.library = None
        if platform.machine() == "x86_64":
            try:
                self.library = XenLibrary()
            except OSError:
                pass

    def result(self, good, name, *details):
        """One subtest."""
        if not good:
            for detail in details:
                print("  " + str(detail).strip().replace("\n", "\n  "))
            self.failed = True
        print("ok" if good else "not ok", name)

    def file(self, data, name, expected, addresses, size=128 * MIB):
        """What every program does with a file."""
        wrong = []
        for (program, accept), wanted in zip(PROGRAMS.items(), expected):
            try:
                verdict = accept(data, size)
            except Refused as refused:
                verdict = str(refused)
                self.seen.add(verdict)
            wanted = wanted.format(**addresses)
            if verdict != wanted and wanted != UNKNOWN:
                wrong.append(f"{program}: {verdict}, not {wanted}")
        if self.library:
            verdict = self.library.verdict(data)
            wanted = self.library.expected(data)
            if verdict != wanted:
                wrong.append(f"{XEN_LIBRARY}: {verdict}, not {wanted}")
        self.result(not wrong, name, *wrong)

    def changed(self, path, name, change, expected, size=128 * MIB):
        """What they do with a changed file."""
        with open(path, "rb") as file:
            image = Vmlinux(file.read())
        addresses = {"stub": image.stub, "entry": image.entry}
        change(image)
        self.file(bytes(image.data), name, expected, addresses, size)


def output_of(*command):
    """What a program prints."""
    return subprocess.run(command, capture_output=True, text=True,
                          check=True).stdout


def stub_address(path):
    """Physical address of the stub, by nm and by the PT_LOAD that it is
    in."""
    symbols = output_of("nm", path)
    stub = int(re.search(r"^(\w+) . elfboot_stub$", symbols, re.M)[1], 16)
    with open(path, "rb") as file:
        data = file.read()
    image = Libelf(data)
    return next(stub - phdr["vaddr"] + phdr["paddr"]
                for phdr in image.phdrs() if phdr["type"] == PT_LOAD and
                phdr["vaddr"] <= stub < phdr["vaddr"] + phdr["filesz"])


def xen_note_by_readelf(path):
    """Addresses in Xen's notes."""
    found = re.findall(r"^  Xen +0x\w+\s.*\(0x0*12\)\s+"
                       r"description data: ([0-9a-f ]+)$",
                       output_of("readelf", "-nW", path), re.M)
    return [int.from_bytes(bytes.fromhex(text), "little") for text in found]


def check_images(judge, kernels):
    """The real files."""
    stubs = {}
    for arch, name, expected in IMAGES:
        path = f"{kernels}/{arch}/{name}"
        if arch not in stubs:
            stubs[arch] = stub_address(f"{kernels}/{arch}/vmlinux")
        notes = xen_note_by_readelf(path)
        if name == "zelfImage":         # it has a stub of its own
            stubs[arch] = notes[0]
        judge.result(notes == [stubs[arch]],
                     f"{arch}: {name}: one Xen note, with the stub's address",
                     f"stub {stubs[arch]:#x}, notes {notes}")
        entry = re.search(r"Entry point address: +(0x\w+)",
                          output_of("readelf", "-hW", path))[1]
        with open(path, "rb") as file:
            data = file.read()
        verdicts = [verdict.split()[0] for verdict in expected]
        if name != "vmlinux":
            alone = data[:EHDR_SIZE[ELF32]] + bytes(12) + data[64:]
            judge.file(alone, f"{arch}: {name}, ELF32 alone: refused",
                       BAD_SIZE, {"stub": stubs[arch], "entry": 0})
        judge.file(data, f"{arch}: {name}: " + ", ".join(
            f"{program}: {verdict}" for program, verdict in
            zip(PROGRAMS, verdicts)), expected,
                   {"stub": stubs[arch], "entry": int(entry, 16)})


def main():
    """As the usage says."""
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    kernels, directory = sys.argv[1:]
    judge = Judge()
    if not judge.library:
        print(f"skip ask Xen's library # there is no {XEN_LIBRARY}")

    check_images(judge, kernels)
    wide, narrow = (f"{directory}/vmlinux.{arch}" for arch in
                    ("x86_64", "i386"))
    for name, change, expected in CHANGED:
        judge.changed(wide, f"changed: {name}", change, expected)
    for mib, name, paddr, expected in MORE_MEMORY:
        def change(image, paddr=paddr):
            image.add_phdr(1, paddr=paddr)
        judge.changed(wide, f"changed: {mib} MiB, PT_LOAD at {name}", change,
                      expected, mib * MIB)
    for name, change, expected in CHANGED_32:
        judge.changed(narrow, f"changed, i386: {name}", change,
                      all_say("InvalidProgramHeaderSize", expected))
    judge.result(judge.seen == set(REASONS), "every reason was seen",
                 f"not seen: {sorted(set(REASONS) - judge.seen)}")
    sys.exit(judge.failed)


main()
