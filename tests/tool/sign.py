#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""sign.py TOOL PLAIN SIGN-FILE DIRECTORY: signatures by TOOL are those that the
kernel's SIGN-FILE makes, byte for byte, wherever keys come from; what is signed is
told, checked, and dropped when something else is made of it; what cannot be signed,
or is not signed as it should be, is refused and nothing is lost. PLAIN was built
without libcrypto. DIRECTORY has the small kernels and images."""

import json
import os
import subprocess
import sys

import subtest
from subtest import result

TOOL, PLAIN, SIGN_FILE, DIR = sys.argv[1:]
MARKER = b"~Module signature appended~\n"
DROPPED = "its signature is left out"
PIN = "KBUILD_SIGN_PIN"


def path(name):
    """In the directory."""
    return os.path.join(DIR, name)


def read(name):
    """All of a file."""
    with open(path(name), "rb") as file:
        return file.read()


def write(name, data):
    """A new file."""
    with open(path(name), "wb") as file:
        file.write(data)
    return path(name)


def run(*command, env=None, **more):
    """A program and what it says."""
    env = {**os.environ, **(env or {})}
    return subprocess.run(command, env=env, capture_output=True, check=False,
                          cwd=DIR, text=True, errors="replace", **more)


def openssl(*words):
    """A key or a certificate, by what everybody has."""
    subprocess.run(("openssl", *words), check=True, capture_output=True,
                   cwd=DIR)


def make_keys():
    """In all forms."""
    subject = ("-x509", "-nodes", "-days", "36500", "-sha256")
    for name, kind in (("rsa", ("rsa:2048",)), ("other", ("rsa:2048",)),
                       ("ec", ("ec", "-pkeyopt",
                               "ec_paramgen_curve:secp384r1"))):
        openssl("req", *subject, "-newkey", *kind, "-keyout", name + ".key",
                "-out", name + ".pem", "-subj", f"/O=Tests/CN={name}")
    openssl("pkey", "-in", "rsa.key", "-outform", "DER", "-out", "rsa.key.der")
    openssl("x509", "-in", "rsa.pem", "-outform", "DER", "-out", "rsa.der")
    openssl("pkcs8", "-topk8", "-in", "rsa.key", "-passout", "pass:secret",
            "-out", "rsa.key.locked")
    openssl("pkcs8", "-topk8", "-in", "rsa.key", "-passout", "pass:secret",
            "-outform", "DER", "-out", "rsa.key.locked.der")
    write("both.pem", read("rsa.key") + read("rsa.pem"))
    os.chmod(path("both.pem"), 0o600)
    # A certificate says what it likes, a terminal must not do it.
    openssl("req", *subject, "-key", "rsa.key", "-out", "hostile.pem",
            "-utf8", "-subj", "/CN=\x1b[2Jred\u202e\"quoted\"")


def signed_by_model(name, *options):
    """By the kernel's program; the file's bytes."""
    write("model", read(name))
    subprocess.run((SIGN_FILE, *options, "sha256", "rsa.key", "rsa.pem",
                    "model"), check=True, cwd=DIR)
    return read("model")


def check_same():
    """The same bytes as the model's, made and in place."""
    for name in ("elfImage.x86_64", "elfImage.i386", "zelfImage.x86_64",
                 "composed"):
        run(TOOL, name, "plain")
        ran = run(TOOL, "--sign=rsa.key,rsa.pem", name, "signed")
        result(ran.returncode == 0 and not ran.stderr and
               read("signed") == signed_by_model("plain"),
               f"{name}: as sign-file signs it", ran.stderr)
    for name in "vmlinux.x86_64", "vmlinux.i386", "elfImage.x86_64":
        write("in-place", read(name))
        os.chmod(path("in-place"), 0o640)
        ran = run(TOOL, "--sign=rsa.key,rsa.pem", "in-place")
        result(ran.returncode == 0 and
               read("in-place") == signed_by_model(name),
               f"{name}, as it is: as sign-file signs it", ran.stderr)
        result(os.stat(path("in-place")).st_mode & 0o777 == 0o640,
               f"{name}: as many may read it as before")
    ran = run(TOOL, "--sign=rsa.key,rsa.pem", "in-place")
    result(ran.returncode == 0 and "its signature is replaced" in ran.stderr
           and read("in-place") == read("model"), "signed twice: once",
           ran.stderr)
    with open(path("piped"), "wb") as output:
        run_piped = subprocess.run(
            (TOOL, "--sign=rsa.key,rsa.pem", "elfImage.x86_64", "-"),
            cwd=DIR, check=False, stdout=output)
    run(TOOL, "elfImage.x86_64", "plain")
    result(run_piped.returncode == 0 and
           read("piped") == signed_by_model("plain"),
           "to the standard output, too")


