# SPDX-License-Identifier: GPL-2.0
"""
What mkelfImage says while it works and when it has: progress, remarks. Part of
inputs.py.
"""

import os
import pty
import re
import select
import subprocess
import time

import elf
from subtest import result


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


def test_hostile(judge, directory):
    """What a kernel says of itself does nothing to a terminal."""
    data = elf.read(f"{directory}/vmlinux.x86_64")
    with open(judge.input, "wb") as file:
        file.write(data.replace(b"6.1.0-test", b"6.1\x1b[2J\x9bmm"))
    run = subprocess.run([judge.tool, "--dump", judge.input], check=False,
                         capture_output=True)
    result(not run.returncode and
           run.stdout.startswith(b"version  6.1?[2J?mm\n"), "--dump: a hostile version",
           run.stdout[:40] + run.stderr)


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
