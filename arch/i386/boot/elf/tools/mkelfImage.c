// SPDX-License-Identifier: GPL-2.0
/*
 * mkelfImage: make a bootable ELF file of a kernel.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "args.h"
#include "efi.h"
#include "measure.h"
#include "pkcs7.h"
#include "unwrap.h"

#define EXIT_OK		0
#define EXIT_INPUT	1
#define EXIT_USAGE	2

/* The first mkelfImage, part of coreboot until 2014, ended with 2.7. */
static const char version[] = "mkelfImage 3.4\n";

static int map_initrds(struct job *job)
{
	struct options *options = &job->options;
	unsigned int i;

	for (i = 0; i < options->nr_initrds; i++)
		if (check_output(job->initrd[i], job->output) ||
		    map_subject(job->initrd[i], &options->initrd[i]))
			return -1;
	return 0;
}

static int read_relocs(struct job *job, struct kernel *kernel)
{
	struct bytes file;

	if (!job->relocs)
		return 0;
	if (check_output(job->relocs, job->output) ||
	    map_subject(job->relocs, &file) || relocs_read(kernel, &file))
		return -1;
	message_about(job->input);
	return 0;
}

static bool has_initrds(const struct job *job)
{
	return job->options.nr_initrds || job->options.no_initrd;
}

/* Another initrd replaces the one, and nobody thinks of the other. */
static void remark_microcode(const struct job *job,
			     const struct unified *unified)
{
	if (!job->efi && unified->has_microcode && has_initrds(job))
		remark("its microcode (.ucode) is left out together with its initrd");
}

/* What the user gives comes before what the file has. */
static int take_unified(struct job *job, const struct unified *unified)
{
	struct options *options = &job->options;
	char *cmdline;

	if (!unified->is_one)
		return error("--from-uki: not a unified kernel image");
	if (!job->efi && !unified->cmdline.size && !unified->nr_initrds)
		return error("--from-uki: neither a section .cmdline nor .initrd is in it");
	remark_microcode(job, unified);
	if (!has_initrds(job)) {
		options->nr_initrds = unified->nr_initrds;
		memcpy(options->initrd, unified->initrd,
		       sizeof(unified->initrd));
	}
	if (options->cmdline || !unified->cmdline.size)
		return 0;
	cmdline = malloc(unified->cmdline.size + 1);
	if (!cmdline)
		return error("not enough memory");
	options->cmdline = cmdline;
	return unified_cmdline(unified, cmdline);
}

/* A boot without what the file has is not the one that it was made for. */
static int check_unified(struct job *job, const struct unified *unified)
{
	if (job->from_uki || (job->efi && unified->is_one))
		return take_unified(job, unified);
	if (unified->cmdline.size && !job->options.cmdline)
		remark("its command line is left out (--from-uki takes it)");
	if (unified->nr_initrds && !has_initrds(job))
		remark("its initrd is left out (--from-uki takes it)");
	remark_microcode(job, unified);
	return 0;
}

/* The file goes on without it: what is made of it is another file. */
static int drop_signature(struct bytes *file, struct signature *dropped)
{
	if (signature_find(file, dropped))
		return -1;
	*file = dropped->file;
	if (dropped->pkcs7.data)
		remark("its signature is left out: it is not one of what is written");
	return 0;
}

static int read_kernel(struct job *job, struct kernel *kernel,
		       struct unified *unified, struct signature *signature)
{
	struct bytes file;

	if (map_subject(job->input, &file))
		return -1;
	message_progress("unpacking");
	if (unwrap(&file, unified) || check_unified(job, unified) ||
	    drop_signature(&file, signature) ||
	    kernel_read(&file, kernel) || kernel_check(kernel, job->type))
		return -1;
	return job->unpack ? unpack_kernel(kernel) : 0;
}

/* Nobody should have to find out by looking. */
static void remark_kaslr(const struct job *job, const struct kernel *kernel)
{
	bool can = !kernel->stub.data || kernel->flags & STUB_FLAG_KASLR;

	if (job->verb == VERB_MAKE && kernel->type == KERNEL_VMLINUX &&
	    !job->unpack && can &&
	    !kernel->relocs.size && !job->options.no_relocs)
		remark("no relocations, so no KASLR: --relocs=vmlinux.relocs adds them, --no-relocs says that it is meant so");
}

