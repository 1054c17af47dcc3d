#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: parts.py MKELFIMAGE VMLINUX BZIMAGE DIRECTORY

An image taken apart again, standard input and output, kinds of kernels,
addresses, the SHA-256 note, the plan as JSON.
"""

import hashlib
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time

import elf
import subtest
from elf import read
from subtest import result

CMDLINE = "console=ttyS0,115200 quiet"
SHA256 = 0x203
RELOCATABLE_KERNEL = 0x234       # in a bzImage


class Bench:
    """The tool and its files."""

    def __init__(self, tool, directory):
        self.tool = tool
        self.output = directory + "/parts.out"
        self.image = directory + "/parts.elf"
        self.initrd = directory + "/parts.initrd"
        with open(self.initrd, "wb") as file:
            file.write(elf.some_bytes(12345))

    def run(self, *options, data=None, **more):
        """With these options, and this as standard input."""
        return subprocess.run([self.tool, *options], input=data,
                              stderr=subprocess.PIPE, check=False, timeout=60,
                              **{"stdout": subprocess.PIPE, **more})

    def make(self, *options):
        """The bytes of an image, or nothing."""
        run = self.run(*options, self.output)
        if run.returncode or run.stdout or run.stderr:
            print("  " + run.stderr.decode())
            return b""
        return read(self.output)

    def refuses(self, name, *options, status=1, message="", **more):
        """No output, a message, this exit status."""
        with open(self.output, "wb") as file:
            file.write(b"old")
        run = self.run(*options, **more)
        text = run.stderr.decode()
        result(run.returncode == status and message in text and text and
               not run.stdout and read(self.output) == b"old",
               "refused: " + name, f"exit status {run.returncode}: {text}")


def check_extract(bench, kernel, name):
    """Composed, extracted: the same bytes."""
    parts = "--append=" + CMDLINE, "--initrd=" + bench.initrd
    for headers in ((), ("--without-multiboot",), ("--no-checksum",),
                    ("--sha256", "--ramdisk-base=0x8000000")):
        plain = bench.make(*(option for option in headers
                             if "base" not in option), kernel)
        with open(bench.image, "wb") as file:
            file.write(bench.make(*parts, *headers, kernel))
        got = [bench.make("--extract", part, bench.image)
               for part in ("kernel", "initrd", "cmdline")]
        result(plain and got == [plain, read(bench.initrd), CMDLINE.encode()],
               f"{name}: extract: {' '.join(headers) or 'plain'}",
               [len(part) for part in got])
    run = bench.run("--extract=initrd", bench.image, "-")
    result(run.stdout == read(bench.initrd), name + ": extract to stdout",
           run.stderr)
    with open(bench.image, "wb") as file:
        file.write(plain)
    for part in "initrd", "cmdline":
        bench.refuses(f"{name}: no {part} in it", "--extract=" + part,
                      bench.image, bench.output, message="there is no")
    bench.refuses(f"{name}: extract from a kernel", "--extract=kernel",
                  kernel, bench.output, message="mkelfImage has made")


def check_streams(bench, kernel, name):
    """-, at either end."""
    options = "--append=" + CMDLINE, "--initrd=" + bench.initrd
    wanted = bench.make(*options, kernel)
    data = read(kernel)
    for way, run in (
            ("pipe to pipe", bench.run(*options, "-", "-", data=data)),
            ("file to pipe", bench.run(*options, kernel, "-o", "-")),
            ("initrd by a pipe",
             bench.run(options[0], "--initrd=-", kernel, "-",
                       data=read(bench.initrd))),
            ("a named pipe's name", bench.run(*options, "/dev/stdin", "-",
                                              data=data))):
        result(wanted and run.stdout == wanted and not run.stderr,
               f"{name}: {way}", run.stderr)
    with open(kernel, "rb") as file:
        run = bench.run(*options, "-", "-", stdin=file)
    result(run.stdout == wanted, name + ": a file as stdin", run.stderr)
    bench.refuses(name + ": nothing in the pipe", "-", bench.output, data=b"",
                  message="empty")
    bench.refuses(name + ": stdin twice", "--initrd=-", "-", bench.output,
                  data=data, status=2)
    bench.refuses(name + ": a truncated pipe", "-", bench.output,
                  data=data[:-1000], message="truncated")
    inner, outer = os.pipe()
    os.close(inner)
    run = bench.run(kernel, "-", stdout=outer)
    os.close(outer)
    result(run.returncode == 1 and b"Broken pipe" in run.stderr,
           name + ": refused: closed pipe", run.stderr)
    with open("/dev/full", "wb") as full:
        for what in ((kernel, "-"), ("--dump", kernel), ("--help",),
                     ("--version",)):
            run = bench.run(*what, stdout=full)
            result(run.returncode == 1 and b"No space" in run.stderr,
                   f"{name}: refused: full device, {what[0][:9]}",
                   run.stderr)
    with open(bench.output, "wb") as file:
        file.write(data)
    with open(bench.output, "rb") as file:
        run = bench.run("-", bench.output, stdin=file)
    result(run.returncode == 1 and b"output as well" in run.stderr and
           read(bench.output) == data, name + ": refused: stdin is the output",
           run.stderr)
    master, terminal = os.openpty()
    run = bench.run(kernel, "-", stdout=terminal)
    result(run.returncode == 1 and b"terminal" in run.stderr,
           name + ": refused: terminal", run.stderr)
    os.close(master)
    os.close(terminal)


def check_types(bench, kernels):
    """--type, --kernel, and the words of the first mkelfImage."""
    words = {
        "bzImage": ("bzImage", "bzImage-i386", "any", "linux-i386"),
        "vmlinux": ("vmlinux", "vmlinux-i386", "any", "linux-i386"),
        "elfImage": ("elfImage", "any"),
    }
    for kind, kernel in kernels.items():
        plain = bench.make(kernel)
        good = [word for word in words[kind] if
                plain and bench.make("--type", word, kernel) == plain]
        result(good == list(words[kind]), f"type: {kind}", good)
        run = bench.run("-t", kind, "--kernel", kernel, "--output",
                        bench.output)
        result(not run.returncode and read(bench.output) == plain,
               f"type: {kind}: --kernel, --output", run.stderr)
        for other in words:
            if other != kind:
                bench.refuses(f"type: {kind} is no {other}", "-t", other,
                              kernel, bench.output, message=", not a")
    bench.refuses("type: unknown", "-t", "linux-ia64", kernel, bench.output,
                  status=2, message="it is one of any bzImage")


def check_load_address(bench, kernel, vmlinux):
    """A relocatable bzImage, elsewhere."""
    plain = elf.Image(bench.make(kernel))
    wanted = plain.loads[0]["paddr"] + 0x2000000
    moved = bench.make(f"--load-address={wanted:#x}", kernel)
    image = elf.Image(moved)
    shifted = [(load["paddr"] - 0x2000000, load["memsz"], load["filesz"])
               for load in image.loads]
    result(shifted == [(load["paddr"], load["memsz"], load["filesz"])
                       for load in plain.loads] and
           image.get_stub(elf.STUB_ENTRY) == wanted,
           "load address", shifted)
    with open(bench.image, "wb") as file:
        file.write(moved)
    result(bench.make(bench.image) == moved, "load address: again")
    result(bench.make(f"--load-address={plain.loads[0]['paddr']:#x}",
                      bench.image) == bench.make(kernel),
           "load address: and back")
    for name, address, message in (
            ("not aligned", wanted + 0x1000, "kernel_alignment"),
            ("below pref_address", 0x200000, "is not from"),
            ("too high", 0xd0000000, "is not from")):
        bench.refuses("load address: " + name, f"--load-address={address:#x}",
                      kernel, bench.output, message=message)
    bench.refuses("load address: of a vmlinux", "--load-address=0x4000000",
                  vmlinux, bench.output, message="where it is linked")
    fixed = bytearray(read(kernel))
    fixed[RELOCATABLE_KERNEL] = 0
    bench.refuses("load address: not relocatable", "--load-address=0x4000000",
                  "-", bench.output, data=bytes(fixed),
                  message="relocatable_kernel is 0")
    for text in "", "x", "0", " 4096", "+4096", "0x", "-4096", "4097", "0x100000000", "4096k":
        for option in "--load-address=", "--ramdisk-base=":
            bench.refuses("address: " + option + text, option + text, kernel,
                          bench.output, status=2, message="address of a page")


def check_ramdisk_base(bench, kernel, name):
    """The initrd where it is wanted, and no gap."""
    initrd = "--initrd=" + bench.initrd
    end = elf.Image(bench.make(initrd, kernel)).loads[-1]["paddr"]
    for base in end, end + elf.PAGE, end + 0x1234000:
        data = bench.make(initrd, f"--ramdisk-base={base:#x}", kernel)
        loads = elf.Image(data).loads
        gaps = [high["paddr"] - low["paddr"] - low["memsz"]
                for low, high in zip(loads, loads[1:])]
        result(loads[-1]["paddr"] == base and max(gaps) < elf.PAGE,
               f"{name}: ramdisk base {base - end:#x} higher", loads)
        with open(bench.image, "wb") as file:
            file.write(data)
        result(bench.make("--append=", initrd, bench.image) == data,
               f"{name}: ramdisk base {base - end:#x} higher: again")
    bench.refuses(name + ": ramdisk base without an initrd",
                  "--ramdisk-base=0x8000000", kernel, bench.output,
                  message="there is no initrd")
    bench.refuses(name + ": ramdisk base too low", initrd,
                  f"--ramdisk-base={end - elf.PAGE:#x}", kernel, bench.output,
                  message="below the end of the kernel")


def check_sha256(bench, kernel, name):
    """The note, by another implementation; --verify finds every change."""
    data = bytearray(bench.make("--sha256", "--initrd=" + bench.initrd,
                                kernel))
    notes = {(name, kind): desc
             for name, kind, desc in elf.Image(bytes(data)).notes}
    digest = notes.get(("Linux", SHA256), b"-")
    blank = bytearray(data)
    for desc in digest, notes[("ELFBoot", 3)]:
        where = blank.rindex(desc, 0, 512)
        blank[where:where + len(desc)] = bytes(len(desc))
    result(hashlib.sha256(blank).digest() == digest, name + ": SHA-256",
           digest.hex())
    result(not bench.run("--verify", "-", data=bytes(data)).returncode,
           name + ": SHA-256: --verify")
    silent = []
    for at in 0x3f0, 0x210, 0xfff, 0x1000, len(data) - 1:
        data[at] ^= 1
        run = bench.run("--verify", "-", data=bytes(data))
        if run.returncode != 1 or b"rule " not in run.stderr:
            silent.append(hex(at))
        data[at] ^= 1
    result(not silent, name + ": SHA-256: every change is found", silent)


def check_verify(bench, kernel, name):
    """What is composed and not noted, or noted and not there; no SHA-256."""
    image = bench.make("--no-checksum", "--append=x",
                       "--initrd=" + bench.initrd, kernel)
    for kind, owner in ((0x201, "command line"), (0x202, "initrd")):
        data = bytearray(image)
        at = data.index(elf.note("Linux", kind, b"\0" * 8)[:20])
        data[at + 8] ^= 0x10
        run = bench.run("--verify", "-", data=bytes(data))
        result(run.returncode == 1 and b"rule 10" in run.stderr,
               f"{name}: a composed {owner} without its note", run.stderr)
    for options, good in (("--sha256",), True), ((), False):
        data = bench.make(*options, kernel)
        run = bench.run("--verify", "--sha256", "-", data=data)
        result(run.returncode == (not good), f"{name}: --verify --sha256: "
               + ("there is one" if good else "there is none"), run.stderr)


def check_output(bench, kernel, directory):
    """What the output is, and what is left behind."""
    real, link = directory + "/parts.real", directory + "/parts.link"
    for path in real, link:
        if os.path.lexists(path):
            os.unlink(path)
    wanted = bench.make(kernel)
    with open(real, "wb"):
        os.chmod(real, 0o640)
    os.symlink("parts.real", link)
    run = bench.run(kernel, link)
    result(not run.returncode and os.path.islink(link) and
           read(real) == wanted and os.stat(real).st_mode & 0o7777 == 0o640,
           "output: a link is followed, a mode stays", run.stderr)
    os.unlink(real)
    run = bench.run(kernel, link)
    result(run.returncode == 1 and not os.path.exists(real),
           "output: refused: a link to nothing", run.stderr)
    result(b"leads nowhere" in run.stderr, "output: that is said", run.stderr)
    os.unlink(link)
    run = subprocess.run(f'"{bench.tool}" "{kernel}" /dev/stdout | cat',
                         shell=True, capture_output=True, check=False)
    result(run.stdout == wanted and not run.stderr,
           "output: /dev/stdout is a pipe", run.stderr)
    name = directory + "/" + "n" * 250
    run = bench.run(kernel, name)
    result(not run.returncode and read(name) == wanted,
           "output: a name of 250 characters", run.stderr)
    os.unlink(name)
    with open(real, "wb") as file:
        run = bench.run(kernel, "/dev/stdout", stdout=file)
    result(not run.returncode and read(real) == wanted and
           os.path.islink("/dev/stdout"), "output: /dev/stdout", run.stderr)
    os.unlink(real)
    before = set(os.listdir(directory))
    run = subprocess.run(f'exec "{bench.tool}" "{kernel}" - >&-', shell=True,
                         capture_output=True, check=False)
    result(run.returncode == 1 and b"Bad file" in run.stderr,
           "output: refused: stdout is closed", run.stderr)
    run = subprocess.run(f'ulimit -f 8; "{bench.tool}" "{kernel}" '
                         f'"{directory}/parts.large"', shell=True,
                         capture_output=True, check=False)
    result(run.returncode == 1 and b"File too large" in run.stderr and
           set(os.listdir(directory)) == before,
           "output: refused: too large, nothing is left", run.stderr)


def check_null(bench, kernel, directory):
    """/dev/null takes it and stays what it is; root, who could replace it,
    has one of his own here."""
    null, link = "/dev/null", directory + "/parts.open"
    if not os.geteuid():
        null = directory + "/parts.null"
        os.mknod(null, stat.S_IFCHR | 0o666, os.makedev(1, 3))
    os.symlink(null, link)
    for name in null, link:
        run = bench.run(kernel, name)
        result(not run.returncode and not run.stderr and
               stat.S_ISCHR(os.stat(null).st_mode),
               "output: /dev/null, by " + os.path.basename(name), run.stderr)
    os.unlink(link)
    if null != "/dev/null":
        os.unlink(null)


def check_open_outputs(bench, kernel, directory):
    """What is open already is written into, whatever its name is."""
    wanted = bench.make(kernel)
    path = directory + "/parts.open"

    def shell(name, text, head=b"", tail=b""):
        """What this writes into the file: the image between these."""
        with open(path, "wb") as file:
            file.write(b"old\n")
        run = subprocess.run(
            ["bash", "-c", text, bench.tool, kernel, path],
            capture_output=True, check=False, timeout=60)
        got = read(path) if os.path.exists(path) else b""
        result(not run.returncode and not run.stderr and
               got == head + wanted + tail, "output: " + name,
               f"{run.stderr} {len(got)} bytes, {got[:9]}")

    for number, name, redirect in ((1, "/dev/stdout", ">"),
                                   (1, "/proc/self/fd/1", ">"),
                                   (1, '"$2"', ">"),
                                   (3, "/dev/fd/3", "3>"),
                                   (2, "/dev/stderr", "2>")):
        for append in "", ">":
            shell(f"{name} in the middle, {redirect}{append}",
                  f'{{ echo HEAD >&{number}; "$0" "$1" {name} && '
                  f'echo TAIL >&{number}; }} {redirect}{append} "$2"',
                  (b"old\n" if append else b"") + b"HEAD\n", b"TAIL\n")
    shell("/dev/stdout is deleted",
          'exec > "$2" 3< "$2"; rm "$2"; '
          '"$0" "$1" /dev/stdout && cat <&3 > "$2"')
    shell("/dev/fd/63", 'rm "$2"; "$0" "$1" >(cat > "$2.new"; '
          'mv "$2.new" "$2") && for i in {1..100}; do [ -e "$2" ] && break; '
          'sleep 0.1; done')
    os.unlink(path)
    ours, theirs = socket.socketpair()
    with subprocess.Popen([bench.tool, kernel, "/dev/stdout"], stdout=theirs,
                          stderr=subprocess.PIPE) as run:
        theirs.close()
        got = b"".join(iter(lambda: ours.recv(1 << 16), b""))
        text = run.stderr.read()
    ours.close()
    result(not run.returncode and got == wanted,
           "output: /dev/stdout is a socket", text)
    check_null(bench, kernel, directory)
    for name, message in (("/dev/full", b"No space"),
                          ("/dev/fd/77", b"Bad file"),
                          (directory, b"not a regular")):
        run = bench.run(kernel, name)
        result(run.returncode == 1 and message in run.stderr,
               "output: refused: " + os.path.basename(name), run.stderr)
    os.mkfifo(path)
    run = bench.run(kernel, path)
    result(run.returncode == 1 and b"not a regular" in run.stderr,
           "output: refused: a FIFO by its name", run.stderr)
    os.unlink(path)


def check_modes(bench, kernel, directory):
    """The output is for those who may read all of its inputs, and no
    program of root's."""
    output, initrd = directory + "/parts.mode", directory + "/parts.secret"
    for secret, old, wanted in ((0o644, None, 0o644), (0o600, None, 0o600),
                                (0o640, None, 0o640), (0o600, 0o644, 0o600),
                                (0o640, 0o664, 0o660), (0o644, 0o4755, 0o755)):
        for path in output, initrd:
            if os.path.exists(path):
                os.unlink(path)
        with open(initrd, "wb") as file:
            file.write(b"key")
        os.chmod(initrd, secret)
        if old is not None:
            with open(output, "wb"):
                os.chmod(output, old)
        run = bench.run("--initrd=" + initrd, kernel, output)
        mode = os.stat(output).st_mode & 0o7777
        result(not run.returncode and mode == wanted,
               f"mode: initrd {secret:o}, output "
               f"{'none' if old is None else format(old, 'o')}: {wanted:o}",
               f"{mode:o} {run.stderr}")
    os.unlink(output)
    os.unlink(initrd)


