# SPDX-License-Identifier: GPL-2.0
"""
ELF boot notes and the checksum of an image, a second time: written from
Documentation/elf-boot.txt, sections 4 and 5, and from nothing else.
"""

import struct

SIGNATURE = 0x0e1fb007
FIRMWARE, LOADER, VERSION, CMDLINE = 1, 2, 3, 4
MAP, INITRD, RSDP, FRAMEBUFFER, UEFI, SEED = range(0x301, 0x307)
PT_LOAD, PT_NOTE = 1, 4


class Corrupt(Exception):
    """The block is to be ignored."""


def pad(data):
    """Up to a multiple of 4."""
    return data + bytes(-len(data) % 4)


def fold(total):
    """Of a sum, the ones' complement sum of 16 bits."""
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total


def checksum(data):
    """Section 5.1: RFC 1071 over little-endian words."""
    data = bytes(data) + bytes(len(data) % 2)
    return ~fold(sum(struct.unpack(f"<{len(data) // 2}H", data))) & 0xffff


def note(kind, contents, name=b""):
    """Section 4.1."""
    return (struct.pack("<3I", len(name), len(contents), kind) + pad(name) +
            pad(contents))


def linux_note(kind, contents):
    """Section 4.3."""
    return note(kind, contents, b"Linux\0")


def text_note(kind, text):
    """Section 4.2."""
    return note(kind, text.encode() + b"\0")


def map_note(ranges):
    """Memory: (address, size, type)."""
    return linux_note(MAP, b"".join(struct.pack("<QQII", *one, 0)
                                    for one in ranges))


def block(notes, with_checksum=True):
    """A whole block."""
    data = b"".join(notes)
    head = struct.pack("<IIHH", SIGNATURE, 12 + len(data), 0, len(notes))
    if not with_checksum:
        return head + data
    total = checksum(head + data) or 0xffff
    return head[:8] + struct.pack("<H", total) + head[10:] + data


def read_block(data):
    """Notes of a block: (name, type, contents)."""
    signature, size, total, records = struct.unpack_from("<IIHH", data)
    if signature != SIGNATURE or size > len(data) or size > 0x10000:
        raise Corrupt("signature or size")
    if total and checksum(data[:size]):
        raise Corrupt("checksum")
    notes, at = [], 12
    while at < size:
        if at + 12 > size:
            raise Corrupt("a note's header")
        namesz, descsz, kind = struct.unpack_from("<3I", data, at)
        name_at = at + 12
        desc_at = name_at + namesz + -namesz % 4
        at = desc_at + descsz + -descsz % 4
        if at > size:
            raise Corrupt("a note runs past the block")
        notes.append((bytes(data[name_at:name_at + namesz]), kind,
                      bytes(data[desc_at:desc_at + descsz])))
    if len(notes) != records:
        raise Corrupt("number of records")
    return notes


def elf_checksum(data):
    """Section 5.1: of an ELF32 file."""
    phoff, = struct.unpack_from("<I", data, 28)
    number, = struct.unpack_from("<H", data, 44)
    run = data[:52] + data[phoff:phoff + 32 * number]
    for i in range(number):
        kind, offset, _, _, filesz, memsz = struct.unpack_from(
            "<6I", data, phoff + 32 * i)
        if kind == PT_LOAD:
            run += data[offset:offset + filesz] + bytes(memsz - filesz)
    return checksum(run)


def example_notes():
    """Section 4.4."""
    return block([text_note(FIRMWARE, "PCBIOS"), text_note(LOADER, "kexec"),
                  text_note(CMDLINE, "quiet"),
                  map_note([(0, 0x9fc00, 1), (0x100000, 0x7f00000, 1),
                            (0xfffc0000, 0x40000, 2)][:2]),
                  linux_note(INITRD, struct.pack("<QQ", 0x7000000,
                                                 0x12345))])


def example_elf():
    """Section 5.1: two segments, one of an odd size, and the checksum."""
    notes = note(3, b"\0\0", b"ELFBoot\0")
    loads = [(b"\x01\x02\x03\x04\x05", 7, 0x100000),
             (b"\xaa\xbb\xcc", 3, 0x101000)]
    at = 52 + 32 * (1 + len(loads))
    headers = [struct.pack("<8I", PT_NOTE, at, 0x100000, 0x100000, len(notes),
                           len(notes), 4, 4)]
    contents = notes
    for data, memsz, address in loads:
        headers.append(struct.pack("<8I", PT_LOAD, at + len(contents),
                                   address, address, len(data), memsz, 7, 1))
        contents += data
    ehdr = (b"\x7fELF\x01\x01\x01".ljust(16, b"\0") +
            struct.pack("<HHIIIIIHHHHHH", 2, 3, 1, 0x100000, 52, 0, 0, 52, 32,
                        len(headers), 0, 0, 0))
    data = ehdr + b"".join(headers) + contents
    total = struct.pack("<H", elf_checksum(data))
    where = at + 12 + 8
    return data[:where] + total + data[where + 2:]
