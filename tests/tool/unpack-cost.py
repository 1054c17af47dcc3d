#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: unpack-cost.py MKELFIMAGE BZIMAGE DIRECTORY

What "mkelfImage --unpack" of a real kernel costs, whatever it is compressed by, against
the program that unpacks the same payload into a file: CPU time, the least of some runs
of each in turn, and the most memory at a time against what is unpacked. BZIMAGE is
compressed by gzip; the others are made of it.
"""

import gzip
import struct
import subprocess
import sys

import bzimage
import subtest
from elf import read
from subtest import result

RUNS = 9
TIMES_PROGRAM = 1.5
TIMES_SIZE = 3

# How the kernel's scripts/Makefile.lib compresses; what unpacks it.
FORMS = {
    "gzip": (None, ["gzip", "-dc"]),
    "xz": (["xz", "-c", "--check=crc32", "--x86", "--lzma2=dict=32MiB"],
           ["xz", "-dc"]),
    "lzma": (["xz", "--format=lzma", "-c", "-9"], ["xz", "--format=lzma", "-dc"]),
    "zstd": (["zstd", "-c", "-10"], ["zstd", "-dc"]),
}

RUN = """
import os, sys
pid = os.posix_spawnp(sys.argv[2], sys.argv[2:], os.environ, file_actions=[(
    os.POSIX_SPAWN_OPEN, 1, sys.argv[1], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)])
_, status, usage = os.wait4(pid, 0)
print(status, usage.ru_utime + usage.ru_stime, usage.ru_maxrss)
"""


def payload_of(data):
    """Offset in the file, and bytes."""
    at = len(data) - len(bzimage.code(data)) + bzimage.get(data, "payload_offset")
    return at, bzimage.get(data, "payload_length")


def with_payload(data, payload):
    """The same kernel, compressed in another way."""
    at, size = payload_of(data)
    out = bytearray(data[:at] + payload + data[at + size:])
    out += bytes(-len(out) % 16)
    bzimage.put(out, payload_length=len(payload), syssize=(
        len(out) - len(data) + len(bzimage.code(data))) // 16)
    return bytes(out)


def run(args, output):
    """CPU seconds and the most KiB at a time of a program that writes a file. What
    starts it counts as well, so that is a program that has little."""
    words = subprocess.run([sys.executable, "-c", RUN, output, *args], check=True,
                           capture_output=True, text=True).stdout.split()
    if int(words[0]):
        sys.exit(f"{args[0]}: status {words[0]}")
    return float(words[1]), int(words[2])


def measure(tool, form, kernel, directory, size):
    """One form."""
    image, packed = directory + "/kernel", directory + "/payload"
    at, length = payload_of(kernel)
    with open(image, "wb") as file:
        file.write(kernel)
    with open(packed, "wb") as file:
        # Behind all but gzip's is the size.
        file.write(kernel[at:at + length - (0 if form == "gzip" else 4)])
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(run([tool, "--quiet", "--unpack", image,
                         directory + "/unpacked"], "/dev/null"))
        theirs.append(run([*FORMS[form][1], packed], directory + "/plain"))
    seconds, program = (min(row[0] for row in rows) for rows in (ours, theirs))
    peak = max(row[1] for row in ours) * 1024
    result(seconds <= TIMES_PROGRAM * program,
           f"{form}: time: {seconds / program:.2f} times that of "
           f"{FORMS[form][1][0]}, {TIMES_PROGRAM} at most",
           f"{seconds:.3f} s, {program:.3f} s")
    result(peak <= TIMES_SIZE * size,
           f"{form}: memory: {peak / size:.2f} times what is unpacked, "
           f"{TIMES_SIZE} at most", f"{peak} bytes, {size} bytes")


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    tool, kernel, directory = sys.argv[1:]
    data = read(kernel)
    at, length = payload_of(data)
    plain = gzip.decompress(data[at:at + length])
    for form, (command, _) in FORMS.items():
        packed = data
        if command:
            payload = subprocess.run(command, input=plain, check=True,
                                     capture_output=True).stdout
            packed = with_payload(data, payload + struct.pack("<I", len(plain)))
        measure(tool, form, packed, directory, len(plain))
    sys.exit(subtest.failed)


main()
