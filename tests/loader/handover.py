#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""What the test loader (loader.S) hands over: the table for it, and the bytes.

usage: handover.py KIND IMAGE DIRECTORY MIB CMDLINE [MODULE...]

Writes files into DIRECTORY and prints the options for QEMU that put them, and
the image, into the memory of a machine with MIB MiB; DIRECTORY/map is the
memory map that is handed over. KIND+OFFSET is the same with the image, and all
that is put behind it, so many bytes above where it was made for. KIND is one of
"""
import importlib
import os
import random
import re
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [os.path.join(HERE, '..', 'tool'),
                os.path.join(HERE, '..', 'spec')]
sys.dont_write_bytecode = True
import bootnotes                                                # noqa: E402
import elf                                                      # noqa: E402

KIB, MIB, GIB = 1 << 10, 1 << 20, 1 << 30
PAGE = 4 * KIB
TOP = 1 << 32

# As loader.S has them.
TABLE = 0x3000000
STEP_FILL, STEP_COPY, STEP_POINTERS = 1, 2, 3
NO_BIOS, NO_CMOS, ODD_SS, LONG_MODE, NO_LME = 1, 2, 4, 8, 16
STATE, NO_A20, MASK = 32, 64, 128
STATE_AT = 0xf00
LOADER = (0x9e000, 0x9e800)

# SeaBIOS keeps this much at the end of RAM.
BIOS_TOP = 128 * KIB

# What is copied waits here: the BIOS uses what is above and below.
STAGING = 0x3100000

MULTIBOOT, MULTIBOOT2, HVM_START = 0x2badb002, 0x36d76289, 0x336ec578
REGISTERS = ('edi', 'esi', 'ebp', None, 'ebx', 'edx', 'ecx', 'eax')
RAM, RESERVED = 1, 2


class State:
    """What the CPU is to be like; flat 32-bit segments, no paging."""
    FLAT_CODE, FLAT_DATA = 0x00cf9b000000ffff, 0x00cf93000000ffff
    LONG_CODE = 0x00af9b000000ffff

    def __init__(self, gdt_at, gdt, code, data):
        self.gdt = gdt
        self.gdt_at = gdt_at
        self.segments = dict.fromkeys(('ds', 'es', 'ss', 'fs', 'gs'), data)
        self.code = code
        self.task = 0
        self.cr0, self.cr3, self.cr4 = 0x11, 0, 0
        self.efer = 0
        self.eflags = 2
        self.idt_at, self.idt_size = 0, 0

    def pack(self):
        """As loader.S takes it."""
        return struct.pack('<HI2x12I', len(self.gdt) - 1, self.gdt_at,
                           self.code, *self.segments.values(), self.task,
                           self.cr0, self.cr3, self.cr4, self.efer,
                           self.eflags) + struct.pack(
                               '<HI', max(self.idt_size - 1, 0), self.idt_at)


class Handover:
    """One way to enter an image."""
    new_state = State

    def __init__(self, image, directory, mib, cmdline, modules):
        with open(image, 'rb') as file:
            data = file.read()
        self.image = data
        self.loads = [phdr for phdr in elf.read_phdrs(data)
                      if phdr['type'] == elf.PT_LOAD]
        self.pvh_entry = elf.pvh_entry(data)
        self.entry = elf.get32(data, 24)
        self.start = self.loads[0]['paddr']
        self.end = max(phdr['paddr'] + phdr['memsz'] for phdr in self.loads)
        self.directory = directory
        self.ram_end = min(mib * MIB, 3 * GIB)
        self.high_end = 4 * GIB + max(mib * MIB - 3 * GIB, 0)
        self.free_end = self.ram_end - BIOS_TOP
        self.cmdline = cmdline.encode() + b'\0'
        self.modules = [self.read(name) for name in modules]
        self.registers = dict.fromkeys(REGISTERS, 0)
        self.esp = 0
        self.flags = 0
        self.state = None
        self.unmapped = []
        self.steps = []
        self.staged = STAGING
        self.ranges = self.map()
        self.options = ['-device', f'loader,file={image}']

    def move(self, offset):
        """Have the image elsewhere."""
        del self.options[:]
        for load in self.loads:
            at = load['offset']
            self.place(load['paddr'] + offset,
                       self.image[at:at + load['filesz']])
        self.entry += offset
        self.pvh_entry += offset
        self.start += offset
        self.end += offset

    @staticmethod
    def read(path):
        """Bytes of a file."""
        with open(path, 'rb') as file:
            return file.read()

    def map(self):
        """To be handed over: the truth, but for what is far from RAM."""
        ranges = [(0, 0x9fc00, RAM), (0x9fc00, 0xa0000, RESERVED),
                  (0xf0000, 0x100000, RESERVED), (MIB, self.free_end, RAM),
                  (self.free_end, self.ram_end, RESERVED)]
        if self.high_end > 4 * GIB:
            ranges.append((4 * GIB, self.high_end, RAM))
        return ranges

    def place(self, at, data):
        """Have bytes at an address before the loader runs."""
        path = os.path.join(self.directory, f'{at:x}.bin')
        with open(path, 'wb') as file:
            file.write(data)
        self.options += ['-device',
                         f'loader,file={path},addr={at:#x},force-raw=on']

    def put(self, at, data):
        """The same where the BIOS would overwrite them: the loader copies."""
        if at >= TOP:
            self.place(at, data)
            return at
        self.place(self.staged, data)
        self.steps.append((STEP_COPY, at, self.staged, len(data)))
        self.staged = elf.up(self.staged + len(data), PAGE)
        return at

    def fill(self, step, start, end, seed):
        """Noise, but not over the loader's own table."""
        for low, high in ((start, min(end, TABLE)),
                          (max(start, TABLE + PAGE), end)):
            if low < high:
                self.steps.append((step, low, high - low, seed))

    def write(self):
        """The table, and the options."""
        words = [self.registers[name] for name in REGISTERS]
        words += [self.esp, self.entry, self.flags]
        for step in self.steps:
            words += step
        words += [0] * 4
        table = struct.pack(f'<{len(words)}I',
                            *(word & 0xffffffff for word in words))
        if self.state:
            assert len(table) <= STATE_AT
            table = table.ljust(STATE_AT, b'\0') + self.state.pack()
        assert len(table) <= PAGE
        self.place(TABLE, table)
        with open(os.path.join(self.directory, 'map'), 'w',
                  encoding='ascii') as file:
            for start, end, kind in self.ranges:
                name = 'System RAM' if kind == RAM else 'Reserved'
                print(f'map {start:#x} {end - 1:#x} {name}', file=file)
        print('\n'.join(self.options))


