#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: inputs.py MKELFIMAGE PLAIN DIRECTORY

What people have on disk instead of a kernel: files that are compressed (here), unified
kernel images, packages (inputs_*.py). mkelfImage is the one with all libraries;
DIRECTORY has the small kernels of run.sh and of make-packed.py.
"""

import os
import struct
import subprocess
import sys
import time
import zlib

import elf
import subtest
from inputs_changed import test_changed
from inputs_common import COMMANDS, MIB, SEVERAL, SUMMED, made_of, pack, write
from inputs_packages import test_packages, test_real_packages
from inputs_said import test_hostile, test_progress, test_remarks
from inputs_unified import test_systemd, test_unified, test_unified_refused
from mkelfimage import Judge
from subtest import result

KERNELS = ("vmlinux.x86_64", "plain.i386", "bzImage.i386", "elfImage.x86_64",
           "packed.x86_64.xz", "composed")


def test_compressed(judge, directory):
    """The same image as from the file that has been compressed."""
    for kernel in KERNELS:
        data = elf.read(f"{directory}/{kernel}")
        want, said = made_of(judge, data)
        result(want and not said, f"{kernel}: taken", said)
        for name, command in COMMANDS.items():
            made, said = made_of(judge, pack(command, data))
            result(made == want and not said, f"{kernel}, {name}", said)
        for name in SEVERAL:
            half = len(data) // 2
            made, said = made_of(judge, pack(COMMANDS[name], data[:half]) +
                                 pack(COMMANDS[name], data[half:]))
            result(made == want and not said, f"{kernel}, {name}, two streams",
                   said)
    made, _ = made_of(judge, pack("xz -c", elf.read(
        f"{directory}/packed.x86_64.gzip")), "--unpack")
    want, _ = made_of(judge, elf.read(f"{directory}/packed.x86_64.lzo"),
                      "--unpack")
    result(made and made == want, "a compressed bzImage, with --unpack")
    run = subprocess.run(
        [judge.tool, "-q", "-", "-"], check=False, capture_output=True,
        input=pack("gzip -c", elf.read(f"{directory}/bzImage.i386")))
    want, _ = made_of(judge, elf.read(f"{directory}/bzImage.i386"))
    result(run.stdout == want,
           "compressed, from a pipe", run.stderr)


def test_damaged(judge, directory):
    """Cut anywhere, or with a byte changed, or with something behind it."""
    data = elf.read(f"{directory}/bzImage.i386")
    for name in COMMANDS:
        codec = name.split(",")[0]
        packed = pack(COMMANDS[name], data)
        wrong = []
        step = len(packed) // 20
        for size in (*range(16, len(packed) - 1, step), len(packed) - 1):
            made, said = made_of(judge, packed[:size])
            # lz4's legacy format may end behind any block: the kernel is short.
            if made or said.count("\n") != 1:
                wrong.append((size, said))
        result(not wrong, f"{name}: cut", wrong)
        judge.refuse(f"{name}: with something behind it",
                     packed + b"behind", "damaged")
        if codec not in SUMMED or name == "xz, no sum":
            continue
        wrong = []
        want, _ = made_of(judge, data)
        for at in range(16, len(packed), step - 1):
            lie = bytearray(packed)
            lie[at] ^= 0x10
            made, said = made_of(judge, lie)
            # A byte of a file's name or the like is nothing to look at.
            if made not in (b"", want) or (not made and
                                           said.count("\n") != 1):
                wrong.append((at, said))
        result(not wrong, f"{name}: bytes changed", wrong)
    judge.refuse("compressed twice", pack("gzip -c", pack("xz -c", data)),
                 "twice, by gzip and before that by xz")
    judge.refuse("compressed, an initrd", pack("zstd -c", b"070701" + bytes(99)),
                 "an initrd")
    for name in ("gzip", "xz", "zstd", "bzip2", "lz4-frame"):
        judge.refuse(f"{name} of nothing", pack(COMMANDS[name], b""),
                     "nothing is in it")


def test_padded(judge, directory):
    """gzip takes zeros behind a file for the rest of a block, and nothing else."""
    data = elf.read(f"{directory}/bzImage.i386")
    packed = pack("gzip -c", data)
    want, _ = made_of(judge, data)
    for size in (1, 511, 10240):
        made, said = made_of(judge, packed + bytes(size))
        result(made == want and not said, f"gzip: {size} zeros behind it", said)
    judge.refuse("gzip: zeros, and a byte behind them",
                 packed + bytes(511) + b"x", "damaged")
    judge.refuse("gzip: zeros, and a file behind them",
                 packed + bytes(512) + packed, "damaged")


def peak(judge, data):
    """A run's status, what it said, and its memory in MiB."""
    reader, writer = os.pipe()
    args = [judge.tool, write(judge.input, data), judge.output]
    pid = os.posix_spawn(args[0], args, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, writer, 2), (os.POSIX_SPAWN_CLOSE, reader)])
    os.close(writer)
    with os.fdopen(reader) as file:
        said = file.read()
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), said, usage.ru_maxrss // 1024


