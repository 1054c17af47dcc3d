# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The series (series.sh) in a whole tree: it builds after each patch. Sourced by
# run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

# A whole tree of 7.2 without us, where "git am" works: git knows the files that
# the series changes.
whole_tree() {
	copy_of_tree "$source" && "$install" --remove "$tree" &&
		git -C "$tree" init -q &&
		(patched_files; series_index; echo MAINTAINERS) |
		xargs git -C "$tree" add -f && git -C "$tree" commit -qm pristine
}

series_make() {
	make -C "$tree" O="$objects" ARCH="$arch" -s -j"$jobs" "$@" \
		< /dev/null
}

# What is wanted of the options that are there: name of a configuration, what
# it begins with, fragments.
series_configurations='allno allnoconfig series-allno.config
test tinyconfig base.config arch.config series-test.config'

# configure_series START FRAGMENT...: as far as the tree has the options
configure_series() {
	local start=$1 fragments=$root/tests/kconfig names=() name

	shift
	for name; do
		names+=("${name/#arch./$arch.}")
	done
	mkdir -p "$objects"
	series_make "$start" || return
	(cd "$fragments" && "$tree/scripts/kconfig/merge_config.sh" -m -O "$objects" \
		"$objects/.config" "${names[@]}") && series_make olddefconfig
}

# With elfImage as soon as there is one. (Kconfig may leave what it does not
# know in .config.)
build_series() {
	if [ -e "$tree/arch/x86/boot/elf/Makefile.x86" ]; then
		series_make vmlinux elfImage
	else
		series_make vmlinux
	fi
}

# all_is_on OPTION...
all_is_on() {
	local name

	for name in "$@"; do
		grep -qx "CONFIG_$name=y" "$objects/include/config/auto.conf" ||
			{ echo "$name is off"; return 1; }
	done
}

# builds NAME
builds() {
	# shellcheck disable=SC2086 # they are words
	check "$1: configure" configure_series $configuration
	check "$1: build" build_series
}

# test_series_builds "ARCH NAME": of a configuration
test_series_builds() {
	local arch=${1% *} source=$build/7.2/src objects=$dir/objects
	local configuration file on=(ELF_BOOT)

	configuration=$(sed -n "s/^${1#* } //p" <<< "$series_configurations")
	want_source 7.2 || { fail "7.2: its source"; return; }
	tree=$dir/tree
	rm -rf "$patches" "$objects"
	check "a whole tree without us" whole_tree
	check "series: written" write_series "$patches" "$tree"
	[ -z "$failed" ] || return
	builds "before the series"
	while read -r file; do
		check "${file##*/}: git am" git -C "$tree" am -q "$file"
		builds "${file##*/}"
		[ -z "$failed" ] || return
	done < <(all_patches)
	case $1 in
	*' test')	on+=(KEXEC_X86_RESET) ;;&
	'x86_64 test')	on+=(KEXEC_ELF_X86 KEXEC_ELF_X86_KUNIT_TEST) ;;
	esac
	check "in the end: ${on[*]}" all_is_on "${on[@]}"
	rm -rf "$tree" "$objects"
}