def hostile(handover, variant):
    """hostile:zero|rom|end|SEED: ESP is nothing, in ROM, at the end of RAM or
    anywhere in it; all else is noise, in memory and in registers. Even seeds
    make noise of pointers into RAM, and EAX an argc."""
    noise = random.Random('hostile' + variant)
    even = variant.isdigit() and not int(variant) % 2
    step = STEP_POINTERS if even else STEP_FILL
    for name in handover.registers:
        handover.registers[name] = noise.getrandbits(32)
    if even:
        for name in ('ebx', 'edx', 'esi', 'edi'):
            handover.registers[name] = noise.randrange(0, handover.ram_end, 4)
        handover.registers['eax'] = noise.randrange(1, 9)
    handover.esp = {
        'zero': 0,
        'rom': 0xf0000 + noise.randrange(0, 0x10000, 4),
        'end': handover.ram_end - 4,
    }.get(variant, noise.randrange(0, handover.ram_end, 4))
    handover.flags = ODD_SS
    for start, end in ((0x600, LOADER[0]),
                       (MIB, handover.start),
                       (elf.up(handover.end, 4), handover.free_end)):
        handover.fill(step, start, end, noise.getrandbits(32) | 1)


def firmware(handover, variant):
    """firmware:nothing|fw-cfg|cmos: nobody passes anything and no BIOS is
    alive; what is there still that knows the memory?"""
    handover.flags = NO_BIOS | ODD_SS
    if variant == 'nothing':
        handover.flags |= NO_CMOS


def corrupt(handover, variant):
    """corrupt:information|modules|rom: says multiboot, but that ends beyond
    4 GiB; or multiboot 2, and leads to code of the BIOS in ROM"""
    at = 0xfffffff0
    if variant == 'rom':
        handover.registers.update(eax=MULTIBOOT2, ebx=0xffff0000)
        return
    if variant == 'modules':
        info = struct.pack('<17I', 0xc, 0, 0, 0, 0x1044, 3, at, *[0] * 10)
        at = handover.put(0x1000, info + handover.cmdline)
    handover.registers.update(eax=MULTIBOOT, ebx=at)


