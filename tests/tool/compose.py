#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: compose.py MKELFIMAGE KERNEL STUB DIRECTORY

What holds for the image of any kernel, a vmlinux or a bzImage, with a command
line and an initrd in it or without, found out without the tool's help by
loading the image into memory. STUB: the elfboot.bin that is in the tool.
"""

import os
import struct
import sys

import bzimage
import elf
import subtest
from elf import read
from mkelfimage import joined, run_tool
from subtest import result

CMDLINE = "console=ttyS0,115200 quiet"


class Memory:
    """What a loader makes of an image: bytes, and which of them it has from
    the file."""

    def __init__(self, data):
        self.note, *self.loads = elf.read_phdrs(data)
        self.data = data

    def get(self, paddr, size):
        """Bytes from the file, or nothing if they are not."""
        for load in self.loads:
            at = paddr - load["paddr"]
            if 0 <= at and at + size <= load["filesz"]:
                return self.data[load["offset"] + at:
                                 load["offset"] + at + size]
        return b""

    def is_nobits(self, paddr, size):
        """Whether all of it is cleared memory."""
        return any(load["paddr"] + load["filesz"] <= paddr and
                   paddr + size <= load["paddr"] + load["memsz"]
                   for load in self.loads)

    def word(self, paddr):
        """A 32-bit word."""
        return int.from_bytes(self.get(paddr, 4), "little")


class Tool:
    """The tool, for one kernel."""

    def __init__(self, tool, kernel, directory):
        self.tool = tool
        self.kernel = kernel
        self.output = directory + "/compose.elf"
        self.initrds = [directory + "/compose.1", directory + "/compose.2"]
        for path, size in zip(self.initrds, (12345, 1 << 16)):
            with open(path, "wb") as file:
                file.write(elf.some_bytes(size))

    def run(self, *options):
        """With these options."""
        return run_tool(self.tool, *options, text=True)

    def make(self, *options, of=None):
        """An image, or nothing with a message."""
        run = self.run("--quiet", *options, of or self.kernel,
                       self.output)
        if run.returncode or run.stdout or run.stderr:
            print("  " + run.stdout + run.stderr)
            return b""
        return read(self.output)


def check_any(data, name):
    """What holds for every image."""
    memory = Memory(data)
    stub = elf.Image(data).stub()
    end = max(load["paddr"] + load["memsz"] for load in memory.loads)
    result(memory.word(stub + elf.STUB_BASE) == stub, name + ": base")
    result(memory.word(stub + elf.STUB_START) == memory.loads[0]["paddr"] and
           memory.word(stub + elf.STUB_END) == end, name + ": extent")
    result(memory.is_nobits(memory.word(stub + elf.STUB_SCRATCH),
                            elf.STUB_SCRATCH_SIZE), name + ": scratch memory")
    result(memory.note["paddr"] == memory.word(stub + elf.STUB_SCRATCH),
           name + ": the notes' address")
    result(all(low["paddr"] + low["memsz"] <= high["paddr"] <
               low["paddr"] + low["memsz"] + elf.PAGE
               for low, high in zip(memory.loads, memory.loads[1:])),
           name + ": no gap", memory.loads)
    _, value = elf.checksum_note(data)
    result(value == elf.checksum(data), name + ": checksum")
    return memory, stub


def check_bzimage(data, kernel, stub_bin, name):
    """The kernel, the jump, the stub, the setup_header."""
    memory, stub = check_any(data, name)
    start = bzimage.get(kernel, "pref_address")
    code = bzimage.code(kernel)
    window = elf.up(bzimage.get(kernel, "init_size"), elf.PAGE)
    first = memory.loads[0]
    result((first["paddr"], first["memsz"]) == (start, window),
           name + ": init_size bytes from pref_address on", first)
    result(memory.get(start, len(code)) == code, name + ": code")
    entry = elf.get32(data, 24)
    jump = memory.get(entry, 5)
    result(len(code) <= entry - start < len(code) + 16 and
           jump[:1] == b"\xe9" and
           (entry + 5 + elf.get32(jump, 1)) % 2 ** 32 ==
           stub + elf.STUB_AT_ENTRY, name + ": entry leads to the stub")
    words = memory.get(stub, elf.STUB_HEADER_SIZE)
    result(words[:elf.STUB_BASE] == stub_bin[:elf.STUB_BASE] and
           words[elf.STUB_BASE + 4:elf.STUB_ENTRY] ==
           stub_bin[elf.STUB_BASE + 4:elf.STUB_ENTRY] and
           memory.get(stub + len(words), len(stub_bin) - len(words)) ==
           stub_bin[len(words):], name + ": stub")
    result(elf.get32(words, elf.STUB_ENTRY) == start and
           elf.get32(words, elf.STUB_FLAGS) ==
           2 * (bzimage.get(kernel, "xloadflags") & 1),
           name + ": entry and flags")
    at, size = struct.unpack_from("<2I", words, elf.STUB_SETUP)
    result(memory.get(at, size) == bzimage.header(kernel),
           name + ": setup_header")


def check_vmlinux(data, plain, name):
    """The same as without anything composed, but for the stub's words."""
    memory, stub = check_any(data, name)
    first = elf.read_phdrs(plain)[1]
    contents = bytearray(plain[first["offset"]:])
    at = stub - first["paddr"]
    for word in (elf.STUB_END, *range(elf.STUB_CMDLINE,
                                      elf.STUB_HEADER_SIZE, 4)):
        contents[at + word:at + word + 4] = memory.get(stub + word, 4)
    result(memory.loads[0]["memsz"] == first["memsz"] and
           memory.get(first["paddr"], len(contents)) == contents,
           name + ": memory but for the stub's words")
    result(elf.get32(data, 24) == stub + elf.STUB_AT_ENTRY, name + ": entry")


