#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: seeds.py MKELFIMAGE DIRECTORY

Inputs to begin with, DIRECTORY/DRIVER/NAME: small kernels and their images for
the drivers of the tool, and for those sources of the stub whose unit tests
cannot be harvested. Those called keep-NAME stay in a corpus, come what may.
"""

import os
import struct
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)) + "/../tool")

import bzimage  # noqa: E402  pylint: disable=wrong-import-position
import elf      # noqa: E402  pylint: disable=wrong-import-position
import pe       # noqa: E402  pylint: disable=wrong-import-position

HEADER_END = 0x202 + 0x6a
CODE_SIZE = 0x200
PIECES = 5

MULTIBOOT, CHECKSUM, CMDLINE, INITRD, SECOND, NO_INITRD, SHA256, ELF64 = (
    1 << bit for bit in range(8))


def small_bzimage(**fields):
    """As short as one can be."""
    data = bytearray(2 * bzimage.SECTOR + CODE_SIZE)
    data[0x300:0x30b] = b"6.1.0-test "
    data[2 * bzimage.SECTOR:] = elf.some_bytes(CODE_SIZE)
    said = {"setup_sects": 1, "syssize": CODE_SIZE // 16,
            "boot_flag": 0xaa55, "jump": 0x6aeb, "header": b"HdrS",
            "version": 0x20f, "kernel_version": 0x100, "loadflags": 1,
            "code32_start": 0x100000, "initrd_addr_max": 0x7fffffff,
            "kernel_alignment": 0x200000, "relocatable_kernel": 1,
            "xloadflags": 0x33, "cmdline_size": 2047,
            "payload_offset": 0x10, "payload_length": 0x100,
            "pref_address": 0x1000000, "init_size": 0x1000}
    bzimage.put(data, **{**said, **fields})
    return bytes(data)


def small_vmlinux(bits, scratch=0x1002000):
    """Two segments with a hole between them, .bss, the notes, a stub."""
    start = stub = 0x1000000
    ehdr, phdr = (64, 56) if bits == 64 else (52, 32)
    notes = (elf.note("ELFBoot", 2, b"6.1.0-test\0") +
             elf.note("Linux", 0x200, struct.pack("<I", stub)))
    loads = ((0, 0x400, 0x80, 0x200), (0x400, 0x480, 0x40, 0x12000))
    data = bytearray(0x4c0)
    ident = b"\x7fELF" + bytes((bits // 32, 1, 1)) + bytes(9)
    data[:ehdr] = ident + struct.pack(
        "<2HI3QI6H" if bits == 64 else "<2HI3II6H", 2,
        62 if bits == 64 else 3, 1, stub + 8, ehdr, 0, 0, ehdr, phdr, 3, 0, 0, 0)
    rows = [(1, 7, offset, start + at, filesz, memsz)
            for at, offset, filesz, memsz in loads]
    rows.append((4, 0, 0x200, 0, len(notes), len(notes)))
    for i, (kind, flags, offset, paddr, filesz, memsz) in enumerate(rows):
        data[ehdr + i * phdr:ehdr + (i + 1) * phdr] = (
            struct.pack("<2I6Q", kind, flags, offset, paddr, paddr, filesz,
                        memsz, 4) if bits == 64 else
            struct.pack("<8I", kind, offset, paddr, paddr, filesz, memsz,
                        flags, 4))
    data[0x200:0x200 + len(notes)] = notes
    for at, value in ((elf.STUB_BASE, stub), (elf.STUB_MAGIC_AT, 0x42464c45),
                      (elf.STUB_ENTRY, start), (elf.STUB_START, start),
                      (elf.STUB_END, start + 0x12400),
                      (elf.STUB_SCRATCH, scratch)):
        elf.put32(data, 0x400 + at, value)
    return bytes(data)


KERNELS = (
    ("bzimage", small_bzimage()),
    ("bzimage-i386", small_bzimage(xloadflags=0)),
    ("bzimage-2.05", small_bzimage(version=0x205)),
    ("bzimage-2.09", small_bzimage(version=0x209, relocatable_kernel=0)),
    ("bzimage-at-1M", small_bzimage(kernel_alignment=0x1000,
                                    pref_address=0x100000)),
    ("bzimage-unnamed", small_bzimage(kernel_version=0)),
    ("bzimage-low-initrd", small_bzimage(initrd_addr_max=0x1020000,
                                         cmdline_size=9)),
    ("vmlinux", small_vmlinux(64)),
    ("vmlinux-i386", small_vmlinux(32)),
)

# What the tool refuses, unless asked for nothing.
REFUSED = (
    ("scratch-behind", small_vmlinux(64, 0x1013000)),
    ("scratch-half", small_vmlinux(32, 0x1002401)),
    ("short-headers", small_vmlinux(64)[:0x60]),
    ("short-contents", small_vmlinux(64)[:-1]),
    ("short-contents-i386", small_vmlinux(32)[:-1]),
    ("short-setup", small_bzimage()[:0x260]),
    ("short-code", small_bzimage()[:-16]),
)

WANTS = (
    (0, b"", b""),
    (MULTIBOOT, b"", b""),
    (MULTIBOOT | CHECKSUM, b"", b""),
    (MULTIBOOT | ELF64, b"", b""),
    (MULTIBOOT | CMDLINE, b"quiet", b""),
    (CMDLINE, b"", b""),
    (INITRD, b"", b"an initrd"),
    (MULTIBOOT | CHECKSUM | CMDLINE | SECOND, b"a b", b"odd"),
    (CHECKSUM | CMDLINE | NO_INITRD, b"x", b""),
    (SHA256 | CHECKSUM | INITRD, b"", b"an initrd", 0, 0x1800000),
    (MULTIBOOT | SHA256, b"", b"", 0x4000000),
)


def wanting(kernel, flags, cmdline, initrd, load=0, ramdisk=0):
    """An input of the driver "kernel"."""
    return struct.pack("<BHHII", flags, len(cmdline), len(initrd), load,
                       ramdisk) + cmdline + initrd + kernel


def image(tool, directory, kernel, *options):
    """What the tool makes of a kernel."""
    source, output = directory + "/seed.kernel", directory + "/seed.image"
    with open(source, "wb") as file:
        file.write(kernel)
    subprocess.run([tool, *options, source, output], check=True)
    with open(output, "rb") as file:
        return file.read()


def machine(registers, flags, pieces, device=b""):
    """An input of one of the stub's drivers (input.h)."""
    table, contents = b"", b""
    for i in range(PIECES):
        address, size, data = pieces[i] if i < len(pieces) else (0, 0, b"")
        table += struct.pack("<Q2I", address, size, len(data))
        contents += data
    registers = list(registers) + [0] * (7 - len(registers))
    return struct.pack("<8I", *registers, flags) + table + contents + device