def check_keys():
    """Where a key comes from does not matter."""
    wanted = signed_by_model("elfImage.x86_64")
    for keys, env in (("rsa.key,rsa.der", {}), ("rsa.key.der,rsa.der", {}),
                      ("rsa.key.der,rsa.pem", {}), ("both.pem", {}),
                      ("both.pem,both.pem", {}),
                      ("rsa.key.locked,rsa.pem", {PIN: "secret"}),
                      ("rsa.key.locked.der,rsa.pem", {PIN: "secret"})):
        write("by", read("elfImage.x86_64"))
        ran = run(TOOL, "--sign=" + keys, "by", env=env)
        result(ran.returncode == 0 and read("by") == wanted,
               f"--sign={keys}", ran.stderr)
    os.makedirs(path("a,b"), exist_ok=True)
    write("a,b/rsa,key", read("rsa.key"))
    write("by", read("elfImage.x86_64"))
    ran = run(TOOL, "--sign=a,b/rsa,key,rsa.pem", "by")
    result(read("by") == wanted, "a comma in the key's name", ran.stderr)
    receive, send = os.pipe()
    os.write(send, read("rsa.key"))
    os.close(send)
    write("by", read("elfImage.x86_64"))
    ran = run(TOOL, f"--sign=/dev/fd/{receive},rsa.pem", "by",
              pass_fds=(receive,))
    result(read("by") == wanted, "a key out of a pipe", ran.stderr)
    # Not the same twice: there is a random number in it.
    write("ec", read("elfImage.x86_64"))
    ran = run(TOOL, "--sign=ec.key,ec.pem", "ec")
    told = run(TOOL, "--verify", "--certificate=ec.pem", "ec")
    result(ran.returncode == 0 and told.returncode == 0 and
           "CN=ec,O=Tests" in told.stdout, "an elliptic curve's key",
           ran.stderr + told.stderr)


def check_readers():
    """A key that everybody may read is told, and signs all the same."""
    told = "a private key that everybody may read, by mode 0"
    wanted = signed_by_model("elfImage.x86_64")
    for name, mode, said in (("rsa.key", 0o600, False), ("rsa.key", 0o640, False),
                             ("rsa.key", 0o644, True), ("rsa.key", 0o604, True),
                             ("rsa.key.der", 0o644, True),
                             ("rsa.key.locked", 0o644, False)):
        write("readable", read(name))
        os.chmod(path("readable"), mode)
        write("by", read("elfImage.x86_64"))
        ran = run(TOOL, "--sign=readable,rsa.pem", "by", env={PIN: "secret"})
        result(ran.returncode == 0 and read("by") == wanted and
               (f"readable: {told}{mode:o}\n" in ran.stderr) == said and
               ran.stderr.count("\n") == said, f"{name}, mode {mode:o}",
               ran.stderr)
    os.chmod(path("readable"), 0o644)
    write("readable", read("rsa.key"))
    ran = run(TOOL, "--quiet", "--sign=readable,rsa.pem", "by")
    result(told not in ran.stderr, "--quiet: nothing of that", ran.stderr)


