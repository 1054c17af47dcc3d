/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The guest's pid 1, by file. All of them print "key value" lines to @out.
 */
#ifndef TESTS_INIT_H
#define TESTS_INIT_H

#include <stdint.h>
#include <stdio.h>
#include <sys/types.h>

extern FILE *out;

/* init.c */
ssize_t read_file(const char *path, void *buffer, size_t size);
int read_line(const char *path, char *buffer, size_t size);
uint32_t get32(const uint8_t *p);
int has_word(const char *word);

/* efi.c */
void report_efi(const uint8_t *boot_params);

/* tpm.c */
void report_tpm(void);

/* firmware.c */
int read_memory(int mem, uint64_t at, void *buffer, size_t size);
void print_hex(const char *key, const uint8_t *bytes, size_t size);
void report_firmware(void);

/* provenance.c */
void report_elfboot(void);

/* addresses.c */
void report_addresses(void);

/* draw.c */
void draw(void);

/* net.c */
void send_report(const char *text, size_t size);

#endif /* TESTS_INIT_H */