def fwcfg(ranges, name=b"etc/e820", size=None):
    """A directory with one file, and the file."""
    entries = b"".join(struct.pack("<2QI", *entry) for entry in ranges)
    size = len(entries) if size is None else size
    directory = struct.pack(">I", 1) + \
        struct.pack(">IHH", size, 0x25, 0) + name.ljust(56, b"\0")
    return machine((), 0, [(0, 80, directory)] +
                   [(0, 0, b"")] * (PIECES - 2) +
                   [(0, len(entries), entries)])


def pvh(number):
    """A start info with so many ranges, all of them RAM with a gap behind."""
    info = struct.pack("<4I4Q2I", 0x336ec578, 1, 0, 0, 0, 0x4000, 0, 0x6000,
                       number, 0)
    entries = b"".join(
        struct.pack("<2Q2I", 0x100000 + i * 0x10000,
                    0x1000 * (1 + i % 2), 1 + i % 3, 0)
        for i in range(number))
    return machine((0x336ec578, 0x5000), 0, [
        (0x4000, 6, b"quiet"), (0x5000, len(info), info),
        (0x6000, len(entries), entries)])


def bios_machine():
    """A BIOS that is alive, and answers with two ranges."""
    low = bytearray(0x600)
    for vector in (0x10, 0x13, 0x15):
        struct.pack_into("<2H", low, vector * 4, 0x100, 0xf000)
    struct.pack_into("<H", low, 0x413, 639)
    rom = bytearray(0x10000)
    rom[0x100] = 0xcf
    rom[0xfff0] = 0xea
    entries = (struct.pack("<B2QI", 0xc0, 0, 0x9fc00, 1) +
               struct.pack("<B2QI", 0x40, 0x100000, 0x7f00000, 1))
    return machine((), 0, [(0, 0x600, bytes(low)),
                           (0xf0000, 0x10000, bytes(rom)),
                           (0x6000, 0x2000, b"")], entries)


