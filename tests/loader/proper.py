# SPDX-License-Identifier: GPL-2.0
"""A loader that does everything as the specification of its protocol has it,
and one that does but for one fault: what tests/conformance must find."""

import struct
from types import SimpleNamespace

import bootnotes
import elf

KIB, MIB, PAGE = 1 << 10, 1 << 20, 4 << 10
RAM, RESERVED = 1, 2
INFO_AT = 0x10000
CODE, DATA = 0x10, 0x18


def make_plan(handover):
    """What is going to be passed, for faults to change: modules behind the image,
    everything else in low memory."""
    at = elf.up(handover.end, PAGE) + PAGE
    modules = []
    for module in handover.modules:
        modules.append([at, module])
        at += elf.up(len(module), PAGE)
    return SimpleNamespace(
        modules=modules, ranges=list(handover.ranges), info_at=INFO_AT,
        cmdline=handover.cmdline, rsdp=make_rsdp(), magic=None,
        flags=0x24d, memory=(639, (handover.free_end - MIB) // KIB),
        reserved=0, end=struct.pack('<2I', 0, 8), version=1,
        entry_reserved=0, sentinel=0, header=b'HdrS', loader=0xff,
        boot_flag=0xaa55, checksum=True, missing=0)


def make_rsdp():
    """A root pointer of ACPI 1 that leads to nothing."""
    rsdp = bytearray(b'RSD PTR \0TESTS \0' + bytes(4))
    rsdp[8] = -sum(rsdp) & 0xff
    return bytes(rsdp)


def put_modules(handover, plan):
    """Their ranges, each with a string."""
    ranges = []
    for at, module in plan.modules:
        handover.put(at, module)
        ranges.append((at, at + len(module)))
    return ranges


def multiboot(handover, plan):
    """Multiboot 1."""
    at = plan.info_at
    names = b'module\0'
    name = b'test loader\0'
    modules = put_modules(handover, plan)
    names_at = at + 120
    name_at = names_at + len(names)
    cmdline_at = name_at + len(name)
    listed_at = elf.up(cmdline_at + len(plan.cmdline), 4)
    listed = b''.join(struct.pack('<4I', start, end, names_at, 0)
                      for start, end in modules)
    ranges = b''.join(struct.pack('<IQQI', 20, start, end - start, kind)
                      for start, end, kind in plan.ranges)
    info = struct.pack('<17I', plan.flags, *plan.memory, 0, cmdline_at,
                       len(modules) + plan.missing, listed_at, 0, 0, 0, 0,
                       len(ranges), listed_at + len(listed), 0, 0, 0, name_at)
    strings = names + name + plan.cmdline
    handover.put(at, (info.ljust(120, b'\0') + strings).ljust(
        listed_at - at, b'\0') + listed + ranges)
    handover.registers.update(eax=plan.magic or 0x2badb002, ebx=at)


def tag(kind, contents):
    """One tag of multiboot 2."""
    data = struct.pack('<2I', kind, 8 + len(contents)) + contents
    return data.ljust(elf.up(len(data), 8), b'\0')


def multiboot2(handover, plan):
    """Multiboot 2."""
    tags = tag(1, plan.cmdline) + tag(2, b'test loader\0')
    tags += tag(4, struct.pack('<2I', *plan.memory))
    for start, end in put_modules(handover, plan):
        tags += tag(3, struct.pack('<2I', start, end) + b'module\0')
    tags += tag(6, struct.pack('<2I', 24, 0) +
                b''.join(struct.pack('<QQ2I', start, end - start, kind, 0)
                         for start, end, kind in plan.ranges))
    tags += tag(14, plan.rsdp) + plan.end
    handover.put(plan.info_at, struct.pack('<2I', 8 + len(tags),
                                           plan.reserved) + tags)
    handover.registers.update(eax=plan.magic or 0x36d76289, ebx=plan.info_at)


def pvh(handover, plan):
    """PVH."""
    at = plan.info_at
    modules = put_modules(handover, plan)
    listed_at = at + 56
    listed = b''.join(struct.pack('<4Q', start, end - start, 0, 0)
                      for start, end in modules)
    ranges_at = listed_at + len(listed)
    ranges = b''.join(struct.pack('<QQ2I', start, end - start, kind,
                                  plan.entry_reserved)
                      for start, end, kind in plan.ranges)
    cmdline_at = ranges_at + len(ranges)
    rsdp_at = elf.up(cmdline_at + len(plan.cmdline), 16)
    info = struct.pack('<4I4Q2I', plan.magic or 0x336ec578, plan.version, 0,
                       len(modules), listed_at, cmdline_at, rsdp_at,
                       ranges_at, len(plan.ranges), plan.reserved)
    handover.put(at, (info + listed + ranges + plan.cmdline).ljust(
        rsdp_at - at, b'\0') + plan.rsdp)
    handover.registers.update(ebx=at)
    handover.entry = handover.pvh_entry


def notes(handover, plan):
    """ELF boot notes."""
    (module_at, module), = plan.modules
    handover.put(module_at, module)
    handover.put(0x9000, plan.rsdp)
    block = bytearray(bootnotes.block([
        bootnotes.text_note(bootnotes.FIRMWARE, 'PCBIOS'),
        bootnotes.text_note(bootnotes.LOADER, 'test loader'),
        bootnotes.text_note(bootnotes.VERSION, '1.0'),
        bootnotes.note(bootnotes.CMDLINE, plan.cmdline),
        bootnotes.map_note((start, end - start, kind)
                           for start, end, kind in plan.ranges),
        bootnotes.linux_note(bootnotes.RSDP, struct.pack('<Q', 0x9000)),
        bootnotes.linux_note(bootnotes.INITRD, struct.pack(
            '<2Q', module_at, len(module)))]))
    if not plan.checksum:
        block[-1] ^= 1
    handover.put(plan.info_at, bytes(block))
    handover.registers.update(eax=plan.magic or bootnotes.SIGNATURE,
                              ebx=plan.info_at)
    handover.esp = 0x8000
    handover.put(handover.esp, struct.pack('<2I', 0, plan.info_at))


def linux(handover, plan):
    """Linux's boot protocol, 32-bit."""
    (module_at, module), = plan.modules
    handover.put(module_at, module)
    cmdline_at = handover.put(0x9000, plan.cmdline)
    params = bytearray(PAGE)
    params[0x1e8] = len(plan.ranges)
    params[0x1ef] = plan.sentinel
    struct.pack_into('<H', params, 0x1fe, plan.boot_flag)
    params[0x202:0x206] = plan.header
    struct.pack_into('<H', params, 0x206, 0x20f)
    params[0x210] = plan.loader
    struct.pack_into('<2I', params, 0x218, module_at, len(module))
    struct.pack_into('<I', params, 0x228, cmdline_at)
    handover.put(0x9800, plan.rsdp)
    struct.pack_into('<Q', params, 0x70, 0x9800)
    for i, (start, end, kind) in enumerate(plan.ranges):
        struct.pack_into('<QQI', params, 0x2d0 + 20 * i, start, end - start,
                         kind)
    handover.registers['esi'] = handover.put(plan.info_at, bytes(params))


def long_mode(handover):
    """4 KiB pages for 64 MiB, one to one; code in 64 bits."""
    state = handover.new_state
    tables = 0x30000
    pages = [i * PAGE | 3 for i in range(64 * MIB // PAGE)]
    for at in handover.unmapped:
        pages[at // PAGE] = 0
    handover.put(tables, struct.pack('<512Q', tables + PAGE | 3, *[0] * 511))
    handover.put(tables + PAGE, struct.pack('<512Q', tables + 2 * PAGE | 3,
                                            *[0] * 511))
    handover.put(tables + 2 * PAGE, struct.pack('<512Q', *(
        tables + (3 + i) * PAGE | 3 if i < 32 else 0 for i in range(512))))
    handover.put(tables + 3 * PAGE, struct.pack(f'<{len(pages)}Q', *pages))
    handover.state.gdt = make_gdt(state, state.LONG_CODE,
                                  state.LONG_CODE)
    handover.state.cr0, handover.state.cr3 = 0x80000011, tables
    handover.state.cr4, handover.state.efer = 0x20, 0x100
    # By the word in front of the program: see stub.h and conformance.h.
    handover.entry = handover.pvh_entry + 0x68


def linux64(handover, plan):
    """Linux's boot protocol, 64-bit."""
    linux(handover, plan)
    long_mode(handover)


def notes64(handover, plan):
    """ELF boot notes, 64-bit: RDI leads to them."""
    notes(handover, plan)
    handover.registers.update(eax=0, ebx=0, edi=plan.info_at)
    long_mode(handover)


PROTOCOLS = {"linux64": linux64, "notes64": notes64, "multiboot": multiboot, "multiboot2": multiboot2, "pvh": pvh,
             "notes": notes, "linux": linux}


def break_map(_, plan):
    """The image's memory is in a range of another type, too."""
    plan.ranges.append((0xf00000, 0x1800000, RESERVED))


def break_module(where):
    """The last module is there."""
    def change(handover, plan):
        plan.modules[-1][0] = where(handover, plan)
    return change


def fill(start, size):
    """What a loader has to clear is not."""
    def change(handover, _):
        handover.put(start(handover), b'\x5a' * size)
    return change


def lose(number, size):
    """The last bytes of a segment are not there."""
    def change(handover, _):
        load = handover.loads[number]
        handover.put(load['paddr'] + load['filesz'] - size, bytes(size))
    return change


def plans(**changes):
    """Other values of the plan."""
    def change(_, plan):
        vars(plan).update(changes)
    return change


def states(**changes):
    """Another CPU."""
    def change(handover, _):
        for name, value in changes.items():
            if name in handover.state.segments:
                handover.state.segments[name] = value
            else:
                setattr(handover.state, name, value)
    return change


def flags(number):
    """Of the loader."""
    def change(handover, _):
        handover.flags |= number
    return change


def interrupts(handover, _):
    """On, but none comes."""
    handover.flags |= 128
    handover.state.eflags = 0x202


def paging(handover, _):
    """On: 4 GiB in pages of 4 MiB, one to one."""
    handover.put(0xa000, struct.pack('<1024I', *(
        i << 22 | 0x83 for i in range(1024))))
    handover.state.cr3, handover.state.cr4 = 0xa000, 0x10
    handover.state.cr0 = 0x80000011


def no_code(handover, _):
    """Not where Linux wants it."""
    state = handover.new_state
    handover.state.gdt = make_gdt(state, 0, state.FLAT_CODE)
    handover.state.code = 0x30


def make_gdt(state, code, other):
    """Code at 0x10, data at 0x18; others at 0x30 and 0x20; at 0x28 data that
    begin at 1 MiB."""
    odd = state.FLAT_DATA | 0x10 << 32
    return struct.pack('<7Q', 0, 0, code, state.FLAT_DATA, state.FLAT_DATA,
                       odd, other)


ODD = 0x28

FAULTS = {
    "truncated": lose(0, 4),
    "truncated-last": lose(1, 400),
    "uncleared": fill(lambda h: h.loads[0]['paddr'] + h.loads[0]['filesz'] +
                      0x5000, 8),
    "uncleared-last": fill(lambda h: h.loads[1]['paddr'] +
                           h.loads[1]['filesz'], 4),
    "shifted-last": lambda h, _: h.put(
        h.loads[1]['paddr'], bytes(4) + h.image[
            h.loads[1]['offset']:][:h.loads[1]['filesz']]),
    "module-in-image": break_module(lambda h, _: h.start + 0x100000),
    "module-in-tail": break_module(lambda h, _: h.end - PAGE),
    "module-odd": break_module(lambda _, p: p.modules[-1][0] + 4),
    "modules-overlap": break_module(lambda _, p: p.modules[0][0]),
    "module-in-information": break_module(lambda _, p: p.info_at),
    "module-reserved": break_module(lambda h, _: h.free_end),
    "information-in-image": lambda h, p: vars(p).update(
        info_at=h.start + 0x80000),
    "image-reserved": lambda h, p: vars(p).update(ranges=[
        (0, 0x9f000, RAM), (MIB, 0x1000000, RAM),
        (0x1000000, 0x1001000, RESERVED), (0x1001000, h.free_end, RAM)]),
    "ranges": break_map,
    "rsdp": plans(rsdp=make_rsdp()[:-1] + b'\1'),
    "magic": plans(magic=0x12345678),
    "many-modules": plans(missing=300),
    "flags": plans(flags=0x1000024d | 0x30),
    "no-memory": plans(flags=0x24c),
    "mem-lower": plans(memory=(641, 0x10000)),
    "reserved": plans(reserved=1),
    "entry-reserved": plans(entry_reserved=1),
    "no-end": plans(end=b''),
    "odd-information": plans(info_at=INFO_AT + 4),
    "unaligned-information": plans(info_at=INFO_AT + 2),
    "version": plans(version=2),
    "checksum": plans(checksum=False),
    "sentinel": plans(sentinel=0xff),
    "loader": plans(loader=0),
    "boot-flag": plans(boot_flag=0),
    "ds": states(ds=ODD),
    "ss": states(ss=ODD),
    "es": states(es=ODD),
    "fs": states(fs=ODD),
    "gs": states(gs=ODD),
    "null-fs": states(fs=0),
    "interrupts": interrupts,
    "paging": paging,
    "cr0": states(cr0=0x31),
    "cr4": states(cr4=0x200),
    "a20": flags(64),
    "selectors": states(code=0x30, ds=0x20, es=0x20, ss=0x20),
    "ebp": lambda h, _: h.registers.update(ebp=1),
    "edi": lambda h, _: h.registers.update(edi=1),
    "ebx": lambda h, _: h.registers.update(ebx=1),
    "gdt": no_code,
    "unmapped": lambda h, p: h.unmapped.append(p.info_at),
    "unmapped-image": lambda h, _: h.unmapped.append(h.start + MIB),
}


def hand_over(handover, variant):
    """PROTOCOL or PROTOCOL/FAULT."""
    protocol, _, fault = variant.partition('/')
    plan = make_plan(handover)
    state = handover.new_state
    handover.move(0)            # in pieces, and .bss is nobody's
    handover.state = state(0x8800, make_gdt(
        state, state.FLAT_CODE, state.FLAT_CODE), CODE, DATA)
    handover.flags |= 32
    if fault:
        FAULTS[fault](handover, plan)
    PROTOCOLS[protocol](handover, plan)
    handover.put(0x8800, handover.state.gdt)