def etherboot(handover, _):
    """etherboot: what Etherboot 5.4.4 has left behind, byte for byte (see
    data/README)"""
    handover.put(0x03efe310, handover.read(os.path.join(
        HERE, '..', 'data', 'etherboot', '5.4.4-3efe310.bin')))
    handover.put(0x03effa88, struct.pack('<2I', 0x03ef3f9c, 0x03efe310))
    handover.esp = 0x03effa88


def scatter(handover):
    """Put the modules where real loaders have put them, and worse: as low as
    GRUB's on UEFI and where the stub calls the BIOS, right behind the image,
    at the very end of RAM. Return their ranges."""
    first, second, third = handover.modules
    places = (handover.put(0x2000, first),
              handover.put(handover.end, second),
              handover.put(handover.free_end - len(third), third))
    return [(at, at + len(module))
            for at, module in zip(places, handover.modules)]


def multiboot(handover, _):
    """multiboot: modules all over the place, the rest behind one of them"""
    modules = scatter(handover)
    at = modules[1][1]                  # as odd as it comes
    listed = b''.join(struct.pack('<4I', start, end, 0, 0)
                      for start, end in modules)
    ranges = b''.join(struct.pack('<IQQI', 20, start, end - start, kind)
                      for start, end, kind in handover.ranges)
    listed_at = at + 68
    ranges_at = listed_at + len(listed)
    cmdline_at = ranges_at + len(ranges)
    info = struct.pack('<17I', 0x4c, 0, 0, 0, cmdline_at, len(modules),
                       listed_at, 0, 0, 0, 0, len(ranges), ranges_at,
                       0, 0, 0, 0)
    handover.put(at, info + listed + ranges + handover.cmdline)
    handover.registers.update(eax=MULTIBOOT, ebx=at)


def tag(kind, contents):
    """One tag of multiboot 2."""
    data = struct.pack('<2I', kind, 8 + len(contents)) + contents
    return data.ljust(elf.up(len(data), 8), b'\0')


def nonsense():
    """Tags that are optional and make no sense: a loader's name without its
    end, a framebuffer whose lines are too short for its width, a root pointer
    with a wrong sum."""
    return (tag(2, b'no end') +
            tag(8, struct.pack('<Q3I2BH6B', 0xfd000000, 3199, 800, 600, 32, 1,
                               0, 16, 8, 8, 8, 0, 8)) +
            tag(14, b'RSD PTR ' + bytes(12)))


def multiboot2(handover, variant):
    """multiboot2[:optional]: modules all over the place, the tags below
    1 MiB, that of the load base as wrong as kexec-tools has it; what is optional
    makes no sense"""
    tags = nonsense() if variant else b''
    tags += tag(21, struct.pack('<I', 0x2345000))
    tags += tag(1, handover.cmdline)
    for start, end in scatter(handover):
        tags += tag(3, struct.pack('<2I', start, end) + b'\0')
    tags += tag(6, struct.pack('<2I', 24, 0) +
                b''.join(struct.pack('<QQ2I', start, end - start, kind, 0)
                         for start, end, kind in handover.ranges))
    tags += tag(0, b'')
    at = 0x1000
    handover.put(at, struct.pack('<2I', 8 + len(tags), 0) + tags)
    handover.registers.update(eax=MULTIBOOT2, ebx=at)


def shred(ranges, number):
    """Until there are that many, make ranges of the RAM below 4 GiB: every
    other page is reserved."""
    low = next(i for i, (start, _, _) in enumerate(ranges) if start == MIB)
    start, end, _ = ranges[low]
    pages = number - len(ranges)
    pages -= pages % 2
    at = end - pages * PAGE
    shreds = [(at + i * PAGE, at + (i + 1) * PAGE,
               RAM if i % 2 else RESERVED) for i in range(pages)]
    return ranges[:low] + [(start, at, RAM)] + shreds + ranges[low + 1:]


