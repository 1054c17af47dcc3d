# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What create-patch.sh --series (series.sh) must refuse. Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

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
