# SPDX-License-Identifier: GPL-2.0
"""
PE files, read and changed without the tool's help: Microsoft's "PE Format".
"""

import struct

HEADER_SIZE = 24                # the signature, and the file header
SECTION_SIZE = 40
# Offsets in the optional header.
DATA_SIZE, ENTRY, SECTION_ALIGN, FILE_ALIGN, IMAGE, HEADERS, CHECKSUM = (
    8, 16, 32, 36, 56, 60, 64)


class Program:
    """A PE file's headers; "sections" are rows of name, sizes and offsets."""

    def __init__(self, data):
        self.data = data
        at, = struct.unpack_from("<I", data, 0x3c)
        self.header = at
        self.machine, self.count = struct.unpack_from("<2H", data, at + 4)
        size, = struct.unpack_from("<H", data, at + 20)
        self.optional = at + HEADER_SIZE
        self.table = self.optional + size
        plus = struct.unpack_from("<H", data, self.optional)[0] == 0x20b
        self.directories = self.optional + (112 if plus else 96)
        self.sections = [struct.unpack_from("<8s4I12xI", data,
                                            self.table + SECTION_SIZE * i)
                         for i in range(self.count)]

    def get(self, field):
        """A word of the optional header."""
        return struct.unpack_from("<I", self.data, self.optional + field)[0]

    def names(self):
        """Of all sections."""
        return [row[0].rstrip(b"\0").decode() for row in self.sections]

    def contents(self, name):
        """What a section has, or nothing."""
        for row in self.sections:
            if row[0].rstrip(b"\0") == name.encode():
                return self.data[row[4]:row[4] + row[1]]
        return b""

    def at(self, name):
        """Where a section's header is."""
        return self.table + SECTION_SIZE * self.names().index(name)


def checksum(data):
    """The sum of 16-bit words with carry, and the size."""
    at = Program(data).optional + CHECKSUM
    data = data[:at] + bytes(4) + data[at + 4:]
    total = sum(struct.unpack(f"<{(len(data) + 1) // 2}H",
                              data + bytes(len(data) % 2)))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total + len(data)


def sealed(data):
    """The same with the right sum."""
    data = bytearray(data)
    struct.pack_into("<I", data, Program(data).optional + CHECKSUM,
                     checksum(bytes(data)))
    return bytes(data)


def patched(data, at, kind, value):
    """The same with another number somewhere, and the right sum."""
    data = bytearray(data)
    struct.pack_into("<" + kind, data, at, value)
    return sealed(data)
