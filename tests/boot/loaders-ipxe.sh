# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# How iPXE is run, and images that have command line and initrd in themselves. Sourced
# by loaders.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh

# ipxe_card: the network card, whose option ROM is iPXE. QEMU finds this
# machine's by itself; bookworm has it in a place of its own.
ipxe_card() {
	local card=e1000,netdev=net rom

	for rom in "$loader_root"/usr/{share,lib/ipxe}/qemu/efi-e1000.rom; do
		! other_loader ipxe || [ ! -f "$rom" ] || card+=,romfile=$rom
	done
	echo "$card"
}

# The stock option ROM, a script and files by TFTP. iPXE passes nothing to an
# image that it takes for plain ELF.
start_ipxe() {
	local name=${image##*/} arguments=" $cmdline"
	local module="initrd tftp://10.0.2.2/initrd"

	if [ "$protocol" = none ]; then
		arguments=
		module=
	fi
	mkdir "$dir/tftp"
	ln "$image" "$dir/tftp/$name"
	ln "$initrd" "$dir/tftp/initrd"
	told "kernel tftp://10.0.2.2/$name$arguments" ${module:+"$module"}
	cat > "$dir/tftp/boot.ipxe" <<-END
	#!ipxe
	kernel tftp://10.0.2.2/$name$arguments || shell
	$module
	boot
	END
	qemu -netdev "user,id=net,tftp=$dir/tftp,bootfile=boot.ipxe" \
		-device "$(ipxe_card)" -boot n
}

# composed KERNEL OPTION...: $image becomes one that has command line and initrd
# in itself
composed() {
	local kernel=$images/$1

	shift
	image=$dir/${image##*/}
	told "mkelfImage ${*:+$* }--append='$cmdline' --initrd=$initrd $kernel $image"
	"$images/kbuild/arch/x86/boot/elf/tools/mkelfImage" "$@" \
		"--append=$cmdline" "--initrd=$initrd" "$kernel" "$image"
}

start_ipxe_composed() {
	composed vmlinux --without-multiboot && start_ipxe
}

start_ipxe_composed_bzimage() {
	composed bzImage --without-multiboot && start_ipxe
}

# What the loader has to say wins.
start_qemu_composed() {
	local real=$cmdline cmdline="not this one"

	composed bzImage
	cmdline=$real
	start_qemu
}

# The same by HTTP, from a server that QEMU starts for each connection: there is
# no port to be taken by somebody else, and nothing to be stopped.
start_ipxe_http() {
	local name=${image##*/}
	local script=(
		"kernel http://10.0.2.100/$name $cmdline"
		"initrd http://10.0.2.100/initrd"
	)

	mkdir "$dir/http"
	ln "$image" "$dir/http/$name"
	ln "$initrd" "$dir/http/initrd"
	told "${script[@]}"
	printf '%s\n' "#!ipxe" "${script[@]}" boot > "$dir/http/boot.ipxe"
	qemu -netdev "user,id=net,bootfile=http://10.0.2.100/boot.ipxe,$(
		)guestfwd=tcp:10.0.2.100:80-cmd:busybox httpd -i -h $dir/http" \
		-device "$(ipxe_card)" -boot n
}
