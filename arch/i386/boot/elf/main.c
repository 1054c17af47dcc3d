// SPDX-License-Identifier: GPL-2.0
/*
 * The stub's story: who called us, what do loader and firmware know, tell
 * the kernel, go.
 */
#include <linux/errno.h>
#include <asm/byteorder.h>
#include <asm/bootparam.h>
#include <asm/processor-flags.h>

#include "elfboot.h"

/*
 * Where the kernel wants its initrd: in memory that it maps from the start.
 * i386 copies one that is not in lowmem once more; lowmem ends below 896 MiB,
 * by as much as vmalloc= takes.
 */
#define INITRD_LIMIT_64	(~0ULL)
#define INITRD_LIMIT_32	0x30000000

/*
 * Scratch memory. Page directories may be wanted early; the other page tables
 * come last in time, where bi has been: prepare() is the only one who knows
 * bi, and when it has returned there is none any more.
 */
struct scratch {
	union {
		u8 tables[PAGING_SIZE];
		struct {
			u8 directories[PAGING_DIRECTORIES_SIZE];
			struct bootinfo bi;
		};
	};
	char waiting[CONSOLE_WAITING];
};

_Static_assert(sizeof(struct scratch) + STUB_STACK_SIZE <= STUB_SCRATCH_SIZE,
	       "scratch memory");

static int read_high(u64 pa, void *dst, u32 len);

static const struct ram_seg all_memory = { 0, RAM_4G, 0 };
static const struct ram ram = { 1, &all_memory, read_high };

/* What the BIOS needed is its own again: there is room for them. */
_Static_assert(sizeof(struct boot_params) <= BIOS_LOW_SIZE, "boot_params");

/* Who may have called, in the order that is safe to test. */
static const struct source callers[] = {
	{ CORRUPT_MULTIBOOT2,	multiboot2_probe },
	{ CORRUPT_MULTIBOOT,	multiboot_probe },
	{ CORRUPT_PVH,		pvh_probe },
	{ CORRUPT_NOTES,		notes_probe },
	{ CORRUPT_COREBOOT,	coreboot_probe },
	{ CORRUPT_BOOTPARAMS,	bootparams_probe },
	{ 0,			argv_probe },
};

/* Who is asked for what the caller did not tell. */
static const struct source firmware[] = {
	{ CORRUPT_COREBOOT,	coreboot_scan },
	{ CORRUPT_CBFS,		cbfs_probe },
	{ 0,			composed_probe },
	{ CORRUPT_BIOS,		bios_probe },
	{ 0,			vga_probe },
	{ CORRUPT_FWCFG,	fwcfg_probe },
	{ 0,			cmos_probe },
};

#define CORRUPT(id, bit, name)	{ CORRUPT_##id, name },
static const struct {
	u32 bit;
	char name[12];
} names[] = {
#include "corrupt.h"
};

static const char *name_of(u32 corrupt)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(names); i++)
		if (names[i].bit == corrupt)
			return names[i].name;
	return "";
}

static void report_ignored(struct bootinfo *bi)
{
	u32 i;

	for (i = 0; i < bi->nr_ignored; i++)
		print("%p", &bi->ignored[i]);
	bi->corrupt |= bi->ignored_bits;
}

static bool ask(const struct source *source, const struct handoff *handoff,
		struct bootinfo *bi)
{
	int ret;

	bi->fault.text = NULL;
	bi->nr_ignored = 0;
	bi->ignored_bits = 0;
	ret = source->probe(&ram, handoff, bi);
	if (!ret)
		report_ignored(bi);
	if (ret == -EBADMSG) {
		console_open(bi->cmdline, &bi->serial);
		fatal("%p; stopped, as this kernel would have less than it was told",
		      &bi->fault);
	}
	if (ret != -EINVAL)
		return !ret;
	/* coreboot's table may be found twice. */
	if (!(bi->corrupt & source->corrupt))
		print("%s: ignored: its information is corrupt (eax %#x, ebx %#x)",
		      name_of(source->corrupt), handoff->eax, handoff->ebx);
	bi->corrupt |= source->corrupt;
	return false;
}

static void find_caller(const struct handoff *handoff, struct bootinfo *bi)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(callers); i++)
		if (ask(&callers[i], handoff, bi))
			return;
	bi->source = "none";
	bootinfo_set_loader(bi, "");
}

static void ask_firmware(const struct handoff *handoff, struct bootinfo *bi)
{
	u32 i;

	for (i = 0; i < ARRAY_SIZE(firmware); i++)
		ask(&firmware[i], handoff, bi);
}

