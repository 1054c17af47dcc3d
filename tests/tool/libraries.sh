# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# Tests of the tool with all libraries, as it is built outside of a kernel tree: what it
# unpacks, what it takes, what it signs. Sourced by run.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh

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

# The kernel's own rules pack the same kernel in each way that they know, and
# "make elfImage" makes of it what there is to compare with. In a copy of the build's
# directory, as deep below the tree as that: nothing but boot/compressed is built again.
pack_kernel() {
	local other=$build/6.1/x86_64-packed/kbuild

	sed -i 's/^CONFIG_KERNEL_[A-Z0-9]*=y$//' "$other/.config" &&
		echo "CONFIG_KERNEL_$1=y" >> "$other/.config" &&
		make -s -C "$build/6.1/src" O="$other" ARCH=x86_64 \
			ELFBOOT_DEBUG=y olddefconfig bzImage elfImage \
			> "$dir/make.log" 2>&1 &&
		grep -qx "CONFIG_KERNEL_$1=y" "$other/.config" && return
	tail "$dir/make.log"
	return 1
}

test_unpack_kernels() {
	local form other=$build/6.1/x86_64-packed boot

	boot=$other/kbuild/arch/x86/boot

	check "mkelfImage with all libraries" build_with_libraries "$plain" -O2 ||
		return
	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	rm -rf "$other"
	mkdir "$other"
	check "a copy of the kernel's build" cp -a "$kbuild" "$other/" || return
	for form in GZIP BZIP2 LZMA XZ LZO LZ4 ZSTD; do
		check "$form: make bzImage elfImage" pack_kernel "$form" &&
			check "$form: --unpack takes it" "$plain/tools/mkelfImage" \
				--unpack "$boot/bzImage" "$dir/unpacked" &&
			check "$form: it is the kernel's elfImage" \
				cmp "$boot/elfImage" "$dir/unpacked"
	done
	rm -rf "$other"
}

# Without sanitizers, which cost more.
test_unpack_cost() {
	check "mkelfImage with all libraries" build_with_libraries "$plain" -O2 ||
		return
	want_kernel 6.1 x86_64 || { fail "6.1"; return; }
	run_script unpack-cost.py "$plain/tools/mkelfImage" \
		"$build/6.1/x86_64/bzImage" "$dir"
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
