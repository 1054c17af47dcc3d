#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The bytes of a kernel that the stub has moved and relocated.

usage: kaslr-bytes.py prepare DIRECTORY IMAGE [spoil]
       kaslr-bytes.py compare DIRECTORY IMAGE MONITOR MEMORY

prepare copies the elfImage in DIRECTORY to IMAGE with a kernel that halts in its
first instruction (and with one distance changed in its relocations). compare
asks the emulator behind MONITOR where the kernel is, saves its memory to MEMORY
and compares it with what mainline's relocations, from vmlinux.relocs, make of
vmlinux there.
"""
import os
import re
import struct
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tool'))
import elf                                                      # noqa: E402
import relocs_model                                             # noqa: E402
import subtest                                                  # noqa: E402
from elf import read                                            # noqa: E402
from subtest import result                                      # noqa: E402

LOOP = b'\xeb\xfe'              # jmp to itself


class Image:
    """An elfImage: its one PT_LOAD and the stub's words."""

    def __init__(self, path):
        self.data = bytearray(read(path))
        self.load = elf.read_phdrs(self.data)[1]
        self.stub = elf.Image(bytes(self.data)).stub() - self.load['paddr']
        self.is_64 = self.word(elf.STUB_FLAGS) & elf.STUB_FLAG_KERNEL_64

    def word(self, at):
        return elf.get32(self.data, self.load['offset'] + self.stub + at)

    def offset(self, paddr):
        return paddr - self.load['paddr'] + self.load['offset']


def prepare(directory, path, spoil):
    image = Image(directory + '/elfImage')
    at = image.offset(image.word(elf.STUB_ENTRY))
    image.data[at:at + 2] = LOOP
    if spoil:
        at = image.offset(image.word(elf.STUB_RELOCS)) + 100
        while not 1 < image.data[at] < 0x80 or not 1 < image.data[at + 1]:
            at += 1
        # One place is another; all that follow are the same.
        image.data[at] -= 1
        image.data[at + 1] += 1
    check, _ = elf.checksum_note(image.data)
    struct.pack_into('<H', image.data, check, elf.checksum(image.data))
    with open(path, 'wb') as file:
        file.write(image.data)


def ask(monitor, *commands):
    return subprocess.run([HERE + '/monitor.py', monitor, *commands],
                          capture_output=True, text=True, check=False).stdout


def find_entry(monitor, image):
    """Where it halts: it stays there."""
    entry = image.word(elf.STUB_ENTRY)
    for _ in range(100):
        found = re.search(r'\b[ER]IP=([0-9a-f]+)',
                          ask(monitor, 'info registers'))
        at = int(found[1], 16) if found else 0
        if (at - entry) % image.word(elf.STUB_ALIGN) == 0 and at >= entry:
            return at
        time.sleep(0.3)
    return 0


def find_offset(image, memory, kernel, places):
    """By one place of 32 bits, what is added to all of them."""
    at = places[len(places) // 2]
    have, = struct.unpack_from('<I', memory, at)
    was, = struct.unpack_from('<I', kernel, at)
    return (have - was) & 0xffffffff


def compare(directory, path, monitor, saved):
    image = Image(path)
    start = image.load['paddr']
    size = image.word(elf.STUB_BSS) - start
    kernel = bytearray(image.data[image.offset(start):][:size])
    place = find_entry(monitor, image) - image.word(elf.STUB_ENTRY) + start
    ask(monitor, f'pmemsave {place:#x} {size:#x} "{saved}"')
    memory = bytearray(read(saved))
    base = start + (0x80000000 if image.is_64 else 0xc0000000)
    lists = relocs_model.read_words(read(directory + '/vmlinux.relocs'), base)
    offset = find_offset(image, memory, kernel, lists[0])
    # One boot in hundreds stays by chance: kaslr.sh looks at several.
    if place != start and offset:
        with open(saved + '-moved', 'w', encoding='ascii') as file:
            file.write(f'{place:#x} {offset:#x}\n')
    if not image.is_64:
        result(offset == place - start, 'virtual follows physical',
               hex(offset))
    relocs_model.apply(kernel, lists, offset)
    # What the stub has written into itself.
    end = image.stub + image.word(elf.STUB_SIZE)
    memory[image.stub:end] = kernel[image.stub:end] = bytes(end - image.stub)
    differ = [at for at, (a, b) in enumerate(zip(memory, kernel)) if a != b]
    result(len(memory) == size and not differ,
           f'{size} bytes as mainline makes them, at {place:#x}, '
           f'{offset:#x} further',
           f'{len(differ)} differ: {[hex(at) for at in differ[:8]]}')


def main():
    if sys.argv[1] == 'prepare':
        prepare(sys.argv[2], sys.argv[3], 'spoil' in sys.argv[4:])
    else:
        compare(*sys.argv[2:6])
    return subtest.failed


if __name__ == '__main__':
    sys.exit(main())