/**
 * struct plans - what is to be written
 * @image: an image
 * @program: and the UEFI program that it is put into, with --efi
 * @unified: what the kernel was wrapped in
 */
struct plans {
	struct layout image;
	struct layout program;
	struct unified unified;
};

static int read_signer(const struct job *job, const struct signer **signer)
{
	*signer = NULL;
	if (!job->key)
		return 0;
	if (check_output(job->key, job->output) ||
	    check_output(job->certificate, job->output))
		return -1;
	*signer = signer_read(job->key, job->certificate);
	return *signer ? 0 : -1;
}

/* All inputs stay mapped until the end: the plans refer to them. */
static int plan(struct job *job, struct plans *plans)
{
	struct bytes stub = stub_bin_get();
	const struct signer *signer;
	struct signature signature;
	struct kernel kernel;

	message_progress("reading");
	if (read_signer(job, &signer) || map_initrds(job) ||
	    check_output(job->input, job->output) ||
	    read_kernel(job, &kernel, &plans->unified, &signature) ||
	    read_relocs(job, &kernel) ||
	    kernel_move(&kernel, job->options.load_address))
		return -1;
	remark_kaslr(job, &kernel);
	if (job->efi)
		return efi_plan(job, &plans->unified, &kernel, &plans->image,
				&plans->program);
	if (layout_plan(&kernel, &stub, &job->options, &plans->image))
		return -1;
	plans->image.signer = signer;
	plans->image.dropped = signature.pkcs7;
	return 0;
}

static int make(struct job *job)
{
	static struct plans plans;

	if (plan(job, &plans))
		return -1;
	message_about(job->output);
	message_progress("writing");
	return job->efi ? write_program(job->output, &plans.program) :
			  write_image(job->output, &plans.image);
}

/* In the plan for a UEFI program they are: its image has been written. */
static int fill_sums(const struct job *job, struct layout *image)
{
	return job->efi ? 0 : write_sums(image);
}

static int flush_stdout(void)
{
	if (fflush(stdout) || ferror(stdout))
		return error("standard output: %s", strerror(errno));
	return 0;
}

/* The PE file that would be written, or the one that the kernel comes from. */
static int read_program(const struct job *job, const struct plans *plans,
			struct pe *pe)
{
	struct bytes file = plans->unified.file;

	if (job->efi && write_mapped(&plans->program, fill_program, &file))
		return -1;
	return file.size ? pe_read(&file, pe) : 0;
}

/* Of a message that can be read, if there is somebody to read it. */
static int check_message(const struct bytes *pkcs7)
{
	struct signer_id id;

	if (!pkcs7->data || !pkcs7_is_possible())
		return 0;
	return pkcs7_get_id(pkcs7, 0, &id) < 0 ? -1 : 0;
}

static int dump(struct job *job)
{
	static struct plans plans;
	struct pe pe = {};

	if (plan(job, &plans) || read_program(job, &plans, &pe) ||
	    check_message(&plans.image.dropped) ||
	    fill_sums(job, &plans.image))
		return -1;
	/* That may be the same terminal. */
	progress_end();
	if (job->json)
		dump_json(&plans.image, &pe);
	else
		dump_layout(&plans.image, &pe);
	return flush_stdout();
}

static int print_measured(struct job *job)
{
	return measure(job) ? -1 : flush_stdout();
}

static int check_signed_by(const struct job *job,
			   const struct signature *signature)
{
	int ret = pkcs7_check(signature, job->certificate);

	message_about(job->input);
	if (!ret)
		return error("it is not signed by the key of %s, or it has been changed",
			     job->certificate);
	return ret < 0 ? -1 : 0;
}

static int verify_signature(const struct job *job,
			    const struct signature *signature)
{
	if (!signature->pkcs7.data)
		return job->certificate ? error("it has no signature") : 0;
	if (pkcs7_check_form(&signature->pkcs7))
		return -1;
	if (job->certificate && check_signed_by(job, signature))
		return -1;
	progress_end();
	fputs("signed ", stdout);
	dump_signature(&signature->pkcs7);
	return flush_stdout();
}

/* kexec_file_load() takes any ELF file that is signed. */
static int verify_other(const struct job *job,
			const struct signature *signature)
{
	if (verify_signature(job, signature))
		return -1;
	remark("not an image that mkelfImage has made: nothing but its signature has been looked at");
	return 0;
}