static void report(const struct bootinfo *bi, const struct memmap *map)
{
	u32 i;

	print("called by %s (%s), firmware %s %s", bi->protocol, bi->loader,
	      bi->firmware ? bi->firmware : "unknown", bi->firmware_version);
	print("command line from %s: %s",
	      bi->cmdline_source ? bi->cmdline_source : "nobody", bi->cmdline);
	if (bi->image_name[0])
		print("cut off the command line, as the image's name: %s",
		      bi->image_name);
	for (i = 0; i < bi->nr_modules; i++)
		print("module from %s: %#llx, %#llx bytes", bi->initrd_source,
		      bi->module[i].start, bi->module[i].size);
	print("memory map from %s:", bi->map_source);
	for (i = 0; i < map->nr; i++)
		print("  %#llx, %#llx bytes, type %u", map->range[i].start,
		      map->range[i].size, map->range[i].type);
}

/* A composed initrd is the end of the image, but no memory of the kernel's. */
static struct range kernel_memory(void)
{
	u32 start = __le32_to_cpu(stub_params.kernel_start);
	u32 end = __le32_to_cpu(stub_params.kernel_end);

	if (stub_params.initrd)
		end = __le32_to_cpu(stub_params.initrd);
	return (struct range){ start, end - start, MEM_RAM };
}

static void make_map(const struct handoff *handoff, const struct bootinfo *bi,
		     struct memmap *map)
{
	memmap_normalise(map, &bi->map);
	if (bi->map_rank >= MAP_FWCFG)
		memmap_reserve_top(map, handoff->esp,
				   __le32_to_cpu(stub_params.kernel_end));
	/* The kernel reads it, too, whoever has supplied the map. */
	if (bi->coreboot.size)
		memmap_set(map, bi->coreboot.start, bi->coreboot.size,
			   MEM_RESERVED);
}

static void check_map(const struct handoff *handoff,
		      const struct bootinfo *bi, struct memmap *map)
{
	const struct range kernel = kernel_memory();
	bool fits;

	if (bi->map_rank == MAP_NONE)
		fatal("no memory map: neither the loader (%s) nor the firmware gave one; boot by multiboot or PVH",
		      bi->protocol);
	make_map(handoff, bi, map);
	fits = memmap_is(map, MEM_RAM, kernel.start, kernel.size);
	if (!fits || cmdline_option(bi->cmdline, "elfboot.debug"))
		report(bi, map);
	if (!fits)
		fatal("the kernel's memory, %#llx bytes at %#llx, is not all RAM (map from %s); add memory",
		      kernel.size, kernel.start, bi->map_source);
	if (map->truncated)
		print("memory map from %s: more than %u ranges; up to %#llx bytes of RAM are left out",
		      bi->map_source, MEMMAP_MAX, map->lost);
}

static struct scratch *own_scratch(void)
{
	return ram_own(&ram, __le32_to_cpu(stub_params.scratch),
		       sizeof(struct scratch));
}

static int read_high(u64 pa, void *dst, u32 len)
{
	return high_read(own_scratch()->directories, pa, dst, len);
}

/* A loader need not have checked what p_memsz covers; entry.S has. */
static void check_scratch(u32 at)
{
	if (!at)
		fatal("no memory at %#x, where the kernel needs it; add some",
		      __le32_to_cpu(stub_params.scratch) + STUB_SCRATCH_SIZE);
}

static bool wants_long_mode(void)
{
	return __le32_to_cpu(stub_params.flags) & STUB_FLAG_LONG_MODE;
}

static bool is_64_bit(void)
{
	return __le32_to_cpu(stub_params.flags) & STUB_FLAG_KERNEL_64;
}

/* A bzImage's own header; what it does not have is 0. */
static const struct setup_header *read_setup(struct setup_header *setup)
{
	u32 size = __le32_to_cpu(stub_params.setup_size);

	if (!stub_params.setup)
		return NULL;
	if (size > sizeof(*setup))
		size = sizeof(*setup);
	memset(setup, 0, sizeof(*setup));
	ram_read(&ram, __le32_to_cpu(stub_params.setup), setup, size);
	return setup;
}

/*
 * A 64-bit kernel can read what 32-bit firmware has, and call its services if it has
 * CONFIG_EFI_MIXED; a 32-bit one is nothing for 64-bit firmware.
 */