def check_composed(data, kind, word, contents, name):
    """A note, two words, the bytes; or neither."""
    memory = Memory(data)
    stub = elf.Image(data).stub()
    words = memory.get(stub + word, 8)
    notes = [part[2] for part in elf.Image(data).notes
             if part[:2] == ("Linux", kind)]
    if contents is None:
        result(words == bytes(8) and not notes, name + ": none")
        return
    at, size = struct.unpack("<2I", words)
    result(memory.get(at, size) == contents, name, (hex(at), size))
    result(notes == [words], name + ": note", notes)


def check_image(tool, stub_bin, plain, cmdline, initrds):
    """One combination."""
    kernel = read(tool.kernel)
    name = " and ".join(["command line"] * bool(cmdline) +
                        [f"{len(initrds)} initrd"] * bool(initrds)) or "plain"
    options = (["--append=" + cmdline] if cmdline else []) + [
        "--initrd=" + path for path in initrds]
    data = tool.make(*options)
    if not data:
        result(False, name)
        return
    result(data == tool.make(*options), name + ": same input, same bytes")
    run = tool.run("--verify", tool.output)
    result(not run.returncode, name + ": --verify", run.stderr)
    if bzimage.is_bzimage(kernel):
        check_bzimage(data, kernel, stub_bin, name)
    else:
        check_vmlinux(data, plain, name)
    check_composed(data, 0x201, elf.STUB_CMDLINE, cmdline.encode() + b"\0"
                   if cmdline else None, name + ": command line")
    initrd = joined(initrds)
    check_composed(data, 0x202, elf.STUB_INITRD, initrd or None,
                   name + ": initrd")
    if initrd:
        at = elf.Image(data).get_stub(elf.STUB_INITRD)
        load = elf.Image(data).loads[-1]
        result(at % elf.PAGE == 0 and load["paddr"] == at and
               load["memsz"] == elf.up(len(initrd), elf.PAGE),
               name + ": initrd has its pages", load)