def test_bombs(judge):
    """A file of 128 MiB of zeros gets no more memory than a kernel of that size."""
    zeros = bytes(64 * MIB)
    _, _, base = peak(judge, b"\x1f\x8b")
    for name in ("gzip", "bzip2", "xz", "lzma", "lzo", "lz4-frame", "lz4",
                 "zstd"):
        with subprocess.Popen(COMMANDS[name].split(), stdin=subprocess.PIPE,
                              stdout=open(judge.input + ".bomb", "wb")) as run:
            for _ in range(2):
                run.stdin.write(zeros)
        bomb = elf.read(judge.input + ".bomb")
        status, said, used = peak(judge, bomb)
        most = base + max(64, 64 * len(bomb) // MIB) + 90
        result(status == 1 and said.count("\n") == 1 and
               "would unpack to more than" in said and used < most,
               f"{name}: a bomb of {len(bomb)} bytes: {used - base} MiB used",
               said)
    os.unlink(judge.input + ".bomb")


def test_large_bomb(judge):
    """2 GiB of zeros take neither much memory nor much time."""
    zeros = bytes(64 * MIB)
    _, _, base = peak(judge, b"\x1f\x8b")
    for name, more in (("of unknown size", []),
                       ("that says so", [f"--stream-size={2048 * MIB}"])):
        with open(judge.input + ".bomb", "wb") as file, \
             subprocess.Popen(["zstd", "-1", "-c", *more], stdout=file,
                              stdin=subprocess.PIPE) as run:
            for _ in range(32):
                run.stdin.write(zeros)
        bomb = elf.read(judge.input + ".bomb")
        start = time.monotonic()
        status, said, used = peak(judge, bomb)
        seconds = time.monotonic() - start
        result(status == 1 and said.count("\n") == 1 and
               "would unpack to more than 64 MiB" in said and
               used < base + 64 + 90 and seconds < 20,
               f"zstd: 2 GiB {name}",
               f"{len(bomb)} bytes, {used - base} MiB, {seconds:.1f} s: {said}")
    os.unlink(judge.input + ".bomb")


def test_memory(judge, directory):
    """A dictionary larger than a kernel can need is not reserved."""
    data = elf.read(f"{directory}/bzImage.i386")
    lzma = bytearray(pack(COMMANDS["lzma"], data))
    struct.pack_into("<I", lzma, 1, 1 << 30)
    judge.refuse("lzma: a dictionary of 1 GiB", lzma, "memory")
    packed = bytearray(pack("xz -c", data))
    # The block's header, .xz file format 1.1.0, 3.1: one filter, LZMA2; its
    # dictionary: 36 is 1 GiB.
    size = 4 * (packed[12] + 1)
    at = packed.index(b"\x21\x01", 12, 12 + size) + 2
    packed[at] = 36
    struct.pack_into("<I", packed, 12 + size - 4,
                     zlib.crc32(packed[12:12 + size - 4]))
    judge.refuse("xz: a dictionary of 1 GiB", packed, "memory")


def test_little_memory(judge, plain):
    """By a tool without sanitizers, which need much of it themselves."""
    # 160 MiB, less than 64 times the file, where there are no more than 180 MB.
    large = pack("gzip -c", os.urandom(3 * MIB) + bytes(157 * MIB))
    run = subprocess.run(["sh", "-c", 'ulimit -v 180000; exec "$@"', "sh",
                          plain, write(judge.input, large),
                          judge.output],
                         capture_output=True, text=True, check=False)
    result(run.returncode == 1 and "takes more memory" in run.stderr,
           "gzip: less memory than there may be in it", run.stderr)


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    tool, plain, directory = sys.argv[1:]
    judge = Judge(tool, directory)
    test_compressed(judge, directory)
    test_damaged(judge, directory)
    test_padded(judge, directory)
    test_bombs(judge)
    test_large_bomb(judge)
    test_memory(judge, directory)
    test_little_memory(judge, plain)
    test_unified(judge, directory)
    test_unified_refused(judge, directory)
    test_systemd(judge, directory)
    test_packages(judge)
    test_real_packages(judge, directory)
    test_remarks(judge, directory)
    test_hostile(judge, directory)
    test_progress(judge, directory)
    test_changed(judge, plain, directory)
    sys.exit(subtest.failed or judge.failed)


if __name__ == "__main__":
    main()