def state():
    """Names, and whether files are the same."""
    return {entry.name: (entry.inode(), entry.stat().st_mtime_ns,
                         entry.stat().st_size) for entry in os.scandir(DIR)}


def refuses(what, command, says, status=1, env=None):
    """It says why, and what is there stays."""
    before = state()
    ran = run(*command, env=env)
    after = state()
    result(ran.returncode == status and says in ran.stderr and
           "Sanitizer" not in ran.stderr, what,
           f"{ran.returncode}: {ran.stderr}")
    result(before == after, f"{what}: nothing has changed")


def check_no_keys():
    """What is no key to sign by."""
    write("empty", b"")
    write("large", bytes(300 * 1024))
    write("damaged.key", read("rsa.key").replace(b"A", b"B", 5))
    write("damaged.der", read("rsa.key.der")[:-20])
    for keys, says in (
            ("missing,rsa.pem", "missing: No such file"),
            ("rsa.key,missing", "missing: No such file"),
            ("rsa.pem,rsa.pem", "rsa.pem: no private key"),
            ("rsa.key,rsa.key", "rsa.key: no certificate"),
            ("damaged.key,rsa.pem", "damaged.key: no private key"),
            ("damaged.der,rsa.pem", "damaged.der: no private key"),
            ("empty,rsa.pem", "empty: not a key or a certificate: it is empty"),
            ("large,rsa.pem", "large: not a key or a certificate: it is too large"),
            (".,rsa.pem", ".: Is a directory"),
            ("rsa.key,other.pem",
             "other.pem: a certificate of another key than rsa.key"),
            ("pkcs11:token=x,rsa.pem", "no key in a token"),
            ("rsa.key.locked,rsa.pem", PIN + " is not in the environment"),
            ("rsa.key.locked.der,rsa.pem", PIN + " is not in the environment")):
        refuses(f"--sign={keys}", (TOOL, "--sign=" + keys, "elfImage.x86_64",
                                   "nothing"), says)
    for name in "rsa.key.locked", "rsa.key.locked.der":
        refuses(f"{name}, another passphrase",
                (TOOL, f"--sign={name},rsa.pem", "elfImage.x86_64"),
                "not by the passphrase", env={PIN: "other"})
    for words in (("--sign=,rsa.pem", "elfImage.x86_64"),
                  ("--sign=rsa.key,", "elfImage.x86_64"),
                  ("--sign=rsa.key,rsa.pem", "--append=x", "elfImage.x86_64"),
                  ("--sign=rsa.key,rsa.pem", "--verify", "elfImage.x86_64"),
                  ("--certificate=rsa.pem", "elfImage.x86_64", "nothing")):
        refuses(" ".join(words), (TOOL, *words), "usage:", status=2)


def check_no_output():
    """What signs is not replaced by what is signed."""
    write("keys", read("both.pem"))
    if not os.path.islink(path("keys.link")):       # of an earlier run
        os.symlink("keys", path("keys.link"))
    for keys, output in (("keys,rsa.pem", "keys"), ("rsa.key,keys", "keys"),
                         ("keys", "keys"), ("keys", "keys.link")):
        refuses(f"--sign={keys} to {output}",
                (TOOL, "--sign=" + keys, "elfImage.x86_64", output),
                "keys: is the output as well")


