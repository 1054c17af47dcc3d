#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: page.py DOCUMENT DIRECTORY LOADERS

DOCUMENT has every rule of DIRECTORY/rules-*.c, and no other; every one of
them is broken by somebody: by a line of DIRECTORY/sabotage or in one of
DIRECTORY/golden/*. Whoever DOCUMENT says breaks a rule does so in a golden, and
nobody else that is real. Every line of LOADERS (boot/loaders.list) has a row in
DIRECTORY/rows, but for what cannot have one.
"""
import glob
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)),
                                "..", "tool"))
sys.dont_write_bytecode = True
import subtest                                                  # noqa: E402

SPECIFICATION = (r"(?:gabi|sense|acpi|elf-boot|coreboot-tables|pvh|x86|"
                 r"multiboot2?)")
NAME = re.compile(SPECIFICATION + r"[a-z0-9.-]*\.[A-Za-z0-9_-]+")
# Groups that share their rules; these have no names of their own.
SHARED = ("multiboot-3.2", "multiboot2-3.3")
# A CS that is not flat: nothing of the image runs.
UNBROKEN = {f"{prefix}.cs" for prefix in SHARED + ("pvh", "elf-boot-3.2")}
# Goldens in which our own loader does things on purpose.
OWN = re.compile(r"scattered-|vmlinux-boot-params|coreboot-faults")
# Of loaders.list: what reads no ELF, and what other rows have. Who has started
# elfboot.efi the image cannot see.
NO_ROW = re.compile(r"bzimage|zelf|composed|xen-|kvm-|efi-(uki|grub-chain|"
                    r"qemu-kernel|mixed|sb|tpm)")


def result(good, name, *details):
    """One subtest."""
    subtest.result(good, name, "\n".join(sorted(details)))


def read(path):
    """A text."""
    with open(path, encoding="utf-8") as file:
        return file.read()


def rules_of_sources(paths):
    """Names, out of their tables."""
    names = set()
    for path in paths:
        names |= set(re.findall(r'^\t\{ "([^"]+)",', read(path), re.M))
    shared = {name for name in names if name.startswith(".")}
    return names - shared | {prefix + name for prefix in SHARED
                             for name in shared}


def rules_of_page(text):
    """First words of the tables' lines."""
    return {word for word in re.findall(r"^(\S+)", text, re.M)
            if NAME.fullmatch(word)}


def broken_in(path):
    """Rules that a golden has as broken."""
    return set(re.findall(r"^not ok \d+ - ([^:]+):", read(path), re.M))


def rows_of(path):
    """Names of lines of a table."""
    return {line.split()[0] for line in read(path).splitlines()
            if line and not line.startswith("#")}


def check_rules(page, rules, sabotage, goldens):
    """Known, described, and broken by somebody."""
    result(len(rules) > 60, "rules of the program", f"{len(rules)} of them")
    result(rules_of_page(page) == rules, "the page has all of them",
           *(rules_of_page(page) ^ rules))
    broken = set().union(*(line.split()[1:] for line in
                           read(sabotage).splitlines()
                           if not line.startswith("#")),
                         *goldens.values())
    result(rules - broken == UNBROKEN, "each is broken by somebody",
           *((rules - broken) ^ UNBROKEN))


def check_loaders(page, goldens):
    """Section 6 has those that break rules."""
    told = set(re.findall(r"conformance/([a-z0-9-]+)",
                          page[page.index("\n6. "):]))
    found = {name.rsplit("-", 1)[0] for name, broken in goldens.items()
             if broken and not OWN.match(name)}
    # One row of a loader stands for the others of it.
    found = {re.sub("bochs-syslinux|pxelinux|extlinux", "syslinux-mboot", name)
             for name in found}
    result(told == found, "the page says who breaks rules", *(told ^ found))


def check_coverage(loaders, rows):
    """All loaders of the project's table."""
    for line in read(loaders).splitlines():
        if line.startswith("#") or not line.strip():
            continue
        title, _, _, tests = (part.strip() for part in line.split("|"))
        tests = tests.split()
        if title == "-" or all(NO_ROW.search(test) for test in tests):
            continue
        result(rows & set(tests), f"row: {title}", *tests)


def main():
    """As the usage says."""
    if len(sys.argv) != 4:
        sys.exit(__doc__.strip())
    document, directory, loaders = sys.argv[1:]
    page = read(document)
    goldens = {os.path.basename(path): broken_in(path)
               for path in glob.glob(f"{directory}/golden/*")}
    check_rules(page, rules_of_sources(glob.glob(f"{directory}/rules-*.c")),
                f"{directory}/sabotage", goldens)
    check_loaders(page, goldens)
    check_coverage(loaders, rows_of(f"{directory}/rows"))
    sys.exit(subtest.failed)


main()
