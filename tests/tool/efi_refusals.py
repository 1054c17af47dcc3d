# SPDX-License-Identifier: GPL-2.0
"""
What --verify finds in a UEFI program, where elfboot.efi is looked for, and what is
refused or told. Part of efi-compose.py.
"""

import os
import shutil
import struct
import subprocess

import elf
import pe
from efi_bench import CMDLINE, READ_ONLY, Bench
from elf import read
from subtest import result


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
    for name, message, options in (
            ("--efi-stub=", "--efi-stub=: the name of a file is missing",
             ("--efi", "--efi-stub=", *out)),
            ("no name", "no file to read is named", ("--efi",)),
            ("no output", "no file to write is named", ("--efi", kernel)),
            ("three names", '"more" is one name too many', ("--efi", *out, "more")),
            ("--verify with two names",
             f'nothing is written here, and "{bench.output}" is one name too many',
             ("--verify", *out))):
        bench.refuses(name, message, *options, status=2)
    bench.refuses("an empty name", 'mkelfImage: "": No such file', "--efi", "",
                  bench.output)


def check_os_release(bench):
    """An /etc/os-release without text is none, and stops nothing."""
    kernel = bench.directory + "/bzImage.x86_64"
    empty = bench.write("empty", b"")
    out = (f"--efi-stub={bench.stub('x64')}", kernel, bench.output)
    bench.refuses("--os-release, an empty file", "empty", "--efi",
                  "--os-release=" + empty, *out)
    wanted = bench.make("--os-release=", kernel, osrel=False)
    run = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         'mount --bind "$0" /etc/os-release && exec "$@"', empty, bench.tool,
         "--efi", *out], capture_output=True, check=False, text=True)
    if "unshare" in run.stderr or "mount" in run.stderr:
        print("skip an empty /etc/os-release # not root")
        return
    same = os.path.samefile("/etc/os-release", "/usr/lib/os-release")
    result(not run.returncode and
           (not same or (read(bench.output) == wanted and
                         "no text in /etc/os-release" in run.stderr)),
           "an empty /etc/os-release", run.stderr)


def check_written(bench):
    """--dump writes the image once, and the program that it is in."""
    kernel = bench.directory + "/bzImage.x86_64"
    image, program = len(bench.image("--append=", kernel)), len(bench.make(kernel))
    pid = os.posix_spawn(bench.tool, [
        bench.tool, "--dump", "--efi", f"--efi-stub={bench.stub('x64')}",
        "--os-release=" + bench.osrel, kernel], os.environ, file_actions=[
            (os.POSIX_SPAWN_OPEN, 1, "/dev/null", os.O_WRONLY, 0)])
    os.waitid(os.P_PID, pid, os.WEXITED | os.WNOWAIT)
    try:
        told = read(f"/proc/{pid}/io").decode()
    except OSError as problem:
        print(f"skip --dump: bytes that it writes # {problem.strerror}")
        return
    finally:
        os.waitpid(pid, 0)
    wrote = int(told.split("wchar: ")[1].split()[0])
    # What is zero is not written.
    result(wrote < image + program + image // 2, "--dump: bytes that it writes",
           f"{wrote}; the image has {image}, the program {program}")
