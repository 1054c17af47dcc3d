#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: inputs.py MKELFIMAGE PLAIN DIRECTORY

What people have on disk instead of a kernel: files that are compressed, unified
kernel images, packages. mkelfImage is the one with all libraries; DIRECTORY has
the small kernels of run.sh and of make-packed.py.
"""

import io
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tarfile
import time
import zlib

import elf
import subtest
from refusals import Judge

result = subtest.result
MIB = 1 << 20

# What people type; the last two are of several streams.
COMMANDS = {
    "gzip": "gzip -c",
    "bzip2": "bzip2 -c",
    "xz": "xz -c",
    "xz, no sum": "xz -c --check=none",
    "xz, multithreaded": "xz -c -T2 --block-size=4096",
    "lzma": "xz --format=lzma -c",
    "lzo": "lzop -c",
    "lz4-frame": "lz4 -c -",
    "lz4-frame, linked": "lz4 -c -BD -B4 --content-size -",
    "lz4": "lz4 -l -c -",
    "zstd": "zstd -c",
    "zstd, long": "zstd -c --long=27 --ultra -20",
}
# With a sum of what is in it. (Of lz4's legacy format and lzma there is none.)
SUMMED = ("gzip", "bzip2", "xz", "lzo", "lz4-frame", "zstd")
SEVERAL = ("gzip", "bzip2", "xz", "zstd", "lz4", "lz4-frame")
KERNELS = ("vmlinux.x86_64", "plain.i386", "bzImage.i386", "elfImage.x86_64",
           "packed.x86_64.xz", "composed")


def pack(command, data):
    """Compressed."""
    return subprocess.run(command.split(), input=data, check=True,
                          capture_output=True).stdout


def write(path, data):
    """A file; its name."""
    with open(path, "wb") as file:
        file.write(data)
    return path


def made_of(judge, data, *options):
    """What the tool makes of it, and what it says."""
    out = judge.output_dir + "/made"
    run = judge.run("--quiet", *options, write(judge.input, data), out)
    made = elf.read(out) if not run.returncode else b""
    if os.path.exists(out):
        os.unlink(out)
    return made, run.stderr


def test_compressed(judge, directory):
    """The same image as from the file that has been compressed."""
    for kernel in KERNELS:
        data = elf.read(f"{directory}/{kernel}")
        want, said = made_of(judge, data)
        result(want and not said, f"{kernel}: taken", said)
        for name, command in COMMANDS.items():
            made, said = made_of(judge, pack(command, data))
            result(made == want and not said, f"{kernel}, {name}", said)
        for name in SEVERAL:
            half = len(data) // 2
            made, said = made_of(judge, pack(COMMANDS[name], data[:half]) +
                                 pack(COMMANDS[name], data[half:]))
            result(made == want and not said, f"{kernel}, {name}, two streams",
                   said)
    made, _ = made_of(judge, pack("xz -c", elf.read(
        f"{directory}/packed.x86_64.gzip")), "--unpack")
    want, _ = made_of(judge, elf.read(f"{directory}/packed.x86_64.lzo"),
                      "--unpack")
    result(made and made == want, "a compressed bzImage, with --unpack")
    run = subprocess.run(
        [judge.tool, "-q", "-", "-"], check=False, capture_output=True,
        input=pack("gzip -c", elf.read(f"{directory}/bzImage.i386")))
    want, _ = made_of(judge, elf.read(f"{directory}/bzImage.i386"))
    result(run.stdout == want,
           "compressed, from a pipe", run.stderr)


def test_damaged(judge, directory):
    """Cut anywhere, or with a byte changed, or with something behind it."""
    data = elf.read(f"{directory}/bzImage.i386")
    for name in COMMANDS:
        codec = name.split(",")[0]
        packed = pack(COMMANDS[name], data)
        wrong = []
        step = len(packed) // 20
        for size in (*range(16, len(packed) - 1, step), len(packed) - 1):
            made, said = made_of(judge, packed[:size])
            # lz4's legacy format may end behind any block: the kernel is short.
            if made or said.count("\n") != 1:
                wrong.append((size, said))
        result(not wrong, f"{name}: cut", wrong)
        judge.refuse(f"{name}: with something behind it",
                     packed + b"behind", "damaged")
        if codec not in SUMMED or name == "xz, no sum":
            continue
        wrong = []
        want, _ = made_of(judge, data)
        for at in range(16, len(packed), step - 1):
            lie = bytearray(packed)
            lie[at] ^= 0x10
            made, said = made_of(judge, lie)
            # A byte of a file's name or the like is nothing to look at.
            if made not in (b"", want) or (not made and
                                           said.count("\n") != 1):
                wrong.append((at, said))
        result(not wrong, f"{name}: bytes changed", wrong)
    judge.refuse("compressed twice", pack("gzip -c", pack("xz -c", data)),
                 "twice, by gzip and before that by xz")
    judge.refuse("compressed, an initrd", pack("zstd -c", b"070701" + bytes(99)),
                 "an initrd")
    for name in ("gzip", "xz", "zstd", "bzip2", "lz4-frame"):
        judge.refuse(f"{name} of nothing", pack(COMMANDS[name], b""),
                     "nothing is in it")


def peak(judge, data):
    """A run's status, what it said, and its memory in MiB."""
    reader, writer = os.pipe()
    args = [judge.tool, write(judge.input, data), judge.output]
    pid = os.posix_spawn(args[0], args, os.environ, file_actions=[
        (os.POSIX_SPAWN_DUP2, writer, 2), (os.POSIX_SPAWN_CLOSE, reader)])
    os.close(writer)
    with os.fdopen(reader) as file:
        said = file.read()
    _, status, usage = os.wait4(pid, 0)
    return os.waitstatus_to_exitcode(status), said, usage.ru_maxrss // 1024