def check_no_files():
    """What cannot be signed as it is."""
    write("text", b"nothing")
    write("cut", read("vmlinux.x86_64")[:5000])
    for name, says in (("bzImage.x86_64", '"sbsign"'), ("text", "text: "),
                       ("cut", "cut: "), ("missing", "No such file")):
        refuses(f"{name} is not signed", (TOOL, "--sign=both.pem", name), says)
    for name in "vmlinux.x86_64", "elfImage.x86_64":
        good = signed_by_model(name)
        write("grown", good + b"xy")
        refuses(f"{name}, signed and grown, is not signed",
                (TOOL, "--sign=both.pem", "grown"),
                "grown: there are 2 bytes behind its signature")
        write("grown", good + b"xy" + good[len(read(name)):])
        refuses(f"{name}, grown between two signatures, is not signed",
                (TOOL, "--sign=both.pem", "grown"),
                "grown: there are 2 bytes behind its signature")
        write("grown", good + good[len(read(name)):])
        refuses(f"{name}, signed twice, is not signed",
                (TOOL, "--sign=both.pem", "grown"),
                "grown: another signature is in front of its signature")


def check_told():
    """Who has signed is told, and what follows from it is not."""
    line = "signed by CN=rsa,O=Tests, serial 0x"
    run(TOOL, "--sign=both.pem", "--sha256", "vmlinux.x86_64", "signed")
    for options in ((), ("--sha256",), ("--certificate=rsa.pem",),
                    ("--certificate=rsa.der", "--quiet")):
        ran = run(TOOL, "--verify", *options, "signed")
        result(ran.returncode == 0 and ran.stdout.startswith(line) and
               ran.stdout.endswith(", sha256\n") and not ran.stderr,
               " ".join(("--verify", *options)), ran.stdout + ran.stderr)
    write("key-id", signed_by_model("elfImage.x86_64", "-k"))
    ran = run(TOOL, "--verify", "--certificate=rsa.pem", "key-id")
    result(ran.stdout.startswith("signed by key id "), "by a key's identifier",
           ran.stdout + ran.stderr)
    ran = run(TOOL, "--sign=rsa.key,hostile.pem", "elfImage.x86_64", "hostile")
    ran = run(TOOL, "--verify", "hostile")
    result(ran.returncode == 0 and
           all(" " <= c <= "~" for c in ran.stdout.rstrip("\n")) and
           "red" in ran.stdout, "a hostile name is harmless", ran.stdout)
    ran = run(TOOL, "--dump", "--json", "--sign=rsa.key,hostile.pem", "signed")
    told = json.loads(ran.stdout)
    result(told["signer"]["digest"] == "sha256" and
           "red" in told["signer"]["issuer"] and
           [signer["issuer"] for signer in
            told["dropped-signature"]["signers"]] == ["CN=rsa,O=Tests"],
           "--dump --json", ran.stdout)
    ran = run(TOOL, "--dump", "--sign=rsa.key,rsa.pem", "signed")
    result("\nsigned   by CN=rsa,O=Tests, serial 0x" in ran.stdout and
           "\ndropped  signature: by CN=rsa,O=Tests" in ran.stdout, "--dump",
           ran.stdout)


def check_any():
    """A signature is told of any ELF file, and that nothing else is."""
    remark = "nothing but its signature has been looked at"
    for name in "vmlinux.x86_64", "vmlinux.i386":
        write("any", signed_by_model(name))
        for options in (), ("--certificate=rsa.pem",):
            ran = run(TOOL, "--verify", *options, "any")
            result(ran.returncode == 0 and
                   ran.stdout.startswith("signed by CN=rsa,O=Tests") and
                   ran.stderr.count("\n") == 1 and remark in ran.stderr,
                   " ".join((f"{name}: --verify", *options)),
                   ran.stdout + ran.stderr)
        refuses(f"{name}: another key's", (
            TOOL, "--verify", "--certificate=other.pem", "any"),
            "any: it is not signed by the key of other.pem")
        refuses(f"{name}: --verify --sha256", (TOOL, "--verify", "--sha256", "any"),
                "any: rule ")
        write("any", read(name))
        refuses(f"{name}, not signed", (TOOL, "--verify", "any"), "any: rule ")
        refuses(f"{name}, not signed, --certificate", (
            TOOL, "--verify", "--certificate=rsa.pem", "any"), "any: rule ")


