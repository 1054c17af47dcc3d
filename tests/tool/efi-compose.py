#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: efi-compose.py MKELFIMAGE EFI DIRECTORY

mkelfImage --efi: what is in the program that it makes, found out without its help
(pe.py); that objcopy, sbsign and sbverify agree; that composing again replaces;
that the other verbs know such files; and what is refused. EFI: the directory with
elfbootx64.efi and elfbootia32.efi. DIRECTORY has the small kernels of run.sh.
"""

import json
import os
import shutil
import struct
import subprocess
import sys

import elf
import pe
import subtest
from elf import read
from subtest import result

CMDLINE = "console=ttyS0,115200 quiet"
OS_RELEASE = b'ID=test\nVERSION_ID=1\nPRETTY_NAME="Test 1"\n'
SBAT = b"sbat,1,SBAT Version,sbat,1,url\nuki.test,3,Test,uki,1,url\n"
MACHINES = {"x64": 0x8664, "ia32": 0x14c}
READ_ONLY = 0x40000040
OURS = [".sbat", ".osrel", ".cmdline", ".uname", ".linux", ".initrd"]


class Bench:
    """The tool and its files."""

    def __init__(self, tool, efi, directory):
        self.tool = tool
        self.efi = efi
        self.directory = directory
        self.output = directory + "/compose.efi"
        self.initrds = [self.write(f"efi.initrd.{i}", elf.some_bytes(size))
                        for i, size in enumerate((12345, 1 << 16))]
        self.osrel = self.write("efi.os-release", OS_RELEASE)
        self.sbat = self.write("efi.sbat", SBAT)

    def write(self, name, data):
        """A file of that name, its path."""
        path = f"{self.directory}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        return path

    def stub(self, arch):
        """The path of elfboot.efi."""
        return f"{self.efi}/elfboot{arch}.efi"

    def run(self, *options):
        """With these options."""
        return subprocess.run([self.tool, *options], capture_output=True,
                              text=True, check=False, timeout=120)

    def make(self, *options, arch="x64", quiet=True, osrel=True):
        """A program, or nothing with a message; the kernel is an option, too."""
        more = [f"--efi={arch}" if arch else "--efi",
                f"--efi-stub={self.stub(arch or 'x64')}"]
        more += ["--os-release=" + self.osrel] * osrel + ["--quiet"] * quiet
        run = self.run(*more, *options, self.output)
        if run.returncode or run.stdout or (quiet and run.stderr):
            print("  " + run.stdout + run.stderr)
            return b""
        return read(self.output)

    def image(self, *options):
        """What the tool makes without --efi."""
        path = self.directory + "/compose.elf"
        run = self.run("--quiet", *options, path)
        return b"" if run.returncode else read(path)

    def refuses(self, name, message, *options, status=1):
        """No output, a message, this exit status."""
        with open(self.output, "wb") as file:
            file.write(b"old")
        run = self.run(*options)
        result(run.returncode == status and message in run.stderr and
               not run.stdout and read(self.output) == b"old" and
               not [name for name in os.listdir(self.directory)
                    if name.startswith(".mkelfImage")],
               "refused: " + name, f"exit status {run.returncode}: {run.stderr}")

    def verify(self, name, data, message=""):
        """Whether --verify takes it, or says what is wrong."""
        path = self.write("verify.efi", data)
        run = self.run("--verify", path)
        result(run.returncode == bool(message) and message in run.stderr and
               bool(run.stderr) == bool(message), f"--verify: {name}", run.stderr)


def joined(paths):
    """As compose.py has it."""
    data = b""
    for path in paths:
        if data:
            data = data.ljust(elf.up(len(data) + 4, 4), b"\0")
        data += read(path)
    return data


def check_layout(program, name):
    """Where everything is: what firmware and signing tools look at."""
    align, file_align = (program.get(field) for field in
                         (pe.SECTION_ALIGN, pe.FILE_ALIGN))
    memory, offset, data_size = program.get(pe.HEADERS), program.get(pe.HEADERS), 0
    good = program.table + pe.SECTION_SIZE * program.count <= memory
    for _, vsize, vaddr, size, at, flags in program.sections:
        good = good and (vaddr == elf.up(memory, align) and at == offset and
                         size == elf.up(vsize, file_align))
        memory, offset = vaddr + vsize, at + size
        data_size += size if flags & 0x40 else 0
    result(good and offset == len(program.data), name + ": one behind the other",
           program.sections)
    result(program.get(pe.IMAGE) == elf.up(memory, align),
           name + ": SizeOfImage", hex(program.get(pe.IMAGE)))
    result(program.get(pe.DATA_SIZE) == data_size,
           name + ": SizeOfInitializedData")
    result(program.get(pe.CHECKSUM) == pe.checksum(program.data),
           name + ": checksum")
    last = program.table + pe.SECTION_SIZE * program.count
    result(not any(program.data[last:program.get(pe.HEADERS)]),
           name + ": nothing behind the section headers")


def check_program(bench, arch, kernel, options, wanted):
    """One program; wanted: contents by name."""
    name = f"{arch}, {os.path.basename(kernel)}, {len(options)} options"
    data = bench.make(*options, kernel, arch=arch)
    if not data:
        result(False, name)
        return
    program, stub = pe.Program(data), pe.Program(read(bench.stub(arch)))
    result(program.machine == MACHINES[arch], name + ": machine")
    own = [part for part in stub.names() if part != ".sbat"]
    result(program.names() == own + [part for part in OURS
                                     if wanted.get(part)],
           name + ": names and order", program.names())
    check_layout(program, name)
    for part in own:
        row = stub.sections[stub.names().index(part)]
        same = program.sections[program.names().index(part)]
        result(same[:3] == row[:3] and same[5] == row[5] and
               program.contents(part) == stub.contents(part),
               f"{name}: {part} is the loader's")
    for part, contents in wanted.items():
        result(program.contents(part) == contents, f"{name}: {part}",
               program.contents(part)[:200])
        if contents:
            row = program.sections[program.names().index(part)]
            result(row[5] == READ_ONLY, f"{name}: {part} is read only")
    result(data == bench.make(*options, kernel, arch=arch),
           name + ": same input, same bytes")
    bench.verify(name, data)


def check_made(bench):
    """Of every kind of kernel, with much in it and with little."""
    initrds = ["--initrd=" + path for path in bench.initrds]
    for arch, kernel in (("x64", "bzImage.x86_64"), ("x64", "vmlinux.x86_64"),
                         ("x64", "elfImage.x86_64"), ("x64", "zelfImage.i386"),
                         ("ia32", "bzImage.i386"), ("ia32", "vmlinux.i386"),
                         ("ia32", "elfImage.x86_64"), ("x64", "composed")):
        path = f"{bench.directory}/{kernel}"
        bare = bench.image("--append=", "--initrd=", path)
        sbat = pe.Program(read(bench.stub(arch))).contents(".sbat") + b"\0"
        wanted = {".linux": bare, ".osrel": OS_RELEASE, ".sbat": sbat,
                  ".uname": b"6.1.0-test", ".cmdline": b"", ".initrd": b""}
        # What was in the image is beside it now.
        if kernel == "composed":
            wanted[".cmdline"] = b"console=ttyS0 quiet"
            wanted[".initrd"] = joined([f"{bench.directory}/initrd.{i}"
                                        for i in (1, 2)])
        check_program(bench, arch, path, (), wanted)
        # An empty one that is given is one: with Secure Boot no other counts then.
        check_program(bench, arch, path, ("--append=", "--initrd="),
                      {**wanted, ".cmdline": b" ", ".initrd": b""})
        check_program(bench, arch, path, (
            "--append=" + CMDLINE, *initrds, "--sbat=" + bench.sbat), {
                **wanted, ".cmdline": CMDLINE.encode(),
                ".initrd": joined(bench.initrds),
                ".sbat": sbat[:-1] + SBAT.split(b"\n", 1)[1] + b"\0"})
        if "elfImage" in kernel:
            result(bare == read(path), kernel + ": it is as it was")


def check_again(bench):
    """Composing again replaces what is given, and keeps the rest."""
    kernel, path = bench.directory + "/bzImage.x86_64", bench.directory + "/old.efi"
    text, other = "--append=" + CMDLINE, "--append=x"
    initrd, large = ("--initrd=" + name for name in bench.initrds)
    sbat = "--sbat=" + bench.sbat
    for before, options, same_as in (
            ((), (), ()), ((text, initrd, sbat), (), (text, initrd, sbat)),
            ((text, initrd), (other,), (other, initrd)),
            ((text, initrd), (large, initrd), (text, large, initrd)),
            ((text, initrd), ("--append=",), ("--append=", initrd)),
            (("--append=",), (initrd,), ("--append=", initrd)),
            (("--append=",), (text,), (text,)),
            ((text, initrd, sbat), ("--initrd=", "--sbat="), (text,)),
            ((text,), ("--sha256",), (text, "--sha256")),
            ((text, "--sha256", "--without-multiboot"), (initrd,),
             (text, initrd, "--sha256", "--without-multiboot"))):
        bench.write("old.efi", bench.make(*before, kernel))
        again = bench.make(*options, path, arch="", osrel=False)
        name = " ".join(option.split("=")[0] for option in options) or "nothing"
        result(again and again == bench.make(*same_as, kernel),
               f"again: {len(before)} options before, {name}")
    damaged = bytearray(bench.make(text, initrd, kernel))
    for name, at, said in ("nothing", 0, False), (".initrd", -600, True):
        damaged[at] ^= bool(at)
        bench.write("old.efi", damaged)
        run = bench.run("--efi", f"--efi-stub={bench.stub('x64')}", path,
                        bench.output)
        result(not run.returncode and
               ("old.efi: its checksum is wrong" in run.stderr) == said,
               f"again: damaged: {name}", run.stderr)
    bench.write("old.efi", bench.make(text, kernel, arch="ia32"))
    run = bench.run("--efi", f"--efi-stub={bench.stub('ia32')}", path,
                    bench.output)
    result(not run.returncode and read(bench.output) == read(path),
           "again: the same firmware", run.stderr)
    run = bench.run("--dump", "--efi", f"--efi-stub={bench.stub('x64')}", path)
    result("not for ia32" in run.stderr, "again: not for another", run.stderr)
    # An image is made of it without --efi, as of any unified kernel image.
    result(bench.image("--from-uki", path) == bench.image(text, kernel),
           "again: an image, with --from-uki")


def check_foreign(bench):
    """A unified kernel image with another loader, a profile and more sections."""
    rows = [(".text", b"code"), (".cmdline", b"a\tb \n\n"),
            (".ucode", read(bench.initrds[0])), (".initrd", read(bench.initrds[1])),
            (".osrel", b"ID=other\n"), (".splash", b"BM"),
            (".sbat", b"sbat,1,S,s,1,u\nsystemd,1,S,systemd,257,u\n"),
            (".linux", read(bench.directory + "/bzImage.x86_64")),
            (".profile", b"ID=one\n"), (".cmdline", b"one"),
            (".profile", b"ID=two\n"), (".cmdline", b"two")]
    contents, head = b"", bytearray(b"MZ".ljust(0x40, b"\0"))
    struct.pack_into("<I", head, 0x3c, 0x40)
    head += b"PE\0\0" + struct.pack("<2H3I2H", 0x8664, len(rows), 0, 0, 0, 240, 0)
    head += struct.pack("<H", 0x20b).ljust(240, b"\0")
    for number, (name, data) in enumerate(rows):
        head += struct.pack("<8s4I12xI", name.encode(), len(data),
                            0x10000 * (number + 1), len(data),
                            0x800 + len(contents), READ_ONLY)
        contents += data
    path = bench.write("foreign.efi", bytes(head).ljust(0x800, b"\0") + contents)
    run = bench.run("--efi", f"--efi-stub={bench.stub('x64')}", path, bench.output)
    program = pe.Program(read(bench.output))
    result(not run.returncode and
           program.contents(".cmdline") == b"one" and
           program.contents(".initrd") == joined(bench.initrds) and
           program.contents(".osrel") == b"ID=other\n" and
           b"\nsystemd,1" in program.contents(".sbat") and
           b"\nelfboot,1" in program.contents(".sbat"),
           "another loader's: all that is in it", run.stderr)
    result('".splash" is left out' in run.stderr and
           "only the first one" in run.stderr and ".ucode" not in run.stderr,
           "another loader's: what is left out is told", run.stderr)
    run = bench.run("--efi", f"--efi-stub={bench.stub('x64')}",
                    "--initrd=" + bench.initrds[1], path, bench.output)
    result(not run.returncode and '".ucode" is left out' in run.stderr and
           pe.Program(read(bench.output)).contents(".initrd") ==
           read(bench.initrds[1]), "another loader's: another initrd, no microcode",
           run.stderr)
    bad = bench.write("foreign.sbat.efi", bytes(head).ljust(0x800, b"\0") +
                      contents.replace(b"sbat,1,S", b"sbat\x7f1,S"))
    options = "--efi", f"--efi-stub={bench.stub('x64')}", bad, bench.output
    bench.refuses("another loader's .sbat is none", "foreign.sbat.efi: no SBAT",
                  *options)
    run = bench.run(*options, "--sbat=")
    result(not run.returncode, "another loader's .sbat is none, and is not taken",
           run.stderr)
    run = bench.run("--verify", path)
    result(run.returncode == 1 and run.stderr, "another loader's: --verify",
           run.stderr)
    for part, wanted in (("cmdline", b"one"), ("initrd", joined(bench.initrds)),
                         ("kernel", rows[7][1])):
        run = bench.run(f"--extract={part}", path, bench.output)
        result(not run.returncode and read(bench.output) == wanted,
               f"another loader's: --extract={part}", run.stderr)


def check_verbs(bench):
    """--extract, --dump and --json."""
    kernel = bench.directory + "/bzImage.x86_64"
    options = ("--append=" + CMDLINE, "--initrd=" + bench.initrds[0])
    data = bench.make(*options, kernel)
    path, program = bench.write("verbs.efi", data), pe.Program(data)
    for part in "kernel", "initrd", "cmdline":
        run = bench.run(f"--extract={part}", path, bench.output)
        wanted = program.contents(".linux" if part == "kernel" else "." + part)
        result(not run.returncode and read(bench.output) == wanted,
               "--extract=" + part, run.stderr)
    sealed = bench.write("sealed.efi", bench.make("--append=", kernel))
    run = bench.run("--extract=cmdline", sealed, bench.output)
    result(not run.returncode and not read(bench.output),
           "--extract=cmdline: an empty one", run.stderr)
    run = bench.run("--quiet", "--from-uki", sealed, bench.output)
    result(not run.returncode and read(bench.output) == bench.image(kernel),
           "--from-uki: an empty command line", run.stderr)
    empty = bench.write("empty.efi", bench.make(kernel))
    for part, name in ("initrd", "initrd"), ("cmdline", "command line"):
        bench.refuses("--extract=" + part, f"there is no {name} in it",
                      f"--extract={part}", empty, bench.output)
    more = ("--efi", f"--efi-stub={bench.stub('x64')}", "--os-release=" + bench.osrel,
            *options)
    run = bench.run("--dump", *more, kernel)
    lines = [f"section  {row[0].rstrip(bytes(1)).decode():<8} {row[2]:#010x} to "
             f"{row[2] + row[1]:#010x}, from {row[4]:#08x} in the file, "
             f"{row[1]:#x} bytes" for row in program.sections]
    lines += [f"program  x64, {len(data):#x} bytes, {program.get(pe.IMAGE):#x} in "
              f"memory, entry {program.get(pe.ENTRY):#x}, checksum "
              f"{pe.checksum(data):#x}, not signed", "version  6.1.0-test"]
    missing = [line for line in lines if line not in run.stdout.splitlines()]
    result(not run.returncode and not run.stderr and not missing, "--dump --efi",
           missing + [run.stdout, run.stderr])
    again = bench.run("--dump", "--quiet", path)
    result(again.stdout == run.stdout, "--dump: of the file, the same",
           again.stdout)
    run = bench.run("--dump", "--json", "--quiet", path)
    said = json.loads(run.stdout)["program"]
    result(said["machine"] == "x64" and said["file"] == len(data) and
           not said["signed"] and said["checksum"] == pe.checksum(data) and
           [(row["name"], row["vaddr"], row["vsize"], row["offset"])
            for row in said["sections"]] ==
           [(row[0].rstrip(b"\0").decode(), row[2], row[1], row[4])
            for row in program.sections], "--json", said)


def check_others(bench):
    """objcopy composes as well, and leaves alone what it copies; sbsign signs."""
    kernel = bench.directory + "/bzImage.x86_64"
    data = bench.make("--append=" + CMDLINE, "--initrd=" + bench.initrds[0], kernel)
    path, copy = bench.write("made.efi", data), bench.directory + "/copied.efi"
    subprocess.run(["objcopy", path, copy], check=True)
    copied, program = pe.Program(read(copy)), pe.Program(data)
    bench.verify("a copy by objcopy, with its checksum", copied.data)
    result(all(copied.contents(name) == program.contents(name)
               for name in program.names()), "objcopy reads every section")
    add, address = [], 1 << 20
    for name in ".cmdline", ".initrd", ".linux":
        part = bench.write("part" + name, program.contents(name))
        add += ["--add-section", f"{name}={part}",
                "--change-section-vma", f"{name}={address}"]
        address += elf.up(len(program.contents(name)), elf.PAGE)
    subprocess.run(["objcopy", *add, bench.stub("x64"), copy], check=True)
    bench.verify("composed by objcopy", read(copy))
    run = bench.run("--efi", f"--efi-stub={bench.stub('x64')}",
                    "--os-release=" + bench.osrel, copy, bench.output)
    result(read(bench.output) == data, "composed by objcopy, and again by us",
           run.stderr)
    check_signed(bench, path)


def check_signed(bench, path):
    """A signature is no damage, and is gone with what was signed."""
    if not shutil.which("sbsign"):
        print("skip sbsign # there is none (sbsigntool)")
        return
    key, cert = bench.directory + "/key.pem", bench.directory + "/cert.pem"
    signed = bench.directory + "/signed.efi"
    subprocess.run(["openssl", "req", "-new", "-x509", "-newkey", "rsa:2048",
                    "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", "/CN=test"], check=True, capture_output=True)
    run = subprocess.run(["sbsign", "--key", key, "--cert", cert, "--output",
                          signed, path], check=False, capture_output=True,
                         text=True)
    result(not run.returncode and "warning" not in run.stderr.lower(),
           "sbsign has nothing to say", run.stderr)
    run = subprocess.run(["sbverify", "--cert", cert, signed], check=False,
                         capture_output=True, text=True)
    result(not run.returncode, "sbverify", run.stderr)
    bench.verify("signed", read(signed))
    run = bench.run("--dump", "--json", "--quiet", signed)
    result(json.loads(run.stdout)["program"]["signed"], "--json: signed")
    run = bench.run("--efi", f"--efi-stub={bench.stub('x64')}", signed, bench.output)
    result(not run.returncode and "signature is left out" in run.stderr and
           read(bench.output) == read(path), "again: the signature is dropped",
           run.stderr)
    check_signed_stub(bench, key, cert)
    damaged = bytearray(read(signed))
    damaged[pe.Program(read(path)).sections[-1][4]] ^= 1
    bench.verify("damaged", damaged, "checksum")


def check_signed_stub(bench, key, cert):
    """What is made of a signed elfboot.efi is not signed."""
    kernel, stub = bench.directory + "/bzImage.x86_64", bench.directory + "/stub.efi"
    wanted = bench.make(kernel)
    subprocess.run(["sbsign", "--key", key, "--cert", cert, "--output", stub,
                    bench.stub("x64")], check=True, capture_output=True)
    run = bench.run("--efi", "--efi-stub=" + stub, "--os-release=" + bench.osrel,
                    kernel, bench.output)
    result(not run.returncode and read(bench.output) == wanted,
           "a signed elfboot.efi: its signature is not taken", run.stderr)


def check_rules(bench):
    """A word of each header made wrong, with the sum right again."""
    data = bench.make("--append=" + CMDLINE, bench.directory + "/bzImage.x86_64")
    program = pe.Program(data)
    optional, linux = program.optional, program.at(".linux")
    cmdline, text = program.at(".cmdline"), program.at(".text")
    image, align = program.get(pe.IMAGE), program.get(pe.SECTION_ALIGN)
    long = program.sections[program.names().index(".cmdline")]
    for name, at, kind, value, message in (
            ("machine", program.header + 4, "H", 0xaa64, "neither for x64"),
            ("PE32 for x64", program.header + 4, "H", 0x14c, "PE32 is for"),
            ("SectionAlignment 0", optional + pe.SECTION_ALIGN, "I", 0,
             "SectionAlignment"),
            ("SectionAlignment 2048", optional + pe.SECTION_ALIGN, "I", 2048,
             "SectionAlignment"),
            ("FileAlignment", optional + pe.FILE_ALIGN, "I", 0x300, "FileAlignment"),
            ("SizeOfHeaders", optional + pe.HEADERS, "I", 0x200,
             "SizeOfHeaders does not cover"),
            ("SizeOfHeaders odd", optional + pe.HEADERS, "I", 0x401,
             "no multiple of"),
            ("SizeOfImage", optional + pe.IMAGE, "I", image + align, "SizeOfImage"),
            ("SizeOfImage small", optional + pe.IMAGE, "I", image - align,
             "SizeOfImage"),
            ("entry", optional + pe.ENTRY, "I", image, "in no section"),
            ("entry in data", optional + pe.ENTRY, "I",
             program.sections[1][2], "not executed"),
            ("writable code", text + 36, "I", 0xe0000020, "written to and executed"),
            ("address", linux + 12, "I", 0x7000, "ascending in memory"),
            ("address odd", linux + 12, "I", 0x7010, "not aligned in memory"),
            ("offset", linux + 20, "I", long[4] - 0x200, "ascending in the file"),
            ("offset odd", linux + 20, "I", long[4] + 1, "not aligned in the file"),
            ("offset behind the end", linux + 20, "I", 0x7fffff00, "truncated"),
            ("no .linux", linux, "8s", b".linuxes", "no section .linux"),
            (".linux no ELF", program.sections[-1][4], "4s", b"text", "no ELF file"),
            (".linux damaged", program.sections[-1][4] + 0x1000, "I", 1, "rule 19"),
            ("no .sbat", program.at(".sbat"), "8s", b".sbatsss",
             "not made of elfboot.efi"),
            (".sbat", program.sections[2][4], "158s", b"sbat,1", "not made of"),
            (".cmdline with a zero", long[4] + 3, "B", 0, "a zero in"),
            ("signature", program.directories + 32, "2I", None, "signature")):
        if value is None:
            broken = bytearray(data)
            struct.pack_into("<2I", broken, at, len(data) - 8, 16)
            broken = pe.sealed(broken)
        else:
            broken = pe.patched(data, at, kind, value)
        bench.verify(name, broken, message)
    row = program.sections[-1]
    larger = pe.patched(data, optional + pe.IMAGE, "I",
                        elf.up(row[2] + row[3] + 1, elf.PAGE))
    bench.verify(".linux longer", pe.patched(larger, linux + 8, "I", row[3] + 1),
                 "not all in the file")
    bench.verify("a checksum of 0 is none",
                 data[:optional + pe.CHECKSUM] + bytes(4) +
                 data[optional + pe.CHECKSUM + 4:])
    vmlinux = read(bench.directory + "/vmlinux.x86_64")
    none = bench.make(bench.directory + "/vmlinux.x86_64")
    bench.verify("a vmlinux", pe.sealed(replace_linux(none, vmlinux)))
    bench.verify("a vmlinux without a stub", pe.sealed(replace_linux(
        none, without_stub(vmlinux))), "without an ELF boot stub")
    check_damaged(bench, data)


def without_stub(vmlinux):
    """A kernel by its first message, and by no note."""
    note = elf.note("Linux", 0x200, bytes(4))[:-4]
    banner = b"Linux version 6.1.0-test (x)"
    vmlinux = vmlinux.replace(note, note.replace(b"\0\2", b"\0\3"))
    return vmlinux[:0x1100] + banner + vmlinux[0x1100 + len(banner):]


def replace_linux(data, kernel):
    """Another kernel in it, which is the last section."""
    program = pe.Program(data)
    row = program.sections[-1]
    padded = kernel.ljust(elf.up(len(kernel), 512), b"\0")
    data = bytearray(data[:row[4]] + padded)
    at = program.at(".linux")
    struct.pack_into("<I", data, at + 8, len(kernel))
    struct.pack_into("<I", data, at + 16, len(padded))
    struct.pack_into("<I", data, program.optional + pe.IMAGE,
                     elf.up(row[2] + len(kernel), 4096))
    return bytes(data)


def check_damaged(bench, data):
    """Any byte of the headers, and any length: refused, with a message."""
    program, bad = pe.Program(data), []
    headers = program.table + pe.SECTION_SIZE * program.count
    sizes = list(range(0, headers, 7)) + list(range(headers, len(data), 4999))
    for name, broken in [(f"byte {at:#x}", data[:at] + bytes((data[at] ^ 0xff,)) +
                          data[at + 1:]) for at in range(0, headers, 3)] + [
                              (f"{size} bytes", data[:size]) for size in sizes]:
        path = bench.write("damaged.efi", broken)
        run = bench.run("--verify", path)
        if run.returncode != 1 or not run.stderr.startswith("mkelfImage: "):
            bad.append((name, run.returncode, run.stderr))
    result(not bad, f"--verify: damaged headers, {len(sizes)} lengths", bad)


def check_stubs(bench):
    """Where elfboot.efi is looked for, and what is taken for it."""
    kernel = bench.directory + "/bzImage.x86_64"
    place = bench.directory + "/prefix"
    shutil.rmtree(place, ignore_errors=True)
    os.makedirs(place + "/bin/tools")
    tool = shutil.copy(bench.tool, place + "/bin/mkelfImage")
    options = ("--efi", "--os-release=" + bench.osrel, kernel, bench.output)
    wanted = bench.make(kernel)
    mine = Bench(tool, bench.efi, bench.directory)
    mine.refuses("no elfboot.efi: where it was looked for",
                 f"neither {place}/lib/mkelfimage/elfbootx64.efi nor "
                 f"{bench.directory}/efi/elfbootx64.efi is there", *options)
    for name, directory in (("as it is installed", place + "/lib/mkelfimage"),
                            ("as it is built", bench.directory + "/efi")):
        os.makedirs(directory)
        found = shutil.copy(bench.stub("x64"), directory)
        run = mine.run(*options)
        result(not run.returncode and read(bench.output) == wanted,
               "elfboot.efi is found " + name, run.stderr)
        if not os.geteuid():
            os.chown(found, 65534, -1)
            mine.refuses(f"another user's, {name}", "belongs to another user",
                         *options)
            os.chown(found, 0, -1)
            os.chown(directory, 65534, -1)
            mine.refuses(f"in another user's directory, {name}",
                         f"{directory}: it belongs to another user", *options)
            os.chown(directory, 0, -1)
            os.chmod(directory, 0o1777)
            mine.refuses(f"in everybody's directory, {name}",
                         f"{directory}: it belongs to another user", *options)
        shutil.rmtree(directory)
    shutil.rmtree(place)
    stub = read(bench.stub("x64"))
    program = pe.Program(stub)
    full = stub[:program.header + 6] + struct.pack("<H", 15) + \
        stub[program.header + 8:]
    for name, data, message in (
            ("no program", read(kernel)[:100], "not a UEFI program"),
            ("not elfboot.efi", stub.replace(b"elfboot,1", b"elfboat,1"),
             "not elfboot.efi"),
            ("for other firmware", read(bench.stub("ia32")), "not for x64"),
            ("no room", fill_headers(full), "stub.efi: no room for the headers of 18"),
            ("truncated", stub[:0x3000], "truncated"),
            ("FileAlignment", pe.patched(stub, program.optional + pe.FILE_ALIGN, "I",
                                         0), "makes no sense"),
            ("SizeOfHeaders", pe.patched(stub, program.optional + pe.HEADERS, "I",
                                         0x100000), "makes no sense")):
        path = bench.write("stub.efi", data)
        bench.refuses("--efi-stub: " + name, message, "--efi=x64",
                      "--efi-stub=" + path, "--os-release=" + bench.osrel,
                      "--sbat=" + bench.sbat, kernel, bench.output)


def fill_headers(data):
    """Sections without contents in every header that is said to be there."""
    program = pe.Program(data)
    data = bytearray(data)
    for i in range(3, program.count):
        struct.pack_into("<8s4I12xI", data, program.table + 40 * i,
                         b".x%d" % i, 1, 0x10000 + 0x1000 * i, 0, 0, READ_ONLY)
    return bytes(data)


def check_refusals(bench):
    """What makes no sense."""
    kernel = bench.directory + "/bzImage.x86_64"
    stub = f"--efi-stub={bench.stub('x64')}"
    out = (kernel, bench.output)
    secret = bench.write("bad.sbat", b"elfboot,2\n")
    lines = bench.write("bad.lines", b"sbat,1,x\nname,zero\n")
    large = bench.write("large", b"")
    os.truncate(large, 5 << 30)
    for name, message, options in (
            ("a command line of 2048 bytes", "2048 bytes, more than the 2047",
             ("--efi", stub, "--append=" + "x" * 2048, *out)),
            ("no such os-release", "No such file",
             ("--efi", stub, "--os-release=nothing", *out)),
            ("--sbat without the first line", "does not begin with",
             ("--efi", stub, "--sbat=" + secret, *out)),
            ("--sbat, a wrong line", "SBAT line 2",
             ("--efi", stub, "--sbat=" + lines, *out)),
            ("no kernel", "not a kernel", ("--efi", stub, bench.osrel, bench.output)),
            ("more than 4 GiB, which is no fault of elfboot.efi's",
             "mkelfImage: a UEFI program of more than 4 GiB: its section \".initrd\"",
             ("--efi", stub, "--initrd=" + large, *out)),
            ("the output is the os-release", "is the output as well",
             ("--efi", stub, "--os-release=" + bench.output, *out)),
            ("the output is elfboot.efi", "is the output as well",
             ("--efi", "--efi-stub=" + bench.output, *out))):
        bench.refuses(name, message, *options)
    os.unlink(large)
    for name, options in (
            ("--efi-stub without --efi", (stub, *out)),
            ("--os-release without --efi", ("--os-release=", *out)),
            ("--efi=arm", ("--efi=arm", *out)),
            ("--ramdisk-base", ("--efi", "--initrd=" + bench.initrds[0],
                                "--ramdisk-base=0x8000000", *out)),
            ("--verify --efi", ("--verify", "--efi", kernel))):
        bench.refuses(name, "usage", *options, status=2)


def check_modes(bench):
    """Who may not read a part may not read the whole."""
    kernel = bench.directory + "/bzImage.x86_64"
    own = bench.write("own.efi", read(bench.stub("x64")))
    files = {"efi-stub": own, "initrd": bench.initrds[0],
             "os-release": bench.osrel, "sbat": bench.sbat}
    most = ["--initrd=" + bench.initrds[0]] * 31
    for option, path in files.items():
        os.unlink(bench.output)
        os.chmod(path, 0o600)
        run = bench.run("--efi", *most, *(f"--{name}={file}" for name, file in
                                          files.items()), kernel, bench.output)
        result(not run.returncode and
               os.stat(bench.output).st_mode & 0o777 == 0o600,
               f"secret {option}, and 32 initrds", run.stderr)
        os.chmod(path, 0o644)
    run = bench.run("--efi", *(f"--{name}={file}" for name, file in files.items()),
                    kernel, bench.output + ".open")
    result(os.stat(bench.output + ".open").st_mode & 0o777 == 0o644,
           "nothing is secret", run.stderr)
    with open(kernel, "rb") as file:
        run = subprocess.run([bench.tool, "--efi", "--quiet", "--os-release=",
                              "--efi-stub=" + own, "-", "-"], stdin=file,
                             capture_output=True, check=False)
    result(run.stdout == bench.make("--os-release=", kernel, osrel=False),
           "from the standard input to the standard output", run.stderr)


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    os.umask(0o022)
    bench = Bench(*sys.argv[1:])
    check_made(bench)
    check_again(bench)
    check_foreign(bench)
    check_verbs(bench)
    check_others(bench)
    check_rules(bench)
    check_stubs(bench)
    check_refusals(bench)
    check_modes(bench)
    sys.exit(subtest.failed)


main()
