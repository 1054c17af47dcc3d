// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel would do with an ELF file: by the kernel's own rules, which
 * are in elf-plan.c and elf-move.c, and by what it says of its memory in
 * /proc/iomem. Where initrd and notes go is not foretold.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "kexec/elf-plan.h"
#include "tools/appended.h"
#include "elfkexec.h"

#define IOMEM		"/proc/iomem"
#define RANGES_MAX	512

struct file {
	void *data;
	size_t size;
};

struct range {
	uint64_t start;
	uint64_t end;
};

struct memory {
	struct range range[RANGES_MAX];
	unsigned int nr;
};

/* Private: what is moved changes. */
static int map(const char *path, struct file *file)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat stat;

	if (fd < 0 || fstat(fd, &stat))
		return error_errno(path);
	if (!S_ISREG(stat.st_mode) || !stat.st_size)
		return error("%s: not a file with anything in it", path);
	file->size = stat.st_size;
	file->data = mmap(NULL, file->size, PROT_READ | PROT_WRITE, MAP_PRIVATE,
			  fd, 0);
	close(fd);
	return file->data == MAP_FAILED ? error_errno(path) : 0;
}

/* Neighbours become one, as for the kernel. */
static void add_range(struct memory *memory, uint64_t start, uint64_t end)
{
	struct range *last = memory->range + memory->nr - 1;

	if (memory->nr && last->end == start) {
		last->end = end;
		return;
	}
	if (memory->nr < RANGES_MAX)
		memory->range[memory->nr++] = (struct range){ start, end };
}

/* Who is not root is told zeros. */
static int read_memory(const char *kind, struct memory *memory)
{
	FILE *file = fopen(IOMEM, "re");
	uint64_t start, end;
	char line[256], name[128];

	memory->nr = 0;
	if (!file)
		return error_errno(IOMEM);
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, " %" SCNx64 "-%" SCNx64 " : %127[^\n]",
			   &start, &end, name) == 3 &&
		    !strcmp(name, kind) && end)
			add_range(memory, start, end + 1);
	fclose(file);
	return 0;
}

static bool is_in(const struct memory *memory, uint64_t start, uint64_t end)
{
	unsigned int i;

	for (i = 0; i < memory->nr; i++)
		if (memory->range[i].start <= start &&
		    end <= memory->range[i].end)
			return true;
	return false;
}

static uint64_t end_of(const struct elf_plan *plan)
{
	const struct elf_part *last = &plan->part[plan->nr_parts - 1];

	return last->start + last->size;
}

/*
 * As kexec-elf-crash.c does it, but for what else is there already: into the last
 * range, as the one below 4 GiB beside it (",low") is for devices.
 */
static bool find_distance(const struct range *region,
			  const struct elf_plan *plan,
			  const struct elf_move *move, uint64_t *distance)
{
	uint64_t start = plan->part[0].start;
	uint64_t size = end_of(plan) - start, at = start;
	uint64_t end = region->end < move->limit ? region->end : move->limit;

	if (at < region->start)
		at += (region->start - at + move->align - 1) &
		      ~(move->align - 1);
	*distance = at - start;
	return at < end && size <= end - at;
}

static int no_room(const struct range *region, const struct elf_plan *plan,
		   const struct elf_move *move)
{
	uint64_t start = plan->part[0].start, size = end_of(plan) - start;

	if (start >= region->end)
		return error("it is linked to 0x%jx, and can only be moved up: the crash kernel's memory is 0x%jx to 0x%jx",
			     (uintmax_t)start, (uintmax_t)region->start,
			     (uintmax_t)region->end);
	if (move->limit < region->end)
		return error("no room for 0x%jx bytes below 0x%jx, where it has to end, in the crash kernel's memory, 0x%jx to 0x%jx",
			     (uintmax_t)size, (uintmax_t)move->limit,
			     (uintmax_t)region->start, (uintmax_t)region->end);
	return error("no room for 0x%jx bytes in the crash kernel's memory, 0x%jx to 0x%jx",
		     (uintmax_t)size, (uintmax_t)region->start,
		     (uintmax_t)region->end);
}

static int move_crash(void *file, const struct memory *memory,
		      struct elf_plan *plan)
{
	const struct range *region = memory->range + memory->nr - 1;
	struct elf_move move;
	uint64_t distance;

