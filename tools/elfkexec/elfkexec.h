/* SPDX-License-Identifier: GPL-2.0 */
/*
 * elfkexec, by file: elfkexec.c calls all others.
 */
#ifndef ELFKEXEC_H
#define ELFKEXEC_H

#include <stdbool.h>
#include <stddef.h>

/* Exit status: of a program that failed, of a wrong call, and of --status. */
#define EXIT_REFUSED	1
#define EXIT_USAGE	2
#define EXIT_NOTHING	3

#define INITRDS_MAX	64

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

/**
 * struct job - what is to be done
 * @kernel: file to load, NULL: none
 * @initrd: files that become one initrd
 * @nr_initrds: how many
 * @append: (the end of) the command line, NULL if it is not given
 * @reuse: the command line begins with the running kernel's
 * @crash: it is about the kernel that a panic starts
 * @dry_run: say what would be done
 * @exec: start what is loaded
 * @force: at once
 * @unload: unload it
 * @status: say whether one is loaded
 */
struct job {
	const char *kernel;
	const char *initrd[INITRDS_MAX];
	unsigned int nr_initrds;
	const char *append;
	bool reuse;
	bool crash;
	bool dry_run;
	bool exec;
	bool force;
	bool unload;
	bool status;
};

/* args.c: returns -1 if there is something to do, else the exit status */
int args_read(int argc, char **argv, struct job *job);

/* message.c: all return -1 */
int error(const char *format, ...) __attribute__((format(printf, 1, 2)));
int error_errno(const char *what);

/* state.c */
bool state_read(const char *path, char *text, size_t size);
bool state_has_cpu_flag(const char *flag);
bool state_is_loaded(bool crash);
int state_print(bool crash);

/* cmdline.c */
char *cmdline_make(const struct job *job);

/* initrd.c */
int initrd_open(const struct job *job);

/* load.c */
int load_kernel(const struct job *job, int initrd, const char *cmdline);
int load_nothing(bool crash);
bool load_is_possible(void);

/* plan.c */
int plan_print(const struct job *job, int initrd, const char *cmdline);
const char *plan_error(const char *path);

/* log.c */
int log_open(void);
void log_print(int log, bool is_elf);

/* start.c */
int start_loaded(bool force);

#endif /* ELFKEXEC_H */
