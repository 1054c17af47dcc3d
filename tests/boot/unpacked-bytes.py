#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""The bytes of a distribution's kernel that mkelfImage has unpacked.

usage: unpacked-bytes.py IMAGE VMLINUX GDB MEMORY [spoilt]

The emulator behind GDB, a socket, is stopped before its first instruction and has
the bzImage: it goes on until the kernel's own decompressor enters the kernel, and
its memory is saved to MEMORY. There must be in it what IMAGE has there, wherever
VMLINUX, which is the kernel as scripts/extract-vmlinux takes it out, has a segment:
between them may be anything, and where .bss begins IMAGE has the jump that e_entry
leads to (spoilt: one byte of IMAGE is another).
"""
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tool'))
import elf                                                      # noqa: E402
import subtest                                                  # noqa: E402
from elf import read                                            # noqa: E402
from subtest import result                                      # noqa: E402

JUMP_SIZE = 5                   # jmp rel32


def load(data):
    """The PT_LOADs of an ELF file."""
    return [phdr for phdr in elf.read_phdrs(data) if phdr['type'] == elf.PT_LOAD]


def memory_of(data, start, end):
    """What is there when a loader has done what the program headers say."""
    memory = bytearray(end - start)
    for phdr in load(data):
        at = phdr['paddr'] - start
        if 0 <= at < len(memory):
            part = data[phdr['offset']:phdr['offset'] + phdr['filesz']]
            memory[at:at + len(part)] = part[:len(memory) - at]
    return memory


def word_of(image, at):
    """One of the stub's words."""
    return elf.get32(image, load(image)[1]['offset'] + at)


def run_to(gdb, entry, start, end, saved):
    """Let the emulator go on until it is at an address; save its memory."""
    commands = (f'target remote {gdb}', f'hbreak *{entry:#x}', 'continue',
                'printf "at %#lx\\n", $pc',
                f'dump binary memory {saved} {start:#x} {end:#x}', 'kill')
    words = [word for command in commands for word in ('-ex', command)]
    said = subprocess.run(['gdb', '-batch', '-nx', '-ex', 'set confirm off', *words],
                          capture_output=True, text=True, check=False)
    if f'at {entry:#x}\n' not in said.stdout:
        sys.exit(f'it does not come to {entry:#x}: {said.stdout}{said.stderr}')


def main():
    """As the usage says."""
    image, vmlinux, gdb, saved = (*map(read, sys.argv[1:3]), *sys.argv[3:5])
    segments = load(vmlinux)
    start = min(phdr['paddr'] for phdr in segments)
    end = max(phdr['paddr'] + phdr['filesz'] for phdr in segments)
    run_to(gdb, word_of(image, elf.STUB_ENTRY), start, end, saved)
    have, want = read(saved), memory_of(image, start, end)
    bss = word_of(image, elf.STUB_BSS) - start
    want[bss:bss + JUMP_SIZE] = bytes(JUMP_SIZE)
    if sys.argv[5:] == ['spoilt']:
        want[0x1234] ^= 1
    count = 0
    for phdr in segments:
        at, size = phdr['paddr'] - start, phdr['filesz']
        count += size
        differ = [n for n in range(at, at + size) if have[n] != want[n]] \
            if have[at:at + size] != want[at:at + size] else []
        result(not differ, f'{size} bytes at {phdr["paddr"]:#x}',
               f'{len(differ)} differ: {[hex(n + start) for n in differ[:8]]}')
    result(count > 1 << 20, f'{count} bytes in all')
    return subtest.failed


if __name__ == '__main__':
    sys.exit(main())
