# SPDX-License-Identifier: GPL-2.0
"""How monitors of virtual machines that read ELF64 alone enter an image, as their
sources have it: registers, descriptors, page tables, and where everything is.

Firecracker: src/vmm/src/arch/x86_64/{mod,regs,layout,gdt}.rs; Cloud Hypervisor:
arch/src/x86_64/{mod,regs,layout}.rs. Both load by linux-loader (tool/vmm has
what it accepts) and put the initrd at the end of low memory.

What is not as there: the firmware of the machine that runs this has tables at the
end of RAM, so that low memory ends below them; where a monitor puts ACPI's
(0xa0000, 0xe0000) this machine has no RAM. The root pointer is therefore not
passed (the firmware's own is where kernels look).
"""

import struct

import elf
from proper import PAGE
from vmm.headers import EHDR, ELF64, PHDR, PHDR_SIZE, fields
from vmm.linux_loader import find_pvh_note, LoaderFile

MIB, GIB = 1 << 20, 1 << 30
RAM, RESERVED = 1, 2

# layout.rs of both.
GDT, IDT = 0x500, 0x520
PVH_INFO, MODLIST, MEMMAP = 0x6000, 0x6040, 0x7000
ZERO_PAGE, STACK, CMDLINE = 0x7000, 0x8ff0, 0x20000
PML4, PDPTE, PDE = 0x9000, 0xa000, 0xb000

CODE, DATA, TASK = 0x08, 0x10, 0x18
# Of the TSS the CPU sets "busy", as both have it.
GDT_PVH = (0, 0x00cf9b000000ffff, 0x00cf93000000ffff, 0x0000890000000067)
GDT_LINUX = (0, 0x00af9b000000ffff, 0x00cf93000000ffff, 0x008f89000000ffff)

PE, ET, PG = 0x1, 0x10, 1 << 31
CPU_RESET_CR0 = 0x60000010      # what KVM begins with: caches are off
PAE = 0x20
LME = 0x100


def load(handover):
    """linux-loader: the ELF64 reading, whatever EI_CLASS says; PT_LOADs' file
    bytes to p_paddr into memory that is zero. Returns e_entry and the PVH entry."""
    image = handover.image
    head = fields(image[:64], 0, EHDR[ELF64])
    del handover.options[:]
    pvh = None
    for i in range(head["phnum"]):
        at = head["phoff"] + i * PHDR_SIZE[ELF64]
        phdr = fields(image[at:at + PHDR_SIZE[ELF64]], 0, PHDR[ELF64])
        start, size = phdr["offset"], phdr["filesz"]
        if phdr["type"] == elf.PT_NOTE:
            pvh = find_pvh_note(LoaderFile(image), start, size)
        if phdr["type"] == elf.PT_LOAD and size:
            handover.place(phdr["paddr"], image[start:start + size])
    return head["entry"], pvh


def put_initrd(handover):
    """At the end of low memory, at a page: address and size."""
    module, = handover.modules
    at = (handover.free_end - len(module)) // PAGE * PAGE
    return handover.put(at, module), len(module)


def set_cpu(handover, gdt):
    """GDT, IDT, segments and task register."""
    state = handover.new_state(GDT, struct.pack('<4Q', *gdt), CODE, DATA)
    state.task = TASK
    state.idt_at, state.idt_size = IDT, 8
    handover.put(GDT, state.gdt)
    handover.put(IDT, bytes(8))
    handover.state = state
    handover.flags |= 32
    handover.esp = 0
    return state


def start_pvh(handover, ranges, entry):
    """hvm_start_info, version 1, and what it leads to; all registers but EBX
    are 0."""
    initrd, size = put_initrd(handover)
    handover.put(MODLIST, struct.pack('<4Q', initrd, size, 0, 0))
    handover.put(CMDLINE, handover.cmdline)
    handover.put(MEMMAP, b''.join(
        struct.pack('<QQ2I', start, end - start, kind, 0)
        for start, end, kind in ranges))
    handover.put(PVH_INFO, struct.pack(
        '<4I4Q2I', 0x336ec578, 1, 0, 1, MODLIST, CMDLINE, 0, MEMMAP,
        len(ranges), 0))
    handover.ranges = ranges
    handover.registers['ebx'] = PVH_INFO
    handover.entry = entry


def high(handover):
    """RAM above 4 GiB."""
    if handover.high_end > 4 * GIB:
        return [(4 * GIB, handover.high_end, RAM)]
    return []


def firecracker_ranges(handover):
    """add_e820_entry(), and the same for PVH: what is from SYSTEM_MEM_START to
    RSDP_ADDR is reserved."""
    return [(0, 0x9fc00, RAM), (0x9fc00, 0xe0000, RESERVED),
            (MIB, handover.free_end, RAM)] + high(handover)


def firecracker_pvh(handover):
    """configure_pvh()"""
    _, pvh = load(handover)
    state = set_cpu(handover, GDT_PVH)
    state.cr0 = PE | ET
    start_pvh(handover, firecracker_ranges(handover), pvh)


def cloud_hypervisor(handover):
    """configure_pvh(): the first range is up to EBDA_START, and PCI's MMCONFIG
    is reserved."""
    _, pvh = load(handover)
    state = set_cpu(handover, GDT_PVH)
    state.cr0 = PE
    start_pvh(handover, [(0, 0xa0000, RAM), (MIB, handover.free_end, RAM)] +
              high(handover) + [(0xe8000000, 0xf8000000, RESERVED)], pvh)


def firecracker_linux(handover):
    """configure_64bit_boot(), setup_page_tables(): of a file without Xen's note.
    The header in boot_params is the monitor's own, with version 0."""
    entry, _ = load(handover)
    initrd, size = put_initrd(handover)
    ranges = firecracker_ranges(handover)
    handover.put(CMDLINE, handover.cmdline)
    params = bytearray(PAGE)
    struct.pack_into('<H', params, 0x1fe, 0xaa55)
    params[0x202:0x206] = b'HdrS'
    params[0x210] = 0xff
    struct.pack_into('<2I', params, 0x218, initrd, size)
    struct.pack_into('<I', params, 0x228, CMDLINE)
    struct.pack_into('<I', params, 0x230, 16 * MIB)
    struct.pack_into('<I', params, 0x238, len(handover.cmdline))
    params[0x1e8] = len(ranges)
    for i, (start, end, kind) in enumerate(ranges):
        struct.pack_into('<QQI', params, 0x2d0 + 20 * i, start, end - start,
                         kind)
    handover.put(ZERO_PAGE, bytes(params))
    handover.put(PML4, struct.pack('<512Q', PDPTE | 3, *[0] * 511))
    handover.put(PDPTE, struct.pack('<512Q', PDE | 3, *[0] * 511))
    handover.put(PDE, struct.pack('<512Q', *(
        (i << 21) + 0x83 for i in range(512))))
    state = set_cpu(handover, GDT_LINUX)
    state.cr0 = CPU_RESET_CR0 | PE | PG
    state.cr3, state.cr4, state.efer = PML4, PAE, LME
    handover.ranges = ranges
    handover.registers.update(esi=ZERO_PAGE, ebp=STACK)
    handover.esp = STACK
    handover.entry = entry


MONITORS = {"firecracker-pvh": firecracker_pvh,
            "firecracker-linux": firecracker_linux,
            "cloud-hypervisor": cloud_hypervisor}


def hand_over(handover, variant):
    """One of MONITORS."""
    MONITORS[variant](handover)
