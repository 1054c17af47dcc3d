# SPDX-License-Identifier: GPL-2.0
"""
Relocations, found out from the specification and from mainline alone: the lists
of an image (Documentation/elf-boot.txt, section 6.4), the words of a
vmlinux.relocs, and what a kernel is like when they have been applied.
"""

import struct

LISTS = "32", "inverse", "64"


def decode(data, number):
    """The lists of an image as lists of offsets; a ValueError if there is
    anything wrong with them."""
    lists, at = [], 0

    def take(size):
        nonlocal at
        if at + size > len(data):
            raise ValueError("no end")
        value = int.from_bytes(data[at:at + size], "little")
        at += size
        return value

    for _ in range(number):
        places, last = [], -1
        while distance := take(1) or take(2) or take(4):
            last += distance
            places.append(last)
        lists.append(places)
    if at != len(data):
        raise ValueError("something behind the end")
    return lists


def read_words(data, base):
    """A vmlinux.relocs as the same lists: from its end to its beginning, as
    the decompressor reads it. base is the address of the first byte."""
    words = struct.unpack(f"<{len(data) // 4}I", data)
    lists, places = [], []
    for word in reversed(words):
        if word:
            places.append((word - base) & 0xffffffff)
        else:
            lists.append(sorted(places))
            places = []
    assert not places
    # 7.2 has no inverse ones.
    return lists if len(lists) != 2 else [lists[0], [], lists[1]]


def apply(memory, lists, offset):
    """handle_relocations() of arch/x86/boot/compressed/misc.c."""
    for kind, places in zip(LISTS, lists):
        form, mask = ("<Q", 2 ** 64 - 1) if kind == "64" else ("<I",
                                                               2 ** 32 - 1)
        add = -offset if kind == "inverse" else offset
        for at in places:
            value, = struct.unpack_from(form, memory, at)
            struct.pack_into(form, memory, at, (value + add) & mask)