/* Whose signature is the firmware's business. */
static int verify_program(const struct job *job, const struct bytes *file)
{
	if (job->certificate || job->options.sha256)
		return error("a UEFI program, and no ELF file: \"sbverify\" checks who has signed it");
	return uki_verify(file);
}

static int verify(struct job *job)
{
	struct signature signature;
	struct bytes file;
	struct elf elf;

	message_progress("reading");
	if (map_subject(job->input, &file))
		return -1;
	if (uki_probe(&file))
		return verify_program(job, &file);
	if (signature_find(&file, &signature))
		return -1;
	if (!signature.pkcs7.data && signature_check_end(&file))
		return -1;
	if (elf_read(&signature.file, &elf))
		return -1;
	if (signature.pkcs7.data && !image_probe(&elf) && !job->options.sha256)
		return verify_other(job, &signature);
	if (verify_image(&signature.file))
		return -1;
	if (job->options.sha256 && verify_has_sha256(&signature.file))
		return -1;
	return verify_signature(job, &signature);
}

/* Of an ELF file it is known what of it will be loaded: all that is in it. */
static int sign(struct job *job)
{
	struct signature signature;
	const struct signer *signer;
	struct bytes file;
	struct elf elf;

	if (read_signer(job, &signer) || map_subject(job->input, &file))
		return -1;
	if (bzimage_probe(&file))
		return error("a bzImage, and no ELF file: \"sbsign\" signs it");
	if (uki_probe(&file))
		return error("a UEFI program, and no ELF file: \"sbsign\" signs it");
	if (signature_find(&file, &signature) || elf_read(&signature.file, &elf))
		return -1;
	if (signature_check_end(&signature.file) ||
	    (image_probe(&elf) && verify_any_layout(&signature.file)))
		return -1;
	if (signature.pkcs7.data)
		remark("its signature is replaced");
	return write_signed(job->input, &signature.file, signer);
}

static int extract(struct job *job)
{
	static struct layout layout;
	struct signature signature;
	struct bytes file;

	if (check_output(job->input, job->output) ||
	    map_subject(job->input, &file))
		return -1;
	/* Of an initrd nobody expects that it is signed. */
	if (job->part == PART_KERNEL ? drop_signature(&file, &signature) :
				       signature_find(&file, &signature))
		return -1;
	if (extract_plan(&signature.file, job->part, &layout))
		return -1;
	message_about(job->output);
	/* Another part, or what is taken out as it is, has no headers. */
	return layout.nr_segments ? write_image(job->output, &layout) :
				    write_bytes(job->output, &layout);
}

static int print_help(struct job *job)
{
	(void)job;
	args_help();
	return flush_stdout();
}

/* Those whose libraries there were when this program was built. */
static void print_codecs(void)
{
	const struct codec *codec;
	bool any = false;

	fputs("unpacks:", stdout);
	for (codec = codec_next(NULL); codec; codec = codec_next(codec)) {
		if (!codec->unpack)
			continue;
		printf(" %s", codec->name);
		any = true;
	}
	puts(any ? "" : " nothing");
	puts(pkcs7_is_possible() ? "signs: PKCS#7" : "signs: nothing");
}

static int print_version(struct job *job)
{
	(void)job;
	fputs(version, stdout);
	print_codecs();
	return flush_stdout();
}

/* No file may get the number of a closed one of these; nobody writes to it. */
static int open_standard(void)
{
	int fd;

	for (fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		if (fcntl(fd, F_GETFD) < 0 && open("/dev/null", O_RDONLY) != fd)
			return error("/dev/null: %s", strerror(errno));
	return 0;
}

int main(int argc, char **argv)
{
	static int (* const verbs[])(struct job *job) = {
		[VERB_MAKE] = make,
		[VERB_DUMP] = dump,
		[VERB_MEASURE] = print_measured,
		[VERB_VERIFY] = verify,
		[VERB_EXTRACT] = extract,
		[VERB_SIGN] = sign,
		[VERB_HELP] = print_help,
		[VERB_VERSION] = print_version,
	};
	static struct job job;
	int ret;

	if (open_standard())
		return EXIT_INPUT;
	output_catch_signals();
	if (args_parse(argc, argv, &job))
		return EXIT_USAGE;
	if (job.quiet)
		message_quiet();
	ret = verbs[job.verb](&job);
	progress_end();
	return ret ? EXIT_INPUT : EXIT_OK;
}