def check_owners(bench, kernel, directory):
    """A mode is for an owner and a group: the old file's get nothing that
    the initrd keeps from them."""
    output, initrd = directory + "/parts.mode", directory + "/parts.secret"
    if os.geteuid():
        print("skip owners # not root")
        return
    for secret, old, wanted in (
            ((0, 0, 0o600), (1234, 1234, 0o644), (0, 1234, 0o600)),
            ((0, 0, 0o640), (0, 65534, 0o644), (0, 65534, 0o600)),
            ((0, 0, 0o640), (1234, 0, 0o664), (0, 0, 0o660)),
            ((0, 65534, 0o640), None, (0, 0, 0o600)),
            ((0, 65534, 0o640), (0, 65534, 0o644), (0, 65534, 0o640)),
            ((0, 65534, 0o604), (0, 1234, 0o644), (0, 1234, 0o600)),
            ((1234, 0, 0o600), (1234, 1234, 0o644), (1234, 1234, 0o600)),
            ((0, 0, 0o644), (1234, 1234, 0o664), (1234, 1234, 0o664))):
        for path, what in (initrd, secret), (output, old):
            if os.path.exists(path):
                os.unlink(path)
            if what:
                with open(path, "wb") as file:
                    file.write(b"key")
                os.chown(path, *what[:2])
                os.chmod(path, what[2])
        run = bench.run("--initrd=" + initrd, kernel, output)
        st = os.stat(output)
        got = st.st_uid, st.st_gid, st.st_mode & 0o7777
        names = ["none" if what is None else "{}:{} {:o}".format(*what)
                 for what in (secret, old, wanted)]
        result(not run.returncode and got == wanted,
               "owner: initrd {}, output {}: {}".format(*names),
               "{}:{} {:o} {}".format(*got, run.stderr))
    os.unlink(output)
    os.unlink(initrd)


