#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: unpack.py MKELFIMAGE PLAIN DIRECTORY

mkelfImage --unpack: small bzImages of every compression (make-packed.py) become
images that have the kernel's bytes and relocations; what makes no sense is
refused. PLAIN is the program built without libraries.
"""

import importlib
import json
import os
import struct
import subprocess
import sys
import zlib

import bzimage
import elf
import relocs_model
import subtest
from mkelfimage import Judge

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
packed = importlib.import_module("make-packed")
result = subtest.result

FORMATS = [form for form in packed.COMMANDS if form != "none"]
JMP = 0xe9
STUB, STUB_KERNEL_END = 0x1007000, 0x1027000   # make-vmlinux.py


def write(path, data):
    """A file."""
    with open(path, "wb") as file:
        file.write(data)


def words(data):
    """The stub's words of an image, by their offsets."""
    load = elf.read_phdrs(data)[2]
    return data[load["offset"]:load["offset"] + elf.STUB_HEADER_SIZE]


def look_at_memory(name, data, bits):
    """What is where the kernel is."""
    load = elf.read_phdrs(data)[1]
    have = data[load["offset"]:load["offset"] + load["filesz"]]
    kernel = bytes(packed.memory(bits))
    result(load["paddr"] == packed.START and have[:packed.BSS] == kernel,
           f"{name}: the kernel's bytes")
    result(len(have) == packed.BSS + 5 and have[packed.BSS] == JMP and
           load["memsz"] == packed.END,
           f"{name}: no zeros of .bss, the memory is there", len(have))


def look_at_words(name, data, bits, kaslr):
    """What the stub is told."""
    stub = words(data)
    flags = (3 if bits == 64 else 0) | (elf.STUB_FLAG_KASLR if kaslr else 0)
    flags |= 0x20 if bits == 64 else 0
    want = [(elf.STUB_ENTRY, packed.ENTRY), (elf.STUB_START, packed.START),
            (elf.STUB_FLAGS, flags), (elf.STUB_SETUP, 0)]
    if kaslr:
        want += [(elf.STUB_BSS, packed.START + packed.BSS),
                 (elf.STUB_ALIGN, 0x200000),
                 (elf.STUB_IMAGE_MAX, 0x40000000 if bits == 64 else
                  0x20000000)]
    wrong = [(hex(at), hex(elf.get32(stub, at)), hex(value))
             for at, value in want if elf.get32(stub, at) != value]
    result(not wrong, f"{name}: the stub's words", wrong)


def look_at_relocs(name, data, bits):
    """The lists, read by the specification."""
    stub = words(data)
    load = elf.read_phdrs(data)[2]
    at = elf.get32(stub, elf.STUB_RELOCS) - load["paddr"] + load["offset"]
    size = elf.get32(stub, elf.STUB_RELOCS_SIZE)
    have = relocs_model.decode(data[at:at + size], 3 if bits == 64 else 1)
    want = relocs_model.read_words(packed.relocs(bits),
                                   packed.base(bits) + packed.START)
    result(have == want, f"{name}: its relocations")


def test_formats(judge, arch, directory):
    """Every compression gives the same image."""
    bits = 64 if arch == "x86_64" else 32
    first = None
    for form in FORMATS + ["none"]:
        name = f"{arch}, {form}"
        out = f"{directory}/unpacked"
        run = judge.run("--unpack", f"{directory}/packed.{arch}.{form}", out)
        result(not run.returncode and not run.stderr, name, run.stderr)
        if run.returncode:
            continue
        data = elf.read(out)
        if form == "none":
            look_at_words(name, data, bits, False)
            continue
        first = first or data
        result(data == first, f"{name}: the same image as from {FORMATS[0]}")
    look_at_memory(arch, first, bits)
    look_at_words(arch, first, bits, True)
    look_at_relocs(arch, first, bits)
    write(f"{directory}/unpacked", first)


