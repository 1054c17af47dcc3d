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
from efi_bench import CMDLINE, MACHINES, OS_RELEASE, OURS, READ_ONLY, SBAT, Bench
from efi_refusals import (check_os_release, check_refusals, check_rules, check_stubs,
                          check_written)
from elf import read
from mkelfimage import joined
from subtest import result


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
    check_os_release(bench)
    check_written(bench)
    check_modes(bench)
    sys.exit(subtest.failed)


main()