def check_trap(bench, kernel, path, trap, good, words, name, owner=-1):
    """The output is what somebody has laid there, under its own name or not:
    it is replaced, or refused and as it was."""
    with open(trap, "wb") as file:
        file.write(b"precious")
    os.chown(trap, owner, -1)
    run = bench.run(kernel, path)
    same = read(trap) == b"precious"
    result(run.returncode == (not good) and same == (not good) and
           (good or words in run.stderr),
           f"{name}, by {os.path.basename(path)}", run.stderr)


def check_sticky(bench, kernel, directory):
    """What another user has laid where everybody may is no output: no link
    is followed, and no file of his gets the kernel."""
    sticky, victim = directory + "/parts.sticky", directory + "/parts.victim"
    if os.geteuid():
        print("skip sticky directory # not root")
        return
    if not os.path.isdir(sticky):
        os.mkdir(sticky)
    os.chmod(sticky, 0o1777)
    link, chain = sticky + "/link", directory + "/parts.chain"
    for owner, good in (65534, False), (0, True):
        for path in link, chain:
            if os.path.lexists(path):
                os.unlink(path)
        os.symlink(victim, link)
        os.symlink(link, chain)
        os.lchown(link, owner, -1)
        for path in link, chain:
            check_trap(bench, kernel, path, victim, good, b"another user",
                       f"sticky directory: link of {owner}")
    os.unlink(link)
    os.unlink(victim)
    trap = sticky + "/trap"
    os.unlink(chain)
    os.symlink(trap, chain)
    for owner, mode, good in ((65534, 0o1777, False), (0, 0o1777, True),
                              (1234, 0o1777, True), (65534, 0o755, True)):
        os.chown(sticky, 1234, -1)
        os.chmod(sticky, mode)
        for path in trap, chain:
            check_trap(bench, kernel, path, trap, good,
                       b"a file of another user",
                       f"directory of 1234, {mode:o}: file of {owner}", owner)
    os.unlink(trap)
    os.unlink(chain)
    os.rmdir(sticky)


