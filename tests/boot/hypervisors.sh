# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Guests of real hypervisors, which run in a QEMU that emulates AMD's virtualization:
# Xen, and KVM. The guest reports to its hypervisor, whose host passes that on. Sourced
# by run.sh.
#
# They have one CPU. With two, three guests of seven died of a page fault in their
# interrupt entry, below Xen and KVM, all three by the stub; the one by the kernel's own
# entry did not. Whose fault that is has not been found out: QEMU 7.2's emulation, or ours.

# "NAME TIER" lines. A guest of Xen's has Xen's console only: kernels that know that one
# are Debian's. By mkelfImage they are zelfImages, "unpacked" ones elfImages; xl unpacks a
# bzImage, and takes the kernel's own entry.
hypervisor_tests() {
	local name arch suite

	for arch in x86_64 i386; do
		printf "%s/$arch/debian-bookworm all\n" xen-pvh bzimage-xen
		echo "xen-pvh/$arch/debian-bookworm-unpacked all"
		for name in kvm-multiboot kvm-pvh kvm-vmlinux kvm-ipxe bzimage-kvm; do
			echo "$name/$arch/$versions_kernel all"
		done
	done
	for suite in $(other_suites); do
		printf "%s@$suite/x86_64/debian-bookworm all\n" xen-pvh bzimage-xen
		echo "kvm-multiboot@$suite/x86_64/$versions_kernel all"
	done
}

# need_host: $host_linux has vmlinuz of Debian's kernel, and the modules of one that is
# Xen's first domain or KVM's host
need_host() {
	host_linux=$build/virt-host
	locked "$host_linux.lock" make_host
}

make_host() {
	local all=$host_linux.new/all release name path

	[ ! -d "$host_linux" ] || return 0
	rm -rf "$host_linux.new"
	mkdir -p "$host_linux.new/modules" &&
		"$top/scripts/fetch-packages.sh" bookworm amd64 "$all" linux-image-amd64 ||
		return
	release=$(basename "$all"/lib/modules/*)
	cp "$all/boot/vmlinuz-$release" "$host_linux.new/vmlinuz" &&
		/sbin/depmod -b "$all" "$release" || return
	for name in xenfs xen-privcmd xen-evtchn xen-gntdev kvm-amd; do
		/sbin/modprobe -d "$all" -S "$release" --show-depends "$name" |
			awk '$1 == "insmod" { print $2 }'
	done | awk '!seen[$0]++' | while read -r path; do
		cp "$path" "$host_linux.new/modules/" &&
			basename "$path" >> "$host_linux.new/modules/order"
	done
	rm -rf "$all"
	mv "$host_linux.new" "$host_linux"
}

# copy_programs KEY ROOT PROGRAM...: a loader's programs and what they need, below ROOT
copy_programs() {
	local key=$1 root=$2 from path program

	from=$(loader_path "$key" "")
	mkdir -p "$root"
	shift 2
	for path; do
		loader_program "$key" "$path"
		echo "$path"
		LD_TRACE_LOADED_OBJECTS=1 "${program[@]}" | grep -o "$from/[^ ]*" |
			sed "s|^$from/|/|"
	done | sort -u | sed 's|^/||' |
		(cd "$from/" && xargs cp -L --parents -t "$root") || return
	# By the name that they ask for.
	mkdir -p "$root/lib64" && cp -L \
		"$from/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" "$root/lib64/"
}

# host_archive SCRIPT: $dir/host.cpio is what the host runs: $dir/host, and SCRIPT,
# which leaves the guest's report and console in files
host_archive() {
	local root=$dir/host

	mkdir -p "$root/bin" && cp /bin/busybox "$root/bin/" &&
		cp -R "$host_linux/modules" "$root/" &&
		ln -s busybox "$root/bin/sh" &&
		cp "$image" "$root/" && cp "$initrd" "$root/initrd" &&
		install -m 755 "$boot/virt-host" "$root/init" &&
		cp "$boot/$1" "$root/start" || return
	(cd "$root" && find . | cpio -o -H newc --quiet) > "$dir/host.cpio"
	rm -rf "$root"
}

# virtual QEMU-OPTION...: a machine that can have guests of $mib. What Xen cannot use
# as TCG has it is left out. (For the one thread see emulate.)
virtual() {
	local one_thread=y

	qemu -cpu max,-smap,-smep,-rdtscp,-xsave -smp 1 -m "$((mib + 1024))" "$@"
}

# What Xen's own tool is told. Its console is the guest's, and nothing else is.
xen_guest() {
	cat <<-END
	name = "guest"
	type = "pvh"
	kernel = "/${image##*/}"
	ramdisk = "/initrd"
	cmdline = "$cmdline"
	memory = $mib
	vcpus = $cpus
	END
}