def test_bombs(judge):
    """A file of 128 MiB of zeros gets no more memory than a kernel of that size."""
    zeros = bytes(64 * MIB)
    _, _, base = peak(judge, b"\x1f\x8b")
    for name in ("gzip", "bzip2", "xz", "lzma", "lzo", "lz4-frame", "lz4",
                 "zstd"):
        with subprocess.Popen(COMMANDS[name].split(), stdin=subprocess.PIPE,
                              stdout=open(judge.input + ".bomb", "wb")) as run:
            for _ in range(2):
                run.stdin.write(zeros)
        bomb = elf.read(judge.input + ".bomb")
        status, said, used = peak(judge, bomb)
        most = base + max(64, 64 * len(bomb) // MIB) + 90
        result(status == 1 and said.count("\n") == 1 and
               "would unpack to more than" in said and used < most,
               f"{name}: a bomb of {len(bomb)} bytes: {used - base} MiB used",
               said)
    os.unlink(judge.input + ".bomb")


def test_memory(judge, directory):
    """A dictionary larger than a kernel can need is not reserved."""
    data = elf.read(f"{directory}/bzImage.i386")
    lzma = bytearray(pack(COMMANDS["lzma"], data))
    struct.pack_into("<I", lzma, 1, 1 << 30)
    judge.refuse("lzma: a dictionary of 1 GiB", lzma, "memory")
    packed = bytearray(pack("xz -c", data))
    # The block's header, .xz file format 1.1.0, 3.1: one filter, LZMA2; its
    # dictionary: 36 is 1 GiB.
    size = 4 * (packed[12] + 1)
    at = packed.index(b"\x21\x01", 12, 12 + size) + 2
    packed[at] = 36
    struct.pack_into("<I", packed, 12 + size - 4,
                     zlib.crc32(packed[12:12 + size - 4]))
    judge.refuse("xz: a dictionary of 1 GiB", packed, "memory")


def test_little_memory(judge, plain):
    """By a tool without sanitizers, which need much of it themselves."""
    # 160 MiB, less than 64 times the file, where there are no more than 180 MB.
    large = pack("gzip -c", os.urandom(3 * MIB) + bytes(157 * MIB))
    run = subprocess.run(["sh", "-c", 'ulimit -v 180000; exec "$@"', "sh",
                          plain, write(judge.input, large),
                          judge.output],
                         capture_output=True, text=True, check=False)
    result(run.returncode == 1 and "takes more memory" in run.stderr,
           "gzip: less memory than there may be in it", run.stderr)


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


def tar(*names):
    """A tar archive of files."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 70000
            archive.addfile(info, io.BytesIO(bytes(info.size)))
    return out.getvalue()


def deb(form, data):
    """A Debian package, deb(5)."""
    out = b"!<arch>\n"
    for name, member in (("debian-binary", b"2.0\n"),
                         ("control.tar.xz", b"x" * 99),
                         ("data.tar" + form, data)):
        out += (f"{name:<16}{0:<12}{0:<6}{0:<6}{0o100644:<8o}{len(member):<10}"
                "`\n").encode() + member + b"\n" * (len(member) % 2)
    return out


def rpm_header(*entries):
    """A header of RPM's: tags with contents."""
    index, store = b"", b""
    for tag, kind, count, data in entries:
        store = store.ljust(elf.up(len(store), 4), b"\0")
        index += struct.pack(">4I", tag, kind, len(store), count)
        store += data
    return (b"\x8e\xad\xe8\x01" + bytes(4) +
            struct.pack(">2I", len(entries), len(store)) + index + store)


def rpm(*paths):
    """An RPM package, as far as anybody looks."""
    dirs = sorted({path.rpartition("/")[0] + "/" for path in paths})
    strings = [b"".join(text.encode() + b"\0" for text in texts) for texts in
               (dirs, [path.rpartition("/")[2] for path in paths])]
    indexes = struct.pack(f">{len(paths)}I", *(
        dirs.index(path.rpartition("/")[0] + "/") for path in paths))
    first = rpm_header((1000, 4, 1, b"x" * 13))
    lead = b"\xed\xab\xee\xdb\3\0".ljust(96, b"\0")
    return (lead + first.ljust(elf.up(len(first), 8), b"\0") +
            rpm_header((1000, 6, 1, b"kernel\0"),
                       (1116, 4, len(paths), indexes),
                       (1117, 8, len(paths), strings[1]),
                       (1118, 8, len(dirs), strings[0])) + b"payload")


def test_packages(judge):
    """The file inside is named."""
    name = "./boot/vmlinuz-6.1.0-18-amd64"
    inside = tar("./boot/config-6.1.0-18-amd64", name, "./lib/modules")
    for form, command in ((".xz", "xz -c"), (".zst", "zstd -c"),
                          (".gz", "gzip -c")):
        judge.refuse(f"Debian package, {form}", deb(form, pack(command, inside)),
                     name)
    judge.refuse("Debian package, not compressed", deb("", inside), name)
    large = inside + bytes(40 * MIB)
    judge.refuse("Debian package, a large one", deb(".xz", pack("xz -1", large)),
                 name)
    for form, data in ((".xz", pack("xz -c", tar("./usr/bin/true"))),
                       (".xz", b"nothing"), ("", b""),
                       (".xz", pack("xz -c", tar("./boot/vmlinuz-\x1b[31m")))):
        judge.refuse("Debian package without a kernel", deb(form, data),
                     "a Debian package: take a kernel out")
    judge.refuse("Debian package, cut", deb(".xz", pack("xz -c", inside))[:400],
                 "a Debian package")
    fedora = "/lib/modules/6.6.8-200.fc39.x86_64/vmlinuz"
    ghost = "/boot/vmlinuz-6.6.8-200.fc39.x86_64"
    for name, paths, word in (
            ("Fedora's", (ghost, "/lib/modules/6.6/.vmlinuz.hmac", fedora),
             f".{fedora} "), ("an old one", ("/boot/config", ghost), f".{ghost} "),
            ("without a kernel", ("/usr/bin/true",), "take a kernel out"),
            ("an escape sequence", ("/boot/vmlinuz\x1b[31m",),
             "take a kernel out")):
        judge.refuse(f"RPM package, {name}", rpm(*paths), word)
    whole = rpm(ghost, fedora)
    wrong = []
    for size in range(96, len(whole), 7):
        run = judge.run(write(judge.input, whole[:size]), judge.output)
        if judge.message(run, "an RPM package"):
            wrong.append((size, run.stderr))
    for at in range(96, len(whole), 3):
        lie = bytearray(whole)
        lie[at] ^= 0xff
        run = judge.run(write(judge.input, lie), judge.output)
        if judge.message(run, "an RPM package"):
            wrong.append((at, run.stderr))
    result(not wrong, "RPM package, cut and changed", wrong)


def on_terminal(args, feed, seconds, stdout=subprocess.DEVNULL):
    """
    What a run shows on a terminal, while its input comes slowly. With
    subprocess.STDOUT its standard output is there as well.
    """
    leader, follower = pty.openpty()
    if stdout == subprocess.STDOUT:
        stdout = follower
    with subprocess.Popen(args, stdin=subprocess.PIPE, stderr=follower,
                          stdout=stdout) as run:
        os.close(follower)
        time.sleep(seconds)
        run.stdin.write(feed)
        run.stdin.close()
        shown = b""
        while select.select([leader], [], [], 20)[0]:
            try:
                more = os.read(leader, 4096)
            except OSError:
                break
            if not more:
                break
            shown += more
        status = run.wait()
    os.close(leader)
    return status, shown.decode()


def test_progress(judge, directory):
    """A line on a terminal, after two seconds, that is gone at the end."""
    data = elf.read(f"{directory}/bzImage.i386")
    args = [judge.tool, "-", judge.output]
    status, shown = on_terminal(args, data, 3.5)
    result(not status and re.fullmatch(
        r"(\rmkelfImage: reading, [2-9] s)+\r\x1b\[K", shown),
        "progress after two seconds, and gone", repr(shown))
    status, shown = on_terminal(args, data, 0.2)
    result(not status and not shown, "nothing before that", repr(shown))
    status, shown = on_terminal([*args, "--quiet"], data, 3.5)
    result(not status and not shown, "nothing with --quiet", repr(shown))
    status, shown = on_terminal(args, b"text", 2.5)
    result(status == 1 and re.fullmatch(
        r"(\rmkelfImage: reading, [2-9] s)+\r\x1b\[KmkelfImage: -: .*\r\n",
        shown), "a message takes its place", repr(shown))
    status, shown = on_terminal([judge.tool, "--dump", "-"], data, 2.5,
                                subprocess.STDOUT)
    result(not status and re.fullmatch(
        r"(\rmkelfImage: reading, [2-9] s)+\r\x1b\[Kversion [^\x1b]*", shown),
        "--dump: gone before the first line", repr(shown))
    with subprocess.Popen(args, stdin=subprocess.PIPE,
                          stderr=subprocess.PIPE) as run:
        time.sleep(2.5)
        shown = run.communicate(data)[1]
    result(not run.returncode and not shown, "nothing where there is no terminal",
           repr(shown))


def test_remarks(judge, directory):
    """A vmlinux that could have KASLR and has no relocations."""
    remark = "no relocations, so no KASLR"
    for name, kernel, options, said in (
            ("a kernel with KASLR", "vmlinux.movable", (), True),
            ("without the stub", "plain.x86_64", (), True),
            ("a kernel without KASLR", "vmlinux.x86_64", (), False),
            ("--relocs", "plain.x86_64",
             (f"--relocs={directory}/words.x86_64",), False),
            ("--no-relocs", "plain.x86_64", ("--no-relocs",), False),
            ("--relocs=", "plain.x86_64", ("--relocs=",), False),
            ("--quiet", "plain.x86_64", ("--quiet",), False),
            ("a bzImage", "bzImage.x86_64", (), False),
            ("--unpack", "packed.x86_64.none", ("--unpack",), False)):
        run = judge.run(*options, f"{directory}/{kernel}", judge.output)
        result(not run.returncode and (remark in run.stderr) == said and
               run.stderr.count("\n") == said, f"KASLR: {name}", run.stderr)


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    tool, plain, directory = sys.argv[1:]
    judge = Judge(tool, directory)
    test_compressed(judge, directory)
    test_damaged(judge, directory)
    test_bombs(judge)
    test_memory(judge, directory)
    test_little_memory(judge, plain)
    test_unified(judge, directory)
    test_unified_refused(judge, directory)
    test_systemd(judge, directory)
    test_packages(judge)
    test_remarks(judge, directory)
    test_progress(judge, directory)
    sys.exit(subtest.failed or judge.failed)


if __name__ == "__main__":
    main()