def boot_notes(*notes):
    """A block; name "" for a standard note."""
    data = b"".join(
        elf.note(name, kind, desc) if name else
        struct.pack("<3I", 0, len(desc), kind) +
        desc.ljust(elf.up(len(desc), 4), b"\0") for name, kind, desc in notes)
    return struct.pack("<2I2H", 0x0e1fb007, 12 + len(data), 0, len(notes)) + \
        data


RANGES = (struct.pack("<2Q2I", 0, 0x9f000, 1, 0) +
          struct.pack("<2Q2I", 0x100000, 0x7f00000, 1, 0))
NOTES = (
    ("", 1, b"PCBIOS\0"), ("", 2, b"kexec\0"), ("", 3, b"2.0\0"),
    ("", 4, b"quiet\0"), ("Linux", 0x301, RANGES),
    ("Linux", 0x302, struct.pack("<2Q", 0x2000000, 0x1001)),
    ("Linux", 0x303, struct.pack("<Q", 0xf5000)),
    ("Linux", 0x304, struct.pack("<Q3I12B", 0xfd000000, 3200, 800, 600, 32,
                                 16, 8, 8, 8, 0, 8, 24, 8, 0, 0, 0)),
    ("Linux", 0x305, struct.pack("<4I3Q", 64, 48, 1, 0, 0x1000, 0x2000, 96)),
    ("Linux", 0x306, bytes(range(32))),
    ("Linux", 0x307, struct.pack("<3Q", 0x3000000, 0x3000000, 0x1000)),
    ("other", 1, b"xyz"),
)


def kexec_seeds():
    """Driver, name, input."""
    for name, kernel in KERNELS:
        if "vmlinux" in name:
            yield "elf-plan", name, kernel
    for name, kernel in REFUSED:
        yield "elf-plan", "keep-" + name, kernel
    yield "boot-notes", "all", boot_notes(*NOTES)
    yield "boot-notes", "none", boot_notes()
    for i, one in enumerate(NOTES):
        yield "boot-notes", f"one-{i}", boot_notes(one)


def stub_seeds():
    """Driver, name, input."""
    yield "fwcfg", "two", fwcfg(((0, 0x8000000, 1),
                                 (0xfd00000000, 0x300000000, 2)))
    yield "fwcfg", "other", fwcfg(((0, 1, 1),), b"etc/e821")
    yield "fwcfg", "odd", fwcfg(((0, 1, 1),), size=19)
    for full in 0, 1:
        yield "composed", f"both-{full}", machine(
            (0x1000000, 8, 0x2000000, 0x100), full,
            [(0x1000000, 8, b"quiet\n\0"), (0x2000000, 0x100, b"initrd")])
    for left_out in range(len(NOTES) + 1):
        block = boot_notes(*NOTES[:left_out], *NOTES[left_out + 1:])
        for driver in "notes", "all":
            yield driver, f"block-{left_out}", machine(
                (0x0e1fb007, 0x8000), 4,
                [(0x8000, len(block), block), (0x2000, 96, b"\7")])
    for number in 127, 128, 129, 300, 511, 512, 513:
        yield "pvh", f"keep-ranges-{number}", pvh(number)
        yield "all", f"ranges-{number}", pvh(number)
    yield "all", "bios", bios_machine()
    yield "all", "fwcfg", fwcfg(((0, 0x8000000, 1),))[:28] + \
        struct.pack("<I", 0x10) + fwcfg(((0, 0x8000000, 1),))[32:]