# Xen by multiboot from QEMU, with a first domain that has next to nothing.
start_xen() {
	local programs xen lines

	need_host || return
	map_name=xen
	cmdline+=" console=hvc0"
	mapfile -t lines < <(xen_guest | grep -E '^(type|kernel|ramdisk|cmdline) ')
	told "${lines[@]}" "xl create guest.cfg"
	xen=$(echo "$loader_root"/boot/xen-*-amd64.gz)
	gzip -dc "$xen" > "$dir/xen" || return
	mapfile -t programs < <(cd "$loader_root" &&
		printf '/%s\n' usr/lib/xen-*/bin/{xl,xenstored,xenconsoled,xen-init-dom0})
	copy_programs xen "$dir/host" "${programs[@]}" &&
		mkdir -p "$dir/host/etc/xen" &&
		cp -L "$loader_root/usr/lib/x86_64-linux-gnu/libgcc_s.so.1" \
			"$dir/host/lib64/" || return	# threads of xl's want it
	: > "$dir/host/etc/xen/xl.conf"
	xen_guest > "$dir/host/guest.cfg"
	host_archive xen-host || return
	virtual -kernel "$dir/xen" -append "com1=115200,8n1 console=com1 $(
		)dom0_mem=768M,max:768M dom0_max_vcpus=1 xpti=0 spec-ctrl=no" \
		-initrd "$host_linux/vmlinuz quiet console=hvc0,$dir/host.cpio"
}

# kvm QEMU-OPTION...: another QEMU in the first one, whose guest KVM runs
kvm() {
	local words="$*"

	told "qemu-system-x86_64 -accel kvm ${words/"$cmdline"/"'$cmdline'"}"
	map_name=kvm
	need_host || return
	copy_programs qemu "$dir/host" /usr/bin/qemu-system-x86_64 || return
	(cd "$(loader_path qemu "")/" && cp -RL --parents -t "$dir/host" \
		usr/share/seabios usr/share/qemu/*.bin) || return
	printf '%q ' qemu-system-x86_64 -accel kvm -cpu host -smp "$cpus" -m "$mib" \
		-nodefaults -no-reboot -display none -vga std \
		-serial file:/console -serial file:/report "$@" > "$dir/words"
	mv "$dir/words" "$dir/host/words"
	host_archive kvm-host && virtual -kernel "$host_linux/vmlinuz" \
		-append "quiet console=ttyS0 no_timer_check" \
		-initrd "$dir/host.cpio"
}

start_kvm() {
	kvm -kernel "/${image##*/}" -append "$cmdline" -initrd /initrd
}

# The BIOS is called under KVM: a network card's ROM loads a plain ELF file.
start_kvm_ipxe() {
	local name=${image##*/} tftp=$dir/host/tftp

	mkdir -p "$tftp" && ln "$image" "$tftp/$name" &&
		(cd / && cp -L --parents -t "$dir/host" usr/lib/ipxe/qemu/efi-e1000.rom) ||
		return
	told "kernel tftp://10.0.2.2/$name"
	printf '%s\n' "#!ipxe" "kernel tftp://10.0.2.2/$name" boot > "$tftp/boot.ipxe"
	kvm -netdev user,id=net,tftp=/tftp,bootfile=boot.ipxe -device e1000,netdev=net -boot n
}