def check_no_null(bench, kernel):
    """Nobody needs /dev/null who has all his files open."""
    run = subprocess.run(
        ["unshare", "--mount", "sh", "-c",
         'mount -t tmpfs none /dev && exec "$0" "$@"',
         bench.tool, "--dump", kernel], capture_output=True, check=False)
    if b"unshare" in run.stderr or b"mount" in run.stderr:
        print("skip without /dev/null # not root")
        return
    result(not run.returncode and run.stdout, "without /dev/null",
           run.stderr)


def check_interrupt(bench, kernel, directory):
    """Nothing is left behind by who is stopped."""
    before = set(os.listdir(directory))
    large = directory + "/parts.large-initrd"
    with open(large, "wb") as file:
        file.truncate(400 << 20)
    left = []
    modes = set()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP,
                   signal.SIGQUIT, signal.SIGUSR1, signal.SIGUSR2,
                   signal.SIGALRM, signal.SIGVTALRM, signal.SIGPROF,
                   signal.SIGXCPU, signal.SIGIO, signal.SIGPWR,
                   signal.SIGABRT, signal.SIGRTMIN, signal.SIGRTMAX):
        with subprocess.Popen([bench.tool, "--initrd=" + large, kernel,
                               directory + "/parts.stopped"],
                              stderr=subprocess.DEVNULL) as run:
            while not any(name.startswith(".mkelfImage")
                          for name in os.listdir(directory)) and \
                    run.poll() is None:
                time.sleep(0.001)
            for name in os.listdir(directory):
                if name.startswith(".mkelfImage"):
                    modes.add(os.stat(directory + "/" + name).st_mode & 0o777)
            for harmless in (signal.SIGCHLD, signal.SIGWINCH, signal.SIGCONT,
                             signal.SIGURG):
                run.send_signal(harmless)
            run.send_signal(number)
            run.wait()
            if run.returncode != -number:
                left.append((number, run.returncode))
    os.unlink(large)
    result(modes == {0o600}, "output: nobody else reads it before it is whole",
           modes)
    result(not left and set(os.listdir(directory)) == before,
           "output: stopped, nothing is left",
           (left, set(os.listdir(directory)) - before))


