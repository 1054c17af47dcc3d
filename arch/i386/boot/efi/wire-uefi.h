/* SPDX-License-Identifier: GPL-2.0 */
/*
 * As much of UEFI as a loader uses (UEFI Specification 2.10; sections are
 * named where they begin). What is not used is a void pointer or a gap.
 */
#ifndef ELFBOOT_EFI_WIRE_UEFI_H
#define ELFBOOT_EFI_WIRE_UEFI_H

#include <linux/types.h>

/* 2.3.2.2, 2.3.4.2: how its functions are called. */
#ifdef __x86_64__
#define EFIAPI	__attribute__((ms_abi))
#else
#define EFIAPI	__attribute__((cdecl, regparm(0)))
#endif

typedef unsigned long efi_status;
typedef unsigned long efi_uintn;
typedef void *efi_handle;

/* Appendix D. */
#define EFI_ERROR_BIT		(1UL << (8 * sizeof(efi_status) - 1))
#define EFI_ERROR(code)		(EFI_ERROR_BIT | (code))
#define EFI_SUCCESS		0UL
#define EFI_LOAD_ERROR		EFI_ERROR(1)
#define EFI_INVALID_PARAMETER	EFI_ERROR(2)
#define EFI_UNSUPPORTED		EFI_ERROR(3)
#define EFI_BAD_BUFFER_SIZE	EFI_ERROR(4)
#define EFI_BUFFER_TOO_SMALL	EFI_ERROR(5)
#define EFI_DEVICE_ERROR	EFI_ERROR(7)
#define EFI_OUT_OF_RESOURCES	EFI_ERROR(9)
#define EFI_VOLUME_FULL		EFI_ERROR(11)
#define EFI_NOT_FOUND		EFI_ERROR(14)
#define EFI_ABORTED		EFI_ERROR(21)
#define EFI_SECURITY_VIOLATION	EFI_ERROR(26)

/* Appendix A; in this file by the bytes that they are in memory. */
struct efi_guid {
	u32 a;
	u16 b;
	u16 c;
	u8 d[8];
};

/* 7.2: the types of info/wire-efi.h are those of pages, too. */
#define EFI_ALLOCATE_ANY	0
#define EFI_ALLOCATE_MAX	1
#define EFI_ALLOCATE_ADDRESS	2

/* 7.3: which handles. */
#define EFI_BY_PROTOCOL		2

struct efi_table_header {
	u64 signature;
	u32 revision;
	u32 size;
	u32 crc32;
	u32 reserved;
};

/* 4.4 */
struct efi_boot_services {
	struct efi_table_header header;
	void *raise_tpl;
	void *restore_tpl;
	efi_status (EFIAPI *allocate_pages)(u32 how, u32 type, efi_uintn pages,
					    u64 *address);
	efi_status (EFIAPI *free_pages)(u64 address, efi_uintn pages);
	efi_status (EFIAPI *get_memory_map)(efi_uintn *size, void *map,
					    efi_uintn *key,
					    efi_uintn *desc_size,
					    u32 *desc_version);
	efi_status (EFIAPI *allocate_pool)(u32 type, efi_uintn size,
					   void **buffer);
	efi_status (EFIAPI *free_pool)(void *buffer);
	efi_status (EFIAPI *create_event)(u32 type, efi_uintn tpl, void *notify,
					  void *context, void **event);
	efi_status (EFIAPI *set_timer)(void *event, u32 type, u64 time);
	void *wait_for_event;
	void *signal_event;
	efi_status (EFIAPI *close_event)(void *event);
	efi_status (EFIAPI *check_event)(void *event);
	void *install_protocol_interface;
	void *reinstall_protocol_interface;
	void *uninstall_protocol_interface;
	efi_status (EFIAPI *handle_protocol)(efi_handle handle,
					     const struct efi_guid *protocol,
					     void **interface);
	void *reserved;
	void *register_protocol_notify;
	void *locate_handle;
	efi_status (EFIAPI *locate_device_path)(const struct efi_guid *protocol,
						const void **path,
						efi_handle *handle);
	efi_status (EFIAPI *install_configuration_table)(const struct efi_guid *guid,
							 void *table);
	void *load_image;
	void *start_image;
	void *exit;
	void *unload_image;
	efi_status (EFIAPI *exit_boot_services)(efi_handle image,
						efi_uintn key);
	void *get_next_monotonic_count;
	void *stall;
	efi_status (EFIAPI *set_watchdog_timer)(efi_uintn seconds, u64 code,
						efi_uintn size,
						const u16 *data);
	void *connect_controller;
	void *disconnect_controller;
	void *open_protocol;
	void *close_protocol;
	void *open_protocol_information;
	void *protocols_per_handle;
	efi_status (EFIAPI *locate_handle_buffer)(u32 how,
						  const struct efi_guid *protocol,
						  void *key, efi_uintn *nr,
						  efi_handle **handles);
	efi_status (EFIAPI *locate_protocol)(const struct efi_guid *protocol,
					     void *registration,
					     void **interface);
};

