#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: layering.py PROJECT OBJECTS

The rules by which the programs are cut into parts: which room knows which
others, what is pure depends on its arguments alone, a physical address becomes
a pointer in one place, wire formats are known to one source each, and the
linked stub can be loaded anywhere. OBJECTS: the directory where the stub was
built.
"""

import glob
import os
import re
import subprocess
import sys

# Rooms, and which others each of them knows. What is in no room knows all.
STUB_ROOMS = {
    "sources": ("info", "machine"),
    "info": ("machine",),
    "machine": (),
    "console": ("info", "machine"),
    "kaslr": ("info", "machine"),
    "leave": ("info", "machine"),
}
KERNEL_ROOMS = {
    "kexec": ("notes", "provenance"),
    "coreboot": ("provenance",),
    "notes": (),
    "provenance": (),
    "reset": (),
}

# Headers that every room may name, and that name none.
STUB_SHARED = {"base.h", "corrupt.h", "handoff.h", "initrd.h", "params.h",
               "provenance.h", "relocs.h", "segments.h", "stub.h"}
KERNEL_SHARED = {"kexec-compat.h", "kexec-loaders.h"}
# What the kernel's rooms know of the stub: words and formats.
KERNEL_KNOWS = re.compile(r"(corrupt|provenance|stub)\.h$|(info|sources)/wire-[\w-]+\.h$")
# elfboot.efi, whose firmware is behind tables of functions: what is shared with
# others, which of its files never call it, and headers that these may name.
EFI_KNOWS = {"base.h", "info/wire-efi.h", "initrd.h",
             "kexec/elf-plan.h", "machine/paging.h", "notes/boot-notes.h", "sources/wire-notes.h"}
EFI_PURE = {"event-log.c", "map.c", "options.c", "sections.c"}
EFI_PURE_KNOWS = {"base.h", "event-log.h", "info/wire-efi.h",
                  "kexec/elf-plan.h", "map.h", "options.h", "sections.h",
                  "sources/wire-notes.h", "wire-pe.h", "wire-tcg.h"}
EFI_WIRE = {"wire-pe.h": {"sections.c"}, "wire-tcg.h": {"event-log.c", "tpm.c"}}
# The one symbol that is in no room and that rooms use.
STUB_WORDS = "stub_params"

# Objects without variables and I/O, and what they may call of the machine.
PURE = ("sources/*.o", "info/*.o", "kaslr/kaslr.o", "kaslr/relocate.o",
        "leave/bootparams.o")
MAY_CALL = re.compile(r"ram_|mem(cpy|move|set|cmp)$|str(len|ncmp)$")
# Some ask hardware besides.
MAY_CALL_TOO = {
    "source-bios.o": re.compile(r"bios_(open|call|close)$"),
    "source-fwcfg.o": re.compile(r"port_(read|write16)$|cpu_is_virtual$"),
    "source-cmos.o": re.compile(r"port_(read|write)$"),
    "source-vga.o": re.compile(r"port_(read|write)$"),
    # Words that mkelfImage has filled in.
    "source-composed.o": re.compile(STUB_WORDS + "$"),
}

# Who may do what others may not.
POINTERS = {"ram.c"}
ASM = {"ram.c"}
BOOT_PARAMS = {"bootparams.c",          # writes them
               "main.c",                # has the memory for them
               "source-bootparams.c",   # reads a loader's
               "setup-data.c"}          # and its nodes

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


def in_rooms(top, rooms, pattern):
    """Files that match a pattern, in no room ("") and in each."""
    return {room: sorted(glob.glob(f"{top}/{room}/{pattern}"))
            for room in ("", *rooms)}


def includes(path):
    """What a file includes that is not in angle brackets."""
    return re.findall(r'^\s*#\s*include\s+"([^"]+)"', "\n".join(code(path)),
                      re.M)


def may_include(room, header, rooms, shared, knows):
    """Whether a file of a room may name a header."""
    if header in shared or (knows and knows.match(header)):
        return True
    home = os.path.dirname(header)
    return home in rooms and room and home in (room, *rooms[room])


def check_includes(name, top, rooms, shared, knows=None):
    """Headers are named with their rooms, and arrows go one way. Of what is in
    no room the shared headers alone have a rule: they name no room."""
    files = in_rooms(top, rooms, "*.[chS]")
    files[""] = [path for path in files[""]
                 if os.path.basename(path) in shared]
    wrong = [f"{room or '.'}/{os.path.basename(path)} names {header}"
             for room, paths in files.items() for path in paths
             for header in includes(path)
             if not may_include(room, header, rooms, shared, knows)]
    wrong += [f"{room}/: there is nothing in it"
              for room in rooms if not files[room]]
    wrong += [f"{os.path.relpath(path, top)}: not a room that has a rule"
              for path in sorted(glob.glob(top + "/*/*.[chS]"))
              if os.path.basename(os.path.dirname(path))
              not in (*rooms, "tools")]
    result(f"{name}: headers of {len(rooms)} rooms are named one way", wrong)


def symbols(path):
    """What an object defines for others, and what it uses of others."""
    words = [line.split() for line in run("nm", "-g", path)]
    return ({word[-1] for word in words if word[-2] not in "Uw"},
            {word[-1] for word in words if word[-2] in "Uw"})


def find_homes(built):
    """The room of every symbol of the stub."""
    return {symbol: room
            for room, paths in in_rooms(built, STUB_ROOMS, "*.o").items()
            for path in paths for symbol in symbols(path)[0]}


def check_symbols(built, homes):
    """And so are functions and variables, whatever header declares them."""
    wrong = [f"{room}/{os.path.basename(path)} uses {symbol}, which is in "
             f"{homes.get(symbol) or '.'}/"
             for room, knows in STUB_ROOMS.items()
             for path in glob.glob(f"{built}/{room}/*.o")
             for symbol in sorted(symbols(path)[1] - {"_GLOBAL_OFFSET_TABLE_",
                                                      STUB_WORDS})
             if homes.get(symbol) not in (room, *knows)]
    result("stub: symbols of rooms are used one way", wrong)


def check_calls(objects, homes):
    """Pure objects call nothing that is not."""
    wrong = []
    for path in objects:
        name = os.path.basename(path)
        also = MAY_CALL_TOO.get(name)
        for symbol in sorted(symbols(path)[1] - {"_GLOBAL_OFFSET_TABLE_"}):
            if homes.get(symbol) not in ("sources", "info") and \
               not MAY_CALL.match(symbol) and \
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


def check_wire(files, tests):
    """Wire formats: who includes them, and that their sizes are asserted."""
    headers = [path for path in files
               if os.path.basename(path).startswith("wire-")]
    wrong = []
    for path in headers:
        header = os.path.basename(path)
        name = header[len("wire-"):-len(".h")]
        # tests/fuzz/stub.c puts sums right, or no damage would get past; the
        # tests of elfboot.efi, which is a loader, have the other end; the
        # conformance image asks what the stub does not.
        allowed = {f"source-{name}.c", f"test-source-{name}.c",
                   f"rules-{name}.c",
                   "stub.c", f"{name}.c", "test-efi-loader.c",
                   "test-efi-map.c", "efi-firmware.h"}
        wrong += search(files + tests,
                        r'#\s*include\s+".*' + re.escape(header), allowed)
    result(f"{len(headers)} wire formats: known to one source each", wrong)
    wrong = []
    for path in headers:
        for struct in re.findall(r"^(?:struct|union)\s+(\w+)\s*\{",
                                 "\n".join(code(path)), re.M):
            if not re.search(r"_Static_assert\(sizeof\((struct|union) " +
                             struct + r"\)\s*==", "\n".join(code(path))):
                wrong.append(f"{os.path.basename(path)}: {struct}: size is "
                             "not asserted")
    result("wire formats: sizes are asserted", wrong)


def check_linked(path):
    """The stub can be loaded anywhere."""
    wrong = sorted({line.split()[2] for line in run("readelf", "-rW", path)
                    if "R_386_" in line} - {"R_386_RELATIVE"})
    result("elfboot.elf: R_386_RELATIVE only", wrong)
    result("elfboot.elf: nothing is undefined", run("nm", "-u", path))


def check_stub(stub, tests, built):
    """The stub, as source and as it was built."""
    files = sum(in_rooms(stub, STUB_ROOMS, "*.[chS]").values(), [])
    sources = [path for path in files if not path.endswith(".S")]
    objects = sorted(sum((glob.glob(f"{built}/{name}") for name in PURE), []))
    homes = find_homes(built)
    check_includes("stub", stub, STUB_ROOMS, STUB_SHARED)
    result("stub: every file was built",
           [path for path in files if path.endswith((".c", ".S"))
            and not os.path.exists(
                f"{built}/{os.path.relpath(path, stub)[:-2]}.o")])
    check_symbols(built, homes)
    check_calls(objects, homes)
    check_globals(objects)
    result("addresses become pointers in ram.c only",
           search(sources, POINTER_CAST, POINTERS))
    result("asm in ram.c only",
           search(sources, r"\b(__)?asm(__)?\b(?!/)", ASM))
    result("boot_params are known to those who must",
           search(sources, r"#\s*include\s+<asm/bootparam\.h>", BOOT_PARAMS))
    check_wire(files, tests)
    check_linked(built + "/elfboot.elf")


def check_efi(efi):
    """elfboot.efi shares what it may, and what is pure knows no firmware."""
    files = sorted(glob.glob(efi + "/*.[chS]"))
    own = {os.path.basename(path) for path in files if path.endswith(".h")}
    wrong = [f"{os.path.basename(path)} names {header}"
             for path in files for header in includes(path)
             if header not in own | EFI_KNOWS]
    result(f"efi: {len(files)} files share with others what they may", wrong)
    wrong = [f"{name} names {header}" for name in sorted(EFI_PURE)
             for header in includes(f"{efi}/{name}")
             if header not in EFI_PURE_KNOWS]
    result(f"efi: {len(EFI_PURE)} pure files know no firmware", wrong)
    wrong = [f"{os.path.basename(path)} names {header}"
             for path in files for header in includes(path)
             if os.path.basename(path) not in
             EFI_WIRE.get(header, {os.path.basename(path)})]
    result("efi: wire formats are known to those who use them", wrong)


def check_tool(tools, built):
    """mkelfImage's objects use those behind them in the Makefile's list."""
    with open(tools + "/Makefile", encoding="utf-8") as file:
        listed = " ".join(re.findall(r"^mkelfImage-objs\s*[:+]=(.*)",
                                     file.read(), re.M)).split()
    there = {os.path.basename(path)[:-2] + ".o"
             for path in glob.glob(tools + "/*.c")}
    result("tool: every file is in the Makefile's list",
           sorted(there ^ set(listed)))
    places = {symbol: place for place, name in enumerate(listed)
              for symbol in symbols(f"{built}/{name}")[0]}
    wrong = [f"{name} uses {symbol} of {listed[places[symbol]]}"
             for place, name in enumerate(listed)
             for symbol in sorted(symbols(f"{built}/{name}")[1])
             if places.get(symbol, place) < place]
    result(f"tool: {len(listed)} files are used one way", wrong)


def main():
    """As the usage says."""
    if len(sys.argv) != 3:
        sys.exit(__doc__.strip())
    project, built = sys.argv[1:]
    # The test firmware is the other end: it writes the wire formats.
    tests = [path for path in glob.glob(project + "/tests/**/*.[ch]",
                                        recursive=True)
             if "/tests/firmware/" not in path]
    check_stub(project + "/arch/i386/boot/elf", tests, built)
    check_includes("kernel", project + "/arch/i386/kernel", KERNEL_ROOMS,
                   KERNEL_SHARED, KERNEL_KNOWS)
    check_efi(project + "/arch/i386/boot/efi")
    check_tool(project + "/arch/i386/boot/elf/tools", built + "/tools")
    sys.exit(failed)


main()
