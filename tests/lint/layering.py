#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: layering.py PROJECT OBJECTS

The rules by which the stub is cut into parts: what is pure depends on its
arguments alone, a physical address becomes a pointer in one place, wire
formats are known to one source each, and the linked stub can be loaded
anywhere. OBJECTS: the directory where the stub was built.
"""

import glob
import os
import re
import subprocess
import sys

# Objects without globals and I/O, and what they may call.
PURE = ("source-*.o", "bootinfo.o", "memmap.o", "bootparams.o", "place.o",
        "checksum.o", "cmdline.o", "efi.o", "framebuffer.o", "handoff.o",
        "rsdp.o", "relocs.o", "kaslr.o")
MAY_CALL = re.compile(r"ram_|mem(cpy|move|set|cmp)$|str(len|ncmp)$|"
                      r"string_copy$|bootinfo_|memmap_|cmdline_|"
                      r"checksum_ram$|handoff_argument$|framebuffer_check$|"
                      r"rsdp_(find|is_valid)$|efi_(map_check|find_used)$|"
                      r"_GLOBAL_OFFSET_TABLE_$")
# Some ask hardware besides.
MAY_CALL_TOO = {
    "source-bios.o": re.compile(r"bios_(open|call|close)$"),
    "source-fwcfg.o": re.compile(r"port_(read|write16)$|cpu_is_virtual$"),
    "source-cmos.o": re.compile(r"port_(read|write)$"),
    "source-vga.o": re.compile(r"port_(read|write)$"),
    # Words that mkelfImage has filled in.
    "source-composed.o": re.compile(r"stub_params$"),
}

# Who may do what others may not.
POINTERS = {"ram.c"}
ASM = {"ram.c"}
BOOT_PARAMS = {"bootparams.c",          # writes them
               "main.c",                # has the memory for them
               "source-bootparams.c"}   # reads a loader's

POINTER_CAST = re.compile(r"\((?:const |volatile )*(?:struct |union )?\w+"
                          r"(?: const)?\s*\*+\s*(?:const)?\)\s*[\w(&~-]")
failed = False


def result(name, wrong):
    """One subtest: wrong has what breaks the rule."""
    global failed
    for text in wrong:
        print("  " + text)
    print("not ok" if wrong else "ok", name)
    failed |= bool(wrong)


def run(*command):
    """Lines of a command's output."""
    return subprocess.run(command, check=True, capture_output=True,
                          text=True).stdout.splitlines()


def code(path):
    """A C file's lines without comments."""
    with open(path, encoding="utf-8") as file:
        text = file.read()
    text = re.sub(r"/\*.*?\*/", lambda m: "\n" * m[0].count("\n"), text,
                  flags=re.S)
    return re.sub(r"//.*", "", text).split("\n")


def search(paths, pattern, allowed=()):
    """Where a pattern is used, other than where it is allowed."""
    return [f"{os.path.basename(path)}:{number}: {line.strip()}"
            for path in paths if os.path.basename(path) not in allowed
            for number, line in enumerate(code(path), 1)
            if re.search(pattern, line)]


def check_calls(objects):
    """Pure objects call nothing that is not."""
    wrong = []
    for path in objects:
        name = os.path.basename(path)
        also = MAY_CALL_TOO.get(name)
        for line in run("nm", "-u", path):
            symbol = line.split()[-1]
            if not MAY_CALL.match(symbol) and \
               not (also and also.match(symbol)):
                wrong.append(f"{name} uses {symbol}")
    result(f"{len(objects)} pure objects call nothing else", wrong)


def check_globals(objects):
    """Pure objects have no memory of their own. (Constant tables of pointers
    are in .data.rel.ro.)"""
    wrong = []
    for path in objects:
        for line in run("size", "-A", path):
            words = line.split()
            if len(words) == 3 and words[1] != "0" and re.match(
                    r"\.(data|bss)(?!\.rel\.ro)", words[0]):
                wrong.append(f"{os.path.basename(path)}: {words[1]} bytes "
                             f"of {words[0]}")
    result("pure objects have no variables", wrong)


def check_wire(stub, tests):
    """Wire formats: who includes them, and that their sizes are asserted."""
    headers = [os.path.basename(path)
               for path in glob.glob(stub + "/wire-*.h")]
    wrong = []
    for header in headers:
        name = header[len("wire-"):-len(".h")]
        # tests/fuzz/stub.c puts sums right, or no damage would get past.
        allowed = {f"source-{name}.c", f"test-source-{name}.c",
                   "stub.c", f"{name}.c"}
        wrong += search(glob.glob(stub + "/*.[chS]") + tests,
                        r'#\s*include\s+".*' + re.escape(header), allowed)
    result(f"{len(headers)} wire formats: known to one source each", wrong)
    wrong = []
    for header in headers:
        text = "\n".join(code(stub + "/" + header))
        for struct in re.findall(r"^(?:struct|union)\s+(\w+)\s*\{", text,
                                 re.M):
            if not re.search(r"_Static_assert\(sizeof\((struct|union) " +
                             struct + r"\)\s*==", text):
                wrong.append(f"{header}: {struct}: size is not asserted")
    result("wire formats: sizes are asserted", wrong)


def check_linked(path):
    """The stub can be loaded anywhere."""
    wrong = sorted({line.split()[2] for line in run("readelf", "-rW", path)
                    if "R_386_" in line} - {"R_386_RELATIVE"})
    result("elfboot.elf: R_386_RELATIVE only", wrong)
    result("elfboot.elf: nothing is undefined", run("nm", "-u", path))


def main():
    """As the usage says."""
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    project, built = sys.argv[1:]
    stub = project + "/arch/i386/boot/elf"
    sources = sorted(glob.glob(stub + "/*.[ch]"))
    # The test firmware is the other end: it writes these formats.
    tests = [path for path in glob.glob(project + "/tests/**/*.[ch]",
                                        recursive=True)
             if "/tests/firmware/" not in path]
    objects = sorted(sum((glob.glob(f"{built}/{name}") for name in PURE), []))
    missing = [path for path in glob.glob(stub + "/source-*.c")
               if f"{built}/{os.path.basename(path)[:-2]}.o" not in objects]
    result("every source was built", missing)
    check_calls(objects)
    check_globals(objects)
    result("addresses become pointers in ram.c only",
           search(sources, POINTER_CAST, POINTERS))
    result("asm in ram.c only",
           search(sources, r"\b(__)?asm(__)?\b(?!/)", ASM))
    result("boot_params are known to those who must",
           search(sources, r"#\s*include\s+<asm/bootparam\.h>", BOOT_PARAMS))
    check_wire(stub, tests)
    check_linked(built + "/elfboot.elf")
    sys.exit(failed)


main()
