#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: efi-measure.py MKELFIMAGE MKELFIMAGE-PLAIN EFI DIRECTORY

mkelfImage --measure: what it prints of programs that it has made, against digests that
are computed here, and against the one that sbsign signs; in both of its formats; and
what it refuses. The second tool has no libcrypto, and so SHA-256 alone. EFI: the
directory with elfbootx64.efi. DIRECTORY has the small kernels of run.sh.
boot/efi-tpm* compare the same with what a firmware and elfboot.efi measure.
"""

import hashlib
import json
import os
import struct
import subprocess
import sys

import elf
import pe
import subtest
from elf import read
from mkelfimage import joined
from subtest import result

BANKS = ("sha1", "sha256", "sha384", "sha512")
OPTIONS = ("elfbootx64.efi elfImage\tinitrd=a console=ttyS0 initrd=\"b c\" initrd=d "
           '"a initrd=e" xinitrd=f')
TYPES = {4: "EV_EFI_BOOT_SERVICES_APPLICATION, program"}


class Bench:
    """The tool and its files."""

    def __init__(self, tool, banks, efi, directory):
        self.tool, self.banks, self.directory = tool, banks, directory
        self.stub = efi + "/elfbootx64.efi"
        self.kernel = directory + "/elfImage.x86_64"
        self.initrds = [self.write(f"measure.initrd.{size}", elf.some_bytes(size))
                        for size in (1001, 4096, 7)]

    def write(self, name, data):
        """A file of that name, its path."""
        path = f"{self.directory}/{name}"
        with open(path, "wb") as file:
            file.write(data)
        return path

    def run(self, *options):
        """With these options."""
        return subprocess.run([self.tool, *options], capture_output=True,
                              text=True, check=False, timeout=120)

    def compose(self, *options):
        """A program's path."""
        path = self.directory + "/measure.efi"
        run = self.run("--efi", "--efi-stub=" + self.stub, "--os-release=",
                       "--quiet", *options, self.kernel, path)
        result(not run.returncode, "composed", run.stderr)
        return path

    def check(self, name, events, *options):
        """events: rows of a register, a name and bytes."""
        run = self.run("--measure", *options)
        wanted = [f"extend   PCR {pcr} {bank:<6} {digest(bank, data)} "
                  f"{TYPES.get(pcr, 'EV_EVENT_TAG, ' + what)}"
                  for pcr, what, data in events for bank in self.banks]
        if len(events) > 1:
            wanted += [f"value    PCR 9 {bank:<6} {value(bank, events)} "
                       "unless somebody else extends it" for bank in self.banks]
        result(run.stdout.splitlines() == wanted and not run.stderr and
               not run.returncode, name, [run.stdout, run.stderr, wanted])
        run = self.run("--measure", "--json", *options)
        records = [{"pcr": pcr, "digests": [
            {"hashAlg": bank, "digest": digest(bank, data)} for bank in self.banks]}
                   for pcr, _, data in events]
        result(not run.returncode and json.loads(run.stdout) ==
               {"records": records}, name + ", --json", run.stdout)

    def refuses(self, name, message, *options, status=1):
        """A message, and nothing that could be taken for a digest."""
        run = self.run("--measure", *options)
        result(run.returncode == status and message in run.stderr and
               not run.stdout, "refused: " + name, [run.stdout, run.stderr])


def digest(bank, data):
    """Of all bytes."""
    return hashlib.new(bank, data).hexdigest()


def value(bank, events):
    """Of register 9."""
    register = bytes(hashlib.new(bank).digest_size)
    for pcr, _, data in events:
        if pcr == 9:
            register = hashlib.new(bank, register + bytes.fromhex(
                digest(bank, data))).digest()
    return register.hex()


def authenticode(data):
    """The bytes that count: in files whose sections are one behind the other."""
    program = pe.Program(data)
    directory = program.directories + 4 * 8
    at, size = struct.unpack_from("<2I", data, directory)
    end = at if size else len(data)
    assert at + size == len(data) or not size
    checksum = program.optional + pe.CHECKSUM
    return (data[:checksum] + data[checksum + 4:directory] +
            data[directory + 8:end])


