# SPDX-License-Identifier: GPL-2.0
"""
Unified kernel images as input of mkelfImage: the kernel in them, and what else there
is. Part of inputs.py.
"""

import os
import struct
import subprocess

import elf
from inputs_common import made_of, pack, write
from subtest import result


def pe_file(sections, machine=0x8664):
    """A PE32+ file that has these sections."""
    head = bytearray(b"MZ".ljust(0x40, b"\0"))
    struct.pack_into("<I", head, 0x3c, 0x40)
    head += b"PE\0\0" + struct.pack("<2H3I2H", machine, len(sections), 0, 0, 0,
                                    240, 0x22e)
    head += struct.pack("<H", 0x20b).ljust(240, b"\0")
    at = elf.up(len(head) + 40 * len(sections), 512)
    contents = b""
    for number, (name, data) in enumerate(sections):
        padded = data.ljust(elf.up(len(data), 512), b"\0")
        head += struct.pack("<8s4I12xI", name.encode(), len(data),
                            0x10000 * (number + 1), len(padded),
                            at + len(contents), 0x40000040)
        contents += padded
    return bytes(head).ljust(at, b"\0") + contents


def unified(directory, *more, kernel="bzImage.x86_64"):
    """A unified kernel image."""
    return pe_file((*more, (".linux", elf.read(f"{directory}/{kernel}"))))


def test_unified(judge, directory):
    """The kernel, and with --from-uki what else there is."""
    first, second = (elf.read(f"{directory}/initrd.{n}") for n in (1, 2))
    cmdline = (".cmdline", b"console=ttyS0\nquiet \n\0")
    text, initrd = "--append=console=ttyS0 quiet", f"--initrd={directory}/initrd.1"
    plain = elf.read(f"{directory}/bzImage.x86_64")
    small = unified(directory)
    both = unified(directory, cmdline, (".initrd", first))
    micro = unified(directory, cmdline, (".ucode", second), (".initrd", first))
    profiles = pe_file(((".linux", plain), (".cmdline", b"common"),
                        (".initrd", first), (".profile", b"ID=main"), cmdline,
                        (".profile", b"ID=other"), (".cmdline", b"other"),
                        (".initrd", second)))
    rows = (
        ("the kernel of one", small, (), ()),
        ("what else is in it is left", both, (), ()),
        ("--from-uki", both, ("--from-uki",), (text, initrd)),
        ("--from-uki, compressed", pack("zstd -c", both), ("--from-uki",),
         (text, initrd)),
        ("--from-uki, and another command line", both,
         ("--from-uki", "--append=mine"), ("--append=mine", initrd)),
        ("--from-uki, and no command line", both,
         ("--from-uki", "--append="), (initrd,)),
        ("--from-uki, and another initrd", both,
         ("--from-uki", f"--initrd={directory}/initrd.2"),
         (text, f"--initrd={directory}/initrd.2")),
        ("--from-uki, and no initrd", both, ("--from-uki", "--initrd="),
         (text,)),
        ("--from-uki, microcode", micro, ("--from-uki",),
         (text, f"--initrd={directory}/initrd.2", initrd)),
        ("--from-uki, profiles", profiles, ("--from-uki",), (text, initrd)),
        ("--from-uki, a command line only", unified(directory, cmdline),
         ("--from-uki",), (text,)),
        ("a vmlinux in one", unified(directory, kernel="vmlinux.x86_64"), (),
         None),
    )
    for name, data, options, same in rows:
        made, said = made_of(judge, data, *options)
        if same is None:
            want, _ = made_of(judge, elf.read(f"{directory}/vmlinux.x86_64"))
        else:
            want, _ = made_of(judge, plain, *same)
        result(made and made == want, f"unified: {name}", said)
    made, said = made_of(judge, unified(directory, cmdline, (".initrd", first),
                                        kernel="packed.x86_64.zstd"),
                         "--unpack", "--from-uki")
    want, _ = made_of(judge, elf.read(f"{directory}/packed.x86_64.gzip"),
                      "--unpack", text, initrd)
    result(made and made == want, "unified: --unpack --from-uki", said)
    run = judge.run(write(judge.input, both), judge.output)
    result(run.stderr.count("--from-uki takes it") == 2 and
           not run.returncode, "unified: says what it leaves", run.stderr)
    for options in ((f"--initrd={directory}/initrd.1",), ("--initrd=",),
                    (f"--initrd={directory}/initrd.1", "--from-uki")):
        run = judge.run("--append=x", *options, write(judge.input, micro),
                        judge.output)
        result(not run.returncode and run.stderr.count("\n") == 1 and
               "its microcode (.ucode) is left out" in run.stderr,
               "unified: says that microcode is left out: " +
               " ".join("--initrd=" if option == "--initrd=" else
                        option.split("=")[0] for option in options), run.stderr)
    write(judge.input, both)
    run = judge.run("--append=x", "--initrd=", judge.input, judge.output)
    result(not run.stderr and not run.returncode,
           "unified: nothing to say where others are given", run.stderr)


def test_unified_refused(judge, directory):
    """What is none, and what is broken."""
    plain = elf.read(f"{directory}/bzImage.x86_64")
    for name, data, word in (
            ("a bzImage", plain, "not a unified"),
            ("one with a kernel only", unified(directory), "neither"),
            ("a zero in the command line", unified(
                directory, (".cmdline", b"a\0b")), "a zero"),
            ("too long a command line", unified(
                directory, (".cmdline", b"x" * 5000)), "5000"),
            ("no section .linux", pe_file(((".text", b"x" * 99),)),
             "not a unified")):
        judge.refuse(f"--from-uki: {name}", data, word, "--from-uki")
    for name, data, word in (
            ("no section .linux", pe_file(((".text", b"x" * 99),)), ".linux"),
            ("nothing of it is a kernel",
             pe_file(((".linux", b"text" * 99),)), "neither an ELF"),
            ("arm64 in it", pe_file(((".linux", b"MZ" + bytes(0x36) +
                                      b"ARM\x64" + bytes(99)),), 0xaa64),
             "arm64"),
            ("compressed in it", pe_file(((".linux",
                                           pack("gzip -c", plain)),)),
             ".linux is compressed by gzip"),
            ("cut", unified(directory)[:-len(plain)], "truncated")):
        judge.refuse(f"unified: {name}", data, word)
    made, said = made_of(judge, pe_file(((".linux", unified(directory)),)))
    result(not made and said.count("\n") == 1, "unified: one in another", said)


def test_systemd(judge, directory):
    """A real one, of systemd's stub."""
    stub = "/usr/lib/systemd/boot/efi/linuxx64.efi.stub"
    if not os.path.exists(stub):
        print("skip a unified kernel image of systemd-stub # there is none "
              "(systemd-boot-efi)")
        return
    write(f"{directory}/cmdline", b"console=ttyS0 quiet\n")
    args = ["objcopy"]
    for name, path, at in ((".cmdline", "cmdline", 0x1000000),
                           (".linux", "bzImage.x86_64", 0x2000000),
                           (".initrd", "initrd.1", 0x4000000)):
        args += ["--add-section", f"{name}={directory}/{path}",
                 "--change-section-vma", f"{name}={at:#x}"]
    subprocess.run([*args, stub, judge.input], check=True)
    made, said = made_of(judge, elf.read(judge.input), "--from-uki")
    want, _ = made_of(judge, elf.read(f"{directory}/bzImage.x86_64"),
                      "--append=console=ttyS0 quiet",
                      f"--initrd={directory}/initrd.1")
    result(made and made == want, "a unified kernel image of systemd-stub",
           said)
