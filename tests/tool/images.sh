# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# The tool, built in several ways, and the small kernels and images that the tests
# begin with. Sourced by run.sh.

# shellcheck disable=SC2154,SC2034 # variables of run.sh and common.sh

# Each way of building the tool finds other mistakes.
# Name, compiler and options.
builds='gcc gcc -O2
clang clang -O2
sanitize gcc -O1 -g -fsanitize=address,undefined -fno-sanitize-recover=all'

# compile NAME STUB COMMAND...
compile() {
	local name=$1 stub=$2

	shift 2
	"$@" -Wall -Wextra -Werror "-DSTUB_BIN=\"$stub\"" \
		-o "$dir/mkelfImage-$name" "$sources"/*.c
}

# The tool is $dir/mkelfImage-NAME afterwards, for every name in "builds". The
# stub in it is a small one that stays the same.
build_tools() {
	local name command

	"$here/make-bzimage.py" stub "$dir/stub.bin" || return
	while read -r name command; do
		if [ -n "${MKELFIMAGE-}" ]; then
			cp "$MKELFIMAGE" "$dir/mkelfImage-$name" || return
			continue
		fi
		# shellcheck disable=SC2086 # it is words
		compile "$name" "$dir/stub.bin" $command || return
	done <<< "$builds"
}

# The tool with the stub of a kernel's build: $dir/mkelfImage-real.
build_real() {
	want_kernel 6.1 x86_64 &&
		compile real "$kbuild/arch/x86/boot/elf/elfboot.bin" gcc -O2
}

# make_images: the tools, small kernels and their images ($dir/vmlinux.ARCH,
# $dir/elfImage.ARCH, $dir/bzImage.ARCH, $dir/zelfImage.ARCH): the same for
# every test, so the first one makes them.
make_images() {
	check "mkelfImage and images of small kernels" \
		locked "$build/tool/images.lock" copy_images "$dir"
	[ -z "$failed" ]
}

# What they are made from.
images_stamp() {
	(cd "$root" && cat "$sources"/*.[ch] arch/i386/boot/elf/*.h \
		tests/tool/{images.sh,make-*.py,elf.py} \
		${MKELFIMAGE:+"$MKELFIMAGE"}) | sha256sum
}

# copy_images DIRECTORY
copy_images() {
	local to=$1 dir=$build/tool/images stamp

	stamp=$(images_stamp) || return
	if [ "$stamp" != "$(cat "$dir/stamp" 2> /dev/null)" ]; then
		rm -rf "$dir" && mkdir -p "$dir" && write_images &&
			echo "$stamp" > "$dir/stamp" || return
	fi
	cp "$dir"/* "$to"
}

write_images() {
	local arch

	build_tools || return
	for arch in i386 x86_64; do
		"$here/make-vmlinux.py" "$arch" "$dir/vmlinux.$arch" &&
			"$dir/mkelfImage-gcc" "$dir/vmlinux.$arch" \
				"$dir/elfImage.$arch" &&
			"$here/make-bzimage.py" "$arch" "$dir/bzImage.$arch" &&
			"$dir/mkelfImage-gcc" "$dir/bzImage.$arch" \
				"$dir/zelfImage.$arch" || return
	done
	printf '%4099s' initrd > "$dir/initrd.1"
	printf '%s' 'and another' > "$dir/initrd.2"
	"$here/make-vmlinux.py" x86_64 "$dir/vmlinux.movable" kaslr &&
		"$dir/mkelfImage-gcc" "$dir/vmlinux.movable" \
			"$dir/elfImage.movable" || return
	"$dir/mkelfImage-gcc" --append='console=ttyS0 quiet' \
		--initrd="$dir/initrd.1" --initrd="$dir/initrd.2" \
		"$dir/bzImage.x86_64" "$dir/composed" || return
	"$dir/mkelfImage-gcc" --append='console=ttyS0 quiet' \
		--initrd="$dir/initrd.1" --initrd="$dir/initrd.2" \
		"$dir/vmlinux.x86_64" "$dir/composed-vmlinux"
}