def test_cost(judge, arch, directory):
    """What --dump says of it: shares of the file, memory, KASLR."""
    packed_ = f"{directory}/packed.{arch}.gzip"
    data = elf.read(f"{directory}/unpacked")
    run = judge.run("--dump", "--json", "--unpack", packed_)
    cost = json.loads(run.stdout)["cost"]
    loads = elf.read_phdrs(data)[1:]
    stub = words(data)
    result(cost["file"] == len(data) and
           cost["kernel"] == packed.BSS + 5 and
           cost["relocs"] == elf.get32(stub, elf.STUB_RELOCS_SIZE) and
           cost["stub"] == elf.get32(stub, elf.STUB_SIZE) and
           cost["memory"] == sum(load["memsz"] for load in loads) and
           cost["zeros"] == cost["memory"] - sum(load["filesz"]
                                                 for load in loads),
           f"{arch}: --dump: cost", cost)
    for options, name, word in (
            (("--unpack",), "gzip", "by the stub"),
            (("--unpack", "--no-relocs"), "gzip", "none: no relocations"),
            (("--unpack",), "none",
             "none: the kernel has been built without, or comes without"),
            ((), "gzip", "by the kernel's own decompressor")):
        run = judge.run("--dump", *options, f"{directory}/packed.{arch}.{name}")
        result(f"\nkaslr    {word}" in run.stdout,
               f"{arch}: --dump: KASLR {word}", run.stdout)


def test_again(judge, arch, directory):
    """An image that was written before is one to start from."""
    image, composed, again = (f"{directory}/{name}" for name in
                              ("unpacked", "composed", "again"))
    first = elf.read(image)
    judge.run(image, again)
    result(elf.read(again) == first, f"{arch}: rewritten, it is the same")
    write(f"{directory}/initrd", b"an initrd")
    run = judge.run("--append=console=ttyS0", f"--initrd={directory}/initrd",
                    image, composed)
    result(not run.returncode, f"{arch}: composed", run.stderr)
    judge.run("--append=", "--initrd=", composed, again)
    result(elf.read(again) == first, f"{arch}: and taken apart again")
    judge.run("--extract=kernel", composed, again)
    result(elf.read(again) == first, f"{arch}: its kernel extracted")
    judge.run("--no-relocs", image, again)
    result(not elf.get32(words(elf.read(again)), elf.STUB_RELOCS),
           f"{arch}: --no-relocs")


def test_vmlinux(judge, arch, directory):
    """A vmlinux without the stub, and what it is unpacked from."""
    bits = 64 if arch == "x86_64" else 32
    out = f"{directory}/from-vmlinux"
    run = judge.run(f"{directory}/plain.{arch}", out)
    result(not run.returncode, f"{arch}: a vmlinux without the stub",
           run.stderr)
    look_at_memory(f"{arch}, vmlinux", elf.read(out), bits)
    result(not elf.get32(words(elf.read(out)), elf.STUB_FLAGS) &
           elf.STUB_FLAG_KASLR, f"{arch}: has no KASLR")
    run = judge.run(f"--relocs={directory}/words.{arch}",
                    f"{directory}/plain.{arch}", out)
    result(not run.returncode, f"{arch}: with --relocs", run.stderr)
    look_at_relocs(f"{arch}, --relocs", elf.read(out), bits)


def repack(bits, change, relocs=b""):
    """A bzImage of a kernel that has been changed."""
    data = bytearray(packed.vmlinux(bits))
    change(data)
    return packed.bz_image(bits, packed.pack(bytes(data) + relocs, "gzip"))


def put(form, at, value):
    """Write a field of the vmlinux."""
    return lambda data: struct.pack_into(form, data, at, value)


def all_of(*changes):
    """One after the other."""
    return lambda data: [change(data) for change in changes]


def set_size(data, value):
    """Another last word of the payload."""
    at = 3 * bzimage.SECTOR + packed.CODE_AT
    at += bzimage.get(data, "payload_length") - 4
    struct.pack_into("<I", data, at, value)


# Of the x86_64 kernel: offsets of the ELF64 header and its program headers.
BROKEN = (
    ("ELF magic", put("<I", 0, 0), "not an ELF file"),
    ("class", put("<B", 4, 3), "not a little-endian ELF file"),
    ("machine", put("<H", 18, 183), "machine 183"),
    ("e_phoff", put("<Q", 32, 1 << 63), "program headers"),
    ("e_phnum", put("<H", 56, 0xffff), "65535 program headers"),
    ("entry below", put("<Q", 24, 0xffffff), "entry, 0xffffff"),
    ("entry behind", put("<Q", 24, packed.START + packed.END), "entry, 0x1023000"),
    ("entry in .bss", put("<Q", 24, packed.START + packed.BSS + 0x10),
     "entry, 0x1008f10"),
    ("entry in memory only", put("<Q", 24, packed.START + 0x20000),
     "entry, 0x1020000"),
    ("p_filesz", put("<Q", 64 + 32, 1 << 40), "program header 0"),
    ("p_memsz", put("<Q", 64 + 40, 1), "program header 0 makes no sense"),
    ("p_paddr", put("<Q", 64 + 24, 1 << 33), "program header 0"),
    ("other place", all_of(put("<Q", 64 + 24, 0x800000),
                           put("<Q", 24, 0x800200)), "pref_address is 0x1000000"),
    ("too large", put("<Q", 120 + 40, 0x3e0000), "beyond init_size"),
    ("no banner", put("<Q", 0x1000 + packed.BANNER, 0), "Linux version"),
)