def check_program(bench):
    """What comes with it, and what comes from outside."""
    path = bench.compose("--append=quiet", "--initrd=" + bench.initrds[0])
    program = 4, "", authenticode(read(path))
    options = (9, "LOADED_IMAGE::LoadOptions",
               (OPTIONS + "\0").encode("utf-16-le"))
    initrds = 9, "Linux initrd", joined(bench.initrds)
    outside = ["--initrd=" + name for name in bench.initrds]
    bench.check("all in one file", [program], path)
    bench.check("no load options", [program], "--append=", path)
    bench.check("load options", [program, options], "--append=" + OPTIONS, path)
    bench.check("load options and initrds", [program, options, initrds], *outside,
                "--append=" + OPTIONS, path)
    bench.check("initrds from outside", [program, initrds], *outside, path)
    stub = 4, "", authenticode(read(bench.stub))
    kernel = 9, "elfboot.efi: kernel", read(bench.kernel)
    bench.check("elfboot.efi and files", [stub, options, kernel, initrds],
                "--append=" + OPTIONS, *outside, bench.stub, bench.kernel)
    more = bench.write("measure.behind.efi", read(path) + b"more")
    bench.check("bytes behind the last section",
                [(4, "", program[2] + b"more")], more)
    microcode = bench.directory + "/measure.ucode.efi"
    subprocess.run(["objcopy", "--add-section", ".ucode=" + bench.initrds[2],
                    "--change-section-vma", ".ucode=0x4000000", path, microcode],
                   check=True)
    bench.check("microcode in it", [
        (4, "", authenticode(read(microcode))),
        (9, "Linux initrd", joined([bench.initrds[2], bench.initrds[0]]))],
                "--initrd=" + bench.initrds[0], microcode)


def check_order(bench):
    """Sections count in the order that they have in the file, not in the table."""
    data = bytearray(read(bench.compose()))
    program = pe.Program(bytes(data))
    names = program.names()
    first, last = (program.at(name) for name in (names[0], names[-1]))
    size = pe.SECTION_SIZE
    data[first:first + size], data[last:last + size] = (
        data[last:last + size], data[first:first + size])
    bench.check("sections in another order", [(4, "", authenticode(bytes(data)))],
                bench.write("measure.order.efi", data))


def check_signed(bench):
    """sbsign signs the SHA-256 of the same bytes."""
    key, cert = (f"{bench.directory}/measure.{name}.pem" for name in
                 ("key", "cert"))
    signed = bench.directory + "/measure.signed.efi"
    path = bench.compose("--append=quiet")
    subprocess.run(["openssl", "req", "-new", "-x509", "-newkey", "rsa:2048",
                    "-nodes", "-keyout", key, "-out", cert, "-days", "2",
                    "-subj", "/CN=test"], check=True, capture_output=True)
    subprocess.run(["sbsign", "--key", key, "--cert", cert, "--output", signed,
                    path], check=True, capture_output=True)
    before = bench.run("--measure", path).stdout
    bench.check("signed", [(4, "", authenticode(read(signed)))], signed)
    run = bench.run("--measure", signed)
    words = [line.split() for line in run.stdout.splitlines()]
    found = [row[4] for row in words if row[3] == "sha256"]
    at, size = struct.unpack_from("<2I", read(signed),
                                  pe.Program(read(signed)).directories + 32)
    result(len(found) == 1 and
           bytes.fromhex(found[0]) in read(signed)[at:at + size],
           "signed: its digest is in the signature", run.stdout)
    result(run.stdout == before, "signed: the digest is what it was")


def check_profiles(bench):
    """Which one is booted decides what is in front of an initrd."""
    path = bench.directory + "/measure.profile.efi"
    subprocess.run(["objcopy", "--add-section", ".profile=" + bench.initrds[2],
                    "--change-section-vma", ".profile=0x4000000",
                    bench.compose(), path], check=True)
    program = 4, "", authenticode(read(path))
    for words in "quiet", "@0 quiet", "a@1 @ @x":
        bench.check("profiles, load options " + words, [
            program, (9, "LOADED_IMAGE::LoadOptions",
                      (words + "\0").encode("utf-16-le"))],
                    "--append=" + words, path)
    for words in "@1", "elf.efi @1 quiet", "@01\tquiet":
        bench.refuses("profile " + words, "chooses a profile",
                      "--append=" + words, path)