static void check_efi(struct efi *efi)
{
	u32 most = is_64_bit() ? 64 : 32;

	if (efi->bits > most || !efi->systab)
		efi->map.size = 0;
}

static void check_setup_data(const struct handoff *handoff, struct bootinfo *bi,
			     struct memmap *map)
{
	u32 start = __le32_to_cpu(stub_params.kernel_start);
	u32 end = __le32_to_cpu(stub_params.kernel_end);
	const struct range image = { start, end - start, MEM_RAM };
	u64 fault = bi->kept.start;

	if (bi->setup_data && setup_data_keep(&ram, bi, &image, map, &fault)) {
		print("%s: setup_data ignored: what is at %#llx makes no sense",
		      bi->protocol, fault);
		bi->corrupt |= CORRUPT_SETUP_DATA;
		bi->setup_data = 0;
		make_map(handoff, bi, map);
	}
	/* Of no use without what the kernel that has called it hands on. */
	if (bi->efi_called && !bi->setup_data)
		bi->efi.map.size = 0;
}

/* In EDX of CPUID 1. */
static const struct {
	u16 flag;
	u16 bit;
	char name[12];
} needs[] = {
	{ STUB_FLAG_NEEDS_CX8,	1 << 8,		"CMPXCHG8B" },
	{ STUB_FLAG_NEEDS_PAE,	1 << 6,		"PAE" },
	{ STUB_FLAG_NEEDS_CMOV,	1 << 15,	"CMOV" },
};

static void check_cpu(void)
{
	u32 flags = __le32_to_cpu(stub_params.flags);
	u32 i;

	if (is_64_bit() && !cpu_has_long_mode())
		fatal("this kernel needs a 64-bit CPU; use an i386 kernel");
	for (i = 0; i < ARRAY_SIZE(needs); i++)
		if (flags & needs[i].flag && !(cpu_features() & needs[i].bit))
			fatal("this kernel needs a CPU with %s; use a kernel for older CPUs",
			      needs[i].name);
}

static u64 initrd_limit(const struct setup_header *setup)
{
	u64 limit = is_64_bit() ? INITRD_LIMIT_64 : INITRD_LIMIT_32;

	if (setup && setup->initrd_addr_max < limit)
		limit = setup->initrd_addr_max + 1ULL;
	return limit;
}

static void place(struct bootinfo *bi, const struct setup_header *setup,
		  struct memmap *map, struct placement *place)
{
	u64 limit = initrd_limit(setup);
	int ret;

	place->kernel = kernel_memory();
	ret = place_initrd(&ram, bi, map, limit, place);
	if (ret == -EFAULT)
		fatal("a module lies where this CPU cannot reach it; let the loader put it lower");
	if (ret)
		fatal("no room for the initrd: %#llx bytes wanted below %#llx; add memory or use a smaller initrd",
		      place_initrd_size(bi), place_initrd_end(limit));
	if (place_arena(&ram, bi, map, bootparams_arena_size(bi, map), place))
		fatal("no free memory below 4 GiB for the kernel's boot data; add memory");
}

/**
 * struct departure - what the way into the kernel wants to know
 * @setup_data: physical address of the first node
 * @five_levels: page tables have 5 levels, if it is into long mode
 * @place: where boot_params are and the kernel is, and where that goes
 */
struct departure {
	u32 setup_data;
	bool five_levels;
	struct placement place;
};

/* What the kernel clears by itself need not be copied. */
static struct jump plan_jump(const struct placement *place)
{
	u32 from = place->kernel.start;
	u32 size = __le32_to_cpu(stub_params.bss) - from;

	if (place->target == from)
		size = 0;
	return (struct jump){ place->target, from, (size + 7) & ~7 };
}

static void __noreturn enter_kernel(u8 *tables,
				    const struct departure *departure)
{
	const struct placement *place = &departure->place;
	u32 entry = __le32_to_cpu(stub_params.kernel_entry) -
		    (u32)place->kernel.start + place->target;
	bool long_mode = wants_long_mode();
	struct jump jump = plan_jump(place);

	/* The words of the stub are part of the kernel. */
	randomize_relocate(&ram, place);
	if (long_mode) {
		jump.cr3 = paging_identity_map(tables, ram_address(tables),
					       departure->five_levels);
		jump.cr4 = X86_CR4_PAE;
	}
	if (departure->five_levels)
		jump.cr4 |= X86_CR4_LA57;
	pic_mask();
	bootparams_set_tsc_kernel(&ram, departure->setup_data, cpu_tsc());
	if (long_mode)
		jump_64(entry, place->boot_params, &jump);
	jump_32(entry, place->boot_params, &jump);
}

