#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: refusals-bzimage.py MKELFIMAGE BZIMAGE DIRECTORY STEP

As refusals.py, for a bzImage: a setup_header that lies, a file cut short, a
command line or an initrd that this kernel does not take. The message has to
name the field, what it says and what it would have to fit.
"""

import os
import random
import sys

import bzimage
import elf
from mkelfimage import Judge
from refusals import odd_byte, test_image_truncated
from refusals_vmlinux import cut


def header(**fields):
    """Overwrite fields of the setup_header."""
    return lambda data: bzimage.put(data, **fields)


# What is changed, what the message has to have in it. The good one: 0x6540
# bytes of code behind 0x600 of setup, init_size 0x27800, 16 MiB, protocol
# 2.15.
LIES = (
    ("no boot_flag", header(boot_flag=0), "neither"),
    ("no HdrS", header(header=b"HdrT"), "neither"),
    ("boot protocol 2.04", header(version=0x204), "0x204 0x205"),
    ("zImage", header(loadflags=0), "loadflags 0x0 LOADED_HIGH"),
    ("zImage, other flags", header(loadflags=0xfe), "0xfe LOADED_HIGH"),
    ("jump is another instruction", header(jump=0x6a90), "jump 0x6a90"),
    ("header too short", header(jump=0x61eb), "jump 0x263 0x264"),
    ("header too long", header(jump=0x8feb), "jump 0x291 0x290"),
    ("setup_sects 0 means 4", header(setup_sects=0),
     "syssize 25920 24896"),
    ("setup_sects behind the file", header(setup_sects=255),
     "setup_sects 255 0x20000 0x6b40"),
    ("setup_sects up to the end", lambda data: (
        cut(0x6a00)(data), bzimage.put(data, setup_sects=52)),
     "setup_sects 52 0x6a00"),
    ("syssize 0", header(syssize=0), "syssize 0x0"),
    ("syssize beyond the file", header(syssize=0x655),
     "syssize 0x655 25936 25920"),
    ("syssize of 64 GiB", header(syssize=0xffffffff),
     "syssize 68719476720 25920"),
    ("payload beyond the kernel", header(payload_offset=0x541),
     "payload_offset 0x541 payload_length 0x6000 0x6540"),
    ("payload_offset of 4 GiB", header(payload_offset=0xffffffff),
     "payload_offset 0xffffffff 0x6540"),
    ("payload_length of 4 GiB", header(payload_length=0xffffffff),
     "payload_length 0xffffffff 0x6540"),
    ("init_size 0", header(init_size=0), "init_size 0x0 0x6540"),
    ("init_size less than the kernel", header(init_size=0x653f),
     "init_size 0x653f 0x6540"),
    ("init_size above 1 GiB", header(init_size=0x40000001),
     "init_size 0x40000001 0x40000000"),
    ("init_size of 4 GiB", header(init_size=0xffffffff),
     "init_size 0xffffffff 0x40000000"),
    ("kernel_alignment 0", header(kernel_alignment=0),
     "kernel_alignment 0x0"),
    ("kernel_alignment 3 MiB", header(kernel_alignment=0x300000),
     "kernel_alignment 0x300000"),
    ("kernel_alignment of half a page", header(kernel_alignment=0x800),
     "kernel_alignment 0x800 0x1000"),
    ("kernel_alignment more than that of pref_address",
     header(kernel_alignment=0x2000000),
     "pref_address 0x1000000 kernel_alignment 0x2000000"),
    ("pref_address 0", header(pref_address=0), "pref_address 0x0 0x100000"),
    ("pref_address below 1 MiB",
     header(kernel_alignment=0x1000, pref_address=0xff000),
     "pref_address 0xff000 0x100000"),
    ("pref_address above 3 GiB", header(pref_address=0xc0200000),
     "pref_address 0xc0200000 0xc0000000"),
    ("pref_address above 4 GiB", header(pref_address=0x101000000),
     "pref_address 0x101000000 0xc0000000"),
    ("ends above 4 GiB",
     header(pref_address=0xc0000000, init_size=0x40000000), "4 GiB"),
    ("kernel_version behind the setup", header(kernel_version=0x400),
     "kernel_version 0x400 0x600"),
    ("protocol 2.09, code32_start 0", header(version=0x209, code32_start=0),
     "code32_start 0x0 0x100000"),
)

# The same for what is composed: change, length of the command line, of the
# initrd, text.
LIMITS = (
    ("command line of 2048 characters", header(), 2048, 0, "2048 2047"),
    ("command line of more than cmdline_size", header(cmdline_size=255), 256,
     0, "cmdline_size 256 255"),
    ("cmdline_size of 4 GiB", header(cmdline_size=0xffffffff), 2048, 0,
     "cmdline_size 2048 2047"),
    ("protocol 2.05: 255 characters", header(version=0x205), 256, 0,
     "cmdline_size 256 255"),
    ("initrd above initrd_addr_max", header(initrd_addr_max=0x1039ffe), 0,
     0x1000, "initrd_addr_max 0x1039fff 0x1039ffe"),
    ("initrd_addr_max 0", header(initrd_addr_max=0), 0, 1,
     "initrd_addr_max 0x0"),
)


def refuse(judge, name, data, words, *options):
    """The tool must refuse this, and its message must have these words."""
    with open(judge.input, "wb") as file:
        file.write(data)
    judge.put_old()
    run = judge.run(*options, judge.input, judge.output)
    judge.result(name, judge.message(run),
                 *(judge.message(run, word) for word in words.split()),
                 judge.leftovers())


def composing(judge, cmdline, initrd):
    """Options that compose so many bytes."""
    if not initrd:
        return ["--append=" + "x" * cmdline]
    path = os.path.dirname(judge.input) + "/initrd"
    with open(path, "wb") as file:
        file.write(b"x" * initrd)
    return ["--initrd=" + path]


def test_lies(judge, kernel):
    """Headers that lie, and kernels that do not take what is composed."""
    for name, change, words in LIES:
        data = bytearray(kernel)
        change(data)
        refuse(judge, "input: " + name, data, words)
    for name, change, cmdline, initrd, words in LIMITS:
        data = bytearray(kernel)
        change(data)
        refuse(judge, "compose: " + name, data, words,
               *composing(judge, cmdline, initrd))


def test_truncated(judge, kernel, step):
    """At every byte of the headers and all 4 KiB behind them; the last 15
    bytes may be missing."""
    sizes = (list(range(1, 0x600, step)) +
             list(range(0x600, len(kernel), 4096)) +
             list(range(len(kernel) - 32, len(kernel) - 15)))
    judge.put_old()
    with open(judge.input, "wb") as file:
        file.write(kernel)
    wrong = judge.truncate(judge.input, sizes, (judge.input, judge.output))
    judge.result(f"truncated at {len(sizes)} offsets", wrong,
                 judge.leftovers())


def test_noise(judge, kernel, step):
    """Bytes of the header changed at random: what it writes, it accepts."""
    chance = random.Random(3)
    wrong = ""
    taken = 0
    number = max(400 // step, 100)
    for _ in range(number):
        data = bytearray(kernel)
        for _ in range(chance.choice((1, 1, 2, 5))):
            data[chance.randrange(0x1f1, 0x26c)] = odd_byte(chance)
        good, problem = judge.take_or_refuse(data, "--append=x")
        taken += good
        wrong += problem
    judge.result(f"{number} damaged headers, {taken} taken", wrong,
                 "" if taken else "none was taken")


def put_word(image, word, value):
    """Overwrite a word of the stub's header in an image."""
    data = elf.Image(image)
    at = data.stub() - data.loads[1]["paddr"] + data.loads[1]["offset"]
    return lambda changed: elf.put32(changed, at + word, value)