def check_options(tool):
    """Options that say the same."""
    initrd = tool.initrds[0]
    wanted = tool.make("--append=" + CMDLINE, "--initrd=" + initrd)
    for name, options in (
            ("--command-line, --ramdisk",
             ("--command-line", CMDLINE, "--ramdisk", initrd)),
            ("the last command line counts",
             ("--append=x", "--append=" + CMDLINE, "--initrd", initrd))):
        result(wanted and tool.make(*options) == wanted, name)
    for name in "-o", "--output":
        run = tool.run("--append=" + CMDLINE, name, tool.output + ".o",
                       "--initrd=" + initrd, tool.kernel)
        result(not run.returncode and read(tool.output + ".o") == wanted,
               name, run.stderr)
    result(tool.make("--append=") == tool.make(), "no text, no command line")


def check_again(tool):
    """Composing into an image is composing into its kernel: it replaces."""
    text, other = "--append=" + CMDLINE, "--append=x"
    initrd, large = ("--initrd=" + path for path in tool.initrds)
    image = tool.output + ".i"
    for before, options, same_as in (
            ((), (), ()),
            ((), (text, initrd), (text, initrd)),
            ((text, initrd), (), (text, initrd)),
            ((text, initrd), (other,), (other, initrd)),
            ((text, initrd), (large, initrd), (text, large, initrd)),
            ((other, large), (text, initrd), (text, initrd)),
            ((text, initrd), ("--append=",), (initrd,)),
            ((text, initrd), ("--initrd=",), (text,)),
            ((text, initrd), ("--append=", "--initrd="), ()),
            ((text, initrd), ("--no-checksum", "--without-multiboot"),
             (text, initrd, "--no-checksum", "--without-multiboot")),
            ((text, "--no-checksum", "--without-multiboot"), (other,),
             (other, "--no-checksum", "--without-multiboot")),
            ((text, "--without-elf64"), (initrd,),
             (text, initrd, "--without-elf64")),
            ((initrd, "--sha256", "--ramdisk-base=0x7000000"), (text,),
             (text, initrd, "--sha256", "--ramdisk-base=0x7000000")),
            ((text, initrd, "--ramdisk-base=0x7000000"),
             ("--ramdisk-base=0x7001000",),
             (text, initrd, "--ramdisk-base=0x7001000")),
            (("--append=123456789abcdef", initrd), (other,),
             (other, initrd)),
            ((initrd, "--ramdisk-base=0x7000000"), ("--initrd=",), ())):
        name = " ".join(option.split("=")[0] + "=" * option.endswith("=")
                        for option in options) or "nothing"
        with open(image, "wb") as file:
            file.write(tool.make(*before))
        again = tool.make(*options, of=image)
        result(again and again == tool.make(*same_as),
               f"again: {len(before)} options before, {name}")


def check_layout_3_0(tool):
    """What mkelfImage 3.0 wrote is read, and written as it is done today."""
    text, initrd = "--append=" + CMDLINE, "--initrd=" + tool.initrds[0]
    image = tool.output + ".i"
    for options in (), (text, initrd), ("--without-multiboot",), (
            text, "--no-checksum"):
        today = tool.make(*options)
        with open(image, "wb") as file:
            file.write(elf.layout_3_0(today))
        name = f"3.0's layout: {len(options)} options: "
        result(today and tool.make(of=image) == today, name + "written anew")
        run = tool.run("--verify", image)
        result(run.returncode == 1 and "mkelfImage 3.0" in run.stderr,
               name + "--verify", run.stderr)
        run = tool.run("--extract=kernel", image, tool.output)
        result(not run.returncode and
               elf.get32(read(tool.output), 28) == elf.PHDRS_AT,
               name + "--extract", run.stderr)


