# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# The hooks that write a UEFI program for each kernel. Sourced by deb.sh.

# shellcheck disable=SC2154,SC2034 # variables of deb.sh and common.sh

# with_esp COMMAND...: as if the EFI system partition were mounted
with_esp() {
	local bin=$dir/esp

	mkdir -p "$bin" "$top/boot/efi"
	printf '%s\n' '#!/bin/sh' '[ "$*" = "-q '"$top"'/boot/efi" ]' \
		> "$bin/mountpoint"
	chmod +x "$bin/mountpoint"
	PATH=$bin:$PATH "$@"
}

efi_image() {
	echo "$top/boot/efi/EFI/Linux/elfImage-$1.efi"
}

# has_efi VERSION OPTION...: it is what mkelfImage makes with these
has_efi() {
	"$top/usr/bin/mkelfImage" "${@:2}" "$top/boot/vmlinuz-$1" \
		"$dir/wanted" && cmp "$dir/wanted" "$(efi_image "$1")"
}

no_efi() {
	[ ! -e "$(efi_image "$1")" ] && [ ! -e "$marks/efi-$1" ] &&
		! find "$top/boot" -path "*EFI*elfImage*" | grep .
}

test_efi() {
	local initrd=--initrd=$top/boot/initrd.img-8.0

	configure ELFIMAGE_EFI=yes
	new_kernel 8.0
	check "EFI: a kernel is installed, and no ESP is mounted" installed 8.0
	check "EFI: it is said" said 'WARNING: .*/boot/efi is not mounted'
	check "EFI: nothing is written" no_efi 8.0
	check "EFI: a kernel is installed" with_esp installed 8.0
	check "EFI: the program, with its initrd" has_efi 8.0 --efi "$initrd"
	check "EFI: no command line: it is said" said 'has no command line'
	check "EFI: nothing else is written" no_image 8.0
	mkdir -p "$top/etc/kernel"
	printf 'root=/dev/a\nquiet\n' > "$top/etc/kernel/cmdline"
	check "EFI: /etc/kernel/cmdline" with_esp installed 8.0
	check "EFI: /etc/kernel/cmdline" \
		has_efi 8.0 --efi "$initrd" --append='root=/dev/a quiet'
	configure ELFIMAGE=yes ELFIMAGE_EFI=yes "ELFIMAGE_CMDLINE='root=/dev/b'"
	check "EFI: both" with_esp installed 8.0
	check "EFI: both: the ELF file" has_image 8.0 --append=root=/dev/b
	check "EFI: both: the program" \
		has_efi 8.0 --efi "$initrd" --append=root=/dev/b
	printf 'sbat,1,x\nlocal,1,x\n' > "$dir/sbat"
	configure ELFIMAGE=yes ELFIMAGE_EFI=yes "ELFIMAGE_CMDLINE='root=/dev/b'" \
		ELFIMAGE_OPTIONS=--sha256 "ELFIMAGE_EFI_OPTIONS='--sbat=$dir/sbat'"
	check "EFI: options of its own" with_esp installed 8.0
	check "EFI: options of its own: the ELF file has the others" \
		has_image 8.0 --append=root=/dev/b --sha256
	check "EFI: options of its own: the program has both" has_efi 8.0 --efi \
		"$initrd" --append=root=/dev/b --sha256 "--sbat=$dir/sbat"
	configure ELFIMAGE=yes ELFIMAGE_EFI=yes "ELFIMAGE_CMDLINE='root=/dev/b'"
	with_esp installed 8.0
	new_initrd 8.0 'another initrd'
	check "EFI: the initrd changes" with_esp initrd_changed 8.0
	check "EFI: the program has the other" \
		has_efi 8.0 --efi "$initrd" --append=root=/dev/b
	mkdir -p "$top/sys/firmware/efi"
	echo 32 > "$top/sys/firmware/efi/fw_platform_size"
	check "EFI: 32-bit firmware" with_esp installed 8.0
	check "EFI: 32-bit firmware" \
		has_efi 8.0 --efi=ia32 "$initrd" --append=root=/dev/b
	rm -r "$top/sys"
	check "EFI: removed, and no ESP is mounted" removed 8.0
	check "EFI: it stays, and that is said" said 'not mounted: .* stays'
	check "EFI: it is there" test -e "$(efi_image 8.0)"
	check "EFI: removed" with_esp removed 8.0
	check "EFI: the program is gone" no_efi 8.0
	configure ELFIMAGE_EFI=yes
	echo theirs > "$(efi_image 8.0)"
	check "EFI: somebody's" with_esp installed 8.0
	check "EFI: somebody's: it is said" said 'not mine'
	check "EFI: somebody's: it stays" grep -qx theirs "$(efi_image 8.0)"
	with_esp removed 8.0
	check "EFI: somebody's: it stays when the kernel goes" \
		grep -qx theirs "$(efi_image 8.0)"
	rm "$(efi_image 8.0)"
	with_esp installed 8.0		# for test_dpkg
	rm "$top/etc/kernel/cmdline"
	configure ELFIMAGE=yes
}

# with_space BYTES COMMAND...: with so many left there
with_space() {
	local bin=$dir/space

	mkdir -p "$bin"
	printf '%s\n' '#!/bin/sh' \
		'[ "$*" = "-B 1 --output=avail '"$top"'/boot/efi" ] || exit' \
		"printf '%9s\n' Avail $1" > "$bin/df"
	chmod +x "$bin/df"
	PATH=$bin:$PATH "${@:2}"
}

same_efi() {
	cmp "$dir/old.efi" "$(efi_image 8.0)"
}

# A new program is written beside the old one: what there is no room for is not begun.
test_efi_space() {
	local size

	configure ELFIMAGE_EFI=yes ELFIMAGE_CMDLINE=old
	with_esp installed 8.0
	cp "$(efi_image 8.0)" "$dir/old.efi"
	size=$(stat -c %s "$dir/old.efi")
	configure ELFIMAGE_EFI=yes ELFIMAGE_CMDLINE=new
	check "EFI: no space" with_esp with_space "$size" installed 8.0
	check "EFI: no space: it is said" \
		said 'WARNING: .*/boot/efi has 0 MiB left, and the new program needs 1 MiB'
	check "EFI: no space: it is said what is there" \
		said 'WARNING: .* is the old one'
	check_not "EFI: no space: nothing is begun" said 'writing'
	check "EFI: no space: the old one stays" same_efi
	check "EFI: enough space" \
		with_esp with_space $((size + 131072)) installed 8.0
	check_not "EFI: enough space: there is another" same_efi
	printf 'not a kernel' > "$top/boot/vmlinuz-8.0"
	cp "$(efi_image 8.0)" "$dir/old.efi"
	check "EFI: no kernel, and no space" with_esp with_space 0 installed 8.0
	check "EFI: no kernel, and no space: it is said why" said 'not a kernel'
	check "EFI: no kernel, and no space: the old one stays" same_efi
	new_kernel 8.0
	configure ELFIMAGE=yes
}