def pvh(handover, _):
    """pvh: all but the start info above 4 GiB, and more ranges than
    boot_params hold: the one that the rest is in comes last"""
    module, = handover.modules
    handover.ranges = shred(handover.ranges, 130)
    at = 4 * GIB + 2 * MIB - 16         # across two large pages
    module_at = handover.put(5 * GIB, module)
    cmdline_at = handover.put(at, handover.cmdline)
    at = elf.up(at + len(handover.cmdline), 8)
    list_at = handover.put(at, struct.pack('<4Q', module_at, len(module),
                                           0, 0))
    map_at = handover.put(at + 32, b''.join(
        struct.pack('<QQ2I', start, end - start, kind, 0)
        for start, end, kind in handover.ranges))
    info_at = handover.put(0x2000, struct.pack(
        '<4I4Q2I', HVM_START, 1, 0, 1, list_at, cmdline_at, 0, map_at,
        len(handover.ranges), 0))
    handover.registers.update(ebx=info_at)
    handover.entry = handover.pvh_entry


def boot_params(handover, variant):
    """boot_params:32|64: as gem5 enters vmlinux in 64-bit mode. RSI leads to
    boot_params that have a memory map and a command line and no header; all
    other registers are noise"""
    noise = random.Random('boot_params' + variant)
    for name in handover.registers:
        handover.registers[name] = noise.getrandbits(32)
    params = bytearray(PAGE)
    cmdline = handover.put(0x91000, handover.cmdline)
    struct.pack_into('<I', params, 0x228, cmdline)
    params[0x1e8] = len(handover.ranges)
    for i, (start, end, kind) in enumerate(handover.ranges):
        struct.pack_into('<QQI', params, 0x2d0 + 20 * i, start, end - start,
                         kind)
    handover.registers['esi'] = handover.put(0x90000, bytes(params))
    handover.flags = LONG_MODE if variant == '64' else NO_LME


def notes(handover, variant):
    """notes:stack|ebx: ELF boot notes with all that the document has for a
    machine without UEFI, at an address that no C program would choose, and
    the initrd above 4 GiB"""
    module, = handover.modules
    handover.ranges = shred(handover.ranges, 130)
    at = elf.up(handover.end, 4) + 4
    handover.put(at, bootnotes.block([
        bootnotes.linux_note(bootnotes.SEED, random.Random(1).randbytes(64)),
        bootnotes.note(7, b'nobody knows'),
        bootnotes.map_note((start, end - start, kind)
                           for start, end, kind in handover.ranges),
        bootnotes.linux_note(bootnotes.INITRD, struct.pack(
            '<2Q', handover.put(5 * GIB, module), len(module))),
        bootnotes.text_note(bootnotes.VERSION, '1.0'),
        bootnotes.text_note(bootnotes.LOADER, 'test loader'),
        bootnotes.linux_note(0x3ff, b'of a later version'),
        bootnotes.note(bootnotes.CMDLINE, handover.cmdline),
        bootnotes.text_note(bootnotes.FIRMWARE, 'PCBIOS')]))
    handover.esp = 0x8000
    if variant == 'ebx':
        handover.registers.update(eax=bootnotes.SIGNATURE, ebx=at)
        handover.esp = 0
    else:
        handover.put(handover.esp, struct.pack('<2I', 0, at))


def proper(handover, variant):
    """proper:PROTOCOL[/FAULT]: by the book; or but for one fault (proper.py has
    both)"""
    importlib.import_module('proper').hand_over(handover, variant)


def vmm(handover, variant):
    """vmm:NAME: as a monitor of virtual machines does that reads ELF64 alone
    (monitors.py)"""
    importlib.import_module('monitors').hand_over(handover, variant)


KINDS = {kind.__name__: kind for kind in (
    hostile, firmware, corrupt, etherboot, multiboot, multiboot2, pvh,
    boot_params, notes, proper, vmm)}


def main():
    if len(sys.argv) < 6 or re.split('[:+]', sys.argv[1])[0] not in KINDS:
        sys.exit(__doc__ + '\n'.join(f'  {kind.__doc__}'
                                     for kind in KINDS.values()))
    kind, _, offset = sys.argv[1].partition('+')
    kind, _, variant = kind.partition(':')
    image, directory, mib, cmdline, *modules = sys.argv[2:]
    handover = Handover(image, directory, int(mib), cmdline, modules)
    if offset:
        handover.move(int(offset, 0))
    KINDS[kind](handover, variant)
    handover.write()


main()
