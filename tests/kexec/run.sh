#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# kexec: a guest goes from kernel to kernel, or to something else that is a
# static ELF file; what it gets to reports on the second serial port, and that
# decides (chain.py, hello.py).

here=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
boot=$here/../boot

# shellcheck source-path=SCRIPTDIR source=../hello/hello.sh
. "$here/../hello/hello.sh"
# shellcheck source-path=SCRIPTDIR source=../boot/initrd.sh
. "$boot/initrd.sh"
# shellcheck source-path=SCRIPTDIR source=../boot/loaders.sh
. "$boot/loaders.sh"
# shellcheck source-path=SCRIPTDIR source=../boot/grub.sh
. "$boot/grub.sh"
# shellcheck source-path=SCRIPTDIR source=../boot/coreboot.sh
. "$boot/coreboot.sh"
# shellcheck source-path=SCRIPTDIR source=../boot/debian.sh
. "$boot/debian.sh"
# shellcheck source-path=SCRIPTDIR source=tools.sh
. "$here/tools.sh"
# shellcheck source-path=SCRIPTDIR source=chain.sh
. "$here/chain.sh"
# shellcheck source-path=SCRIPTDIR source=chain-devices.sh
. "$here/chain-devices.sh"
# shellcheck source-path=SCRIPTDIR source=chain-debian.sh
. "$here/chain-debian.sh"
# shellcheck source-path=SCRIPTDIR source=chain-uefi.sh
. "$here/chain-uefi.sh"
# shellcheck source-path=SCRIPTDIR source=chain-handover.sh
. "$here/chain-handover.sh"
# shellcheck source-path=SCRIPTDIR source=crash.sh
. "$here/crash.sh"
# shellcheck source-path=SCRIPTDIR source=signed.sh
. "$here/signed.sh"
# shellcheck source-path=SCRIPTDIR source=elfkexec.sh
. "$here/elfkexec.sh"
# shellcheck source-path=SCRIPTDIR source=hello.sh
. "$here/hello.sh"
# shellcheck source-path=SCRIPTDIR source=refuse.sh
. "$here/refuse.sh"
# shellcheck source-path=SCRIPTDIR source=foreign.sh
. "$here/foreign.sh"

# Name, kernel, tier, function, argument.
tests='chain x86_64/6.1 check test_chain short
chain-long x86_64/6.1 all test_chain long
chain-cpus x86_64/6.1 all test_chain cpus
chain-nmi x86_64/6.1 all test_chain nmi
chain-kaslr x86_64/6.1 all test_chain kaslr
chain-devices x86_64/6.1 all test_chain devices
chain-elfkexec x86_64/6.1 all test_chain elfkexec
elfkexec x86_64/6.1 check test_elfkexec -
chain i386/6.1 check test_chain i386
chain-narrow x86_64/6.1 all test_chain narrow
debian x86_64/6.1 all test_debian -
uefi-chain x86_64/6.1 all test_uefi -
ima x86_64/6.1 all test_ima -
hello-args-elf x86_64/6.1 check test_hello_args_elf -
hello x86_64/6.1 check test_hello -
refuse x86_64/6.1 check test_refuse -
crash-elf x86_64/6.1 all test_crash elfImage
crash-zelf x86_64/6.1 all test_crash zelfImage
crash-vmlinux x86_64/6.1 all test_crash vmlinux
crash-key x86_64/6.1 all test_crash key
crash-high x86_64/6.1 all test_crash high
crash-refuse x86_64/6.1 all test_crash_refuse -
signed-chain x86_64/6.1 all test_signed_chain signed-force
signed-force x86_64/6.1 all test_signed signed-force
signed-lockdown x86_64/6.1 all test_signed signed
grub x86_64/6.1 check test_grub plain
xen x86_64/6.1 check test_xen plain
chain x86_64/7.2 all test_chain all
hello x86_64/7.2 all test_hello -
refuse x86_64/7.2 all test_refuse -
grub x86_64/7.2 all test_grub plain
ima x86_64/7.2 all test_ima -
kho x86_64/7.2 all test_kho -'

cpus=4
patience=$(patient 120)		# seconds until something has failed

list() {
	local name kernel tier

	while read -r name kernel tier _; do
		echo "$name/$kernel $tier"
	done <<< "$tests"
}

# result NAME COMMAND...: what a grep looks for becomes wrong, if it has to
result() {
	local name=$1

	shift
	if [ -n "$SPOIL" ] && [ "$1" = grep ]; then
		set -- "${@:1:$#-2}" "spoiled ${*: -2:1}" "${!#}"
	fi
	if "$@"; then
		echo "ok $name"
	else
		echo "not ok $name"
	fi
}

not() {
	! "$@"
}

# What is expected becomes wrong, if it has to.
spoil() {
	[ -z "$SPOIL" ] || sed -i 's/^cpus .*/cpus spoiled/' "$dir/expected"
}

# With AS_IS set, what is in build/ is taken as it is.
need_kernels() {
	need_kernel "$kernel" "$arch" "$variant" || return
	case $function/$argument in
	test_chain/short|test_chain/narrow) need_kernel "$kernel" i386 ;;
	esac
}

run() {
	local name=${1%%/*} arch kernel=${1##*/} variant='' images dir tool
	local function argument

	read -r _ _ _ function argument < <(
		awk -v name="$1" '$1 "/" $2 == name' <<< "$tests")
	[ -n "$function" ] || { echo "no such test: $1"; return 1; }
	arch=${1#*/}
	arch=${arch%/*}
	[ "$argument" != devices ] || variant=kexec-devices
	[[ $function != test_@(uefi|ima|kho) ]] || variant=handover
	[[ $function != test_crash* ]] || variant=crash
	[[ $function != test_signed* ]] || variant=$argument
	images=$build/$kernel/$arch${variant:+-$variant}
	tool=$images/kbuild/arch/x86/boot/elf/tools/mkelfImage
	dir=$build/kexec/${SPOIL:+spoiled/}$1
	[ -n "${AS_IS-}" ] || need_kernels || return
	rm -rf "$dir"
	mkdir -p "$dir"
	"$function" "$argument"
}

case $1 in
list)	list; exit ;;
run)	run "$2"; exit ;;
esac