def check_refusals(bench):
    """Of what nobody can say what is measured."""
    path = bench.compose()
    data = read(path)
    program = pe.Program(data)
    foreign = bench.write("measure.foreign.efi", data.replace(
        b"\nelfboot,", b"\nother_l,"))
    bench.refuses("another loader's", "not made of elfboot.efi", foreign)
    bench.refuses("an ELF file", "not a UEFI program", bench.kernel)
    bench.refuses("a bzImage", "not a UEFI program",
                  bench.directory + "/bzImage.x86_64")
    bench.refuses("a second kernel", "no other is started", path, bench.kernel)
    bench.refuses("no kernel", "there is no kernel in it", bench.stub)
    bench.refuses("no such kernel", "No such file", "--append=x", bench.stub,
                  path + ".none")
    for append in [], ["--append="]:
        bench.refuses("a kernel that nobody names", "--append is missing",
                      *append, bench.stub, bench.kernel)
    bench.refuses("load options that are no ASCII", "not printable ASCII",
                  "--append=é", path)
    bench.refuses("a control character", "not printable ASCII", "--append=a\nb",
                  path)
    for initrds in bench.initrds[:2], bench.initrds + bench.initrds[:1]:
        bench.refuses(f"three initrds that are {len(initrds)}", "names 3 initrds",
                      "--append=" + OPTIONS, *("--initrd=" + name for name in initrds),
                      path)
    bench.refuses("an initrd that is not given", "names 1 initrds", "--append=x initrd=a",
                  bench.stub, bench.kernel)
    for field, number, message in (
            (pe.HEADERS, len(data) + 512, "SizeOfHeaders"),
            (pe.HEADERS, 0x40, "SizeOfHeaders")):
        bench.refuses(f"SizeOfHeaders {number:#x}", message, bench.write(
            "measure.bad.efi", pe.patched(data, program.optional + field, "I",
                                          number)))
    last = program.at(program.names()[-1])
    bench.refuses("a section that ends behind the file", "truncated",
                  bench.write("measure.bad.efi", pe.patched(
                      data, last + 16, "I", len(data))))
    bench.refuses("sections in one place", "overlap", bench.write(
        "measure.bad.efi", pe.patched(data, program.at(".text") + 16, "I",
                                      len(data) - program.sections[0][4])))
    bad = bytearray(data)
    struct.pack_into("<2I", bad, program.directories + 32, 512, len(data) - 512)
    bench.refuses("a signature over all", "overlap",
                  bench.write("measure.bad.efi", bad))
    bench.refuses("--sha256", "--sha256 does nothing here", "--sha256", path,
                  status=2)
    bench.refuses("an output", "usage", "-o", path + ".out", path, status=2)
    bench.refuses("--dump, too", "at a time", "--dump", path, status=2)
    result(not os.path.exists(path + ".out"), "nothing is written")


def check_library(bench):
    """One that lacks an algorithm, and no half of an answer."""
    path = bench.compose()
    config = bench.write("measure.openssl.cnf", b"openssl_conf = all\n[all]\n"
                         b"alg_section = a\n[a]\ndefault_properties = fips=yes\n")
    os.environ["OPENSSL_CONF"] = config
    for option in [], ["--json"]:
        bench.refuses("no SHA-1", "computes no sha1", *option, path)
    del os.environ["OPENSSL_CONF"]


def main():
    """As the usage says."""
    tool, plain, efi, directory = sys.argv[1:]
    for name, banks in (tool, BANKS), (plain, ("sha256",)):
        bench = Bench(name, banks, efi, directory)
        for check in check_program, check_order, check_signed, \
                check_profiles, check_refusals:
            check(bench)
        if len(banks) > 1:
            check_library(bench)
    sys.exit(subtest.failed)


main()