def tool_seeds(tool, directory):
    """Driver, name, input."""
    for name, kernel in REFUSED:
        for i, want in enumerate(WANTS):
            yield "kernel", f"keep-{name}-{i}", wanting(kernel, *want)
        yield "verify", "keep-" + name, kernel
    for name, kernel in KERNELS:
        for i, want in enumerate(WANTS):
            yield "kernel", f"{name}-{i}", wanting(kernel, *want)
        # The stub is too short to run, and longer than most of a seed.
        for i, options in enumerate((
                (), ("--no-checksum",), ("--append=quiet",),
                ("--without-multiboot", "--initrd=" + tool + ".initrd"),
                ("--without-elf64",))):
            if name == "bzimage-low-initrd" and i == 3:
                continue
            data = image(tool, directory, kernel, *options)
            yield "verify", f"{name}-{i}", data
            yield "verify", f"{name}-{i}-short", data[:-1]
            yield "verify", f"{name}-{i}-3.0", elf.layout_3_0(data)
            yield "kernel", f"{name}-image-{i}", wanting(data, 0, b"", b"")
            yield "kernel", f"{name}-3.0-{i}", \
                wanting(elf.layout_3_0(data), ELF64, b"", b"")
            yield "kernel", f"{name}-recompose-{i}", \
                wanting(data, MULTIBOOT | CHECKSUM | CMDLINE | INITRD | ELF64,
                        b"new", b"another")


STORED = b"STOR"


def packing_bzimage(payload, **fields):
    """One that unpacks to a kernel, which is stored."""
    payload = STORED + payload + struct.pack("<I", len(payload))
    data = bytearray(small_bzimage(**fields))[:2 * bzimage.SECTOR]
    code = bytes(0x10) + payload
    code = code.ljust(elf.up(len(code), 16), b"\0")
    bzimage.put(data, **{**{"syssize": len(code) // 16, "init_size": 0x20000,
                            "payload_length": len(payload)}, **fields})
    return bytes(data) + code


def plain_vmlinux(bits):
    """Without a stub, and with the kernel's first message."""
    data = bytearray(small_vmlinux(bits))
    data[0x200:0x300] = b"Linux version 6.1.0-test (x)".ljust(0x100, b"\0")
    data[0x400:0x440] = bytes(range(0x40))
    return bytes(data)


def pe_file(*sections):
    """A PE file with these sections."""
    head = bytearray(0x40)
    head[:2] = b"MZ"
    struct.pack_into("<I", head, 0x3c, 0x40)
    head += b"PE\0\0" + struct.pack("<2H3I2H", 0x8664, len(sections), 0, 0, 0,
                                    112, 0x22e)
    head += struct.pack("<H", 0x20b).ljust(112, b"\0")
    at = len(head) + 40 * len(sections)
    contents = b""
    for name, data in sections:
        head += struct.pack("<8s4I12xI", name, len(data), 0x1000, len(data),
                            at + len(contents), 0)
        contents += data
    return bytes(head) + contents


