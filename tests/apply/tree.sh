# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# Trees that have only the files which we touch, and what must hold of them.
# Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

patched_files() {
	sed -n 's|^+++ b/||p' "$patch"
}

# The files of KERNEL that matter, as Debian has them: $dir/KERNEL.
want_pristine() {
	local kernel=$1 archive=$build/sources/linux-source-$1.tar.xz files

	need_archive "$kernel" || return
	files=$({
		patched_files
		printf '%s\n' Makefile COPYING arch/x86/kernel/vmlinux.lds.S \
			arch/x86/boot/Makefile Documentation/Makefile \
			Documentation/ABI/testing/sysfs-firmware-memmap
	} | sort -u)
	if [ "$(cat "$dir/$kernel.files" 2>/dev/null)" != "$archive $files" ]; then
		rm -rf "${dir:?}/$kernel"
		mkdir -p "$dir/$kernel"
		# shellcheck disable=SC2046,SC2086 # they are words
		tar -C "$dir/$kernel" --strip-components=1 --wildcards \
			--no-wildcards-match-slash \
			-xf "$archive" $(printf 'linux-*/%s ' $files) || return
		echo "$archive $files" > "$dir/$kernel.files"
	fi
}

# A tree to work on: $tree, with a space in its name.
fresh_tree() {
	tree="$dir/work $kernel"
	rm -rf "$tree"
	cp -a "$dir/$kernel" "$tree"
}

# What is in a directory; times only with "all".
contents() {
	local format='%P %y %m %l'

	[ "${2-}" != all ] || format+=' %T@'
	(cd "$1" && find . -name .git -prune -o -printf "$format\n" &&
		find . -name .git -prune -o -type f -exec sha256sum {} +) |
		LC_ALL=C sort
}

is_pristine() {
	diff <(contents "$dir/$kernel") <(contents "$tree")
}

# Everything of ours is in the tree, as we have it.
has_overlay() {
	local at=$1 from to document

	while read -r from to; do
		diff -r -x '.*' -x '*~' "$project/$from" "$at/$to" || return
	done <<< "$overlay"
	for document in $documents; do
		cmp "$project/$document" "$at/$document" || return
	done
}

# unchanged_by COMMAND...: it leaves everything in the tree as it is, times
# included.
unchanged_by() {
	local before

	before=$(contents "$tree" all)
	"$@" || return
	diff <(echo "$before") <(contents "$tree" all)
}

# refuses STATUS LINES WORD COMMAND...: the command exits with this status,
# prints as many lines on stderr ("-": any number), the last (for a wrong
# usage: the first) with this word, prints nothing on stdout and changes
# nothing.
refuses() {
	local status=$1 lines=$2 word=$3 before
	local out=$dir/out err=$dir/err line

	shift 3
	before=$(contents "$tree" all)
	"$@" > "$out" 2> "$err"
	[ $? -eq "$status" ] || { echo "not status $status"; cat "$err"; return 1; }
	[ ! -s "$out" ] || { cat "$out"; return 1; }
	[ "$lines" = - ] || [ "$(wc -l < "$err")" -eq "$lines" ] ||
		{ cat "$err"; return 1; }
	line=$(tail -n 1 "$err")
	[ "$status" -eq 1 ] || line=$(head -n 1 "$err")
	[[ $line == *"$word"* ]] || { cat "$err"; return 1; }
	diff <(echo "$before") <(contents "$tree" all)
}

# The files of ours in the tree, as an older version had them.
make_older() {
	local from to

	while read -r from to; do
		find "$tree/$to" -type f -exec sh -c \
			'for file; do echo older > "$file"; done' sh {} +
	done <<< "$overlay"
	rm -f "$tree/arch/x86/boot/elf/tools/write.c"
}
