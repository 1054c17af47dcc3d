#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of mkelfImage, built here by the host's compilers: what it writes
# (golden texts and what holds for any kernel, with a command line and an
# initrd in it or without), that --verify finds every broken layout rule, that
# it refuses what it must, how fast it is; and of the stub's size, of "make
# elfImage" when there is nothing to do, of what loaders of virtual machines and,
# by models of their sources, all other loaders make of vmlinux and elfImage, of
# the manual page, of signatures (sign.py), of the tool without a kernel tree and as
# a Debian package (standalone.sh, deb.sh), also in a real Debian (debian.sh), of
# modules that are built without our files (extmod.sh, bindeb.sh), and of
# elfboot-report and elfkexec (elfkexec.sh).
# Others to be tested instead of ours: MKELFIMAGE= tool (with the stub of
# make-bzimage.py in it), MANUAL= page, REPORT= program, LIMIT= bytes for the
# stub.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"
# shellcheck source-path=SCRIPTDIR source=../lib/efi.sh
. "$root/tests/lib/efi.sh"

here=$root/tests/tool
sources=$root/arch/i386/boot/elf/tools
dir=$build/tool/${2-}		# a test's own: others run at the same time
kbuild=$build/6.1/x86_64/kbuild
export PYTHONDONTWRITEBYTECODE=1

# shellcheck source-path=SCRIPTDIR source=images.sh
. "$root/tests/tool/images.sh"
# shellcheck source-path=SCRIPTDIR source=golden.sh
. "$root/tests/tool/golden.sh"
# shellcheck source-path=SCRIPTDIR source=relocs.sh
. "$root/tests/tool/relocs.sh"
# shellcheck source-path=SCRIPTDIR source=libraries.sh
. "$root/tests/tool/libraries.sh"
# shellcheck source-path=SCRIPTDIR source=programs.sh
. "$root/tests/tool/programs.sh"
# shellcheck source-path=SCRIPTDIR source=trees.sh
. "$root/tests/tool/trees.sh"

# Name, when, function, argument.
tests='golden check test_golden
rules check test_rules
compose check test_compose
parts check test_parts
relocs check test_relocs
refusals check test_refusals
unpack check test_unpack
unpack-kernels all test_unpack_kernels
unpack-cost all,alone test_unpack_cost
inputs check test_inputs
sign check test_sign
acceptors check test_acceptors
models check test_models
speed check,alone test_speed
report check test_report
size check test_size
nothing-to-do check test_nothing_to_do
manual check test_manual
standalone check run_script standalone.sh
efi check run_script efi.sh
efi-compose check test_efi_compose
efi-measure check test_efi_measure
efi-pcrlock all test_efi_pcrlock
deb check run_script deb.sh
elfkexec check run_script elfkexec.sh
debian all run_script debian.sh
bindeb-6.1 all test_bindeb 6.1'
tests+=$'\n'$(awk '!/^#/ && NF >= 5 {
	print "extmod-" $1, $5, "test_extmod", $1 }' "$root/tests/kernels.list")

# Results of a script, and its exit status.
run_script() {
	"$here/$1" "${@:2}" || failed=y
}

# compose_of NAME TOOL KERNEL STUB
compose_of() {
	"$here/compose.py" "$dir/mkelfImage-$2" "$3" "$4" "$dir" |
		sed -E "s/^(not )?ok /&$1: /"
	[ "${PIPESTATUS[0]}" -eq 0 ] || failed=y
}

test_compose() {
	local arch stub=$kbuild/arch/x86/boot/elf/elfboot.bin

	make_images || return
	for arch in i386 x86_64; do
		compose_of "small vmlinux, $arch" sanitize \
			"$dir/vmlinux.$arch" "$dir/stub.bin"
		compose_of "small bzImage, $arch" sanitize \
			"$dir/bzImage.$arch" "$dir/stub.bin"
	done
	check "mkelfImage with 6.1's stub" build_real || return
	for arch in i386 x86_64; do
		want_kernel 6.1 "$arch" || { fail "6.1 $arch"; return; }
		compose_of "6.1 $arch bzImage" real \
			"$build/6.1/$arch/bzImage" "$stub"
		compose_of "6.1 $arch vmlinux" real \
			"$build/6.1/$arch/vmlinux" "$stub"
	done
}

test_rules() {
	make_images || return
	run_script rules.py "$dir/mkelfImage-sanitize" "$dir/elfImage.x86_64" \
		"$dir/vmlinux.x86_64" "$sources/verify.c" "$dir"
}

test_parts() {
	make_images || return
	run_script parts.py "$dir/mkelfImage-sanitize" "$dir/vmlinux.x86_64" \
		"$dir/bzImage.x86_64" "$dir"
	run_script outputs.py "$dir/mkelfImage-sanitize" "$dir/mkelfImage-gcc" \
		"$dir/vmlinux.x86_64" "$dir/bzImage.x86_64" "$dir"
}

# What takes long is done at some places only: in make check, and sanitized.
test_refusals() {
	local step=${CHECK:+7}

	make_images || return
	run_script refusals.py "$dir/mkelfImage-gcc" "$dir/vmlinux.x86_64" \
		"$dir" "${step:-1}"
	run_script refusals.py "$dir/mkelfImage-sanitize" \
		"$dir/vmlinux.x86_64" "$dir" 61
	run_script refusals-bzimage.py "$dir/mkelfImage-gcc" \
		"$dir/bzImage.x86_64" "$dir" "${step:-1}"
	run_script refusals-bzimage.py "$dir/mkelfImage-sanitize" \
		"$dir/bzImage.x86_64" "$dir" 61
}

test_acceptors() {
	local arch

	for arch in i386 x86_64; do
		want_kernel 6.1 "$arch" || { fail "6.1 $arch"; return; }
		check "$arch: small vmlinux" \
			"$here/make-vmlinux.py" "$arch" "$dir/vmlinux.$arch"
	done
	run_script acceptors.py "$build/6.1" "$dir"
}

# What each loader's ELF code takes, from its source.
test_models() {
	local arch images=()

	make_images || return
	for arch in i386 x86_64; do
		want_kernel 6.1 "$arch" || { fail "6.1 $arch"; return; }
		images+=("$build/6.1/$arch"/{,z}elfImage)
	done
	run_script models/models.py "$dir" "${images[@]}"
}

test_speed() {
	make_images || return
	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	cp "$kbuild/vmlinux" "$dir/vmlinux"
	run_script speed.py "$dir/mkelfImage-gcc" "$dir/vmlinux" "$dir"
}

test_report() {
	run_script report.py "${REPORT:-$root/scripts/elfboot-report}" \
		"$dir/report"
}

# quiet COMMAND...: it succeeds and has nothing to complain about
quiet() {
	local output status

	output=$(LC_ALL=C.UTF-8 "$@" 2>&1 > /dev/null)
	status=$?
	[ -z "$output" ] || echo "$output"
	[ "$status" -eq 0 ] && [ -z "$output" ]
}

test_manual() {
	local manual=${MANUAL:-$root/Documentation/mkelfImage.8}

	make_images || return
	run_script manual.py "$dir/mkelfImage-gcc" "$manual"
	check "man has nothing to say" quiet man --warnings -l "$manual"
	if command -v mandoc > /dev/null; then
		check "mandoc -Tlint" mandoc -Tlint -W warning "$manual"
	else
		echo "skip mandoc -Tlint # there is none"
	fi
}

mkdir -p "$dir"
group_main "$@"