def check_not_signed():
    """What is wrong with a signature is told."""
    refuses("no signature", (TOOL, "--verify", "--certificate=rsa.pem",
                             "elfImage.x86_64"), "it has no signature")
    refuses("another key's", (TOOL, "--verify", "--certificate=other.pem",
                              "signed"), "it is not signed by the key of other.pem")
    # Without a sum that would be wrong as well.
    run(TOOL, "--no-checksum", "elfImage.x86_64", "bare")
    good = signed_by_model("bare")
    size = len(read("bare"))
    end = len(good) - len(MARKER) - 12
    changed = bytearray(good)
    changed[size - 1] ^= 1
    write("changed", changed)
    refuses("a byte has changed", (TOOL, "--verify", "--certificate=rsa.pem",
                                   "changed"), "it is not signed by the key")
    for name, at, what in (
            ("type", end + 2, "it is not of type PKCS#7"),
            ("algorithm", end, "a byte that has to be 0 is not"),
            ("padding", end + 7, "a byte that has to be 0 is not"),
            ("size", end + 8, "it is larger than the file"),
            ("message", size, "not a PKCS#7 message"),
            ("sizes-last-byte", end + 11, "not a PKCS#7 message")):
        damaged = bytearray(good)
        damaged[at] ^= 1
        write("damaged", damaged)
        refuses(f"damaged: {name}", (TOOL, "--verify", "damaged"),
                "damaged: its signature is damaged: " + what)
    write("damaged", bytes(good[:size]) + b"\0\0\2" + bytes(9) + MARKER)
    refuses("damaged: no message", (TOOL, "--verify", "damaged"),
            "its signature is damaged: it has no bytes")
    for verb in (("--extract=kernel",), ()):
        refuses(f"damaged: {verb}", (TOOL, *verb, "damaged", "nothing"),
                "its signature is damaged")
    write("marker", MARKER)
    refuses("a marker alone", (TOOL, "--verify", "marker"),
            "the file is too short for it")
    write("trailing", good + b"xy")
    refuses("two bytes behind it", (TOOL, "--verify", "trailing"),
            "there are 2 bytes behind its signature")


def append_message(name, message, output):
    """A file with a signature that is somebody else's work."""
    write(output, read(name) + message + b"\0\0\2" + bytes(5) +
          len(message).to_bytes(4, "big") + MARKER)


def check_forms():
    """A message that signs, but not as a kernel takes it; or signs twice."""
    run(TOOL, "elfImage.x86_64", "plain")
    openssl("crl2pkcs7", "-nocrl", "-certfile", "rsa.pem", "-outform", "DER",
            "-out", "nobody.p7")
    append_message("plain", read("nobody.p7"), "nobody")
    for verb in "--verify", "--dump":
        refuses(f"{verb}: signed by nobody", (TOOL, verb, "nobody"),
                "nobody: its signature is damaged: not a PKCS#7 message that signs")
    sign = ("cms", "-sign", "-binary", "-nocerts", "-md", "sha256", "-outform",
            "DER", "-in", "plain", "-out", "message.p7", "-inkey", "rsa.key",
            "-signer", "rsa.pem")
    for options, says in (
            ((), "it has signed attributes"),
            (("-noattr", "-nodetach"), "it has contents of its own"),
            (("-econtent_type", "1.2.3.4"), "it signs another type of contents")):
        openssl(*sign, *options)
        append_message("plain", read("message.p7"), "form")
        for words in (), ("--certificate=rsa.pem",):
            refuses(" ".join((says, *words)), (TOOL, "--verify", *words, "form"),
                    "form: no kernel takes its signature: " + says)
    openssl(*sign, "-noattr", "-inkey", "other.key", "-signer", "other.pem")
    append_message("plain", read("message.p7"), "two")
    for name in "rsa", "other":
        ran = run(TOOL, "--verify", f"--certificate={name}.pem", "two")
        result(ran.returncode == 0 and "signed by " in ran.stdout and
               "\nand by " in ran.stdout and not ran.stderr,
               f"two have signed: {name}", ran.stdout + ran.stderr)
    refuses("two have signed, and not this one",
            (TOOL, "--verify", "--certificate=ec.pem", "two"),
            "it is not signed by the key of ec.pem")
    run(TOOL, "--no-checksum", "elfImage.x86_64", "bare")
    append_message("bare", read("message.p7"), "two")
    refuses("two have signed something else",
            (TOOL, "--verify", "--certificate=other.pem", "two"),
            "it is not signed by the key of other.pem")


