# SPDX-License-Identifier: GPL-2.0
"""
Changes of an elfImage, for rules.py: functions of an elf.Image. What a change
returns, if a function, is called with the bytes of the packed image.
"""

import struct

import elf
from elf import PAGE, PT_NOTE

LOAD = 1                        # program header of an image
END_OF_NOTES = 512
END_TAG = elf.multiboot2_tag(0, 0)


def at_byte(at, form, value):
    """Overwrite bytes of the file."""
    def change(_image):
        return lambda data: struct.pack_into("<" + form, data, at, value)
    return change


def phdr(number, field, value):
    """Overwrite a field of a program header."""
    return at_byte(elf.PHDRS_AT + 32 * number + 4 * elf.PHDR_FIELDS.index(field),
                   "I", value)


def extra(**fields):
    """One more PT_LOAD, a page in size."""
    def change(image):
        image.add_load(**{"data": bytes(PAGE), **fields})
    return change


def both(*changes):
    """Several changes."""
    def change(image):
        after = [step(image) for step in changes]

        def change_bytes(data):
            for step in after:
                if callable(step):
                    step(data)
        return change_bytes
    return change


def stub(word, value):
    """Change a word of the stub's header."""
    return lambda image: image.put_stub(word, value(image))


def set_note(index, **parts):
    """Change a note."""
    return lambda image: image.set_note(index, **parts)


def move(delta):
    """Move the image in memory."""
    return lambda image: image.move(delta)


def split(size):
    """Cut the PT_LOAD in two."""
    return lambda image: image.split(size)


def multiboot(at, flags=3):
    """The multiboot header is elsewhere, or says something else."""
    def change(image):
        image.multiboot_at = None
        return lambda data: elf.put_multiboot(data, at, flags)
    return change


def multiboot2(header, at=0x220):
    """Another multiboot 2 header, perhaps elsewhere."""
    def change(image):
        image.multiboot2_at = None

        def change_bytes(data):
            data[at:at + len(header)] = header
        return change_bytes
    return change


def tags2(*tags, **fields):
    """Another multiboot 2 header, with these tags and an end."""
    return multiboot2(elf.multiboot2(*tags, END_TAG, **fields))


def notes_end(end):
    """Lengthen the version so that the notes end there."""
    def change(image):
        now = elf.PHDRS_AT + 32 * (1 + len(image.loads)) + sum(
            len(elf.note(*part)) for part in image.notes)
        old = image.notes[2][2].rstrip(b"\0").ljust(3, b"x")
        image.set_note(2, desc=old.ljust(len(old) // 4 * 4 + end - now + 3,
                                         b"x") + b"\0")
    return change


def grow_notes(by):
    """Let the PT_NOTE's size be another than that of the notes."""
    def change(_image):
        def change_bytes(data):
            at = elf.PHDRS_AT + 16
            elf.put32(data, at, elf.get32(data, at) + by)
            elf.put32(data, at + 4, elf.get32(data, at))
        return change_bytes
    return change


def swap_notes(image):
    """Xen's note is not the first."""
    image.notes[:2] = image.notes[1::-1]


def swap_phdrs(a, b):
    """Exchange two program headers."""
    def change(_image):
        def change_bytes(data):
            a_at, b_at = (elf.PHDRS_AT + 32 * i for i in (a, b))
            data[a_at:a_at + 32], data[b_at:b_at + 32] = \
                data[b_at:b_at + 32], data[a_at:a_at + 32]
        return change_bytes
    return change


def phdrs_elsewhere(_image):
    """The program headers are not behind the ELF header."""
    def change_bytes(data):
        data[0x300:0x340] = data[elf.PHDRS_AT:elf.PHDRS_AT + 64]
        elf.put32(data, 28, 0x300)
    return change_bytes


def short_file(_image):
    """All that is loaded is where the section header would be."""
    def change_bytes(data):
        at = elf.PHDRS_AT + 32 * LOAD
        elf.put32(data, at + 4, elf.SECTION_AT)
        elf.put32(data, at + 16, 16)
        del data[0x500:]
    return change_bytes


