# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034,SC2317 # variables of run.sh
#
# Crash kernels: a guest panics, and the kernel that it has loaded for that by
# kexec_file_load() reports, and reads all memory of the first. Sourced by run.sh.

# Name, image, how the first kernel panics, MiB, what it reserves.
crashes='elfImage elfImage sysrq 512 128M
zelfImage zelfImage sysrq 512 128M
vmlinux vmlinux nmi 6144 128M
key elfImage key 6144 128M
high vmlinux sysrq 6144 192M,high'

fetch_makedumpfile() {
	# shellcheck source-path=SCRIPTDIR source=../../scripts/debian.sh
	. "$top/scripts/debian.sh"
	debian_open bookworm amd64
	mkdir -p "${1%/*}"
	debian_file makedumpfile '*/bin/makedumpfile' > "$1.new" &&
		chmod 755 "$1.new" && mv "$1.new" "$1"
}

need_makedumpfile() {
	[ -x "$1" ] || (fetch_makedumpfile "$1")
}

# Debian's, with the libraries that it wants of this machine.
add_makedumpfile() {
	local program=$build/kexec-tools/makedumpfile library

	locked "$program.lock" need_makedumpfile "$program" &&
		cp "$program" "$dir/root/bin/" || return
	for library in $(ldd "$program" | grep -o '/[^ ]*\.so[^ ]*'); do
		cp --parents "$library" "$dir/root/"
	done
}

# What the second kernel must say.
expect_crash() {
	echo "cpus 1"
	echo "~kernel ${kernel}\\..*"
	echo "machine $arch"
	echo "initrd-unpacked yes"
	echo "initrd-sha256 $(digest "$dir/initrd")"
	echo "builtin-cmdline $(builtin_cmdline)"
	echo "cmdline retain_initrd quiet hop=1 vmcore=SEED nr_cpus=1"
	echo "of elfImage random 7"
	[ "$1" != sysrq ] || printf '%s\n' "dump-status 0" \
		"~dump-bytes [1-9][0-9]{5,}" "dump-panic sysrq triggered crash"
}

# The first kernel waits for it, more than once if need be.
make_panic() {
	local command

	case $1 in
	nmi)	command=nmi ;;
	key)	command="sendkey alt-sysrq-c" ;;
	*)	return ;;
	esac
	while kill -0 "$emulator" 2> /dev/null; do
		if grep -qsa '^waiting' "$dir/report"; then
			"$boot/monitor.py" "$dir/monitor" "$command"
			break
		fi
		sleep 0.2
	done > /dev/null 2>&1 &
}

test_crash() {
	local image panic mib size first=elfImage seconds=$SECONDS

	read -r _ image panic mib size < <(grep "^$1 " <<< "$crashes")
	guest_root && cp "$images/$image" "$dir/root/" || return
	[ "$panic" != sysrq ] || add_makedumpfile || return
	echo "crash_$panic $image -" > "$dir/root/hops"
	guest_archive || return
	# Memory is read page by page.
	patience=$((patience + mib / 16))
	lifetime=$((patience + 60))
	start_guest "crashkernel=$size"
	make_panic "$panic"
	wait_for 1 '^end-vmcore' "$dir/report"
	expect_crash "$panic" > "$dir/expected"
	spoil
	if "$here/crash.py" "$dir/report" "$image" "$dir/expected"; then
		echo "ok $image, by $panic, $((SECONDS - seconds)) s"
	else
		show_console
		echo "not ok $image, by $panic"
	fi
}

# A region above 4 GiB: no 32-bit program can be there, nor one that is linked to
# other memory; of the command line the core header takes some.
test_crash_refuse() {
	local mib=6144 first=elfImage name text

	guest_root && cp "$images/elfImage" "$images/vmlinux" "$dir/root/" ||
		return
	echo "crash_refuse hello -" > "$dir/root/hops"
	make_hello 32 0x2000000 4096 "$dir/root/hello" && guest_archive ||
		return
	start_guest crashkernel=192M,high
	wait_for 1 '^end-loads' "$dir/report"
	tr -d '\r' < "$dir/report" > "$dir/said"
	while read -r name text; do
		result "$name" grep -qxE "said-$name $text" "$dir/said"
	done <<-END
	hello no place at 0x2000000, size 0x[0-9a-f]*, in the crash kernel's memory: -99
	elfImage no room, in the crash kernel's memory, 0x0*1[0-9a-f]{8}-.*, below 0x100000000
	long-cmdline the command line has 2047 bytes, 20[0-9]{2} is the limit of a crash kernel
	END
	result "none of them is loaded" grep -qx 'crash-loaded 0' "$dir/said"
	result "a vmlinux is" grep -qx 'crash-loaded-vmlinux 1' "$dir/said"
}
