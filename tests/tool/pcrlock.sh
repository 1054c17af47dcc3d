#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# mkelfImage --measure --json against Debian 13's systemd-pcrlock, which is unpacked and
# not installed, with its own C library: of a UEFI program both write the same bytes,
# and systemd-pcrlock reads what mkelfImage has written of one that gets more from
# outside.
#
# usage: pcrlock.sh MKELFIMAGE KERNEL EFI DIRECTORY

# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

tool=$1
kernel=$2
efi=$3
dir=$4/pcrlock
debian=$build/loaders/pcrlock-trixie

pcrlock() {
	local libraries=$debian/usr/lib/x86_64-linux-gnu

	"$debian/lib64/ld-linux-x86-64.so.2" \
		--library-path "$libraries:$libraries/systemd" \
		"$debian/usr/lib/systemd/systemd-pcrlock" "$@"
}

# both FILE: what each of them writes
both() {
	"$tool" --measure --json "$1" > "$dir/ours" &&
		pcrlock lock-pe "$1" --pcrlock="$dir/theirs" 2> "$dir/log"
}

# same NAME FILE
same() {
	check "$1: both write something" both "$2"
	check "$1: it is the same" cmp "$dir/ours" "$dir/theirs"
}

# It lists a file that it can read.
is_component() {
	mkdir "$dir/components" &&
		"$tool" --measure --json --append=quiet --initrd="$kernel" \
			"$dir/program.efi" > "$dir/components/650-elf.pcrlock" &&
		pcrlock --components="$dir/components" list-components |
			grep '^650-elf .*/650-elf\.pcrlock$'
}

rm -rf "$dir"
mkdir -p "$dir"
check "systemd-pcrlock" "$root/scripts/fetch-packages.sh" trixie amd64 "$debian" \
	systemd
check "a program" "$tool" --quiet --efi --efi-stub="$efi/elfbootx64.efi" \
	--os-release= --append=quiet "$kernel" "$dir/program.efi"
check "a key" openssl req -new -x509 -newkey rsa:2048 -nodes -keyout "$dir/key" \
	-out "$dir/cert" -days 2 -subj "/CN=test"
check "signed" sbsign --key "$dir/key" --cert "$dir/cert" \
	--output "$dir/signed.efi" "$dir/program.efi"
same "a program" "$dir/program.efi"
same "signed" "$dir/signed.efi"
check "with load options and an initrd: a component" is_component
[ -z "$failed" ]
