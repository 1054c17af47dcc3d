# SPDX-License-Identifier: GPL-2.0
"""
Packages of distributions as input of mkelfImage: it says what to take out. Part of
inputs.py.
"""

import io
import os
import shutil
import struct
import subprocess
import tarfile

import elf
from inputs_common import MIB, pack, write
from subtest import result


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


def make_deb(directory, name):
    """By Debian's own program: all forms that it writes, by its options."""
    top = directory + "/deb"
    os.makedirs(f"{top}/DEBIAN", exist_ok=True)
    os.makedirs(f"{top}/{name.rpartition('/')[0]}", exist_ok=True)
    write(f"{top}/DEBIAN/control", b"Package: linux-image-test\nVersion: 1\n"
          b"Architecture: amd64\nMaintainer: t <t@localhost>\n"
          b"Description: a kernel\n")
    write(f"{top}/{name}", bytes(70000))
    for form in ("gzip", "xz", "zstd", "none"):
        package = f"{directory}/{form}.deb"
        run = subprocess.run(["dpkg-deb", "--root-owner-group", "-Z" + form,
                              "--build", top, package],
                             capture_output=True, check=False)
        # Debian 11's knows no zstd.
        if form == "zstd" and run.returncode:
            print("skip Debian package by dpkg-deb, zstd # it does not know it")
            continue
        yield form, package if not run.returncode else ""


def make_rpm(directory, name):
    """By rpmbuild, a package with one file in it."""
    top = directory + "/rpm"
    os.makedirs(top, exist_ok=True)
    spec = write(top + "/test.spec", f"""
Name: kernel-test
Version: 1
Release: 1
Summary: a kernel
License: GPL
%description
A kernel.
%install
mkdir -p %{{buildroot}}{name.rpartition("/")[0]}
head -c 70000 /dev/zero > %{{buildroot}}{name}
%files
{name}
""".encode())
    run = subprocess.run(["rpmbuild", "-bb", "--quiet", "--define",
                          f"_topdir {top}", "--define", f"_rpmdir {top}",
                          "--define", "_rpmfilename test.rpm",
                          "--define", "_dbpath " + top, spec],
                         capture_output=True, text=True, check=False)
    if run.returncode:
        print("  " + run.stderr)
    return top + "/test.rpm"


def test_real_packages(judge, directory):
    """By those programs that make the packages that people have."""
    name = "boot/vmlinuz-6.1.0-18-amd64"
    for form, package in make_deb(directory, name):
        judge.refuse(f"Debian package by dpkg-deb, {form}",
                     elf.read(package) if package else b"",
                     f"a Debian package: take ./{name} out of it")
    if not shutil.which("rpmbuild"):
        print("skip RPM package by rpmbuild # there is none (rpm)")
        return
    name = "/lib/modules/6.6.8-200.fc39.x86_64/vmlinuz"
    judge.refuse("RPM package by rpmbuild",
                 elf.read(make_rpm(directory, name)),
                 f"an RPM package: take .{name} out of it")


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
    for name, path, word in (
            ("of 255 bytes", "/boot/vmlinuz-" + "x" * 241, "x" * 241 + " out"),
            ("of 256 bytes", "/boot/vmlinuz-" + "x" * 242, "take a kernel out"),
            ("of 256 bytes, the directory's", "/" + "d" * 247 + "/vmlinuz",
             "take a kernel out"),
            ("of a megabyte", "/boot/vmlinuz-" + "x" * MIB, "take a kernel out")):
        judge.refuse("RPM package, a name " + name, rpm(path), word)
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
