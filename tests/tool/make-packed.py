#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: make-packed.py i386|x86_64 FORMAT DIRECTORY

Write DIRECTORY/plain.ARCH, a small vmlinux without the stub, DIRECTORY/words.ARCH,
its vmlinux.relocs, and DIRECTORY/packed.ARCH.FORMAT, a bzImage that has both as
its payload, as the kernel's own makefiles compress them: gzip, bzip2, lzma, xz,
lzo, lz4, zstd; or "none", without relocations, by gzip. Always the same bytes.
It does not run.
"""

import struct
import subprocess
import sys

import bzimage
import elf

START, SIZE = 0x1000000, 0x9000
BSS, END = 0x8f00, 0x23000      # from START
ZEROS = 0x123                   # of .bss that are in the file
ENTRY = START + 0x200
BANNER, VERSION = 0x1100, b"6.1.0-test"
CODE_AT = 0x100                 # of the payload, in the code

# scripts/Makefile.lib; what they write has no size but gzip's.
COMMANDS = {
    "gzip": "gzip -n -f -9",
    "none": "gzip -n -f -9",
    "bzip2": "bzip2 -9",
    "lzma": "xz --format=lzma -9",
    "xz": "xz --check=crc32 --x86 --lzma2=,dict=32MiB",
    "lzo": "lzop -9",
    "lz4": "lz4 -l -9 - -",
    "zstd": "zstd -22 --ultra",
}


def base(bits):
    """What virtual addresses are above the physical ones."""
    return 0xffffffff80000000 if bits == 64 else 0xc0000000


def places(bits):
    """What is to be relocated: 64 bits, inverse, 32 bits."""
    some = [list(range(first, 0x1000, step)) for first, step in
            ((0x408, 0x80), (0x420, 0x100), (0x434, 0x40))]
    return some if bits == 64 else [some[2]]


def memory(bits):
    """What the kernel has in front of its .bss."""
    data = bytearray(elf.some_bytes(BSS))
    for number, some in enumerate(places(bits)):
        form = "<Q" if bits == 64 and number == 0 else "<I"
        mask = 2 ** (8 * struct.calcsize(form)) - 1
        for at in some:
            struct.pack_into(form, data, at,
                             (base(bits) + START + at % SIZE) & mask)
    text = b"Linux version " + VERSION + b" (elf@boot)\0"
    data[BANNER:BANNER + len(text)] = text
    return data


def relocs(bits):
    """vmlinux.relocs: each list behind a 0, the last one's addresses
    descending as the order is nobody's promise."""
    words = []
    for some in places(bits):
        words += [0] + [(base(bits) + START + at) & 0xffffffff
                        for at in reversed(some)]
    return struct.pack(f"<{len(words)}I", *words)


def section(bits, name, kind, addr, offset, size):
    """A section header."""
    form = "<2I4Q2I2Q" if bits == 64 else "<10I"
    return struct.pack(form, name, kind, 0, addr, offset, size, 0, 0, 1, 0)


def vmlinux(bits):
    """Two PT_LOADs, the second with .bss in the file as zeros behind a hole:
    what is behind .bss is no more than that."""
    wide = bits == 64
    data, names = memory(bits), b"\0.bss\0.shstrtab\0"
    head_size, phdr_size = (64, 56) if wide else (52, 32)
    at = elf.up(head_size + 2 * phdr_size, 0x1000)
    contents = bytes(data) + bytes(ZEROS)
    names_at = at + len(contents)
    shoff = elf.up(names_at + len(names), 8)
    head = b"\x7fELF" + bytes((bits // 32, 1, 1)) + bytes(9)
    head += struct.pack("<2HI3QI6H" if wide else "<2HI3II6H", 2,
                        62 if wide else 3, 1, ENTRY, head_size, shoff, 0,
                        head_size, phdr_size, 2, 64 if wide else 40, 3, 2)
    split = 0x3000
    for offset, size, memsz, flags in (
            (0, split, split, 5),
            (split, len(contents) - split, END - split, 7)):
        address = START + offset
        virtual = address + base(bits)
        if wide:
            head += struct.pack("<2I6Q", 1, flags, at + offset, virtual,
                                address, size, memsz, 0x200000)
        else:
            head += struct.pack("<8I", 1, at + offset, virtual, address, size,
                                memsz, flags, 0x1000)
    sections = (section(bits, 0, 0, 0, 0, 0) +
                section(bits, 1, 8, base(bits) + START + BSS, at + BSS,
                        END - BSS) +
                section(bits, 6, 3, 0, names_at, len(names)))
    file = head.ljust(at, b"\0") + contents + names
    return file.ljust(shoff, b"\0") + sections


def pack(data, form):
    """As a payload."""
    packed = subprocess.run(COMMANDS[form].split(), input=data, check=True,
                            capture_output=True).stdout
    if form in ("gzip", "none"):
        return packed
    return packed + struct.pack("<I", len(data))


def bz_image(bits, payload):
    """A bzImage of protocol 2.15."""
    setup = bytearray(3 * bzimage.SECTOR)
    code = bytes(CODE_AT) + payload
    code = code.ljust(elf.up(len(code), 16), b"\0")
    bzimage.put(setup, setup_sects=2, syssize=len(code) // 16,
                boot_flag=0xaa55, jump=0x6aeb, header=b"HdrS", version=0x20f,
                kernel_version=0x200, loadflags=1, code32_start=0x100000,
                initrd_addr_max=0x7fffffff, kernel_alignment=0x200000,
                relocatable_kernel=1, min_alignment=21,
                xloadflags=0x7f if bits == 64 else 0, cmdline_size=2047,
                payload_offset=CODE_AT, payload_length=len(payload),
                pref_address=START, init_size=0x40000)
    setup[0x400:0x400 + len(VERSION) + 1] = VERSION + b" "
    return bytes(setup) + code


def main():
    """As the usage says."""
    if len(sys.argv) != 4 or sys.argv[2] not in COMMANDS:
        sys.exit(__doc__.strip())
    arch, form, directory = sys.argv[1:]
    bits = 64 if arch == "x86_64" else 32
    payload = vmlinux(bits) + (relocs(bits) if form != "none" else b"")
    for name, data in ((f"plain.{arch}", vmlinux(bits)),
                       (f"words.{arch}", relocs(bits)),
                       (f"packed.{arch}.{form}",
                        bz_image(bits, pack(payload, form)))):
        with open(f"{directory}/{name}", "wb") as file:
            file.write(data)


if __name__ == "__main__":
    main()