/* 4.5 */
struct efi_runtime_services {
	struct efi_table_header header;
	void *time[4];
	void *set_virtual_address_map;
	void *convert_pointer;
	efi_status (EFIAPI *get_variable)(const u16 *name,
					  const struct efi_guid *vendor,
					  u32 *attributes, efi_uintn *size,
					  void *data);
};

/* 12.4 */
struct efi_text_output {
	void *reset;
	efi_status (EFIAPI *output_string)(struct efi_text_output *self,
					   const u16 *text);
};

/* 4.6 */
struct efi_configuration_table {
	struct efi_guid vendor;
	void *table;
};

/* 4.3 */
struct efi_system_table {
	struct efi_table_header header;
	u16 *vendor;
	u32 revision;
	efi_handle console_in_handle;
	void *console_in;
	efi_handle console_out_handle;
	struct efi_text_output *console_out;
	efi_handle standard_error_handle;
	void *standard_error;
	struct efi_runtime_services *runtime;
	struct efi_boot_services *boot;
	efi_uintn nr_tables;
	struct efi_configuration_table *tables;
};

/* 9.1 */
struct efi_loaded_image {
	u32 revision;
	efi_handle parent;
	struct efi_system_table *system;
	efi_handle device;
	void *path;
	void *reserved;
	u32 options_size;		/* bytes */
	void *options;
	void *base;
	__aligned_u64 size;
	u32 code_type;
	u32 data_type;
	void *unload;
};

/* 10.2; nodes follow each other without gaps. */
struct efi_path_node {
	u8 type;
	u8 subtype;
	u8 length[2];
};

#define EFI_PATH_MEDIA		4
#define EFI_PATH_MEDIA_VENDOR	3
#define EFI_PATH_MEDIA_FILE	4
#define EFI_PATH_END		0x7f
#define EFI_PATH_END_ENTIRE	0xff

struct efi_vendor_path {
	struct efi_path_node node;
	struct efi_guid vendor;
	struct efi_path_node end;
};

/* 13.5 */
struct efi_file {
	u64 revision;
	efi_status (EFIAPI *open)(struct efi_file *self, struct efi_file **file,
				  const u16 *name, u64 mode, u64 attributes);
	efi_status (EFIAPI *close)(struct efi_file *self);
	void *delete;
	efi_status (EFIAPI *read)(struct efi_file *self, efi_uintn *size,
				  void *buffer);
	void *write;
	void *get_position;
	void *set_position;
	efi_status (EFIAPI *get_info)(struct efi_file *self,
				      const struct efi_guid *type,
				      efi_uintn *size, void *buffer);
};

#define EFI_FILE_READ		1

struct efi_file_info {
	u64 size;
	u64 file_size;
	u64 physical_size;
	u8 times[48];
	u64 attributes;
	u16 name[256];			/* as long as it is */
};

#define EFI_FILE_DIRECTORY	0x10

/* 13.4 */
struct efi_simple_file_system {
	u64 revision;
	efi_status (EFIAPI *open_volume)(struct efi_simple_file_system *self,
					 struct efi_file **root);
};

/* 13.2 */
struct efi_load_file2 {
	efi_status (EFIAPI *load_file)(struct efi_load_file2 *self,
				       const void *path, bool boot_policy,
				       efi_uintn *size, void *buffer);
};

/* 12.9 */
#define EFI_PIXEL_RGB		0	/* red lowest, 32 bits */
#define EFI_PIXEL_BGR		1
#define EFI_PIXEL_MASK		2
#define EFI_PIXEL_BLT_ONLY	3	/* no memory to draw in */

struct efi_graphics_info {
	u32 version;
	u32 width;
	u32 height;
	u32 format;
	u32 red;
	u32 green;
	u32 blue;
	u32 reserved;
	u32 pixels_per_line;
};

struct efi_graphics_mode {
	u32 max_mode;
	u32 mode;
	struct efi_graphics_info *info;
	efi_uintn info_size;
	u64 base;
	efi_uintn size;
};