def check_elf64(tool):
    """Both readings, and one."""
    data = tool.make("--append=" + CMDLINE)
    again = bytearray(data)
    again[elf.EHDR_SIZE:elf.PHDRS_AT] = bytes(12)
    size = (1 + len(elf.read_phdrs(data))) * elf.PHDR64_SIZE
    again[elf.SECTION_AT:elf.SECTION_AT + size] = bytes(size)
    result(again == tool.make("--append=" + CMDLINE, "--without-elf64"),
           "--without-elf64: everything else is the same")
    run = tool.run("--dump", "--without-elf64", tool.kernel)
    result("ELF32" in run.stdout and "ELF64" not in run.stdout,
           "--without-elf64: --dump", run.stdout)
    elf.put_elf64(again)
    result(again == data, "ELF64: the same program headers")


def check_dump(tool):
    """--dump says what is written then."""
    options = "--append=" + CMDLINE, "--initrd=" + tool.initrds[0]
    data = tool.make(*options)
    if not data:
        result(False, "--dump")
        return
    run = tool.run(*options, "--dump", tool.kernel)
    text = run.stdout
    words = [f"segment  {load['paddr']:#010x} to "
             f"{load['paddr'] + load['memsz']:#010x}, from "
             f"{load['offset']:#08x} in the file, {load['filesz']:#x} bytes\n"
             for load in elf.read_phdrs(data)[1:]]
    words += [f"entry    {elf.get32(data, 24):#010x}\n",
              f"file     {len(data):#x} bytes\n"]
    number = len(elf.read_phdrs(data))
    words += [f"headers  ELF32: {number} program headers at 0x40, "
              "1 section header at 0x400\n",
              f"headers  ELF64: {number + 1} program headers at 0x400\n"]
    words += [f"note     {name:<7} {kind:#05x}  {desc.hex(' ')}\n"
              for name, kind, desc in elf.Image(data).notes]
    words += [f" {word:#04x} {name:<12} "
              f"{elf.Image(data).get_stub(word):#010x}\n" for word, name in (
                  (elf.STUB_BASE, "base"), (elf.STUB_END, "kernel end"),
                  (elf.STUB_CMDLINE, "cmdline"),
                  (elf.STUB_INITRD + 4, "initrd size"))]
    loads = elf.read_phdrs(data)[1:]
    costs = {line.split()[1]: int(line.split()[2])
             for line in text.splitlines() if line.startswith("cost ")}
    parts = sum(costs.get(part, 0) for part in (
        "kernel", "relocs", "stub", "cmdline", "initrd", "rest"))
    result(costs["file"] == len(data) == parts and
           costs["stub"] == elf.Image(data).get_stub(elf.STUB_SIZE) and
           costs["cmdline"] == len(CMDLINE) + 1 and
           costs["initrd"] == os.path.getsize(tool.initrds[0]) and
           costs["memory"] == sum(load["memsz"] for load in loads) and
           costs["zeros"] == sum(load["memsz"] - load["filesz"]
                                 for load in loads), "--dump: costs", text)
    missing = [word for word in words if word not in text]
    result(not run.returncode and not run.stderr and not missing, "--dump",
           "".join(missing) + "\n" + text)


def main():
    """As the usage says."""
    if len(sys.argv) != 5:
        sys.exit(__doc__.strip())
    tool = Tool(sys.argv[1], sys.argv[2], sys.argv[4])
    stub_bin = read(sys.argv[3])
    plain = tool.make()
    for cmdline in "", CMDLINE:
        for number in 0, 1, 2:
            check_image(tool, stub_bin, plain, cmdline,
                        tool.initrds[:number])
    check_image(tool, stub_bin, plain, "x" * 2047, tool.initrds[::-1])
    check_options(tool)
    check_again(tool)
    check_layout_3_0(tool)
    check_elf64(tool)
    check_dump(tool)
    run = tool.run("--version")
    result(not run.returncode and run.stdout.startswith("mkelfImage "),
           "--version", run.stdout)
    sys.exit(subtest.failed)


main()
