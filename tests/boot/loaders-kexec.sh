# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# How kexec is run. Sourced by loaders.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh

# kexec runs inside a guest that a bzImage has booted; it must be 64-bit,
# whatever it loads.
host_kernel=6.1

# kexec_libraries ROOT: what /sbin/kexec below ROOT needs, below ROOT
kexec_libraries() {
	local program

	loader_program kexec /sbin/kexec
	LD_TRACE_LOADED_OBJECTS=1 "${program[@]}" | grep -o "$1/[^ ]*" |
		sed "s|^$1/||"
}

host_initrd() {
	local root=$dir/host from

	from=$(loader_path kexec "")
	mkdir -p "$root"/{bin,lib,lib64}
	cp /bin/busybox "$root/bin/"
	ln -s busybox "$root/bin/sh"
	cp "$from/sbin/kexec" "$root/bin/"
	kexec_libraries "$from" | (cd "$from/" && xargs cp --parents -t "$root")
	# By the name that kexec asks for.
	cp "$from/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$root/lib64/"
	cp "$image" "$root/"
	cp "$initrd" "$root/initrd"
	install -m 755 "$boot/kexec-host" "$root/init"
	(cd "$root" && find . | cpio -o -H newc --quiet) > "$dir/host.cpio"
	rm -rf "$root"
}

# kexec ARGUMENT...: what the guest's kexec is told besides the image. They
# are on the host's command line, which has no quotes: "+" stands for a blank.
kexec() {
	local arguments="$* /${image##*/}"

	told "kexec -c -l $arguments" "kexec -e"
	need_kernel "$host_kernel" x86_64 && host_initrd || return
	qemu -kernel "$build/$host_kernel/x86_64/bzImage" \
		-initrd "$dir/host.cpio" \
		-append "quiet kexec=${arguments// /,}"
}

start_kexec_linux64() {
	map_name=kexec
	kexec --args-linux --initrd=/initrd "--command-line=${cmdline// /+}"
}

start_kexec_args_linux() {
	map_name=kexec
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
	map_name=kexec
	kexec --type=multiboot-x86 --module=/initrd \
		"--command-line=${cmdline// /+}"
}

start_kexec_multiboot2() {
	map_name=kexec
	kexec --type=multiboot2-x86 --module=/initrd \
		"--command-line=${cmdline// /+}"
}
