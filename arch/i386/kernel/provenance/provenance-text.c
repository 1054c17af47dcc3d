// SPDX-License-Identifier: GPL-2.0
/*
 * What the provenance node says, as text: a field for a file in sysfs, all that
 * a reader wants to know for a line of the log. Results depend on arguments
 * alone; tests/unit runs this on the host.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/types.h>
#include <asm/byteorder.h>

#include "provenance/provenance-text.h"

/**
 * struct field - where a field is in the node
 * @offset: first byte
 * @since: the node's first version that has it
 * @print: how it is written, as scnprintf() does
 */
struct field {
	u32 offset;
	u32 since;
	int (*print)(char *text, size_t size, const void *value);
};

/**
 * struct name - what a bit stands for
 * @bit: in the node
 * @name: as elsewhere
 */
struct name {
	u32 bit;
	char name[12];
};

/* Those that can be corrupt, and parts of what a caller passes. */
#define CORRUPT(id, bit, name)	{ CORRUPT_##id, name },
static const struct name sources[] __initconst = {
#include "corrupt.h"
	{ }
};

static const struct name addresses[] __initconst = {
	{ RANDOM_MEMORY, "memory" },
	{ RANDOM_VIRTUAL, "virtual" },
	{ RANDOM_PHYSICAL, "physical" },
	{ }
};

static const struct name entropy[] __initconst = {
	{ ENTROPY_RDRAND, "rdrand" },
	{ ENTROPY_TSC, "tsc" },
	{ ENTROPY_SEED, "seed" },
	{ ENTROPY_I8254, "i8254" },
	{ }
};

static int __init print_string(char *text, size_t size, const void *value)
{
	return scnprintf(text, size, "%s", (const char *)value);
}

static int __init print_number(char *text, size_t size, const void *value)
{
	__le32 number;

	memcpy(&number, value, sizeof(number));
	return scnprintf(text, size, "%u", __le32_to_cpu(number));
}

static int __init print_time(char *text, size_t size, const void *value)
{
	__le64 time;

	memcpy(&time, value, sizeof(time));
	return scnprintf(text, size, "%llu",
			 (unsigned long long)__le64_to_cpu(time));
}

static int __init print_address(char *text, size_t size, const void *value)
{
	__le64 address;

	memcpy(&address, value, sizeof(address));
	return scnprintf(text, size, "0x%llx",
			 (unsigned long long)__le64_to_cpu(address));
}

/* Names with blanks between them; as a number what only a newer stub knows. */
static int __init print_names(char *text, size_t size, const void *value,
			      const struct name *name)
{
	int len = 0;
	__le32 field;
	u32 bits;

	memcpy(&field, value, sizeof(field));
	bits = __le32_to_cpu(field);
	text[0] = '\0';
	for (; name->bit; name++) {
		if (!(bits & name->bit))
			continue;
		bits &= ~name->bit;
		len += scnprintf(text + len, size - len, "%s%s",
				 len ? " " : "", name->name);
	}
	if (bits)
		len += scnprintf(text + len, size - len, "%s0x%x",
				 len ? " " : "", bits);
	return len;
}

static int __init print_sources(char *text, size_t size, const void *value)
{
	return print_names(text, size, value, sources);
}

static int __init print_random(char *text, size_t size, const void *value)
{
	return print_names(text, size, value, addresses);
}

static int __init print_entropy(char *text, size_t size, const void *value)
{
	return print_names(text, size, value, entropy);
}

#define FIELD(name, since, print) \
	{ offsetof(struct elfboot_provenance, name), since, print }

static const struct field fields[] __initconst = {
	[ELFBOOT_VERSION]	   = FIELD(version, 1, print_number),
	[ELFBOOT_CORRUPT]	   = FIELD(corrupt, 1, print_sources),
	[ELFBOOT_PROTOCOL]	   = FIELD(protocol, 1, print_string),
	[ELFBOOT_LOADER]	   = FIELD(loader, 1, print_string),
	[ELFBOOT_LOADER_VERSION]   = FIELD(loader_version, 1, print_string),
	[ELFBOOT_FIRMWARE]	   = FIELD(firmware, 1, print_string),
	[ELFBOOT_FIRMWARE_VERSION] = FIELD(firmware_version, 2, print_string),
	[ELFBOOT_MAP_SOURCE]	   = FIELD(map_source, 1, print_string),
	[ELFBOOT_CMDLINE_SOURCE]   = FIELD(cmdline_source, 1, print_string),
	[ELFBOOT_INITRD_SOURCE]	   = FIELD(initrd_source, 1, print_string),
	[ELFBOOT_TSC_ENTRY]	   = FIELD(tsc_entry, 1, print_time),
	[ELFBOOT_TSC_KERNEL]	   = FIELD(tsc_kernel, 1, print_time),
	[ELFBOOT_COREBOOT_TABLE]   = FIELD(coreboot_table, 2, print_address),
	[ELFBOOT_RANDOM]	   = FIELD(random, 3, print_random),
	[ELFBOOT_ENTROPY]	   = FIELD(entropy, 3, print_entropy),
	[ELFBOOT_WHY_FIXED]	   = FIELD(why_fixed, 3, print_string),
};

