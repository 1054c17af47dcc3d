#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: speed.py MKELFIMAGE VMLINUX DIRECTORY [MIB]

How long mkelfImage takes, measured against cp of as many bytes and sync, as it
brings its file to the disk before it gets its name; and how much memory of its
own it needs; without an initrd and with one of 100 MiB. VMLINUX
is made MIB larger first: one of make-vmlinux.py, with room for one more program
header.
"""

import os
import resource
import struct
import statistics
import subprocess
import sys
import time

RUNS = 5
TIMES_CP = 5
KIB_AT_MOST = 16 * 1024
INITRD = 100 * 2 ** 20


def seconds(command, output):
    """How long a command takes to make a new file."""
    if os.path.exists(output):
        os.unlink(output)
    start = time.monotonic()
    subprocess.run(command, check=True)
    return time.monotonic() - start


def medians(*pairs):
    """Of some runs of each command, in turn, as what else the machine does
    comes and goes; one before them fills the caches."""
    rounds = [[seconds(*pair) for pair in pairs] for _ in range(RUNS + 1)]
    return [statistics.median(column) for column in zip(*rounds[1:])]


def runs_within(command, kib):
    """Does it run with so much private writable memory?"""
    def limit():
        resource.setrlimit(resource.RLIMIT_DATA, (kib * 1024, kib * 1024))
    run = subprocess.run(command, preexec_fn=limit, check=False,
                         stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL)
    return run.returncode == 0


def memory(command):
    """The power of two in KiB within which it runs."""
    kib = 64
    while kib < 1024 * 1024 and not runs_within(command, kib):
        kib *= 2
    return kib


def measure(make, image, copy, name):
    """One command, against cp: whether it is fast and small."""
    ours, cp = medians((make, image), (
        ["sh", "-c", 'cp --reflink=never "$1" "$2" && sync "$2"', "sh",
         image, copy], copy))
    kib = memory(make)
    print(f"{name}: mkelfImage {ours * 1000:.1f} ms, cp and sync {cp * 1000:.1f} ms "
          f"for {os.path.getsize(image)} bytes; medians of {RUNS}")
    fast, small = ours <= TIMES_CP * cp, kib <= KIB_AT_MOST
    print("ok" if fast else "not ok",
          f"{name}: time: {ours / cp:.1f} times that of cp and sync, {TIMES_CP} at most")
    print("ok" if small else "not ok",
          f"{name}: memory: runs within {kib} KiB, {KIB_AT_MOST} at most")
    return fast and small


def blocks(count):
    """So many MiB, no two the same."""
    for block in range(count):
        yield bytes(((block + 1) % 256,)) * 2 ** 20


def grow(vmlinux, output, mib):
    """Copy an ELF64, with one more PT_LOAD behind the others."""
    with open(vmlinux, "rb") as file:
        data = bytearray(file.read())
    number = struct.unpack_from("<H", data, 56)[0]
    size = mib * 2 ** 20
    end = max(paddr + memsz for kind, paddr, memsz in (
        struct.unpack_from("<I20xQ8xQ", data, 64 + 56 * i)
        for i in range(number)) if kind == 1)
    struct.pack_into("<H", data, 56, number + 1)
    struct.pack_into("<2I6Q", data, 64 + 56 * number, 1, 6, len(data), 0, end,
                     size, size, 4096)
    with open(output, "wb") as file:
        file.write(data)
        for block in blocks(mib):
            file.write(block)


def main():
    """As the usage says."""
    if len(sys.argv) not in (4, 5):
        sys.exit(__doc__.strip())
    tool, vmlinux, directory = sys.argv[1:4]
    large = directory + "/vmlinux.large"
    if len(sys.argv) == 5:
        grow(vmlinux, large, int(sys.argv[4]))
        vmlinux = large
    image, copy = directory + "/elfImage", directory + "/copy"
    initrd = directory + "/initrd"
    good = measure([tool, vmlinux, image], image, copy, "vmlinux")
    with open(initrd, "wb") as file:
        for block in blocks(INITRD >> 20):
            file.write(block)
    good &= measure([tool, "--initrd=" + initrd, vmlinux, image], image, copy,
                    "with an initrd")
    for path in image, copy, initrd, large:
        if os.path.exists(path):
            os.unlink(path)
    sys.exit(not good)


main()
