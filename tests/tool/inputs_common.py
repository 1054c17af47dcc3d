# SPDX-License-Identifier: GPL-2.0
"""
What the parts of inputs.py share: how people compress files, and what the tool makes
of one.
"""

import os
import subprocess

import elf

MIB = 1 << 20

# What people type; the last two are of several streams.
COMMANDS = {
    "gzip": "gzip -c",
    "bzip2": "bzip2 -c",
    "xz": "xz -c",
    "xz, no sum": "xz -c --check=none",
    "xz, multithreaded": "xz -c -T2 --block-size=4096",
    "lzma": "xz --format=lzma -c",
    "lzo": "lzop -c",
    "lz4-frame": "lz4 -c -",
    "lz4-frame, linked": "lz4 -c -BD -B4 --content-size -",
    "lz4": "lz4 -l -c -",
    "zstd": "zstd -c",
    "zstd, long": "zstd -c --long=27 --ultra -20",
}
# With a sum of what is in it. (Of lz4's legacy format and lzma there is none.)
SUMMED = ("gzip", "bzip2", "xz", "lzo", "lz4-frame", "zstd")
SEVERAL = ("gzip", "bzip2", "xz", "zstd", "lz4", "lz4-frame")


def pack(command, data):
    """Compressed."""
    return subprocess.run(command.split(), input=data, check=True,
                          capture_output=True).stdout


def write(path, data):
    """A file; its name."""
    with open(path, "wb") as file:
        file.write(data)
    return path


def made_of(judge, data, *options):
    """What the tool makes of it, and what it says."""
    out = judge.output_dir + "/made"
    run = judge.run("--quiet", *options, write(judge.input, data), out)
    made = elf.read(out) if not run.returncode else b""
    if os.path.exists(out):
        os.unlink(out)
    return made, run.stderr