struct efi_graphics_output {
	void *query_mode;
	void *set_mode;
	void *blt;
	struct efi_graphics_mode *mode;
};

/* 37.5 */
struct efi_rng {
	void *get_info;
	efi_status (EFIAPI *get_rng)(struct efi_rng *self,
				     const struct efi_guid *algorithm,
				     efi_uintn size, u8 *value);
};

/* 37.7.1 */
#define EFI_MEMORY_XP		0x4000ULL
#define EFI_MEMORY_RO		0x20000ULL

struct efi_memory_attribute {
	efi_status (EFIAPI *get_attributes)(struct efi_memory_attribute *self,
					    u64 base, u64 size,
					    u64 *attributes);
	efi_status (EFIAPI *set_attributes)(struct efi_memory_attribute *self,
					    u64 base, u64 size,
					    u64 attributes);
	efi_status (EFIAPI *clear_attributes)(struct efi_memory_attribute *self,
					      u64 base, u64 size,
					      u64 attributes);
};

/* TCG EFI Protocol Specification, Family 2.0, 6.4.1; later versions append. */
struct tcg_capability {
	u8 size;
	u8 structure_version[2];
	u8 protocol_version[2];
	u32 hash_algorithms;
	u32 log_formats;
	u8 is_present;
	u16 max_command_size;
	u16 max_response_size;
	u32 manufacturer;
	u32 nr_banks;
	u32 active_banks;
};

struct tcg_event;

/*
 * EFI_TCG2_PROTOCOL (the same, 6.3). EFI_CC_MEASUREMENT_PROTOCOL (38.2) has the same
 * first three functions, but for what the first one tells.
 */
struct efi_measurement {
	efi_status (EFIAPI *get_capability)(struct efi_measurement *self,
					    struct tcg_capability *capability);
	efi_status (EFIAPI *get_event_log)(struct efi_measurement *self,
					   u32 format, u64 *start, u64 *last,
					   u8 *is_cut);
	efi_status (EFIAPI *hash_log_extend_event)(struct efi_measurement *self,
						   u64 flags, u64 data,
						   u64 size,
						   struct tcg_event *event);
	/* CC only. */
	efi_status (EFIAPI *map_pcr)(struct efi_measurement *self, u32 pcr,
				     u32 *register_index);
};

#ifdef __x86_64__
#define EFI_OFFSET(type, member, on_64, on_32)	\
	_Static_assert(offsetof(type, member) == (on_64), #member)
#else
#define EFI_OFFSET(type, member, on_64, on_32)	\
	_Static_assert(offsetof(type, member) == (on_32), #member)
#endif

_Static_assert(sizeof(struct efi_guid) == 16, "GUID");
_Static_assert(sizeof(struct efi_path_node) == 4, "node of a device path");
_Static_assert(sizeof(struct efi_vendor_path) == 24, "vendor's device path");
_Static_assert(sizeof(struct efi_graphics_info) == 36, "graphics mode");
_Static_assert(sizeof(struct tcg_capability) == 36, "capability");
EFI_OFFSET(struct tcg_capability, is_present, 16, 16);
EFI_OFFSET(struct efi_boot_services, check_event, 0x78, 0x48);
EFI_OFFSET(struct efi_boot_services, handle_protocol, 0x98, 0x58);
EFI_OFFSET(struct efi_boot_services, install_configuration_table, 0xc0, 0x6c);
EFI_OFFSET(struct efi_boot_services, exit_boot_services, 0xe8, 0x80);
EFI_OFFSET(struct efi_boot_services, set_watchdog_timer, 0x100, 0x8c);
EFI_OFFSET(struct efi_boot_services, locate_handle_buffer, 0x138, 0xa8);
EFI_OFFSET(struct efi_boot_services, locate_protocol, 0x140, 0xac);
EFI_OFFSET(struct efi_runtime_services, get_variable, 0x48, 0x30);
EFI_OFFSET(struct efi_system_table, console_out, 0x40, 0x2c);
EFI_OFFSET(struct efi_system_table, boot, 0x60, 0x3c);
EFI_OFFSET(struct efi_system_table, tables, 0x70, 0x44);
EFI_OFFSET(struct efi_loaded_image, options, 0x38, 0x1c);
EFI_OFFSET(struct efi_loaded_image, base, 0x40, 0x20);
EFI_OFFSET(struct efi_file, get_info, 0x40, 0x24);
EFI_OFFSET(struct efi_file_info, name, 0x50, 0x50);

#endif /* ELFBOOT_EFI_WIRE_UEFI_H */