_Static_assert(ARRAY_SIZE(fields) == ELFBOOT_FIELDS, "a field is missing");

static bool __init is_plain(char c)
{
	return c >= ' ' && c <= '~' && c != '"';
}

static void __init clean_string(char *string, size_t size)
{
	char *c;

	string[size - 1] = '\0';
	for (c = string; *c; c++)
		if (!is_plain(*c))
			*c = '?';
}

/**
 * elfboot_clean_provenance - make its strings fit for people
 * @provenance: as the stub has left it
 *
 * Some are whatever a loader says of itself: it must not write lines of its own
 * into the log. All end, are of printable ASCII, and have no quotation marks.
 */
void __init elfboot_clean_provenance(struct elfboot_provenance *provenance)
{
	struct elfboot_provenance *p = provenance;

	clean_string(p->protocol, sizeof(p->protocol));
	clean_string(p->loader, sizeof(p->loader));
	clean_string(p->loader_version, sizeof(p->loader_version));
	clean_string(p->firmware, sizeof(p->firmware));
	clean_string(p->firmware_version, sizeof(p->firmware_version));
	clean_string(p->map_source, sizeof(p->map_source));
	clean_string(p->cmdline_source, sizeof(p->cmdline_source));
	clean_string(p->initrd_source, sizeof(p->initrd_source));
	clean_string(p->why_fixed, sizeof(p->why_fixed));
}

/**
 * elfboot_has_field - whether this node is new enough to have a field
 * @provenance: the node
 * @field: which
 *
 * Return: true if it is.
 */
bool __init elfboot_has_field(const struct elfboot_provenance *provenance,
			      enum elfboot_field field)
{
	return fields[field].since <= __le32_to_cpu(provenance->version);
}

/**
 * elfboot_field_text - write one field
 * @provenance: the node, clean
 * @field: which
 * @text: result
 * @size: bytes at @text, ELFBOOT_FIELD_SIZE are enough
 *
 * Return: the length of @text.
 */
int __init elfboot_field_text(const struct elfboot_provenance *provenance,
			      enum elfboot_field field, char *text, size_t size)
{
	return fields[field].print(text, size, (const char *)provenance +
				   fields[field].offset);
}

/* In quotation marks: the words are not ours. */
static int __init print_name(char *text, size_t size, const char *what,
			     const char *name, const char *version)
{
	if (!*name)
		return scnprintf(text, size, ", %s unknown", what);
	return scnprintf(text, size, ", %s \"%s%s%s\"", what, name,
			 *version ? " " : "", version);
}

static int __init print_source(char *text, size_t size, const char *what,
			       const char *source)
{
	return scnprintf(text, size, ", %s %s", what,
			 *source ? source : "none");
}

/**
 * elfboot_summary - who booted this kernel, in one line
 * @provenance: the node, clean
 * @text: result
 * @size: bytes at @text, ELFBOOT_SUMMARY_SIZE are enough
 *
 * Return: the length of @text.
 */
int __init elfboot_summary(const struct elfboot_provenance *provenance,
			   char *text, size_t size)
{
	const struct elfboot_provenance *p = provenance;
	int len = scnprintf(text, size, "protocol %s", p->protocol);

	len += print_name(text + len, size - len, "loader", p->loader,
			  p->loader_version);
	len += print_name(text + len, size - len, "firmware", p->firmware,
			  p->firmware_version);
	len += print_source(text + len, size - len, "map", p->map_source);
	len += print_source(text + len, size - len, "command line",
			    p->cmdline_source);
	len += print_source(text + len, size - len, "initrd",
			    p->initrd_source);
	return len;
}
