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
# Over 200 lines, because each test has a function of a few lines here that makes
# what its program looks at.

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

# Name, when, function, argument.
tests='golden check test_golden
rules check test_rules
compose check test_compose
parts check test_parts
relocs check test_relocs
refusals check test_refusals
unpack check test_unpack
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

make_relocatable() {
	"$here/make-vmlinux.py" "$1" "$dir/vmlinux.$1" kaslr &&
		"$here/make-vmlinux.py" "$1" "$dir/bss.$1" kaslr bss &&
		"$here/make-vmlinux.py" "$1" "$dir/plain.$1" &&
		"$here/make-bzimage.py" "$1" "$dir/bzImage.$1"
}

# Small kernels with relocations of our own, and a real one with the tree's.
test_relocs() {
	local arch

	make_images || return
	for arch in i386 x86_64; do
		make_relocatable "$arch" || { fail "small $arch kernels"; return; }
	done
	for arch in i386 x86_64; do
		run_script relocs.py "$dir/mkelfImage-sanitize" "$arch" "$dir"
	done
	for arch in i386 x86_64; do
		want_kernel 6.1 "$arch" || { fail "6.1 $arch"; return; }
		run_script relocs-kernel.py "$build/6.1/$arch" \
			"$root/Documentation/elf-boot.txt"
	done
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

# The tool as it is built outside of a kernel tree, with all libraries: the same
# for every test, $libraries.
libraries=$build/tool/libraries/tools/mkelfImage
plain=$build/tool/plain		# without sanitizers
sanitized="-O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all"

# build_with_libraries DIRECTORY CFLAGS: DIRECTORY/tools/mkelfImage
build_with_libraries() {
	locked "$build/tool/libraries.lock" make -s -C "$root" mkelfImage \
		"O=$1" "CFLAGS=$2" \
		> "$dir/make.log" 2>&1 || { cat "$dir/make.log"; return 1; }
	"$1/tools/mkelfImage" --version |
		grep -xc -e 'unpacks: gzip bzip2 xz lzma lzo lz4 lz4-frame zstd' \
			-e 'signs: PKCS#7' | grep -qx 2
}

make_packed() {
	local arch form

	for arch in i386 x86_64; do
		for form in gzip none bzip2 lzma xz lzo lz4 zstd; do
			"$here/make-packed.py" "$arch" "$form" "$dir" || return
		done
	done
}

# unpacks_to_image ARCH: what "make elfImage" makes of the same kernel
unpacks_to_image() {
	"$libraries" --unpack \
		"$build/6.1/$1/bzImage" "$dir/unpacked.$1" &&
		cmp "$build/6.1/$1/elfImage" "$dir/unpacked.$1"
}

test_unpack() {
	local arch

	make_images || return
	check "mkelfImage with all libraries" \
		build_with_libraries "$build/tool/libraries" "$sanitized" || return
	check "small kernels" make_packed || return
	run_script unpack.py "$libraries" \
		"$dir/mkelfImage-sanitize" "$dir"
	for arch in i386 x86_64; do
		want_kernel 6.1 "$arch" || { fail "6.1 $arch"; return; }
		check "6.1 $arch: unpacked, it is its elfImage" \
			unpacks_to_image "$arch"
	done
}

test_inputs() {
	make_images || return
	check "mkelfImage with all libraries" \
		build_with_libraries "$build/tool/libraries" "$sanitized" || return
	check "the same without sanitizers" \
		build_with_libraries "$plain" -O2 || return
	check "small kernels" make_packed || return
	run_script inputs.py "$libraries" "$plain/tools/mkelfImage" "$dir"
}

# What the kernel's own program for modules writes is the model.
build_sign_file() {
	want_source 6.1 &&
		gcc -O1 -w -o "$dir/sign-file" \
			"$build/6.1/src/scripts/sign-file.c" -lcrypto
}

test_sign() {
	make_images || return
	check "mkelfImage with all libraries" \
		build_with_libraries "$build/tool/libraries" "$sanitized" || return
	check "sign-file" build_sign_file || return
	run_script sign.py "$libraries" "$dir/mkelfImage-sanitize" \
		"$dir/sign-file" "$dir"
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

test_size() {
	local limit=${LIMIT:-49152} size

	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	size=$(stat -c %s "$kbuild/arch/x86/boot/elf/elfboot.bin")
	check "elfboot.bin: $size bytes, $limit at most" \
		[ "$size" -le "$limit" ]
	check "the figures in the documents are those of this stub" \
		"$root/tests/bench/tables.py" "$root/tests/bench/figures" \
		"$root/Documentation/figures.md" \
		"$kbuild/arch/x86/boot/elf/elfboot.bin" \
		"$(compiler_of "$kbuild")"
}

test_report() {
	run_script report.py "${REPORT:-$root/scripts/elfboot-report}" \
		"$dir/report"
}

test_extmod() {
	run_script extmod.sh "$1"
}

test_bindeb() {
	run_script bindeb.sh "$1"
}

# quietly_ukify ARGUMENT...: what it says is in a file
quietly_ukify() {
	run_ukify "$@" > "$dir/ukify.log" 2>&1 ||
		{ cat "$dir/ukify.log"; return 1; }
}

# same_section NAME: what ukify has put in is what we do
same_section() {
	objcopy -O binary --only-section "$1" --set-section-flags "$1=alloc" \
		"$dir/ukify.efi" "$dir/theirs" &&
		objcopy -O binary --only-section "$1" \
			--set-section-flags "$1=alloc" "$dir/ours.efi" "$dir/ours" &&
		cmp "$dir/theirs" "$dir/ours"
}

inspects() {
	quietly_ukify inspect "$dir/ours.efi" --json=short &&
		python3 -c 'import json, sys
found = json.loads(sys.stdin.read().splitlines()[-1])
sys.exit(sorted(found) != sorted(sys.argv[1:]))' \
		.sbat .osrel .cmdline .uname .linux .initrd < "$dir/ukify.log"
}

# The same by Debian 13's ukify and by us.
test_ukify() {
	local tool=$dir/mkelfImage-sanitize section part
	local program=$build/efi/elfbootx64.efi

	check "ukify of Debian 13" need_ukify || return
	printf 'ID=test\nVERSION_ID=1\n' > "$dir/os-release"
	check "ukify --stub=elfbootx64.efi" quietly_ukify build --stub="$program" \
		--linux="$dir/zelfImage.x86_64" --initrd="$dir/initrd.1" \
		--cmdline="console=ttyS0 quiet" --os-release="@$dir/os-release" \
		--uname=6.1.0-test --output="$dir/ukify.efi"
	check "mkelfImage --efi of the same" "$tool" --efi \
		--efi-stub="$program" --initrd="$dir/initrd.1" \
		--append="console=ttyS0 quiet" --os-release="$dir/os-release" \
		"$dir/zelfImage.x86_64" "$dir/ours.efi"
	for section in .text .rodata .osrel .cmdline .uname .linux .initrd; do
		check "ukify and we: $section" same_section "$section"
	done
	check "ukify inspect knows ours" inspects
	check "--verify takes ukify's" "$tool" --verify "$dir/ukify.efi"
	for part in kernel initrd cmdline; do
		check "--extract=$part" "$tool" --extract="$part" \
			"$dir/ukify.efi" "$dir/$part"
	done
	check "--extract: the kernel" cmp "$dir/kernel" "$dir/zelfImage.x86_64"
	check "--extract: the initrd" cmp "$dir/initrd" "$dir/initrd.1"
	check "ukify's composed again: its line in .sbat" "$tool" --efi \
		--efi-stub="$program" "$dir/ukify.efi" "$dir/again.efi"
	check "ukify's composed again: its line in .sbat is kept" \
		grep -q -a '^uki,1,' "$dir/again.efi"
}

test_efi_compose() {
	make_images || return
	check "elfboot.efi" locked "$build/efi/lock" build_efi build/efi || return
	run_script efi-compose.py "$dir/mkelfImage-sanitize" "$build/efi" "$dir"
	test_ukify
}

# As lib/build.sh calls it: with other arguments it builds another kernel.
make_elfimage() {
	make -C "$kbuild" ARCH=x86_64 ELFBOOT_DEBUG=y elfImage > "$1" 2>&1
}

image_identity() {
	stat -c '%i %y %s' "$kbuild/arch/x86/boot/elfImage"
}

# All of make help is there, with both files in it.
helps() {
	local text

	text=$(make -s -C "$kbuild" ARCH=x86_64 help) &&
		grep -q ' elfImage .*ELF' <<< "${text//$'\t'/ }" &&
		grep -q ' zelfImage ' <<< "${text//$'\t'/ }"
}

# Another test may use the kernel's tree: one at a time.
test_nothing_to_do() {
	local before

	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	exec 8> "$build/6.1/x86_64/lock"
	flock 8
	check "make elfImage" make_elfimage "$dir/make-1.log"
	check "it is the tests' kernel" \
		cmp "$kbuild/vmlinux" "$build/6.1/x86_64/vmlinux"
	before=$(image_identity)
	check "make elfImage again" make_elfimage "$dir/make-2.log"
	check "elfImage is the same file" [ "$before" = "$(image_identity)" ]
	check_not "nothing was built" \
		grep -E '^ +(AS|CC|LD|AR|ELF|HOSTCC|HOSTLD|OBJCOPY) ' \
		"$dir/make-2.log"
	check "make help" helps
	check "it says that it is ready" \
		grep -x 'Kernel: arch/x86/boot/elfImage is ready' \
		"$dir/make-2.log"
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