def header_only(_image):
    """No PT_LOAD."""
    return lambda data: struct.pack_into("<H", data, 44, 1)


def second_note(image):
    """A PT_NOTE in front of the PT_LOAD, in memory too."""
    first = image.loads[0]
    image.loads.insert(0, dict(first, type=PT_NOTE, data=b"", memsz=PAGE,
                               paddr=first["paddr"] - PAGE,
                               vaddr=first["paddr"] - PAGE))
    return phdr(1, "offset", END_OF_NOTES)(image)


def load_the_head(image):
    """The PT_LOAD begins with the page of headers."""
    first = image.loads[0]
    paddr = first["paddr"] - PAGE

    def change_bytes(data):
        at = elf.PHDRS_AT + 32 * LOAD
        struct.pack_into("<6I", data, at + 4, 0, paddr, paddr,
                         PAGE + len(first["data"]), PAGE + first["memsz"], 7)
    return change_bytes


def many_loads(count):
    """That many PT_LOADs, and the notes behind all of them."""
    def change(image):
        while len(image.loads) < count:
            image.add_load(bytes(PAGE))
        image.notes_at = elf.PHDRS_AT + 32 * (1 + count)
        image.multiboot_at = 0x800
        image.multiboot2_at = 0x840
    return change


def stray_multiboot(_image):
    """A second multiboot header, in front of the first."""
    return lambda data: elf.put_multiboot(data, 0x204, 0)


def stub_at_end(image):
    """A PT_LOAD of just the stub's header."""
    data, at = image.stub_header()
    image.add_load(data[at:at + elf.STUB_HEADER_SIZE])
    image.set_note(0, desc=struct.pack("<I", image.loads[-1]["paddr"]))


BSS = 0x9000                    # behind the file's bytes


def relocated(contents=bytes(7), at=BSS, bss=BSS, size=None):
    """Relocations of an i386 kernel; at: None for no place."""
    def change(image):
        start, load = image_start(image), image.loads[0]
        load["data"] = load["data"].ljust(BSS, b"\0") + contents
        image.put_stub(elf.STUB_FLAGS, elf.STUB_FLAG_KASLR)
        image.put_stub(elf.STUB_BSS, start + bss)
        image.put_stub(elf.STUB_ALIGN, 0x200000)
        image.put_stub(elf.STUB_RELOCS, 0 if at is None else start + at)
        image.put_stub(elf.STUB_RELOCS_SIZE,
                       len(contents) if size is None else size)
    return change


def composed(kind, word, at, size, desc=None):
    """A command line or an initrd, or what is to pass for one."""
    def change(image):
        image.put_stub(word, at)
        image.put_stub(word + 4, size)
        image.notes.insert(3, ("Linux", kind, struct.pack("<2I", at, size)
                               if desc is None else desc))
    return change


def image_end(image):
    """End of the image in memory."""
    return image.end()


def image_start(image):
    """Start of the image in memory."""
    return image.loads[0]["paddr"]


def flip(data, at):
    """Change one byte."""
    data[at] ^= 1


def rotate(data, at, size):
    """Move bytes by one: the order of bytes counts, that of words does not."""
    data[at:at + size] = data[at + 1:at + size] + data[at:at + 1]


def changed(original, change, right=True):
    """The bytes of a changed image; right: what is read as ELF64 says the
    same, where there is room for that."""
    image = elf.Image(original)
    after = change(image)
    data = image.pack()
    if image.elf64 and not right:
        elf.put_elf64(data)
    if callable(after):
        after(data)
    if (image.elf64 and right and elf.get32(data, 28) == elf.PHDRS_AT and
            len(elf.read_phdrs(data)) < 16):
        elf.put_elf64(data)
    if image.checksum_at:
        struct.pack_into("<H", data, image.checksum_at, elf.checksum(data))
    return data
