#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: examples.py DOCUMENT EXAMPLES DIRECTORY [BLOCK...]

The document's examples byte by byte against our own code (EXAMPLES, of
examples.c) and against a second implementation (bootnotes.py); and blocks that
other programs have made.
"""

import os
import re
import struct
import subprocess
import sys

import bootnotes

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "tool"))
import relocs_model                                             # noqa: E402
import subtest                                                  # noqa: E402
from subtest import result                                      # noqa: E402


# What is in the standard notes of blocks that others have made, in order.
FOREIGN = {
    "5.4.4": "Etherboot 5.4.4+ PCBIOS /x.elf ",
    "2.0.25-i386": "kexec 2.0.25 console=ttyS0,115200 quiet",
}


def examples(text):
    """Name: bytes, of ".. example: NAME" and the literal block behind it."""
    found = {}
    for name, body in re.findall(
            r"^\.\. example: (\S+)\n\n::\n\n((?:    .*\n)+)", text, re.M):
        data = b""
        for line in body.splitlines():
            offset, _, row = line.strip().partition("  ")
            assert int(offset, 16) == len(data), line
            data += bytes.fromhex(row)
        found[name] = data
    return found


class Ours:
    """The program."""

    def __init__(self, program, directory):
        self.program = program
        self.path = directory + "/example.bin"

    def relocate(self, data):
        """What the other program makes of a kernel of zeros."""
        with open(self.path, "wb") as file:
            file.write(data)
        return subprocess.run([self.program + "-relocs", self.path],
                              capture_output=True, check=False).stdout

    def run(self, verb, data=None):
        """Its output."""
        words = [self.program, verb]
        if data is not None:
            with open(self.path, "wb") as file:
                file.write(data)
            words.append(self.path)
        return subprocess.run(words, capture_output=True,
                              check=False).stdout


def listing(notes):
    """As the program prints them."""
    return "".join(f"{name.rstrip(bytes(1)).decode()} {kind:#x} {desc.hex()}\n"
                   for name, kind, desc in notes).encode()


def check_notes(ours, block):
    """Section 4.4."""
    result(ours.run("notes") == block, "4.4: our producer", block.hex())
    result(bootnotes.example_notes() == block, "4.4: the second producer")
    notes = bootnotes.read_block(block)
    result(ours.run("verify", block) == listing(notes),
           "4.4: our verifier and the second one", notes)
    agreed = 0
    for at in range(len(block)):
        for bit in 1, 0x80:
            damaged = bytearray(block)
            damaged[at] ^= bit
            try:
                seen = listing(bootnotes.read_block(bytes(damaged)))
            except (bootnotes.Corrupt, struct.error):
                seen = b"corrupt\n"
            agreed += seen == ours.run("verify", damaged) == b"corrupt\n"
    result(agreed == 2 * len(block),
           f"4.4: {agreed} of {2 * len(block)} damaged blocks are refused")


def check_checksum(ours, data, text):
    """Section 5.1."""
    total = bootnotes.elf_checksum(data)
    result(ours.run("checksum", data) == b"%#06x\n" % total,
           "5.1: our checksum and the second one", hex(total))
    result(f"checksum is 0x{total:04x}, at 0xa8" in text and
           struct.unpack_from("<H", data, 0xa8)[0] == total,
           "5.1: what the document says", hex(total))
    result(bootnotes.example_elf() == data, "5.1: the file")


def check_relocs(ours, data, text):
    """Section 6.4."""
    lists = relocs_model.decode(data, 3)
    said = re.search(r"places ([^;]*) of 32 bits, and ([^;]*)\sof 64 bits",
                     text)
    result(said and lists == [
        [int(place, 16) for place in re.findall(r"0x[0-9a-f]+", said[1])], [],
        [int(place, 16) for place in re.findall(r"0x[0-9a-f]+", said[2])]],
           "6.4: what the document says", lists)
    kernel = bytearray(512)
    relocs_model.apply(kernel, lists, 0x1000000)
    result(ours.relocate(data) == kernel, "6.4: our decoder and the second one")
    result(not ours.relocate(data[:-1]), "6.4: cut, it is refused")


def check_foreign(ours, path):
    """Somebody else's block."""
    with open(path, "rb") as file:
        block = file.read()
    name = os.path.basename(path)
    try:
        notes = bootnotes.read_block(block)
    except bootnotes.Corrupt as why:
        result(False, name, why)
        return
    result(ours.run("verify", block) == listing(notes), name, notes)
    texts = " ".join(desc.rstrip(b"\0").decode() for owner, _, desc in notes
                     if not owner)
    result(texts == FOREIGN.get(name.rpartition("-")[0]), name + ": fields",
           texts)


def main():
    """As the usage says."""
    if len(sys.argv) < 4:
        sys.exit(__doc__.strip())
    with open(sys.argv[1], encoding="utf-8") as file:
        text = file.read()
    ours = Ours(sys.argv[2], sys.argv[3])
    found = examples(text)
    result(sorted(found) == ["boot-notes", "checksum", "relocs"],
           "examples",
           sorted(found))
    check_notes(ours, found["boot-notes"])
    check_checksum(ours, found["checksum"], text)
    check_relocs(ours, found["relocs"], text)
    for path in sys.argv[4:]:
        check_foreign(ours, path)
    sys.exit(subtest.failed)


main()
