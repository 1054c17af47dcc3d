# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Tests of create-patch.sh --series: each patch is one that a maintainer can
# take, and all of them together are the overlay but for what is listed here.
# Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

patches=$dir/series

# What the series changes besides, named as the tree has it: the index of the
# documents of arch/x86.
series_index() {
	(cd "$source" && ls Documentation/{arch/,}x86/index.rst 2>/dev/null)
}

# The files that the series changes, and no others.
series_tree() {
	fresh_tree
	(cd "$source" && cp --parents MAINTAINERS "$(series_index)" "$tree")
}

write_series() {
	"$create_patch" --series "$@"
}

all_patches() {
	find "$patches" -name '*.patch' ! -name '0000-*' | sort
}

# Every one says in its body why, and who has sent it.
has_reason() {
	local body

	body=$(sed -e '1,/^$/d' -e '/^Signed-off-by: /,$d' "$1" | grep -c '[a-z]')
	grep -qx 'Signed-off-by: tester <tester@localhost>' "$1" &&
		[ "$(grep -c '^Signed-off-by: ' "$1")" -eq 1 ] &&
		[ "$body" -ge 1 ]
}

# It has list and diffstat, and nothing that was to be filled in.
has_cover_letter() {
	local cover

	cover=$(echo "$patches"/0000-*)
	! grep -F '***' "$cover" &&
		grep -q "^tester ($(all_patches | wc -l)):$" "$cover" &&
		grep -q '^ [0-9]* files changed, [0-9]* insertions' "$cover"
}

# Only the tree's own words: nothing asks which of several trees this is.
is_for_one_tree() {
	grep -q '^+obj-y ' "$patches"/0014-* &&
		! cat "$patches"/0* | grep -nE '^[+].*(HAVE_ELFBOOT|\$\(shell|Makefile[.]compat)'
}

# What checkpatch says that does not apply.
checkpatch_ignore() {
	awk '!/^#/ && NF > 1 { printf "%s%s", n++ ? "," : "", $1 }' \
		"$project/scripts/series/checkpatch-ignore"
}

# It leaves a cache where it runs.
is_styled() {
	local output

	output=$(cd "$dir" && "$source/scripts/checkpatch.pl" --strict --terse \
		--show-types --no-summary --root="$source" \
		--ignore "$(checkpatch_ignore)" "$1" 2>&1)
	echo "$output"
	[ -z "$output" ]
}

# Lines that the series may have otherwise than the overlay: file, line of a
# diff; regular expressions.
series_differences='[^ ]*/elf/Kconfig -	default y
[^ ]*/elf/Kconfig [-+]	  If unsure, say [YN]\.
[^ ]* [-+].*Documentation/(elf-boot.txt|(arch/)?x86/elf-boot.rst).*
arch/x86/kernel/elf/Makefile -include .*/Makefile.compat
arch/x86/kernel/elf/Makefile.compat -.*
arch/x86/kernel/elf/kexec-compat.h -.*
arch/x86/kernel/elf/coreboot/(Makefile|framebuffer.c) -.*
arch/x86/kernel/elf/kexec/kexec-elf-signature.c [-+].*MODULE_SIG(NATURE_MARKER|_STRING).*
arch/x86/kernel/elf/head.S [-+]	(UNWIND_HINT_(EMPTY|END_OF_STACK)|ANNOTATE_NOENDBR)
Documentation/(arch/)?x86/index.rst [+]   elf-boot
MAINTAINERS [+](X86 ELF BOOT|[MLSF]:	[^ ].*|)'

# equals_overlay: "FILE LINE" for each line of the difference, which must all
# be among these
equals_overlay() {
	local lines rest

	mv "$1/$(dirname "$(series_index)")/elf-boot.rst" "$1/Documentation/elf-boot.txt" ||
		return
	lines=$(cd "$dir" && diff -rN -U0 -x .git "${installed##*/}" "${1##*/}" |
		awk '/^diff / { header = 1; next }
			header && /^\+\+\+ / { file = $2; header = 0
				sub(/^[^\/]*\//, "", file); next }
			header || /^@@/ { next }
			{ print file " " $0 }')
	[ -n "$lines" ] || { echo "no difference at all"; return 1; }
	rest=$(grep -vxE "$series_differences" <<< "$lines")
	echo "$rest"
	[ -z "$rest" ]
}

# The one that has a default is on if all tests are to be.
is_off() {
	[ "$(grep -c '^config' "$1")" -ge 4 ] &&
		! grep -E '^[[:blank:]]default ' "$1" | grep -v KUNIT_ALL_TESTS
}

test_series() {
	local file source=$build/$1/src installed=$dir/installed scratch=$dir/git

	kernel=$1
	want_pristine "$kernel" || { fail "$kernel: its files"; return; }
	want_source "$kernel" || { fail "$kernel: its source"; return; }
	rm -rf "$patches" "$dir/once more" "$installed"
	series_tree
	"$install" "$tree"
	mv "$tree" "$installed"
	series_tree
	before=$(contents "$tree" all)
	check "series: written" \
		write_series "$patches" --for "$source" "$tree"
	check "series: the tree is unchanged" \
		diff <(echo "$before") <(contents "$tree" all)
	mkdir "$dir/once more"
	check "series: once more, into an empty directory, by relative names" \
		env -C "$dir" "$create_patch" --series "once more/" \
		--for "$source" "${tree##*/}"
	check "series: twice the same" diff -r "$patches" "$dir/once more"
	check "series: 10 to 25 patches" \
		grep -qxE '1[0-9]|2[0-5]' <(all_patches | wc -l)
	check "series: a cover letter" has_cover_letter
	check "series: for one tree" is_for_one_tree
	while read -r file; do
		check "${file##*/}: why, and by whom" has_reason "$file"
		check "${file##*/}: checkpatch" is_styled "$file"
	done < <(all_patches)
	new_git "$scratch" "$tree"
	check "series: git am" \
		git -C "$scratch" am -q --empty=drop "$patches"/*.patch
	check "series: it is the overlay but for what is listed" \
		equals_overlay "$scratch"
	check "series: everything is off by default" \
		is_off "$scratch/arch/x86/boot/elf/Kconfig"
	test_series_refusals
	rm -rf "$tree"
}