def wrapped_seeds():
    """Driver, name, input."""
    relocs = struct.pack("<6I", 0, 0x81000010, 0, 0, 0x81000020, 0x81000030)
    kernels = [(f"unpack-{bits}", packing_bzimage(small_vmlinux(bits)))
               for bits in (32, 64)]
    kernels += [(f"plain-{bits}", packing_bzimage(
        plain_vmlinux(bits), xloadflags=0x63 if bits == 64 else 0))
                for bits in (32, 64)]
    kernels += [("relocs", packing_bzimage(plain_vmlinux(64) + relocs)),
                ("2.08", packing_bzimage(plain_vmlinux(64), version=0x208)),
                ("not-elf", packing_bzimage(b"not an ELF file")),
                ("keep-short", packing_bzimage(plain_vmlinux(64)[:-1])),
                ("keep-large", packing_bzimage(plain_vmlinux(64),
                                               init_size=0x1000)),
                ("vmlinux", plain_vmlinux(64))]
    uki = pe_file((b".cmdline", b"quiet\n\0"), (b".linux", kernels[2][1]),
                  (b".ucode", b"micro"), (b".initrd", b"an initrd"),
                  (b".profile", b"x"), (b".cmdline", b"second"))
    kernels += [("uki", uki), ("keep-uki-short", uki[:-1]),
                ("keep-uki-headers", uki[:0x100]),
                ("twice", STORED * 2 + kernels[0][1]),
                ("missing", b"MISS" + kernels[0][1]),
                ("deb", b"!<arch>\ndebian-binary".ljust(68) + b"2.0\n" +
                 b"data.tar.xz".ljust(48) + b"1544      `\n" + STORED +
                 b"./boot/vmlinuz-6".ljust(124, b"\0") +
                 b"00000001000\0".ljust(1416, b"\0")),
                ("rpm", b"\xed\xab\xee\xdb".ljust(96, b"\0") +
                 b"\x8e\xad\xe8\1" + bytes(12) + b"\x8e\xad\xe8\1" +
                 struct.pack(">I2I12I", 0, 3, 24, 1116, 4, 0, 1, 1117, 8, 4, 1,
                             1118, 8, 12, 1) + bytes(4) +
                 b"vmlinuz\0/lib/m/\0".ljust(20, b"\0"))]
    for name, data in kernels:
        yield "wrapped", name, wanting(data, 0, b"", b"")
        yield "wrapped", name + "-stored", wanting(STORED + data,
                                                   *WANTS[7])


def small_program(plus, *sections, headers=0x400, signature=None):
    """As aligned as firmware wants it; sections: name, contents, flags."""
    size = 240 if plus else 224
    head = bytearray(0x40)
    head[:2] = b"MZ"
    struct.pack_into("<I", head, 0x3c, 0x40)
    head += b"PE\0\0" + struct.pack("<2H3I2H", 0x8664 if plus else 0x14c,
                                    len(sections), 0, 0, 0, size, 0x22)
    optional = bytearray(size)
    struct.pack_into("<H", optional, 0, 0x20b if plus else 0x10b)
    struct.pack_into("<I", optional, 16, 0x1000)
    struct.pack_into("<2I", optional, 32, 0x1000, 0x200)
    struct.pack_into("<2I", optional, 56, 0x1000 * (len(sections) + 1), headers)
    struct.pack_into("<I", optional, size - 16 * 8 - 4, 16)
    contents = b""
    table = b""
    for number, (name, data, flags) in enumerate(sections):
        padded = data.ljust(elf.up(len(data), 0x200), b"\0")
        table += struct.pack("<8s4I12xI", name, len(data), 0x1000 * (number + 1),
                             len(padded), headers + len(contents), flags)
        contents += padded
    if signature:
        struct.pack_into("<2I", optional, size - 16 * 8 + 32,
                         headers + len(contents), len(signature))
        contents += signature
    return pe.sealed(bytes(head + optional + table).ljust(headers, b"\0") +
                     contents)


def short_optional(data):
    """It ends where the directory of signatures would begin."""
    program = pe.Program(data)
    end = program.directories + 32
    data = bytearray(data[:end])
    struct.pack_into("<H", data, program.header + 20, end - program.optional)
    return bytes(data)