def check_dropped():
    """What is made of a signed file is another one."""
    run(TOOL, "--sign=both.pem", "elfImage.x86_64", "signed")
    for options in (("--append=x",), ("--initrd=initrd.1",), ("--sha256",), ()):
        run(TOOL, *options, "elfImage.x86_64", "wanted")
        ran = run(TOOL, *options, "signed", "made")
        result(ran.returncode == 0 and DROPPED in ran.stderr and
               read("made") == read("wanted"),
               " ".join(("dropped", *options)), ran.stderr)
        ran = run(TOOL, "--quiet", *options, "--sign=both.pem", "signed", "made")
        result(not ran.stderr and
               read("made") == signed_by_model("wanted"),
               " ".join(("signed anew", *options)), ran.stderr)
    for name in "vmlinux.x86_64", "bzImage.x86_64":
        run(TOOL, name, "wanted")
        write("source", signed_by_model(name))
        ran = run(TOOL, "source", "made")
        result(DROPPED in ran.stderr and read("made") == read("wanted"),
               f"a {name} with a signature", ran.stderr)
    run(TOOL, "--sha256", "composed", "sha256")
    run(TOOL, "--sign=both.pem", "sha256", "signed")
    for part in "kernel", "initrd", "cmdline":
        run(TOOL, "--extract=" + part, "sha256", "wanted")
        ran = run(TOOL, "--extract=" + part, "signed", "made")
        result(ran.returncode == 0 and read("made") == read("wanted"),
               f"--extract={part}", ran.stderr)
        result((DROPPED in ran.stderr) == (part == "kernel"),
               f"--extract={part}: said where it matters", ran.stderr)
    subprocess.run(("xz", "-kf", "signed"), check=True, cwd=DIR)
    ran = run(TOOL, "signed.xz", "made")
    result(DROPPED in ran.stderr and read("made") == read("sha256"),
           "signed, then compressed", ran.stderr)


def check_without():
    """A program without libcrypto says so, and knows where a file ends."""
    result("signs: PKCS#7\n" in run(TOOL, "--version").stdout, "--version")
    result("signs: nothing\n" in run(PLAIN, "--version").stdout,
           "without libcrypto: --version")
    for verb in ("elfImage.x86_64",), ("elfImage.x86_64", "nothing"):
        refuses("without libcrypto: --sign", (PLAIN, "--sign=both.pem", *verb),
                "built without libcrypto")
    write("signed", signed_by_model("elfImage.x86_64"))
    ran = run(PLAIN, "--verify", "signed")
    result(ran.returncode == 0 and "bytes of PKCS#7" in ran.stdout,
           "without libcrypto: --verify", ran.stdout + ran.stderr)
    refuses("without libcrypto: --certificate",
            (PLAIN, "--verify", "--certificate=rsa.pem", "signed"),
            "built without libcrypto")
    ran = run(PLAIN, "--dump", "--json", "signed")
    result(json.loads(ran.stdout)["dropped-signature"]["signers"] == [],
           "without libcrypto: --dump --json", ran.stdout)


def main():
    """As the docstring says."""
    make_keys()
    check_same()
    check_keys()
    check_readers()
    check_no_keys()
    check_no_output()
    check_no_files()
    check_told()
    check_any()
    check_not_signed()
    check_forms()
    check_dropped()
    check_without()
    sys.exit(subtest.failed)


main()
