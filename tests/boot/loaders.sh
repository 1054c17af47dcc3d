# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# How each loader is run. start_NAME begins to boot $image on a machine with
# $cpus and $mib in the background, in the empty directory $dir, passing
# $cmdline and $initrd where the loader can; it sets $emulator to the process,
# $prefix to what the loader puts in front of the command line, and $corrupt to
# the sources that must be found corrupt.
# The guest reports into $dir/report. Sourced, not run.

# shellcheck source-path=SCRIPTDIR source=versions.sh
. "$boot/versions.sh"

# On an emulator without a TSC that is tied to time the kernel calibrates by
# the PIT; -accel tcg is all that is portable.
emulate() {
	local accel=tcg program

	qemu_program
	# Debian's kernels patch themselves while other CPUs run: QEMU's threads
	# are not up to that (1 boot in 25 stops at an int3).
	! is_debian || accel+=,thread=single
	timeout "${lifetime:-$(patient 300)}" "${program[@]}" -accel "$accel" -nodefaults \
		-no-reboot -display none -cpu qemu64 -smp "$cpus" -m "$mib" \
		-chardev file,id=report,path="$dir/report" \
		-monitor "unix:$dir/monitor,server,nowait" \
		"$@" > "$dir/emulator" 2>&1 &
	emulator=$!
}

# told LINE...: what a user would tell this loader, for Documentation/loaders.md
# (table.py): the same, with names instead of this run's files and words.
told() {
	local line

	for line; do
		line=${line//"$cmdline"/CMDLINE}
		line=${line//"${cmdline// /+}"/CMDLINE}
		line=${line//"$dir/"/}
		line=${line//"$images/"/}
		echo "${line//"$build/boot/"/}"
	done >> "$dir/commands"
}

# Of two serial ports the second one is for the report.
qemu() {
	emulate -vga std -chardev file,id=console,path="$dir/console" \
		-serial chardev:console -serial chardev:report "$@"
}

# several_modules: instead of one initrd
several_modules() {
	need_modules || return
	modules=("$build"/boot/modules-lz4/[123])
	initrd=$build/boot/modules-lz4/joined
}

# What QEMU itself loads. "words" are QEMU's options.
qemu_kernel() {
	local all

	all=$(IFS=,; echo "${modules[*]}")
	words=(-kernel "$image" -append "$cmdline" -initrd "$all")
	told "qemu-system-x86_64 ${*:+$* }-kernel $image -append '$cmdline' -initrd $all"
}

start_qemu() {
	local words

	qemu_kernel && qemu "${words[@]}"
}

start_qemu_modules() {
	several_modules && start_qemu
}

# A CPU that has 5 levels of page tables; the command line may say not to use
# them.
start_five_levels() {
	local levels=5

	if [ "$variant" = off ]; then
		cmdline+=" no5lvl"
		levels=4
	fi
	[ "$arch" = i386 ] || also+=("page-table-levels $levels")
	qemu -cpu max -kernel "$image" -append "$cmdline" -initrd "$initrd"
}

# More than fit into a line of that table: nobody is told.
start_qemu_modules_many() {
	make_many_modules "$variant" "$dir/modules" || return
	modules=("$dir"/modules/[0-9]*)
	initrd=$dir/modules/joined
	qemu -kernel "$image" -append "$cmdline" \
		-initrd "$(IFS=,; echo "${modules[*]}")"
}

# QEMU puts the path in front of the command line as it is.
start_qemu_path() {
	mkdir -p "$dir/my kernels" && cp "$image" "$dir/my kernels/" || return
	qemu -kernel "$dir/my kernels/${image##*/}" -append "$cmdline" \
		-initrd "$initrd"
}

# Longer than the kernel takes: it has its own in front, and cuts once more.
start_qemu_long_cmdline() {
	local builtin

	builtin=$(builtin_cmdline)
	cmdline+=" $(printf 'x%.0s' {1..3000})"
	corrupt=$((0x8000))
	qemu -kernel "$image" -append "$cmdline" -initrd "$initrd"
	cmdline=${cmdline:0:2047 - ${#builtin} - 1}
}

# A machine with little of a PC: one serial port unless asked, no PCI, no text
# screen. Its firmware is SeaBIOS, or qboot where Debian has made a link to that,
# up to bookworm: their maps differ. Its clocks are too few to calibrate the TSC
# on a busy host: let it count instructions.
start_microvm() {
	local words

	map_name=microvm
	[ -e "$(loader_path qemu /usr/share/qemu/bios-microvm.bin)" ] ||
		map_name=microvm-seabios
	qemu_kernel -machine microvm
	emulate -machine microvm -icount shift=0,sleep=off \
		-chardev file,id=console,path="$dir/console" \
		-serial chardev:console \
		-device isa-serial,index=1,iobase=0x2f8,irq=3,chardev=report \
		"${words[@]}"
}

start_qemu_nokaslr() {
	cmdline+=" nokaslr"
	start_qemu
}

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

# U-Boot takes commands on the serial port.
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

# A non-maskable interrupt while the stub works: from a debugger, which stops
# the machine there.
start_nmi() {
	local at

	at=$(python3 "$boot/break-stub.py" "$image" \
		"$images/kbuild/arch/x86/boot/elf/elfboot.elf" \
		bootparams_fill) || return
	qemu -S -gdb "unix:$dir/gdb,server=on,wait=off" -kernel "$image" \
		-append "$cmdline" -initrd "$initrd"
	until [ -S "$dir/gdb" ]; do
		sleep 0.1
	done
	timeout "$patience" gdb -nx -batch -ex 'set architecture i386:x86-64' \
		-ex "target remote $dir/gdb" -ex "hbreak *$at" -ex continue \
		-ex 'monitor nmi' -ex delete -ex detach > "$dir/gdb.log" 2>&1
	grep -q '^Breakpoint 1, ' "$dir/gdb.log"
}