	elf_move_find(file, plan, &move);
	if (plan->is_64 && move.only_4_levels && state_has_cpu_flag("la57"))
		return error("it was built for 4 levels of page tables, and this kernel runs with 5");
	if (!move.align) {
		puts("moved     no: it can only be where it is linked to");
		return 0;
	}
	if (!find_distance(region, plan, &move, &distance))
		return no_room(region, plan, &move);
	elf_move_apply(&move, distance, file, plan);
	printf("moved     by 0x%" PRIx64 ", a multiple of 0x%" PRIx64 "\n",
	       distance, (uint64_t)move.align);
	return 0;
}

static int print_part(const struct elf_part *part, const struct memory *memory)
{
	uint64_t start = part->start, end = start + part->size;
	bool fits = is_in(memory, start, end);

	printf("part      0x%08" PRIx64 " to 0x%08" PRIx64 ", 0x%" PRIx64 " bytes from the file%s\n",
	       start, end, (uint64_t)part->filled,
	       fits || !memory->nr ? "" : ": this is not free RAM");
	return fits || !memory->nr ? 0 : -1;
}

static int print_plan(const struct job *job, struct elf_plan *plan, void *file)
{
	static struct memory memory;
	int ret = 0;
	uint32_t i;

	if (read_memory(job->crash ? "Crash kernel" : "System RAM", &memory))
		return -1;
	printf("file      ELF%d\n", plan->is_64 ? 64 : 32);
	if (job->crash && memory.nr && move_crash(file, &memory, plan))
		return -1;
	printf("entry     0x%08" PRIx64 "\n", (uint64_t)plan->entry);
	for (i = 0; i < plan->nr_parts; i++)
		ret |= print_part(&plan->part[i], &memory);
	if (memory.nr)
		return ret;
	if (!geteuid() && job->crash)
		return error("there is no memory for a crash kernel (crashkernel=)");
	return error("root alone is told whether there is RAM there");
}

static void print_rest(int initrd, const char *cmdline)
{
	struct stat stat;

	if (initrd >= 0 && !fstat(initrd, &stat))
		printf("initrd    0x%" PRIx64 " bytes\n",
		       (uint64_t)stat.st_size);
	printf("cmdline   %s\n", cmdline);
}

/* As the kernel has it: what is loaded ends where the signature begins. */
static int find_signature(const char *path, const struct file *file,
			  struct appended *found)
{
	const char *broken = appended_find(file->data, file->size, found);

	return broken ? error("%s: its signature is damaged: %s", path, broken) :
			0;
}

/**
 * plan_print - tell what would be loaded where
 * @job: what has been asked for
 * @initrd: file descriptor, -1: none
 * @cmdline: command line
 *
 * Return: 0 if this kernel can take it and there is RAM for all of it, or -1 with
 * that told.
 */
int plan_print(const struct job *job, int initrd, const char *cmdline)
{
	struct appended appended;
	struct elf_plan plan;
	struct file file;
	int ret;

	if (map(job->kernel, &file) ||
	    find_signature(job->kernel, &file, &appended))
		return -1;
	if (elf_plan_make(file.data, appended.size, &plan))
		return error("%s: %s", job->kernel, plan.error);
	ret = print_plan(job, &plan, file.data);
	if (appended.pkcs7_size)
		printf("signature 0x%zx bytes, which is not verified here\n",
		       appended.pkcs7_size);
	print_rest(initrd, cmdline);
	munmap(file.data, file.size);
	if (!load_is_possible())
		return error("this kernel has no kexec_file_load (CONFIG_KEXEC_FILE)");
	return ret;
}

/**
 * plan_error - what is wrong with a file
 * @path: its name
 *
 * Return: a text that stays, or NULL: nothing, or it is no ELF file, and another
 * loader's.
 */
const char *plan_error(const char *path)
{
	struct appended appended;
	struct elf_plan plan;
	struct file file;
	bool is_other;

	if (!path || map(path, &file))
		return NULL;
	appended_find(file.data, file.size, &appended);
	elf_plan_make(file.data, appended.size, &plan);
	is_other = file.size < 4 || memcmp(file.data, "\177ELF", 4);
	munmap(file.data, file.size);
	return is_other ? NULL : plan.error;
}
