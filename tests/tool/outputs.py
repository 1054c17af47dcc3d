#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""
usage: outputs.py MKELFIMAGE PLAIN VMLINUX BZIMAGE DIRECTORY

The output: links, what is open already, modes and owners, what another user has
laid there, and what is left by a program that is stopped. PLAIN was built without
sanitizers.
"""

import os
import signal
import socket
import stat
import subprocess
import sys
import time

import subtest
from elf import read
from mkelfimage import Bench
from outputs_acl import check_access
from subtest import result


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


def main():
    """As the usage says."""
    if len(sys.argv) != 6:
        sys.exit(__doc__.strip())
    tool, plain, vmlinux, bz_image, directory = sys.argv[1:]
    bench = Bench(tool, directory)
    check_output(bench, bz_image, directory)
    check_open_outputs(bench, bz_image, directory)
    check_modes(bench, bz_image, directory)
    check_owners(bench, bz_image, directory)
    check_access(bench, plain, bz_image, directory)
    check_sticky(bench, bz_image, directory)
    check_no_null(bench, vmlinux)
    check_interrupt(bench, bz_image, directory)
    sys.exit(subtest.failed)


main()