def program_seeds(tool, directory):
    """Driver, name, input."""
    code, data = 0x60000020, 0x40000040
    linux = image(tool, directory, small_bzimage())
    text = (b".text", b"code", code)
    sbat = (b".sbat", b"sbat,1\nelfboot,1,x\n\0", data)
    kernel = (b".linux", linux, data)
    cmdline = (b".cmdline", b"quiet", data)
    initrd = (b".initrd", b"an initrd", data)
    for name, program in (
            ("x64", small_program(True, text, sbat)),
            ("ia32", small_program(False, text, sbat)),
            ("keep-room", small_program(True, text, sbat, headers=0x200)),
            ("signed", small_program(True, text, sbat, signature=bytes(16))),
            ("keep-sbat", small_program(True, text)),
            ("other", small_program(True, text, sbat, (b".other", b"x", data))),
            ("composed", small_program(True, text, sbat, cmdline, kernel, initrd)),
            ("composed-signed", small_program(False, text, sbat, kernel,
                                              signature=bytes(8))),
            ("profiles", small_program(True, text, sbat, kernel,
                                       (b".profile", b"x", data), cmdline)),
            ("vmlinux", small_program(True, text, sbat, (
                b".linux", small_vmlinux(64), data))),
            ("keep-plain", small_program(True, text, sbat, (
                b".linux", plain_vmlinux(64), data))),
            ("keep-wx", small_program(True, (b".text", b"x", code | 1 << 31), sbat,
                                      kernel)),
            ("keep-directory", short_optional(small_program(True))),
            ("keep-profiles", small_program(True, text, sbat, (
                b".profile", b"x", data), (b".profile", b"y", data))),
            ("keep-short", small_program(True, text, sbat, kernel)[:-600])):
        for more, contents in ("", b""), ("-image", linux):
            yield "program", name + more, \
                struct.pack("<H", len(program)) + program + contents


def log_seeds():
    """Logs of both formats, with a table of final events behind two entries."""
    spec = b"Spec ID Event03\0" + struct.pack("<I4BI4HB", 0, 0, 2, 0, 8, 2,
                                              4, 20, 11, 32, 0)
    first = struct.pack("<II20xI", 0, 3, len(spec)) + spec
    events = [struct.pack("<IIIH20sH32sI", pcr, 6, 2, 4, bytes(20), 11, bytes(32),
                          len(event)) + event
              for pcr, event in ((4, b"program"), (9, b"Linux initrd\0"))]
    old = struct.pack("<II20xI", 0, 3, 4) + b"abcd" + \
        struct.pack("<II20xI", 4, 6, 40) + bytes(40)
    for name, kind, log, nr in (("new", 0, first + b"".join(events), 2),
                                ("keep-one-final", 0, first + b"".join(events), 1),
                                ("keep-old", 1, old, 0),
                                ("keep-digests", 0, first + events[0].replace(
                                    b"\x0b\0", b"\x0c\0"), 1)):
        yield "efi-event-log", name, struct.pack("<BH", kind, len(log)) + log + \
            struct.pack("<2Q", 1, nr) + b"".join(events[-nr:] if nr else []) + \
            bytes(16)


def main():
    """As the usage says."""
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    tool, directory = sys.argv[1:]
    with open(tool + ".initrd", "wb") as file:
        file.write(b"an initrd")
    for seeds in kexec_seeds(), stub_seeds(), \
            tool_seeds(tool, directory), wrapped_seeds(), \
            program_seeds(tool, directory), log_seeds():
        for driver, name, data in seeds:
            os.makedirs(f"{directory}/{driver}", exist_ok=True)
            with open(f"{directory}/{driver}/{name}", "wb") as file:
                file.write(data)
    for leftover in "/seed.kernel", "/seed.image":
        path = directory + leftover
        if os.path.isfile(path):
            os.unlink(path)


main()