/* As the decompressor decides; the kernel keeps what it is entered with. */
static bool wants_five_levels(const char *cmdline)
{
	return __le32_to_cpu(stub_params.flags) & STUB_FLAG_5_LEVELS &&
	       !cmdline_option(cmdline, "no5lvl") && cpu_has_la57();
}

static void report_place(const struct bootinfo *bi,
			 const struct placement *place)
{
	if (cmdline_option(bi->cmdline, "elfboot.debug"))
		print("kernel linked to %#x, loaded to %#llx, put at %#x, relocated by %#x%s%s",
		      (u32)place->kernel.start - place->moved,
		      place->kernel.start, place->target, place->offset,
		      *place->why_fixed ? "; not all is random: " : "",
		      place->why_fixed);
}

static void randomize(const struct bootinfo *bi, const struct memmap *map,
		      struct placement *place)
{
	int ret = randomize_kernel(&ram, bi, map, place);
	u32 linked = (u32)place->kernel.start - place->moved;
	u32 align = __le32_to_cpu(stub_params.align);

	if (ret == -EXDEV)
		fatal("the kernel, linked to %#x, cannot run at %#llx, where it was loaded (align %#x): %s",
		      linked, place->kernel.start, align, place->why_fixed);
	if (ret == -ERANGE)
		fatal("the image is damaged: the kernel, linked to %#x, cannot run at multiples of %#x",
		      linked, align);
	if (ret)
		fatal("the image is damaged: %u bytes of relocations at %#x make no sense",
		      __le32_to_cpu(stub_params.relocs_size),
		      __le32_to_cpu(stub_params.relocs));
	report_place(bi, place);
}

static struct departure prepare(const struct handoff *handoff,
				struct bootinfo *bi)
{
	struct memmap *map = &bi->offer;
	struct boot_params *bp;
	struct setup_header header;
	const struct setup_header *setup = read_setup(&header);
	struct placement placement;

	bootinfo_init(bi);
	find_caller(handoff, bi);
	ask_firmware(handoff, bi);
	console_open(bi->cmdline, &bi->serial);
	check_cpu();
	check_map(handoff, bi, map);
	check_efi(&bi->efi);
	check_setup_data(handoff, bi, map);
	bp = ram_own(&ram, ram_address(bi->low_memory), sizeof(*bp));
	/* Before modules are moved, perhaps over it. */
	if (bi->boot_params) {
		ram_read(&ram, bi->boot_params, bp, sizeof(*bp));
		bootparams_sanitize(bp);
	}
	place(bi, setup, map, &placement);
	placement.moved = handoff->moved;
	randomize(bi, map, &placement);

	bootparams_fill(bp, bi, map, &placement, setup);
	bootparams_fill_arena(&ram, bp, bi, map, &placement, handoff);
	memset(bi->seed, 0, sizeof(bi->seed));
	/* The kernel's .brk is where they are now. */
	ram_write(&ram, placement.boot_params, bp, sizeof(*bp));
	return (struct departure){ bp->hdr.setup_data,
				   wants_five_levels(bi->cmdline), placement };
}

/* Apart from main(): its variables are too many for the emergency stack. */
static noinline void __noreturn start(const struct handoff *handoff)
{
	struct scratch *scratch = own_scratch();
	struct departure departure;

	console_init(scratch->waiting);
	departure = prepare(handoff, &scratch->bi);
	enter_kernel(scratch->tables, &departure);
}

/**
 * main - the stub after entry.S
 * @handoff: the loader's registers
 * @scratch_at: physical address of the scratch memory, with the stack at its
 *		end; 0: there is no memory, and the stack is the emergency stack
 */
void __noreturn main(const struct handoff *handoff, u32 scratch_at)
{
	check_scratch(scratch_at);
	start(handoff);
}

static bool is_ours(u32 eip)
{
	return eip >= ram_address(stub_start) && eip < ram_address(_end);
}

/**
 * exception - the CPU met something it could not do
 * @frame: vector, error code, EIP, CS, EFLAGS
 * @cr2: the address, for a page fault
 */
void __noreturn exception(const u32 *frame, u32 cr2)
{
	fatal("exception %u (error %#x) at eip %#x, cr2 %#x: %s", frame[0],
	      frame[1], frame[2], cr2, is_ours(frame[2]) ?
	      "this is a bug, please report it" :
	      "in the kernel's own code; is it for this CPU?");
}
