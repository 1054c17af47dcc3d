/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the command line of mkelfImage says.
 */
#ifndef ARGS_H
#define ARGS_H

#include "elfimage.h"

/**
 * enum verb - what is to be done
 * @VERB_MAKE: write an image
 * @VERB_DUMP: print its plan
 * @VERB_MEASURE: print what a UEFI program's boot is measured as
 * @VERB_VERIFY: check an image
 * @VERB_EXTRACT: write a part of an image
 * @VERB_SIGN: sign a file as it is
 * @VERB_HELP: print how to use this program
 * @VERB_VERSION: print which one it is
 */
enum verb {
	VERB_MAKE,
	VERB_DUMP,
	VERB_MEASURE,
	VERB_VERIFY,
	VERB_EXTRACT,
	VERB_SIGN,
	VERB_HELP,
	VERB_VERSION,
};

/**
 * struct job - the command line
 * @verb: what to do
 * @options: how to make an image
 * @type: what the kernel has to be
 * @initrd: names of the initrds
 * @unpack: take the kernel out of a bzImage
 * @from_uki: take command line and initrd out of a unified kernel image as well
 * @efi: make a UEFI program
 * @efi_machine: for firmware of this architecture, PE_MACHINE_*; 0: x64, or what
 *		 the kernel comes from
 * @efi_stub: name of elfboot.efi; NULL: it is looked for
 * @os_release: name of an os-release file, "" for none; NULL: this machine's
 * @sbat: name of a file of SBAT lines, "" for the loader's own; NULL: those that
 *	  there were
 * @quiet: print errors only
 * @relocs: name of its vmlinux.relocs; NULL if none was named
 * @input: name of the kernel or the image, STANDARD for the standard input
 * @output: name of the file to write, STANDARD for the standard output; NULL
 *	    where none is written
 * @kernel: name of the kernel that a measured program will be told to start; NULL:
 *	    none
 * @part: what to extract
 * @key: name of the key to sign by, NULL: none
 * @certificate: name of its certificate; of a signature to check
 * @json: the plan is for programs to read
 * @seen: which options were there: a bit for each, by their place in the table
 */
struct job {
	enum verb verb;
	struct options options;
	enum kernel_type type;
	const char *initrd[INITRDS_MAX];
	bool unpack;
	bool from_uki;
	bool efi;
	uint16_t efi_machine;
	const char *efi_stub;
	const char *os_release;
	const char *sbat;
	bool quiet;
	const char *relocs;
	const char *input;
	const char *output;
	const char *kernel;
	enum part part;
	const char *key;
	const char *certificate;
	bool json;
	uint64_t seen;
};

int args_parse(int argc, char **argv, struct job *job);
void args_help(void);

/* subject.c */
int map_subject(const char *path, struct bytes *file);
int check_output(const char *input, const char *output);

#endif /* ARGS_H */