def literals(count):
    """The first bytes of a block of lz4, which is literals, and its size."""
    return (b"\xf0" + b"\xff" * count + b"\0", 17 + 256 * count)


def short_lz4():
    """A payload that ends inside its magic number once its size is taken off;
    what is behind it in the file leads far beyond that."""
    head, size = literals(0x1000)
    payload = b"\x02\x21\x4c\x18" + struct.pack("<I", size)[:3]
    behind = b"\0" + head.ljust(size, b"x")
    head, size = literals(0xe0000)
    data = bytearray(packed.bz_image(
        64, payload + behind + struct.pack("<I", size) + head))
    bzimage.put(data, init_size=0x20000000, payload_length=len(payload))
    return data


def test_refusals(judge, directory):
    """Hostile input ends in one line, and the old output stays."""
    def refuse(name, data, word):
        judge.refuse(name, data, word, "--unpack")

    for name, change, word in BROKEN:
        refuse(name, repack(64, change), word)
    good = packed.relocs(64)
    refuse("relocations of i386", repack(64, lambda _: None,
                                         packed.relocs(32)), "i386")
    refuse("relocations of 3 bytes", repack(64, lambda _: None, b"abc"),
           "vmlinux.relocs")
    refuse("relocations outside", repack(
        64, lambda _: None, good[:4] + b"\xff\xff\xff\xff" + good[8:]),
        "another kernel")
    for form in FORMATS:
        data = bytearray(elf.read(f"{directory}/packed.x86_64.{form}"))
        for value in (0, 1, 0x40001, 0xffffffff):
            lie = bytearray(data)
            set_size(lie, value)
            refuse(f"{form}: size {value:#x}", lie, "payload")
        for at in range(1, bzimage.get(data, "payload_length"), 997):
            lie = bytearray(data)
            lie[3 * bzimage.SECTOR + packed.CODE_AT + at] ^= 0x40
            judge_damage(judge, f"{form}: byte {at} changed", lie)
        short = bytearray(data)
        bzimage.put(short, payload_length=bzimage.get(data, "payload_length")
                    // 2)
        refuse(f"{form}: half of it", short, "payload")
    bomb = zlib.compressobj(9, zlib.DEFLATED, 31)
    data = bomb.compress(bytes(1 << 28)) + bomb.flush()
    refuse("a bomb", packed.bz_image(64, data), "init_size is 0x40000")
    set_at = len(data) - 4
    data = data[:set_at] + struct.pack("<I", 0x20000)
    refuse("a bomb that lies", packed.bz_image(64, data), "damaged")
    refuse("no format", packed.bz_image(64, b"nothing of that kind"),
           "no format")
    refuse("no payload", packed.bz_image(64, b"\x1f\x8b"), "payload")
    refuse("lz4 of 3 bytes", short_lz4(), "damaged")
    refuse("a vmlinux", packed.vmlinux(64), "nothing to unpack")


def judge_damage(judge, name, data):
    """One byte is another: it is found, or it made no difference."""
    write(judge.input, data)
    run = judge.run("--unpack", judge.input, judge.output + "-damaged")
    if run.returncode == 1:
        judge.result(name, judge.message(run))
        return
    # Some formats have no sum of the contents, as the kernel makes them.
    has_sum = name.split(":")[0] not in ("lz4", "lzma")
    judge.result(name, "" if not run.returncode and not has_sum else
                 f"exit status {run.returncode}: {run.stderr}")
    if not run.returncode:
        os.unlink(judge.output + "-damaged")


def test_lying_words(judge, directory):
    """An image whose words are wrong is none to start from: written again, it
    would be as large as they say."""
    image = f"{directory}/lying"
    judge.run("--unpack", "--no-relocs", "--no-checksum",
              f"{directory}/packed.x86_64.gzip", image)
    good = elf.read(image)
    stub = elf.read_phdrs(good)[2]["offset"]
    end = packed.START + packed.BSS
    for name, word, values in (
            (".bss", elf.STUB_BSS, (0, packed.START - 1, end + 1, 0x5000000)),
            ("entry", elf.STUB_ENTRY, (0, packed.START - 1, end, 2 ** 32 - 1))):
        for value in values:
            data = bytearray(good)
            struct.pack_into("<I", data, stub + word, value)
            judge.refuse(f"an image's {name}: {value:#x}", data, name)


def test_unknown_flags(judge, directory):
    """What a later stub knows ours does not: it would be lost."""
    image = f"{directory}/later"
    judge.run("--unpack", "--no-checksum", f"{directory}/packed.x86_64.gzip",
              image)
    data = bytearray(elf.read(image))
    at = elf.read_phdrs(data)[2]["offset"] + elf.STUB_FLAGS
    struct.pack_into("<I", data, at, elf.get32(data, at) | 0x100)
    judge.refuse("an image's flag 0x100", data, "a later mkelfImage's")


def test_old_protocol(judge):
    """Before 2.10 there is no pref_address to be named."""
    data = bytearray(packed.bz_image(64, packed.pack(
        packed.vmlinux(64), "gzip")))
    bzimage.put(data, version=0x208, code32_start=0x200000)
    judge.refuse("protocol 2.08, linked elsewhere", data, "before 2.10",
                 "--unpack")


def test_lying_stub(judge, directory):
    """A kernel's own stub that has .bss in itself, where all is zero, or far
    away: contents would be cut in the stub's words."""
    relocs = f"{directory}/no-relocs"
    write(relocs, bytes(12))
    subprocess.run([f"{os.path.dirname(__file__)}/make-vmlinux.py", "x86_64",
                    f"{directory}/lying", "kaslr"], check=True)
    good = elf.read(f"{directory}/lying")
    stub = good.index(struct.pack("<I", STUB), 0x2000) - elf.STUB_BASE
    end = stub + elf.STUB_ALIGN
    for value in (STUB + elf.STUB_ALIGN,
                  STUB + elf.STUB_HEADER_SIZE - 1, STUB_KERNEL_END + 1):
        data = bytearray(good[:end] + bytes(len(good) - end))
        struct.pack_into("<I", data, stub + elf.STUB_BSS, value)
        judge.refuse(f"a stub's .bss: {value:#x}", data, ".bss, 0x",
                     f"--relocs={relocs}")


def test_lying_bss(judge, directory):
    """Zeros that are not .bss's stay: the jump comes behind them."""
    plain = packed.vmlinux(64)
    shoff, = struct.unpack_from("<Q", plain, 40)
    bss, other = shoff + 64, shoff + 2 * 64
    zeros = elf.up(packed.BSS + packed.ZEROS, 16)
    path, out = f"{directory}/lying", f"{directory}/from-lying"
    for name, change in (
            ("empty", put("<Q", bss + 32, 0)),
            ("too small for the jump", put("<Q", bss + 32, 19)),
            ("in another section", all_of(
                put("<Q", other + 8, 2),
                put("<Q", other + 16, packed.base(64) + packed.START +
                    packed.BSS - 1)))):
        data = bytearray(plain)
        change(data)
        write(path, data)
        run = judge.run(path, out)
        have = elf.read(out)
        load = elf.read_phdrs(have)[1]
        have = have[load["offset"]:load["offset"] + load["filesz"]]
        result(not run.returncode and len(have) == zeros + 5 and
               not any(have[packed.BSS:zeros]), f"a .bss that is {name}",
               run.stderr or hex(len(have)))


def test_plain(plain, directory):
    """A program without libraries says which one it wants."""
    judge = Judge(plain, directory)
    judge.refuse("without libraries",
                 elf.read(f"{directory}/packed.x86_64.gzip"),
                 "built without zlib", "--unpack")
    run = judge.run("--version")
    result("unpacks: nothing" in run.stdout, "--version says so", run.stdout)
    return judge.failed


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    tool, plain, directory = sys.argv[1:]
    judge = Judge(tool, directory)
    for arch in ("i386", "x86_64"):
        test_formats(judge, arch, directory)
        test_cost(judge, arch, directory)
        test_again(judge, arch, directory)
        test_vmlinux(judge, arch, directory)
    test_refusals(judge, directory)
    test_lying_words(judge, directory)
    test_unknown_flags(judge, directory)
    test_old_protocol(judge)
    test_lying_bss(judge, directory)
    test_lying_stub(judge, directory)
    failed = test_plain(plain, directory)
    sys.exit(subtest.failed or judge.failed or failed)


if __name__ == "__main__":
    main()
