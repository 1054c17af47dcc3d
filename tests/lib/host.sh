# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What this host cannot do by itself. Sourced, not run.

host_lib=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
host_probe=$host_lib/../../build/host/probe-32

# Some kernels do not execute 32-bit programs: found out by trying.
host_runs_32() {
	if [ ! -x "$host_probe" ]; then
		mkdir -p "${host_probe%/*}"
		echo 'int main(void) { return 0; }' |
			gcc -m32 -static -x c -o "$host_probe.$$" - &&
			mv "$host_probe.$$" "$host_probe" || return
	fi
	"$host_probe" 2> /dev/null
}

# patient SECONDS: the same, for as many tests as run at once
patient() {
	echo $(($1 * ${ELFBOOT_JOBS:-1}))
}

# run_bits BITS SECONDS COMMAND...: run a program of 32 or 64 bits, for so long
# at most. Where 32-bit programs do not run by themselves, qemu-i386 (package
# qemu-user) runs them; LeakSanitizer would hang in it, 256 MiB of memory that
# AddressSanitizer does not use again would not leave enough addresses, and it takes
# what is above 3 GiB for the kernel's.
run_bits() {
	local bits=$1 seconds

	seconds=$(patient "$2")
	shift 2
	if [ "$bits" = 64 ] || host_runs_32; then
		timeout "$seconds" "$@"
		return
	fi
	ASAN_OPTIONS=detect_leaks=0:quarantine_size_mb=16 \
		timeout $((seconds * 10)) qemu-i386 -R 0xc0000000 "$@"
}

# host_prepare: install what stands in for what the host cannot do, and tell
# the reader of the output
host_prepare() {
	! host_runs_32 2> /dev/null || return 0
	[ -x "$host_probe" ] || return 0	# no compiler for it: tests say so
	echo "# this kernel executes no 32-bit programs: qemu-i386 runs them"
	"$host_lib/../../scripts/packages.sh" i386 | sed 's/^/# /'
}
