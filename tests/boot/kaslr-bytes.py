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
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tool'))
import elf                                                      # noqa: E402
import relocs_model                                             # noqa: E402
import subtest                                                  # noqa: E402
from elf import read                                            # noqa: E402
from subtest import result                                      # noqa: E402
import halted                                                   # noqa: E402


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
    image.data[at:at + 2] = halted.LOOP
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


def compare(directory, path, monitor, saved):
    image = Image(path)
    start = image.load['paddr']
    size = image.word(elf.STUB_BSS) - start
    kernel = bytearray(image.data[image.offset(start):][:size])
    entry, align = image.word(elf.STUB_ENTRY), image.word(elf.STUB_ALIGN)
    place, _ = halted.wait(monitor, lambda at: at >= entry and
                           (at - entry) % align == 0)
    place += start - entry
    memory = halted.save(monitor, place, size, saved)
    base = start + (0x80000000 if image.is_64 else 0xc0000000)
    lists = relocs_model.read_words(read(directory + '/vmlinux.relocs'), base)
    offset = halted.find_offset(memory, kernel, lists[0])
    halted.note_move(saved, place - start, offset)
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
