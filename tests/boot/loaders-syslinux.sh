# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# How syslinux, U-Boot and Bochs are run. Sourced by loaders.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh

# syslinux_iso KERNEL ARGUMENTS: syslinux loads a kernel or runs a module
syslinux_iso() {
	local iso=$dir/iso kernel=$1 arguments=$2 from

	from=$(loader_path syslinux /usr/lib)
	told "KERNEL $kernel" "APPEND $arguments"
	mkdir "$iso"
	cp "$from/ISOLINUX/isolinux.bin" "$iso/"
	cp "$from/syslinux/modules/bios"/{ldlinux,mboot,elf,libcom32}.c32 \
		"$iso/"
	cp "$image" "$iso/"
	cp "$initrd" "$iso/initrd"
	cat > "$iso/isolinux.cfg" <<-END
	DEFAULT linux
	LABEL linux
	KERNEL $kernel
	APPEND $arguments
	END
	xorriso -as mkisofs -quiet -o "$dir/boot.iso" -b isolinux.bin \
		-c boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table \
		"$iso" > "$dir/xorriso" 2>&1
}

# Its multiboot module, its ELF module, its own Linux loader.
syslinux_mboot() {
	syslinux_iso mboot.c32 "${image##*/} $cmdline --- initrd"
}

syslinux_linux() {
	prefix="BOOT_IMAGE=${image##*/} initrd=initrd "
	syslinux_iso "${image##*/}" "initrd=initrd $cmdline"
}

start_syslinux_mboot() {
	syslinux_mboot && qemu -cdrom "$dir/boot.iso"
}

start_syslinux_elf() {
	syslinux_iso elf.c32 "${image##*/} $cmdline" && qemu -cdrom "$dir/boot.iso"
}

# U-Boot takes commands on the serial port. With several CPUs it says "MP init failure"
# on a busy host, and may hang then: make check gives it one.
start_uboot() {
	local words=("setenv autoload no" dhcp
		"tftpboot 4000000 10.0.2.2:${image##*/}"
		"setenv autostart yes" "bootelf -p 4000000 $cmdline")

	told "${words[@]}"
	mkdir "$dir/tftp"
	ln "$image" "$dir/tftp/"
	map_name=fwcfg
	map_above=uboot_memory
	emulate -vga std \
		-bios "$(loader_path uboot /usr/lib/u-boot/qemu-x86/u-boot.rom)" \
		-chardev "socket,id=console,path=$dir/port,server=on,wait=on" \
		-serial chardev:console -serial chardev:report \
		-netdev "user,id=net,tftp=$dir/tftp" -device e1000,netdev=net
	"$boot/typist.py" "$dir/port" "=> " bdinfo "${words[@]}" \
		> "$dir/console" 2> "$dir/typist" &
}

# Its stack is right below the device tree, as bdinfo tells.
uboot_memory() {
	tr -d '\r' < "$dir/console" | sed -n 's/^fdt_blob *= //p'
}

# Debian's Bochs starts in its debugger, wants a terminal, and calls the
# serial ports com1 and com2.
bochs() {
	map_name=bochs
	cat > "$dir/bochsrc" <<-END
	display_library: term
	romimage: file=/usr/share/bochs/BIOS-bochs-latest
	vgaromimage: file=/usr/share/vgabios/vgabios.bin
	cpu: model=corei7_sandy_bridge_2600k, count=$cpus, ips=50000000, reset_on_triple_fault=0
	memory: guest=$mib, host=$mib
	ata0-master: type=cdrom, path=$dir/boot.iso, status=inserted
	boot: cdrom
	com1: enabled=1, mode=file, dev=$dir/console
	com2: enabled=1, mode=file, dev=$dir/report
	log: $dir/bochs.log
	panic: action=fatal
	END
	echo c > "$dir/bochs.rc"
	TERM=vt100 timeout "$(patient 300)" script -qefc \
		"bochs -q -f '$dir/bochsrc' -rc '$dir/bochs.rc'" \
		"$dir/emulator" > /dev/null 2>&1 < /dev/null &
	emulator=$!
}

start_bochs() {
	syslinux_mboot && bochs
}

start_bochs_linux() {
	syslinux_linux && bochs
}

start_bochs_grub() {
	grub_multiboot && bochs
}
