# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Loaders from disks and by PXE, where loaders.sh and grub.sh have them on a CD; GRUB
# legacy. Sourced by run.sh.

# qemu_pxe FILE: the network card's ROM starts that file of $dir/tftp. It stays
# where it is, at the end of RAM, and leaves that out of the BIOS's map.
qemu_pxe() {
	map_hidden=0x100000
	qemu -netdev "user,id=net,tftp=$dir/tftp,bootfile=$1" -device "$(ipxe_card)" \
		-boot n
}

# mboot.c32 reads the map while the ROM is in use.
start_pxelinux() {
	local tftp=$dir/tftp from arguments="${image##*/} $cmdline --- initrd"

	from=$(loader_path syslinux /usr/lib)
	told "KERNEL mboot.c32" "APPEND $arguments"
	mkdir -p "$tftp/pxelinux.cfg" &&
		cp "$from/PXELINUX/lpxelinux.0" \
			"$from/syslinux/modules/bios"/{ldlinux,mboot,libcom32}.c32 \
			"$tftp/" && cp "$image" "$tftp/" &&
		cp "$initrd" "$tftp/initrd" || return
	printf '%s\n' "DEFAULT linux" "LABEL linux" "KERNEL mboot.c32" \
		"APPEND $arguments" > "$tftp/pxelinux.cfg/default"
	qemu_pxe lpxelinux.0
}

# grub_image FORMAT PREFIX MODULE...: $dir/core.img
grub_image() {
	local from

	from=$(loader_path grub /usr/lib/grub)/i386-pc
	loader_program grub /usr/bin/grub-mkimage
	"${program[@]}" -d "$from" -O "$1" -p "$2" -o "$dir/core.img" "${@:3}" \
		normal multiboot multiboot2 configfile > "$dir/grub-mkimage" 2>&1
}

# grub_config DIRECTORY PREFIX PROTOCOL MODULE: what GRUB does, and loads, is there
grub_config() {
	local lines=("$3 $2/${image##*/} $cmdline" "$4 $2/initrd")

	told "${lines[@]}"
	mkdir -p "$1/grub" && cp "$image" "$1/" && cp "$initrd" "$1/initrd" &&
		printf '%s\n' "${lines[@]}" boot > "$1/grub/grub.cfg"
}

start_grub_pxe() {
	grub_config "$dir/tftp" "" multiboot2 module2 &&
		grub_image i386-pc-pxe '(pxe)/grub' pxe tftp &&
		mv "$dir/core.img" "$dir/tftp/" && qemu_pxe core.img
}

# ext4_disk LINE...: $dir/disk has partitions, as sfdisk is told; the last one begins
# at the number of sectors that its line has, and is ext4 with what is in $dir/root
ext4_disk() {
	local mebibytes start=${*: -1}

	start=${start#start=}
	start=${start%%,*}
	mebibytes=$(($(du -cm "$image" "$initrd" | tail -n 1 | cut -f1) + 16))
	truncate -s "$((mebibytes + 4))M" "$dir/disk" &&
		printf '%s\n' "${@:1:$#-1}" "${*: -1}, size=$((mebibytes * 2048))" |
			/sbin/sfdisk -q "$dir/disk" &&
		/sbin/mke2fs -q -t ext4 -O ^64bit,^metadata_csum -d "$dir/root" \
			-E "offset=$((start * 512))" "$dir/disk" "${mebibytes}M" \
			> "$dir/mke2fs" 2>&1
}

# A disk with a GUID partition table: a partition for GRUB itself, and ext4.
start_grub_gpt() {
	local from

	from=$(loader_path grub /usr/lib/grub)/i386-pc
	grub_config "$dir/root" "" multiboot2 module2 &&
		grub_image i386-pc '(hd0,gpt2)/grub' biosdisk part_gpt ext2 &&
		ext4_disk "label: gpt" \
			"start=2048, size=2048, type=21686148-6449-6E6F-744E-656564454649" \
			"start=4096" &&
		"$boot/put-grub.py" "$from/boot.img" "$dir/core.img" "$dir/disk" 2048 &&
		qemu -drive "file=$dir/disk,format=raw"
}

# GRUB 0.97 from a CD. Its module command unzips.
start_grub_legacy() {
	local iso=$dir/iso lines=(
		"kernel /${image##*/} $cmdline"
		"module /initrd"
	)

	told "${lines[@]}"
	mkdir -p "$iso/boot/grub" && cp "$image" "$iso/" &&
		cp "$initrd" "$iso/initrd" &&
		cp "$loader_root"/usr/lib/grub/x86_64-pc/stage2_eltorito \
			"$iso/boot/grub/" || return
	printf '%s\n' "timeout 0" "title linux" "${lines[@]}" > "$iso/boot/grub/menu.lst"
	xorriso -as mkisofs -quiet -R -o "$dir/boot.iso" -b boot/grub/stage2_eltorito \
		-c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table \
		"$iso" > "$dir/xorriso" 2>&1 && qemu -cdrom "$dir/boot.iso"
}

privileged() {
	if [ "$(id -u)" -eq 0 ]; then
		"$@"
	else
		sudo "$@"
	fi
}

# What installs extlinux mounts the partition: in a mount namespace of its own, with
# which all that is gone. Files with holes, as mke2fs makes them, it cannot load.
extlinux_install() {
	# shellcheck disable=SC2016 # for the shell in there
	privileged unshare -m sh -ec 'mount -o loop,offset=1048576 "$1" "$2"
		cp --sparse=never "$3"/* "$2"
		"$4" --install "$2"' - "$dir/disk" "$dir/root" "$dir/files" \
		"$(loader_path syslinux /usr/bin/extlinux)" > "$dir/extlinux" 2>&1 ||
		{ cat "$dir/extlinux"; return 1; }
}

# A disk with one partition, which is ext4.
start_extlinux() {
	local root=$dir/files arguments="${image##*/} $cmdline --- initrd" from

	from=$(loader_path syslinux /usr/lib)
	told "KERNEL mboot.c32" "APPEND $arguments"
	mkdir "$root" "$dir/root" &&
		cp "$from/syslinux/modules/bios"/{mboot,libcom32}.c32 "$root/" &&
		cp "$image" "$root/" && cp "$initrd" "$root/initrd" || return
	printf '%s\n' "DEFAULT linux" "LABEL linux" "KERNEL mboot.c32" \
		"APPEND $arguments" > "$root/extlinux.conf"
	ext4_disk "label: dos" "start=2048, type=83, bootable" && extlinux_install &&
		dd if="$from/EXTLINUX/mbr.bin" of="$dir/disk" conv=notrunc status=none &&
		qemu -drive "file=$dir/disk,format=raw"
}
