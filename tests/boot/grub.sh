# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# GRUB from a CD, on a BIOS and on UEFI. Sourced by run.sh.

# grub_iso PLATFORM LINE...: $dir/boot.iso is a CD whose GRUB does that
grub_iso() {
	local iso=$dir/iso platform=$1 program

	shift
	told "$@"
	mkdir -p "$iso/boot/grub"
	cp "$image" "$iso/"
	cp "${modules[@]}" "$iso/"
	printf '%s\n' "insmod all_video" "$@" boot > "$iso/boot/grub/grub.cfg"
	loader_program grub /usr/bin/grub-mkrescue
	pkgdatadir=$(loader_path grub /usr/share/grub) "${program[@]}" \
		-d "$(loader_path grub /usr/lib/grub)/$platform" \
		-o "$dir/boot.iso" "$iso" > "$dir/grub-mkrescue" 2>&1
}

# grub_load PLATFORM PROTOCOL MODULE: by the commands of these names
grub_load() {
	local platform=$1 protocol=$2 module=$3

	grub_iso "$platform" "$protocol /${image##*/} $cmdline" \
		"${modules[@]/#*\//$module /}"
}

grub_multiboot() {
	grub_load i386-pc multiboot module
}

start_grub_linux() {
	prefix="BOOT_IMAGE=/${image##*/} "
	grub_load i386-pc linux initrd && qemu -cdrom "$dir/boot.iso"
}

start_grub_multiboot() {
	grub_multiboot && qemu -cdrom "$dir/boot.iso"
}

# GRUB would unzip them.
start_grub_multiboot_modules() {
	several_modules && grub_load i386-pc multiboot "module --nounzip" &&
		qemu -cdrom "$dir/boot.iso"
}

# The framebuffer is not the adapter's text mode any more.
start_grub_multiboot2() {
	also+=("framebuffers 1" "busy-lines 0")
	grub_load i386-pc multiboot2 module2 && qemu -cdrom "$dir/boot.iso"
}

start_grub_multiboot2_modules() {
	several_modules && grub_load i386-pc multiboot2 "module2 --nounzip" &&
		qemu -cdrom "$dir/boot.iso"
}

# GRUB, firmware, and the firmware's variables for a kernel's architecture.
declare -A efi_grub=([x86_64]=x86_64-efi [i386]=i386-efi)
declare -A efi_code=([x86_64]=OVMF_CODE_4M.fd
	[i386]=OVMF32_CODE_4M.secboot.fd)
declare -A efi_variables=([x86_64]=OVMF_VARS_4M.fd [i386]=OVMF32_VARS_4M.fd)

# The 32-bit one is to be had with SMM only, and stores variables by it. With
# S3 it would keep memory that the kernel is linked at.
qemu_efi() {
	local ovmf=${ovmf:-/usr/share/OVMF}

	[ -f "$dir/variables" ] ||
		cp "$ovmf/${efi_variables[$arch]}" "$dir/variables"
	qemu -machine q35,smm=on \
		-global ICH9-LPC.disable_s3=1 \
		-global driver=cfi.pflash01,property=secure,value=on \
		-drive "if=pflash,format=raw,unit=0,readonly=on,file=$ovmf/${efi_code[$arch]}" \
		-drive "if=pflash,format=raw,unit=1,file=$dir/variables" "$@"
}

start_grub_efi() {
	local bits=64

	[ "$arch" = x86_64 ] || bits=32
	cmdline+=" elfboot-draw"
	map_of=efi
	screen=800x600			# GRUB sets it
	also+=("framebuffers 1" "busy-lines 0" "drawn yes" "acpi-tables yes")
	also+=("efi-platform-size $bits" "~boot-order [0-9a-f]{12,}")
	grub_load "${efi_grub[$arch]}" multiboot2 module2 &&
		qemu_efi -cdrom "$dir/boot.iso"
}
