# SPDX-License-Identifier: GPL-2.0
"""
A guest that goes round in an endless jump with its kernel in memory: where
that is, by QEMU's monitor, and what has been added to its addresses.
"""
import os
import re
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, '..', 'tool'))
import elf                                                      # noqa: E402

LOOP = b'\xeb\xfe'              # jmp to itself


def ask(monitor, *commands):
    """What it answers; nothing, if it is not there yet."""
    return subprocess.run([HERE + '/monitor.py', monitor, *commands],
                          capture_output=True, text=True, check=False).stdout


def wait(monitor, is_there):
    """Until the instruction pointer stays at an address that is_there() likes:
    that, and the accumulator."""
    last = None
    for _ in range(200):
        said = ask(monitor, 'info registers')
        found = [re.search(rf'\b[ER]{name}=([0-9a-f]+)', said)
                 for name in ('IP', 'AX')]
        if None not in found:
            at, value = (int(register[1], 16) for register in found)
            if at == last and is_there(at):
                return at, value
            last = at
        time.sleep(0.2)
    sys.exit(f'it does not halt: at {last}')


def save(monitor, at, size, path):
    """Its memory, which is in the file then."""
    ask(monitor, f'pmemsave {at:#x} {size:#x} "{path}"')
    return bytearray(elf.read(path))


def find_offset(memory, kernel, places):
    """By one place of 32 bits, what has been added to all of them."""
    at = places[len(places) // 2]
    return (elf.get32(memory, at) - elf.get32(kernel, at)) & 0xffffffff


def note_move(path, distance, offset):
    """One boot in hundreds stays by chance: kaslr.sh looks at several."""
    if distance and offset:
        with open(path + '-moved', 'w', encoding='ascii') as file:
            file.write(f'{distance:#x} {offset:#x}\n')
