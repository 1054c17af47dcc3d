#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: report.py ELFBOOT-REPORT DIRECTORY

What scripts/elfboot-report says of saved systems, logs, reports and figures,
what it draws, and that whatever it is given it ends with one line at most.
"""

import os
import re
import shutil
import struct
import subprocess
import sys
import xml.etree.ElementTree as xml

import subtest
from subtest import result

# The program is installed without these, and has copies.
SOURCES = os.path.join(os.path.dirname(os.path.abspath(__file__)),
                       "../../arch/i386")
FIELDS = {"version": "2", "corrupt": "cbfs", "protocol": "multiboot2",
          "loader": "GRUB 2.06", "loader_version": "", "firmware": "coreboot",
          "firmware_version": "26.06", "map_source": "multiboot2",
          "cmdline_source": "multiboot2", "initrd_source": "",
          "tsc_entry": "2000000000", "tsc_kernel": "2002000000",
          "coreboot_table": "0x7ff00000"}
# What the third version of the node has more, and two files that root can read.
KASLR = {"random": "memory virtual physical", "entropy": "rdrand tsc",
         "why_fixed": "", "physical_address": "0x12000000",
         "virtual_offset": "0x1a000000"}
MEMMAP = (("0x0", "0x9fbff", "System RAM"), ("0xf0000", "0xfffff", "Reserved"),
          ("0x100000", "0x7fffffff", "System RAM"))
LOG = """\
[    0.000000] Linux version 6.1.0 (elf@boot)
[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009fbff] usable
[    0.000000] BIOS-e820: [mem 0x0000000000100000-0x000000007fffffff] ACPI NVS
[    0.000000] tsc: Detected 1000.000 MHz processor
[    0.100000] elfboot: protocol multiboot, loader "iPXE 1.0", firmware \
unknown, map bios-e820, command line multiboot, initrd none
[    0.100001] elfboot: corrupt and therefore ignored: pvh
[    0.500000] Run /init as init process
"""
REPORT = """\
\x1b[2JBdsDxe: loading elfboot-report 1
kernel 6.1.2
machine i686
map 0x100000 0x3ffffff System RAM
map 0x0 0x9ffff System RAM
setup-data 0x3fff000
kernel-at 0x1000000
sysfs-physical_address 0x1000000
sysfs-protocol pvh
sysfs-loader 
sysfs-map_source pvh
sysfs-tsc_entry 1000
sysfs-tsc_kernel 3000
sysfs-files 13
tsc-init 9000
end
"""
BENCH = """\
# file\tway\tbytes\tentry\tkernel\tinit
vmlinux,PVH\tkernel\t1000\t100\t200\t1000
bzImage,gzip\tkernel\t500\t0\t0\t2000
"""
HOSTILE = '<script>&amp;"\x1b[2J\n\x00\xff]]>'


class Report:
    """The program, and where it may write."""

    def __init__(self, program, directory):
        self.program = program
        self.directory = directory
        self.svg = directory + "/picture.svg"

    def path(self, name, text=None):
        """A file of ours, written if there is a text."""
        path = f"{self.directory}/{name}"
        if text is not None:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            data = text if isinstance(text, bytes) else text.encode("latin-1")
            with open(path, "wb") as file:
                file.write(data)
        return path

    def run(self, *args):
        """The program's end."""
        return subprocess.run([self.program, *args], capture_output=True,
                              text=True, timeout=20, check=False)

    def shows(self, name, args, patterns, drawn=(), absent=()):
        """It prints what matches all patterns and has no absent words, and
        draws all texts."""
        if os.path.exists(self.svg):
            os.unlink(self.svg)
        run = self.run(*args, "--svg", self.svg)
        wrong = [f"not in the text: {pattern}" for pattern in patterns
                 if not re.search(pattern, run.stdout, re.M)]
        wrong += [f"in the text: {word}" for word in absent
                  if word in run.stdout]
        if run.returncode or run.stderr:
            wrong.append(f"exit status {run.returncode}: {run.stderr}")
        if re.search(r"[^ -~\n\xb5]", run.stdout):
            wrong.append("control characters")
        try:
            texts = [item.text for item in xml.parse(self.svg).iter()]
        except (OSError, xml.ParseError) as error:
            texts = []
            wrong.append(f"no picture: {error}")
        wrong += [f"not drawn: {text}" for text in drawn if text not in texts]
        result(not wrong, name, "\n".join(wrong))

    def refuses(self, name, status, word, *args):
        """It ends with this status and a line, the last, with a word."""
        run = self.run(*args)
        lines = run.stderr.splitlines() or [""]
        good = run.returncode == status and word in lines[-1] and \
            not run.stdout and (status == 2 or len(lines) == 1)
        result(good, name, f"{run.returncode}: {run.stderr}")


def save(report, name, fields, memmap=MEMMAP):
    """A saved system."""
    for field, text in fields.items():
        report.path(f"{name}/sys/firmware/elfboot/{field}", text + "\n")
    for number, words in enumerate(memmap):
        for field, text in zip(("start", "end", "type"), words):
            report.path(f"{name}/sys/firmware/memmap/{number}/{field}",
                        text + "\n")
    report.path(f"{name}/proc/sys/kernel/osrelease", "6.1.1\n")
    return report.path(name)


def save_node(report, name, size, corrupt=0x41, random=1, entropy=0):
    """One that has but the node, or a part of it."""
    node = struct.pack("<II16s64s32s32s16s16s16sQQQ32sII24s", 3, corrupt,
                       b"argv", b"x" * 64, b"", b"PCBIOS", b"bios-e820",
                       b"argv", b"", 1000, 3000, 0x1000, b"", random, entropy,
                       b"no relocations")
    nodes = f"{name}/sys/kernel/boot_params/setup_data"
    report.path(f"{nodes}/0/type", "0x1\n")
    report.path(f"{nodes}/0/data", b"")
    report.path(f"{nodes}/1/type", "0x454c4642\n")
    report.path(f"{nodes}/1/data", node[:size])
    return report.path(name)


def test_sources(report):
    """Everything that it reads."""
    root = save(report, "saved", FIELDS)
    report.shows("a saved system, without a log", ("--root", root),
                 (r"^Linux 6\.1\.1$", r"^  protocol +multiboot2$",
                  r"^  corrupt, ignored +cbfs$", r"^  its version +26\.06$",
                  r"^3 ranges of memory, by multiboot2 \(/sys/firmware/memmap",
                  r"^  0{16}-000000000009fbff +639 KiB  System RAM$",
                  r"^  stub +2\.00 M ticks +0\.10 %$", r"to the kernel$"),
                 ("Memory map, by multiboot2", "stub", "9fc00", "f0000"))
    report.path("saved/dmesg", LOG)
    report.shows("with a log: seconds, and the kernel's part",
                 ("--root", root + "/"),
                 (r"^  firmware, loader +2\.00 s +79\.94 %$",
                  r"^  stub +2\.00 ms +0\.08 %$",
                  r"^  kernel +500 ms +19\.98 %$", r"to init$"),
                 ("init", "kernel", "2.50 s until init"))
    report.shows("--mhz", ("--root", root, "--mhz", "2000"),
                 (r"^  stub +1\.00 ms",))
    kexec = save(report, "kexec", {**FIELDS, "loader": "kexec 2.0.25"})
    report.shows("kexec", ("--root", kexec), ("^  before kexec",))
    report.shows("a log", ("--log", report.path("log", LOG)),
                 (r"^Linux 6\.1\.0$", r"^  loader +iPXE 1\.0$",
                  r"^  corrupt, ignored +pvh$", r"by bios-e820 \(the kernel's",
                  r"1\.999 GiB  ACPI Non-volatile Storage$"),
                 ("Memory map, by bios-e820",))
    report.shows("a test's report", ("--from", report.path("report", REPORT)),
                 (r"^Linux 6\.1\.2 \(i686\)$", r"^  protocol +pvh$",
                  r"^  kernel +6\.00 k ticks +66\.67 %$", "fff000 arena$",
                  "^  0000000001000000 kernel$"), ("arena", "init"),
                 ("kernel\n  0000000001000000 kernel",))
    node = (REPORT.replace("sysfs-", "").replace("map_source", "map-source")
            .replace("tsc_", "tsc-").replace("files 13", "random 3\nentropy 2"
                                            "\nwhy-fixed x\ncorrupt 64"))
    report.shows("a test's report, of a kernel without the directory",
                 ("--from", report.path("node.report", node)),
                 (r"^  corrupt, ignored +cbfs$",
                  "^  random addresses  memory virtual$",
                  "^  random numbers by tsc$", "^  why not all       x$"))
    report.shows("figures", ("--bench", report.path("results", BENCH)),
                 (r"^vmlinux,PVH +1000 +100 +100 +800 +1000$",
                  r"^bzImage,gzip +500 +- +- +- +2000$"),
                 ("bzImage, gzip", "0.00 M  (2.000)"))
    report.shows("figures and a system",
                 ("--bench", report.path("results"), "--root", root),
                 ("^vmlinux,PVH", "^  protocol +multiboot2$"),
                 ("vmlinux, PVH", "Memory map, by multiboot2"))


def test_kaslr(report):
    """What is random of the kernel's addresses."""
    def shows(name, fields, patterns, drawn=(), absent=()):
        root = save(report, "kaslr", {**FIELDS, **KASLR, **fields})
        report.shows(name, ("--root", root), patterns, drawn, absent)

    shows("KASLR", {},
          ("^  random addresses  memory virtual physical$",
           "^  random numbers by rdrand tsc$",
           "^  physical address  0x12000000$",
           "^  virtual offset    0x1a000000$",
           "^  0000000012000000 kernel$"),
          ("memory virtual physical", "0x1a000000", "kernel", "12000000"),
          ("why not all",))
    shows("KASLR, not root's report",
          {"physical_address": "", "virtual_offset": ""},
          ("^  random addresses  memory virtual physical$",), (),
          ("physical address", "virtual offset", "0 kernel"))
    shows("nokaslr", {"random": "", "entropy": "", "why_fixed": "nokaslr",
                      "virtual_offset": "0x0"},
          ("^  random addresses  none$", "^  why not all       nokaslr$",
           "^  physical address  0x12000000$"), ("none", "nokaslr"),
          ("random numbers", "virtual offset"))
    shows("a zelfImage", {"random": "", "entropy": "",
                          "why_fixed": "has a decompressor"},
          ("^  random addresses  by its decompressor$",), (),
          ("why not all",))
    root = save(report, "second-version", {**FIELDS, "loader": "0x0"})
    report.shows("files of the second version", ("--root", root),
                 ("^  loader +0x0$",), (), ("random", "why", "0 kernel"))


def names_of(path, pattern):
    """(bit, name) of each, in a source of ours."""
    with open(os.path.join(SOURCES, path), encoding="utf-8") as file:
        return re.findall(pattern, file.read(), re.M)


def names_of_kaslr(prefix):
    """The same of what provenance.h calls PREFIX_..."""
    bits = {name: int(bit, 0) for name, bit in
            names_of("boot/elf/provenance.h",
                     rf"^#define ({prefix}_\w+)\s+(0x\w+)")}
    return sum(bits.values()), " ".join(
        name for bit, name in sorted(
            (bits[word], name) for word, name in
            names_of("kernel/provenance/provenance-text.c",
                     rf'^\t{{ ({prefix}_\w+), "(.*)" }}')))


def test_nodes(report):
    """Kernels without the directory; nodes of every size."""
    report.shows("the node alone", ("--root", save_node(report, "node", 288)),
                 (r"^  protocol +argv$", r"^  loader +x{64}$",
                  r"^  corrupt, ignored +multiboot cbfs$",
                  r"^  coreboot's table +0x1000$",
                  "^  random addresses  memory\n"
                  "  why not all       no relocations\n"))
    for size in (256, 287):
        report.shows(f"its second version, of {size} bytes",
                     ("--root", save_node(report, "second", size)),
                     (r"^  coreboot's table +0x1000$",), (),
                     ("random", "why"))
    report.shows("its first version", ("--root", save_node(report, "old", 216)),
                 (r"^  protocol +argv$", r"^  stub +2\.00 k ticks"))
    report.refuses("cut short", 1, "not started by ELF boot", "--root",
                   save_node(report, "cut", 215))
    names = dict(names_of("boot/elf/corrupt.h",
                          r'^CORRUPT\(\w+,\s*(0x\w+),\s*"(.*)"\)'))
    bits = sum(int(bit, 0) for bit in names)
    report.shows("the kernel's names of all that can be corrupt",
                 ("--root", save_node(report, "names", 256, bits)),
                 (rf"^  corrupt, ignored +{' '.join(names.values())}$",))
    random, random_names = names_of_kaslr("RANDOM")
    entropy, entropy_names = names_of_kaslr("ENTROPY")
    report.shows("the kernel's names of what is random, and by what",
                 ("--root", save_node(report, "names", 288, 1, random,
                                      entropy)),
                 (f"^  random addresses  {random_names}$",
                  f"^  random numbers by {entropy_names}$"))
    report.shows("bits of a newer node",
                 ("--root", save_node(report, "newer", 288, 0x40000001, 0x101,
                                      0x80000000)),
                 (r"^  corrupt, ignored +multiboot 0x40000000$",
                  "^  random addresses  memory 0x100$",
                  "^  random numbers by 0x80000000$"))


def test_hostile(report):
    """What must not harm, be it nonsense or meant."""
    fields = {name: HOSTILE for name in (*FIELDS, *KASLR)}
    root = save(report, "hostile", fields,
                (("0x0", "0xfff", HOSTILE), ("0x0", "0x0", "System RAM"),
                 ("0x10", "0xffffffffffffffff", "")))
    report.path("hostile/dmesg", HOSTILE + "\ntsc: Detected 0.0 MHz TSC\n")
    report.shows("markup and control characters", ("--root", root),
                 (r"^  loader +<script>&amp;\"\?\[2J$",))
    many = [(hex(i << 12), hex((i << 12) + 0xfff), "Reserved")
            for i in range(300)]
    report.shows("300 ranges", ("--root", save(report, "many", FIELDS, many)),
                 ("^300 ranges",))
    report.shows("no map", ("--root", save(report, "none", FIELDS, ())),
                 ("^0 ranges",))
    times = {**FIELDS, "tsc_entry": "7", "tsc_kernel": "5"}
    report.shows("time that runs backwards",
                 ("--root", save(report, "times", times)),
                 ("^  protocol", ))


def test_refusals(report):
    """Exit status and a word."""
    other = "this kernel was not started by ELF boot"
    report.refuses("another kernel", 1, other, "--root",
                   save(report, "other", {}))
    report.refuses("nothing there", 1, other, "--root", report.path("empty"))
    for option in ("--log", "--from", "--bench"):
        report.refuses(f"{option}: no such file", 1, "none", option,
                       report.path("none-here"))
        report.refuses(f"{option}: a directory", 1, "directory", option,
                       report.directory)
        report.refuses(f"{option}: empty", 1, "nothing", option,
                       report.path("nothing", ""))
        report.refuses(f"{option}: noise", 1, "noise", option,
                       report.path("noise", bytes(range(256)) * 9))
    report.refuses("a range without numbers", 1, "'x'", "--root",
                   save(report, "range", FIELDS, [("x", "y", "z")]))
    report.refuses("--from: a range without an end", 1, "range", "--from",
                   report.path("range.report", REPORT.replace("0x9ffff", "")))
    report.refuses("--bench: no time", 1, "not a table", "--bench",
                   report.path("zero", BENCH.replace("2000", "0")))
    report.refuses("--from: cut short", 1, "not a whole report", "--from",
                   report.path("short", REPORT[:-4]))
    report.refuses("--from: a bzImage's", 1, "not started by ELF boot",
                   "--from", report.path("bzimage", "elfboot-report 1\nend\n"))
    report.refuses("--bench: a word for a number", 1, "not a table", "--bench",
                   report.path("words", BENCH.replace("1000", "many")))
    run = report.run("--log", report.path("log"), "--svg",
                     report.path("no-such/x.svg"))
    result(run.returncode == 1 and run.stderr.count("\n") == 1,
           "--svg: no such directory", run.stderr)
    report.refuses("unknown option", 2, "unrecognized", "--nonsense")
    report.refuses("two sources", 2, "not allowed", "--log", "x", "--from", "y")
    report.refuses("--mhz 0", 2, "--mhz", "--mhz", "0")
    run = report.run("--help")
    result(not run.returncode and run.stdout.startswith("usage: ") and
           "Exit status" in run.stdout, "--help", run.stderr)


def main():
    """As the usage says."""
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    program, directory = sys.argv[1:]
    shutil.rmtree(directory, ignore_errors=True)
    os.makedirs(directory)
    report = Report(program, directory)
    test_sources(report)
    test_kaslr(report)
    test_nodes(report)
    test_hostile(report)
    test_refusals(report)
    sys.exit(subtest.failed)


main()
