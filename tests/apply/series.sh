# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Tests of create-patch.sh --series: each patch is one that a maintainer can
# take, all of them together are the overlay but for what is listed here, and
# the tree builds after each. Sourced by run.sh.

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

# refuses_series WORD OPTION...: for the tree, and it is not written
refuses_series() {
	local word=$1

	shift
	refuses 1 1 "$word" "$create_patch" --series "$dir/none" "$@" "$tree" &&
		[ -z "$(compgen -G "$dir/none*")" ]
}

# Nobody's configuration of git is found.
without_git_identity() {
	env -u GIT_COMMITTER_NAME -u GIT_COMMITTER_EMAIL -u EMAIL -C / \
		GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1 "$@"
}

# refuses_changed NAME WORD FILE PROGRAM: the project, with a file that sed's
# program has changed
refuses_changed() {
	local create_patch=$dir/changed/scripts/create-patch.sh

	rm -rf "$dir/changed"
	mkdir "$dir/changed"
	cp -r "$project"/{arch,Documentation,scripts,Makefile.patch} "$dir/changed"
	[ -e "$dir/changed/$3" ] || touch "$dir/changed/$3"
	sed -i "$4" "$dir/changed/$3"
	check "series: $1" refuses_series "$2" --for "$source"
}

# The one that has a default is on if all tests are to be.
is_off() {
	[ "$(grep -c '^config' "$1")" -ge 4 ] &&
		! grep -E '^[[:blank:]]default ' "$1" | grep -v KUNIT_ALL_TESTS
}

test_series_refusals() {
	local list=scripts/series

	rm -rf "$dir"/none*
	mkdir -p "$dir/full"
	touch "$dir/full/theirs"
	check "series: a directory that has something in it" refuses 1 1 \
		"$dir/full" "$create_patch" --series "$dir/full" \
		--for "$source" "$tree"
	check "series: git knows nobody" refuses 1 - "who signs" \
		without_git_identity "$create_patch" --series "$dir/none" \
		--for "$source" "$tree"
	check "series: no directory" refuses 2 - usage: \
		"$create_patch" --series
	check "series: --for without --series" refuses 2 - usage: \
		"$create_patch" --for "$source" "$tree"
	check "series: for a tree that is none" \
		refuses_series "$dir/full" --for "$dir/full"
	check "series: for a part of a tree" \
		refuses_series "scripts/unifdef.c" --for "$tree"
	broken_mv 1 :
	PATH="$dir/bin:$PATH" check "series: it cannot be put in its place" \
		refuses_series "$dir/none" --for "$source"
	refuses_changed "a file in no patch" "elf/more.h: in no patch" \
		arch/i386/kernel/more.h ""
	# shellcheck disable=SC2016 # sed's
	refuses_changed "a file in two patches" "main.c is in a patch already" \
		"$list/20-maintainers" '$a files arch/x86/boot/elf/main.c'
	refuses_changed "a file that is not there" "there is no" \
		"$list/14-entry" s/Makefile.x86/nothing.c/
	refuses_changed "a symbol in no patch" "elf/Kconfig: in no patch" \
		"$list/18-reset" /^symbols/d
	refuses_changed "hunks in no patch" "its hunks are in no patch" \
		"$list/18-reset" /^hunks/d
	rm -rf "$dir/changed"
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

# Builds

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
