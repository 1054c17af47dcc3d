#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: rules.py MKELFIMAGE IMAGE VMLINUX VERIFY.C DIRECTORY

Break an elfImage in every way that a layout rule forbids, one at a time,
checksum and ELF64 headers put right again: "mkelfImage --verify" must name the rule. And
change it in ways that come close, but are allowed (rules_cases.py has all of them).
Every refusal that VERIFY.C knows must have been seen at the end.
"""

import re
import sys

import elf
import subtest
from mkelfimage import run_tool
from rules_cases import BROKEN, GOOD, WRONG_ELF64, WRONG_RELOCS, WRONG_SUM
from rules_changes import changed
from subtest import result


class Verifier:
    """Has images verified, and collects what the tool says of them."""

    def __init__(self, tool, directory):
        self.tool = tool
        self.path = directory + "/broken.elf"
        self.output = set()

    def verify(self, data, rule, name, path=None):
        """A file must break this rule, or none."""
        if path is None:
            path = self.path
            with open(path, "wb") as file:
                file.write(data)
        run = run_tool(self.tool, "--verify", path, text=True)
        if rule is None:
            good = (run.returncode, run.stdout, run.stderr) == (0, "", "")
        else:
            start = f"mkelfImage: {path}: rule {rule}: "
            good = (run.returncode == 1 and run.stdout == "" and
                    run.stderr.startswith(start) and
                    run.stderr.count("\n") == 1)
            self.output.add(run.stderr[len(start):].strip())
        result(good, name,
               f"exit status {run.returncode}: {run.stderr}".strip())


def known_flags(path):
    """STUB_FLAG_* as the stub has them."""
    with open(path, encoding="ascii") as file:
        return {name: int(value, 16) for name, value in
                re.findall(r"#define (STUB_FLAG_\w+)\s+(0x\w+)", file.read())}


def known_refusals(path):
    """What verify.c can say, and the numbers of its rules."""
    with open(path, encoding="ascii") as file:
        source = file.read()
    rules = source[:source.index("rules[]")]
    messages = {text.replace('\\"', '"') for text in
                re.findall(r'(?:return|[?:])\s+"((?:[^"\\]|\\.)+)"', rules)}
    numbers = {int(n) for n in
               re.findall(r"\{ (\d+), rule_\d+ \}", source)}
    return messages, numbers


def main():
    """As the usage says."""
    if len(sys.argv) != 6:
        sys.exit(__doc__.strip())
    tool, image, vmlinux, source, directory = sys.argv[1:]
    verifier = Verifier(tool, directory)
    original = bytearray(elf.read(image))

    for name, change in GOOD:
        verifier.verify(changed(original, change), None, "allowed: " + name)
    verifier.verify(None, 1, "rule 1: ELFCLASS64", vmlinux)
    for rule, name, change in BROKEN + WRONG_RELOCS:
        verifier.verify(changed(original, change), rule, f"rule {rule}: {name}")
    for rule, name, change in WRONG_ELF64:
        verifier.verify(changed(original, change, False), rule,
                     f"rule {rule}: {name}")
    verifier.verify(elf.layout_3_0(original), 18,
                    "rule 18: the layout of mkelfImage 3.0")
    result(any("mkelfImage 3.0" in line for line in verifier.output),
           "it is named", verifier.output)
    for rule, name, change in WRONG_SUM:
        data = bytearray(original)
        change(data)
        verifier.verify(data, rule, f"rule {rule}: {name}")

    flags = known_flags(source.replace("tools/verify.c", "stub.h"))
    ours = {name: getattr(elf, name) for name in dir(elf)
            if name.startswith("STUB_FLAG_")}
    result(ours and ours.items() <= flags.items(),
           "the stub's flags are the same here", f"{ours}, {flags}")

    messages, numbers = known_refusals(source)
    tested = {rule for rule, _, _ in BROKEN + WRONG_RELOCS + WRONG_SUM}
    result(numbers and numbers == tested, "every rule was broken",
           f"not broken: {sorted(numbers - tested)}")
    result(messages and messages <= verifier.output,
           "every refusal was seen",
           f"not seen: {sorted(messages - verifier.output)}")
    sys.exit(subtest.failed)


main()