def check_options(bench, kernel, image):
    """No option is taken that does nothing."""
    for options in (("--verify", "--append=x"), ("--verify", "-t", "any"),
                    ("--extract=cmdline", "--initrd=x"),
                    ("--extract=kernel", "--sha256"),
                    ("--extract=kernel", "--type=elfImage")):
        files = [image] + [bench.output] * options[0].startswith("--e")
        bench.refuses(" ".join(options), *options, *files, status=2,
                      message="usage")


def check_json(bench, kernel, name):
    """The plan is the file."""
    options = "--append=" + CMDLINE, "--initrd=" + bench.initrd
    data = bench.make(*options, kernel)
    image = elf.Image(data)
    plan = json.loads(bench.run(*options, "--dump", "--json", kernel).stdout)
    loads = [{key: load[key] for key in ("paddr", "memsz", "offset",
                                         "filesz")} for load in image.loads]
    notes = [{"name": note, "type": kind, "desc": desc.hex()}
             for note, kind, desc in image.notes]
    result(plan["segments"] == loads and plan["notes"] == notes and
           plan["file"] == len(data) and
           plan["entry"] == elf.get32(data, 24) and
           plan["stub"]["initrd size"] == 12345, name + ": --json", plan)
    cost = plan["cost"]
    result(cost["file"] == len(data) == sum(cost[part] for part in (
        "kernel", "relocs", "stub", "cmdline", "initrd", "rest")) and
           cost["initrd"] == 12345 and cost["cmdline"] == len(CMDLINE) + 1,
           name + ": --json: cost", cost)
    number = len(elf.read_phdrs(data))
    result(plan["headers"] == [
        {"class": 32, "phoff": elf.PHDRS_AT, "phnum": number,
         "shoff": elf.SECTION_AT, "shnum": 1},
        {"class": 64, "phoff": elf.SECTION_AT, "phnum": number + 1,
         "shnum": 0}], name + ": --json: headers", plan["headers"])
    bench.refuses(name + ": --json alone", "--json", kernel, bench.output,
                  status=2)
    bench.refuses(name + ": two verbs", "--dump", "--verify", kernel, status=2,
                  message="at a time")


def main():
    """As the usage says."""
    if len(sys.argv) != 5:
        sys.exit(__doc__.strip())
    tool, vmlinux, bz_image, directory = sys.argv[1:]
    bench = Bench(tool, directory)
    for name, kernel in ("vmlinux", vmlinux), ("bzImage", bz_image):
        check_extract(bench, kernel, name)
        check_streams(bench, kernel, name)
        check_ramdisk_base(bench, kernel, name)
        check_sha256(bench, kernel, name)
        check_verify(bench, kernel, name)
        check_json(bench, kernel, name)
    made = directory + "/parts.made"
    with open(made, "wb") as file:
        file.write(bench.make(bz_image))
    check_types(bench, {"vmlinux": vmlinux, "bzImage": bz_image,
                        "elfImage": made})
    check_load_address(bench, bz_image, vmlinux)
    check_options(bench, bz_image, made)
    check_output(bench, bz_image, directory)
    check_open_outputs(bench, bz_image, directory)
    check_modes(bench, bz_image, directory)
    check_owners(bench, bz_image, directory)
    check_sticky(bench, bz_image, directory)
    check_no_null(bench, vmlinux)
    check_interrupt(bench, bz_image, directory)
    sys.exit(subtest.failed)


main()
