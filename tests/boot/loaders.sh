# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# How each loader is run. start_NAME begins to boot $image on a machine with
# $cpus and $mib in the background, in the empty directory $dir, passing
# $cmdline and $initrd where the loader can; it sets $emulator to the process,
# $prefix to what the loader puts in front of the command line, and $corrupt to
# the sources that must be found corrupt.
# The guest reports into $dir/report. Sourced, not run.

# On an emulator without a TSC that is tied to time the kernel calibrates by
# the PIT; -accel tcg is all that is portable.
qemu() {
	timeout 300 qemu-system-x86_64 -accel tcg -nodefaults -no-reboot \
		-display none -vga std -cpu qemu64 -smp "$cpus" -m "$mib" \
		-chardev file,id=console,path="$dir/console" \
		-chardev file,id=report,path="$dir/report" \
		-serial chardev:console -serial chardev:report \
		-monitor "unix:$dir/monitor,server,nowait" \
		"$@" > "$dir/emulator" 2>&1 &
	emulator=$!
}

start_qemu() {
	qemu -kernel "$image" -append "$cmdline" -initrd "$initrd"
}

start_qemu_nokaslr() {
	cmdline+=" nokaslr"
	start_qemu
}

# The stock option ROM, a script and files by TFTP. iPXE passes nothing to an
# image that it takes for plain ELF.
start_ipxe() {
	local arguments=" $cmdline" module="initrd tftp://10.0.2.2/initrd"

	if [ "$protocol" = none ]; then
		arguments=
		module=
	fi
	mkdir "$dir/tftp"
	ln "$image" "$dir/tftp/image"
	ln "$initrd" "$dir/tftp/initrd"
	cat > "$dir/tftp/boot.ipxe" <<-END
	#!ipxe
	kernel tftp://10.0.2.2/image$arguments || shell
	$module
	boot
	END
	qemu -netdev "user,id=net,tftp=$dir/tftp,bootfile=boot.ipxe" \
		-device e1000,netdev=net -boot n
}

# syslinux_iso KERNEL ARGUMENTS: syslinux loads a kernel or runs a module
syslinux_iso() {
	local iso=$dir/iso kernel=$1 arguments=$2

	mkdir "$iso"
	cp /usr/lib/ISOLINUX/isolinux.bin "$iso/"
	cp /usr/lib/syslinux/modules/bios/{ldlinux,mboot,libcom32}.c32 "$iso/"
	cp "$image" "$iso/image"
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

# make_bootsector DEFINE...: bootsector_options make QEMU enter $image by it.
make_bootsector() {
	local entry

	entry=$(readelf -h "$image" |
		sed -n 's/^ *Entry point address: *//p')
	gcc -m32 -nostdlib -static -Wl,-Ttext=0x7c00,--build-id=none \
		-Wl,-e,0x7c00,-m,elf_i386,--oformat=binary -DENTRY="$entry" \
		"$@" -o "$dir/bootsector" "$boot/bootsector.S" || return
	bootsector_options=(
		-drive "if=floppy,format=raw,readonly=on,file=$dir/bootsector"
		-device "loader,file=$image" -boot a
	)
}

# Says multiboot, but its information is at the very end of memory: that is
# ignored, and the BIOS is asked.
start_corrupt_multiboot() {
	make_bootsector -DEAX=0x2badb002 -DEBX=0xfffffff0 || return
	corrupt=1
	qemu "${bootsector_options[@]}"
}

# Its multiboot module, its own Linux loader.
syslinux_mboot() {
	syslinux_iso mboot.c32 "image $cmdline --- initrd"
}

syslinux_linux() {
	prefix="BOOT_IMAGE=image initrd=initrd "
	syslinux_iso image "initrd=initrd $cmdline"
}

start_syslinux_mboot() {
	syslinux_mboot && qemu -cdrom "$dir/boot.iso"
}

# Debian's Bochs starts in its debugger, wants a terminal, and calls the
# serial ports com1 and com2.
bochs() {
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
	TERM=vt100 timeout 300 script -qefc \
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
	grub_iso i386-pc "multiboot /image $cmdline" "module /initrd" && bochs
}

# kexec runs inside a guest that a bzImage has booted; it must be 64-bit,
# whatever it loads.
host_kernel=6.1

host_initrd() {
	local root=$dir/host library

	mkdir -p "$root"/{bin,lib,lib64}
	cp /bin/busybox "$root/bin/"
	ln -s busybox "$root/bin/sh"
	cp /sbin/kexec "$root/bin/"
	ldd /sbin/kexec | grep -o '/[^ ]*' | while read -r library; do
		cp --parents "$library" "$root/"
	done
	cp "$image" "$root/image"
	cp "$initrd" "$root/initrd"
	install -m 755 "$boot/kexec-host" "$root/init"
	(cd "$root" && find . | cpio -o -H newc --quiet) > "$dir/host.cpio"
	rm -rf "$root"
}

# kexec ARGUMENT...: what the guest's kexec is told besides the image. They
# are on the host's command line, which has no quotes: "+" stands for a blank.
kexec() {
	local arguments="$*"

	need_kernel "$host_kernel" x86_64 && host_initrd || return
	qemu -kernel "$build/$host_kernel/x86_64/bzImage" \
		-initrd "$dir/host.cpio" \
		-append "quiet kexec=${arguments// /,}"
}

start_kexec_linux64() {
	kexec --args-linux --initrd=/initrd "--command-line=${cmdline// /+}"
}

start_kexec_args_linux() {
	kexec --type=elf-x86 --args-linux --initrd=/initrd \
		"--command-line=${cmdline// /+}"
}

start_kexec_args_elf64() {
	kexec "--command-line=${cmdline// /+}"
}

start_kexec_args_elf() {
	kexec --type=elf-x86 --args-elf "--command-line=${cmdline// /+}"
}

start_kexec_multiboot() {
	kexec --type=multiboot-x86 --module=/initrd \
		"--command-line=${cmdline// /+}"
}

start_kexec_multiboot2() {
	kexec --type=multiboot2-x86 --module=/initrd \
		"--command-line=${cmdline// /+}"
}
