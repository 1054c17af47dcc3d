#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The bytes of a kernel that mainline's decompressor has moved and relocated.

usage: kaslr-decompressor.py prepare DIRECTORY IMAGE
       kaslr-decompressor.py compare|spoilt DIRECTORY MONITOR MEMORY

prepare copies the bzImage in DIRECTORY to IMAGE with a decompressor that halts
where it would jump to the kernel. compare asks the emulator behind MONITOR
where the kernel is, saves its memory to MEMORY and compares it with what the
model of tests/tool/relocs_model.py makes of vmlinux there (spoilt: of one
relocation less). What the model is good for, kaslr-bytes.py shows.
"""
import os
import re
import struct
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tool'))
import elf                                                      # noqa: E402
import relocs_model                                             # noqa: E402
import subtest                                                  # noqa: E402
from elf import read                                            # noqa: E402
from subtest import result                                      # noqa: E402
import halted                                                   # noqa: E402

JUMP = b'\xff\xe0'              # jmp *%eax, or *%rax
PAGE = 4096
SETUP_SECTS = 0x1f1             # Documentation/x86/boot.rst
MIN_ALIGN = 0x2000              # of i386, the least there is
# Behind the call of extract_kernel(), which leaves the entry in EAX or RAX.
CALL = re.compile(r'\bcall\b.*<extract_kernel>\n(?:.*\n){1,5}?'
                  r' *([0-9a-f]+):\s+ff e0 +\s*jmp ')


class Kernel:
    """A vmlinux, and the words of its vmlinux.relocs."""

    def __init__(self, directory):
        self.data = read(directory + '/vmlinux')
        is_64 = self.data[4] == elf.ELFCLASS64
        self.loads = [phdr for phdr in elf.read_phdrs(self.data)
                      if phdr['type'] == elf.PT_LOAD]
        self.start = min(load['paddr'] for load in self.loads)
        self.size = max(load['paddr'] + load['filesz']
                        for load in self.loads) - self.start
        form, base = ('<Q', 0x80000000) if is_64 else ('<I', 0xc0000000)
        self.entry, = struct.unpack_from(form, self.data, 24)
        self.is_64 = is_64
        self.lists = relocs_model.read_words(
            read(directory + '/vmlinux.relocs'), self.start + base)

    def memory(self):
        """As the linker has left it."""
        memory = bytearray(self.size)
        for load in self.loads:
            at, offset = load['paddr'] - self.start, load['offset']
            memory[at:at + load['filesz']] = \
                self.data[offset:offset + load['filesz']]
        return memory

    def differ(self, have, want):
        """Where; between the segments and behind them may be anything."""
        return [at for load in self.loads
                for at in range(load['paddr'] - self.start,
                                load['paddr'] - self.start + load['filesz'])
                if have[at] != want[at]]


def find_jump(directory):
    """Where the decompressor jumps to the kernel, from its start."""
    listing = subprocess.run(
        ['objdump', '-d', directory +
         '/kbuild/arch/x86/boot/compressed/vmlinux'],
        capture_output=True, text=True, check=True).stdout
    found = CALL.findall(listing)
    if len(found) != 1:
        sys.exit(f'{len(found)} jumps to the kernel')
    return int(found[0], 16)


def prepare(directory, path):
    image = bytearray(read(directory + '/bzImage'))
    at = (image[SETUP_SECTS] + 1) * 512 + find_jump(directory)
    if image[at:at + 2] != JUMP:
        sys.exit(f'there is no jump at {at:#x} of bzImage')
    image[at:at + 2] = halted.LOOP
    with open(path, 'wb') as file:
        file.write(image)


def compare(directory, monitor, saved, spoilt):
    kernel = Kernel(directory)
    low = find_jump(directory) % PAGE
    _, place = halted.wait(monitor, lambda at: at % PAGE == low)
    # The kernel's start before Linux 6.7, then e_entry.
    if place % MIN_ALIGN:
        place -= kernel.entry - kernel.start
    have = halted.save(monitor, place, kernel.size, saved)
    want = kernel.memory()
    offset = halted.find_offset(have, want, kernel.lists[0])
    halted.note_move(saved, place - kernel.start, offset)
    if spoilt:
        kernel.lists[0].pop(0)
    relocs_model.apply(want, kernel.lists, offset)
    differ = kernel.differ(have, want)
    result(not differ, f'{kernel.size} bytes as the model makes them, at '
           f'{place:#x}, {offset:#x} further',
           f'{len(differ)} differ: {[hex(at) for at in differ[:8]]}')
    if not kernel.is_64:
        result(offset == place - kernel.start, 'virtual follows physical',
               hex(offset))


def main():
    if sys.argv[1] == 'prepare':
        prepare(*sys.argv[2:4])
    else:
        compare(*sys.argv[2:5], sys.argv[1] == 'spoilt')
    return subtest.failed


if __name__ == '__main__':
    sys.exit(main())