def replace(data, old, new):
    """Overwrite a string where it is last."""
    at = data.rindex(old)
    data[at:at + len(new)] = new


def test_images(judge, kernel, step):
    """Images that are damaged, as input."""
    with open(judge.input, "wb") as file:
        file.write(kernel)
    image = os.path.dirname(judge.input) + "/image"
    judge.run("--no-checksum", "--append=x", judge.input, image)
    good = elf.read(image)
    stub = elf.Image(good).stub()
    for name, change, word in (
            ("the jump leads elsewhere",
             lambda data: elf.put32(data, elf.PAGE + 0x6541, 0),
             "entry does not lead"),
            ("no jump", lambda data: data.__setitem__(elf.PAGE + 0x6540,
                                                      0x90),
             "entry does not lead"),
            ("entry is the kernel's",
             lambda data: elf.put32(data, 24, 0x1000000),
             "entry does not lead"),
            ("the stub's base", put_word(good, elf.STUB_BASE, stub + 4),
             "damaged"),
            ("setup_header elsewhere", put_word(good, elf.STUB_SETUP, 0),
             "setup_header is not"),
            ("setup_header of 22 bytes",
             put_word(good, elf.STUB_SETUP + 4, 22), "only 22 bytes"),
            ("setup_header of 114 bytes",
             put_word(good, elf.STUB_SETUP + 4, 114),
             "only 114 bytes, for version 0x20f"),
            ("a gap", lambda data: (
                elf.put32(data, elf.PHDRS_AT + 32 + 20, 0x6545),
                elf.put_elf64(data)), "rule 9"),
            ("a gap in ELF32 alone", lambda data: elf.put32(
                data, elf.PHDRS_AT + 32 + 20, 0x6545), "rule 18"),
            ("command line without an end",
             lambda data: replace(data, b"x\0", b"xx"), "command line"),
            ("command line with two ends",
             lambda data: replace(data, b"x\0", b"\0\0"), "command line"),
            ("version without an end", lambda data: replace(
                data, b"6.1.0-test\0\0", b"6.1.0-testxx"), "version")):
        data = bytearray(good)
        change(data)
        judge.refuse("image: " + name, data, word)
    chance = random.Random(4)
    wrong = ""
    number = max(400 // step, 100)
    for _ in range(number):
        data = bytearray(good)
        for _ in range(chance.choice((1, 1, 2, 5))):
            at = chance.choice((chance.randrange(elf.PHDRS_AT + 96 + 150),
                                len(good) - 0x8b0 + chance.randrange(76),
                                elf.PAGE + 0x6540 + chance.randrange(5)))
            data[at] = odd_byte(chance)
        _, problem = judge.take_or_refuse(data, "--append=y")
        wrong += problem
    judge.result(f"{number} damaged images", wrong)


def test_outputs(judge, kernel):
    """Composed files that cannot be read, or are the output."""
    with open(judge.input, "wb") as file:
        file.write(kernel)
    for name, path in (("no such file", "/nonexistent"),
                       ("directory", "/proc"), ("device", "/dev/null")):
        judge.put_old()
        run = judge.run("--initrd=" + path, judge.input, judge.output)
        judge.result("initrd: " + name, judge.message(run, path),
                     judge.leftovers())
    judge.put_old()
    run = judge.run("--initrd=" + judge.output, judge.input, judge.output)
    judge.result("initrd: is the output", judge.message(run, "output"),
                 judge.leftovers())
    run = judge.run(judge.input, "-o", judge.input)
    same = elf.read(judge.input) == kernel
    judge.result("input: is the output", judge.message(run, "output"),
                 "" if same else "the input has changed")


def main():
    """As the usage says."""
    if len(sys.argv) != 5:
        sys.exit(__doc__.strip())
    tool, path, directory, step = sys.argv[1:]
    kernel = elf.read(path)
    judge = Judge(tool, directory)
    test_lies(judge, kernel)
    test_truncated(judge, kernel, int(step))
    test_image_truncated(judge, kernel, int(step))
    test_noise(judge, kernel, int(step))
    test_images(judge, kernel, int(step))
    test_outputs(judge, kernel)
    sys.exit(judge.failed)


main()
