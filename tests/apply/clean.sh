# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# That "make clean" and "make mrproper" spare the project's files, on a whole
# tree. Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

quiet_make() {
	make -C "$source" ARCH=x86_64 -s "$@"
}

# What "make elfImage" leaves, as far as cleaning is concerned.
fake_products() {
	local at=$1/arch/x86/boot product

	mkdir -p "$at/elf/tools"
	for product in $products; do
		touch "$at/$product"
	done
}

products='elfImage elf/elfboot.bin elf/elfboot.elf elf/main.o elf/.main.o.cmd
	elf/tools/mkelfImage elf/tools/write.o'

no_products() {
	local product

	for product in $products; do
		[ ! -e "$1/arch/x86/boot/$product" ] || { echo "$product"; return 1; }
	done
}

refuses_elfimage() {
	! quiet_make "$@" elfImage > "$dir/err" 2>&1 &&
		grep 'elfImage: CONFIG_ELF_BOOT is off' "$dir/err"
}

test_clean_output() {
	local output=$dir/clean-O before

	before=$(contents "$project/arch" all)
	rm -rf "$output"
	mkdir "$output"
	check "O=: make tinyconfig" quiet_make O="$output" tinyconfig
	check "O=: it has CONFIG_ELF_BOOT off" \
		grep -x '# CONFIG_ELF_BOOT is not set' "$output/.config"
	check "O=: make elfImage refuses" refuses_elfimage O="$output"
	check "O=: make help" grep -E '^  elfImage[[:blank:]]+- ' \
		<(quiet_make O="$output" help)
	fake_products "$output"
	check "O=: make clean" quiet_make O="$output" clean
	check "O=: make clean removes what was built" no_products "$output"
	check "O=: make mrproper" quiet_make O="$output" mrproper
	check "O=: the project is untouched" \
		diff <(echo "$before") <(contents "$project/arch" all)
	rm -rf "$output"
}

# The tree's own files are hard links: those that anything writes to are
# copied before.
copy_of_tree() {
	local file

	rm -rf "$tree"
	cp -al "$1" "$tree"
	while read -r file; do
		rm "$tree/$file"
		cp -p "$1/$file" "$tree/$file"
	done < <(patched_files; echo "$documents")
	"$install" --remove "$tree" && "$install" "$tree"
}

test_clean_in_tree() {
	tree=$dir/clean-tree
	source=$tree
	check "in the tree: install" copy_of_tree "$build/$1/src"
	check "in the tree: make tinyconfig" quiet_make tinyconfig
	check "in the tree: make elfImage refuses" refuses_elfimage
	fake_products "$tree"
	check "in the tree: make clean" quiet_make clean
	check "in the tree: make clean removes what was built" \
		no_products "$tree"
	check "in the tree: make clean spares ours" has_overlay "$tree"
	fake_products "$tree"
	check "in the tree: make mrproper" quiet_make mrproper
	check "in the tree: make mrproper spares ours" has_overlay "$tree"
	check "in the tree: make ARCH=i386 mrproper" \
		make -C "$source" -s ARCH=i386 mrproper
	check "in the tree: and that too" has_overlay "$tree"
	check "in the tree: remove" "$install" --remove "$tree"
	rm -rf "$tree"
}

# The kernel's own script exits with 0, whatever it has to say.
abi_is_valid() {
	local output

	output=$("$source/scripts/get_abi.pl" validate \
		--dir "$project/Documentation/ABI" 2>&1)
	echo "$output"
	[ -z "$output" ]
}
