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
# shellcheck source-path=SCRIPTDIR source=loaders-ipxe.sh
. "$boot/loaders-ipxe.sh"
# shellcheck source-path=SCRIPTDIR source=loaders-syslinux.sh
. "$boot/loaders-syslinux.sh"
# shellcheck source-path=SCRIPTDIR source=loaders-kexec.sh
. "$boot/loaders-kexec.sh"

# On an emulator without a TSC that is tied to time the kernel calibrates by
# the PIT; -accel tcg is all that is portable.
emulate() {
	local accel=tcg program

	qemu_program
	# Debian's kernels patch themselves while other CPUs run: QEMU's threads
	# are not up to that (1 boot in 25 stops at an int3).
	[ -z "${one_thread-}" ] && ! is_debian || accel+=,thread=single
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

# Another machine: other ranges, and a reserved one for PCI's configuration.
start_q35() {
	local words

	map_name=qemu-q35
	qemu_kernel -machine q35 && qemu -machine q35 "${words[@]}"
}

# A firmware that is made for loading a kernel quickly, instead of SeaBIOS.
start_qboot() {
	local words

	map_name=qboot
	qemu_kernel -bios qboot.rom && qemu -bios qboot.rom "${words[@]}"
}

start_qemu_nokaslr() {
	cmdline+=" nokaslr"
	start_qemu
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
