// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that a crash must not lose.
 *
 * vmcore -w SEED	fill many pages, each other than the others, and keep them
 * vmcore -r SEED	read /proc/vmcore from its ELF header to its end and report
 *			what is there of them
 *
 * The seed is in no page: what a page has to be like is computed.
 */
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define PAGE		4096
#define WORDS		(PAGE / sizeof(uint64_t))
#define PAGES		2048
#define CHUNK		(256 * PAGE)

/* splitmix64 (Steele, Lea, Flood: Fast splittable pseudorandom generators). */
static uint64_t mix(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9;
	x = (x ^ x >> 27) * 0x94d049bb133111eb;
	return x ^ x >> 31;
}

static uint64_t word_of(uint64_t seed, uint32_t page, uint32_t word)
{
	if (word == WORDS - 1)
		return mix(seed) + page;
	return mix(mix(seed + word) + page);
}

static int keep(uint64_t seed)
{
	uint64_t *memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint32_t page, word;

	if (memory == MAP_FAILED)
		return errno;
	for (page = 0; page < PAGES; page++)
		for (word = 0; word < WORDS; word++)
			memory[page * WORDS + word] = word_of(seed, page, word);
	puts("kept");
	fflush(stdout);
	for (;;)
		pause();
}

/* A page says itself which one it is: its last word, less what covers it. */
static int number_of(const uint64_t *at, uint64_t seed)
{
	uint64_t page = at[WORDS - 1] - mix(seed);

	return page < PAGES ? (int)page : -1;
}

static void look(const uint64_t *at, uint64_t seed, uint8_t *found)
{
	int page = number_of(at, seed);
	uint32_t word;

	if (page < 0)
		return;
	for (word = 0; word < WORDS; word++)
		if (at[word] != word_of(seed, page, word))
			return;
	found[page] = 1;
}

/* Segments in the header, and bytes of memory that they promise. */
static bool read_header(int fd, uint64_t *bytes, unsigned int *loads)
{
	Elf64_Phdr phdr;
	Elf64_Ehdr ehdr;
	unsigned int i;

	if (pread(fd, &ehdr, sizeof(ehdr), 0) != sizeof(ehdr) ||
	    memcmp(ehdr.e_ident, ELFMAG, SELFMAG) || ehdr.e_type != ET_CORE)
		return false;
	for (i = 0; i < ehdr.e_phnum; i++) {
		if (pread(fd, &phdr, sizeof(phdr),
			  ehdr.e_phoff + i * sizeof(phdr)) != sizeof(phdr))
			return false;
		if (phdr.p_type != PT_LOAD)
			continue;
		++*loads;
		*bytes += phdr.p_filesz;
	}
	return true;
}

static int find(uint64_t seed)
{
	static uint8_t found[PAGES], buffer[CHUNK] __attribute__((aligned(8)));
	int fd = open("/proc/vmcore", O_RDONLY);
	uint64_t memory = 0, bytes = 0;
	unsigned int loads = 0, nr = 0, i;
	struct stat stat;
	ssize_t got;

	if (fd < 0 || fstat(fd, &stat) || !read_header(fd, &memory, &loads))
		return errno ? errno : EINVAL;
	while ((got = read(fd, buffer, sizeof(buffer))) > 0) {
		/* The header and the notes are whole pages. */
		for (i = 0; i + PAGE <= got; i += PAGE)
			look((uint64_t *)(buffer + i), seed, found);
		bytes += got;
	}
	if (got < 0)
		return errno;
	for (i = 0; i < PAGES; i++)
		nr += found[i];
	printf("vmcore-size %llu\n", (unsigned long long)stat.st_size);
	printf("vmcore-read %llu\n", (unsigned long long)bytes);
	printf("vmcore-memory %llu\n", (unsigned long long)memory);
	printf("vmcore-loads %u\n", loads);
	printf("vmcore-pages %u of %u\n", nr, PAGES);
	return 0;
}

int main(int argc, char **argv)
{
	int ret = EINVAL;

	if (argc == 3 && !strcmp(argv[1], "-w"))
		ret = keep(strtoull(argv[2], NULL, 16));
	else if (argc == 3 && !strcmp(argv[1], "-r"))
		ret = find(strtoull(argv[2], NULL, 16));
	if (ret)
		printf("vmcore-error %s\n", strerror(ret));
	return !!ret;
}
