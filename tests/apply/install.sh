# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# install.sh: what it does is complete, is undone without a trace, and is not
# done at all where it cannot be done whole. Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

installed_by_link() {
	local from to

	while read -r from to; do
		[ "$(readlink "$tree/$to")" = "$project/$from" ] || return
	done <<< "$overlay"
}

# test_install HOW: "copy" or "--link"
test_install() {
	local how=$1 other=--link options=()

	[ "$how" = copy ] || { options=("$how"); other=; }
	fresh_tree
	check "$how: install" "$install" "${options[@]}" "$tree"
	check "$how: all files are there" has_overlay "$tree"
	check "$how: the patch is applied" patch -d "$tree" -p1 -F0 -R -f \
		--dry-run -i "$patch"
	if [ "$how" = copy ]; then
		check_not "$how: no links" grep -q . <(find "$tree" -type l)
	else
		check "$how: links" installed_by_link
	fi
	check "$how: again changes nothing" unchanged_by \
		"$install" "${options[@]}" "$tree"
	# shellcheck disable=SC2086 # it may be none
	check "$how: then ${other:-copy} is refused" \
		refuses 1 1 "$tree" "$install" $other "$tree"
	check "$how: remove" "$install" --remove "$tree"
	check "$how: removed without a trace" is_pristine
	check "$how: remove again changes nothing" unchanged_by \
		"$install" --remove "$tree"
	check "$how: the project is untouched" \
		[ "$before" = "$(contents "$project/arch" all)" ]
}

# A link to another checkout of the project is replaced, not followed.
test_moved_link() {
	local other=$dir/other

	fresh_tree
	rm -rf "$other"
	mkdir -p "$other/elf"
	"$install" --link "$tree"
	ln -sfn "$other/elf" "$tree/arch/x86/boot/elf"
	check "link: a link elsewhere is replaced" \
		"$install" --link "$tree"
	check "link: links again" installed_by_link
	check "link: elsewhere is untouched" [ -z "$(ls "$other/elf")" ]
}

# What has changed in the project since is brought up to date.
test_update() {
	fresh_tree
	"$install" "$tree"
	echo changed > "$tree/arch/x86/boot/elf/Kconfig"
	# shellcheck disable=SC2086 # they are words
	(cd "$tree" && rm arch/x86/boot/elf/main.c $documents)
	check "copy: again" "$install" "$tree"
	check "copy: what was changed is there again" has_overlay "$tree"
}

# An older version had another patch.
test_other_version() {
	local option

	fresh_tree
	"$install" "$tree"
	sed -i 's,^-include \(.*/boot/elf/\),include \1,' "$tree/arch/x86/Makefile"
	for option in "" --link; do
		# shellcheck disable=SC2086 # it may be none
		check "another version: ${option:-copy} refused" refuses 1 1 \
			"that version's install.sh --remove" \
			"$install" $option "$tree"
	done
}

# Something that is not ours stands where our files go.
test_foreign() {
	local place option

	for place in arch/x86/boot/elf/theirs.c arch/x86/kernel/elf/theirs.c \
		     arch/x86/boot/elf arch/x86/kernel/elf $documents; do
		fresh_tree
		mkdir -p "$(dirname "$tree/$place")"
		echo theirs > "$tree/$place"
		for option in "" --link --remove; do
			# shellcheck disable=SC2086 # it may be none
			check "their $place: ${option:-copy} refused" \
				refuses 1 1 "$tree" "$install" $option "$tree"
		done
	done
	fresh_tree
	ln -s /nonexistent "$tree/arch/x86/boot/elf"
	check "their dangling link: refused" \
		refuses 1 1 "$tree" "$install" --link "$tree"
}

test_arguments() {
	local script

	fresh_tree
	mkdir -p "$dir/empty"
	for script in "$install" "$create_patch"; do
		local name=${script##*/}

		check "$name: not a kernel tree" \
			refuses 1 1 "$dir/empty" "$script" "$dir/empty"
		check "$name: no such directory" \
			refuses 1 1 "$dir/none" "$script" "$dir/none"
		check "$name: a file" \
			refuses 1 1 "$tree/COPYING" "$script" "$tree/COPYING"
		check "$name: no argument" refuses 2 - usage: "$script"
		check "$name: an empty one" refuses 1 1 "" "$script" ""
		check "$name: two trees" \
			refuses 2 - usage: "$script" "$tree" "$tree"
		check "$name: unknown option" \
			refuses 2 - usage: "$script" --nonsense "$tree"
		check "$name: --help" grep -q ^usage: <("$script" --help)
	done
	check "install.sh: --remove without a tree" \
		refuses 2 - usage: "$install" --remove
}

# One of the files has not, or has alone, what the patch does; and a tree that
# the patch does not apply to.
test_half_patched() {
	local file

	for file in $(patched_files); do
		fresh_tree
		patch -d "$tree" -p1 -s -i "$patch"
		cp -a "$dir/$kernel/$file" "$tree/$file"
		check "all but $file patched: --remove refused" \
			refuses 1 1 "$file" "$install" --remove "$tree"
		fresh_tree
		"$install" "$tree"
		cp -a "$dir/$kernel/$file" "$tree/$file"
		check "installed, $file as it was: --remove refused" \
			refuses 1 1 "$file" "$install" --remove "$tree"
	done
	fresh_tree
	sed -i '/Kconfig.hz/d' "$tree/arch/x86/Kconfig"
	check "not ours, and the patch does not apply: --remove" \
		unchanged_by "$install" --remove "$tree"
}

# CDPATH leads elsewhere, and the tree's name is a relative one with a blank.
test_cdpath() {
	local elsewhere=$dir/elsewhere name="work $kernel"

	rm -rf "$elsewhere"
	mkdir -p "$elsewhere/scripts" "$elsewhere/$name"
	fresh_tree
	check "CDPATH: install" env -C "$project" CDPATH="$elsewhere" \
		scripts/install.sh "$tree"
	check "CDPATH: all files are there" has_overlay "$tree"
	fresh_tree
	check "CDPATH: create-patch" env -C "$dir" CDPATH="$elsewhere" \
		"$create_patch" "$name"
	check_not "CDPATH: no script follows it" grep -rnE --include='*.sh' \
		'(^|[(])cd "[$][(]dirname' "$project/scripts" "$project/tests"
	check "make install-tree: a name with blanks and a quote" \
		make_install_tree "$dir/it's a tree"
}

make_install_tree() {
	rm -rf "$1"
	fresh_tree && mv "$tree" "$1" &&
		make -s -C "$project" install-tree KDIR="$1" &&
		has_overlay "$1" &&
		make -s -C "$project" uninstall-tree KDIR="$1" &&
		diff <(contents "$dir/$kernel") <(contents "$1") && rm -rf "$1"
}
