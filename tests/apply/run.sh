#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Tests of install.sh, create-patch.sh and Makefile.patch, on trees that have
# only the files which they touch: what they do is complete, is undone without
# a trace, and is not done at all where it cannot be done whole. And, on a
# whole tree, that "make clean" and "make mrproper" spare the project's files.
# And of the series (series.sh). Other scripts and another patch to be tested:
# PROJECT= directory.

# shellcheck disable=SC2317 # functions are called by name
# shellcheck source-path=SCRIPTDIR source=../lib/common.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/common.sh"

project=${PROJECT:-$root}
install=$project/scripts/install.sh
create_patch=$project/scripts/create-patch.sh
patch=$project/Makefile.patch
dir=$build/apply/${2-}		# a test's own: others run at the same time
upstream_lines=15
export GIT_CEILING_DIRECTORIES=$dir

# Directory here, directory in a kernel tree.
overlay='arch/i386/boot/elf arch/x86/boot/elf
arch/i386/kernel arch/x86/kernel/elf'
documents='Documentation/elf-boot.txt
Documentation/ABI/testing/sysfs-firmware-elfboot'

# Name, when, function, argument.
tests=$(awk '!/^#/ && NF >= 4 { print $1, $4, "test_kernel", $1 }' \
	"$root/tests/kernels.list")
tests+=$'\nclean-6.1 check test_clean 6.1'
tests+=$'\n'$(awk '!/^#/ && NF >= 4 { print "series-" $1,
	$1 == "6.1" ? "check" : "all", "test_series", $1 }' \
	"$root/tests/kernels.list")
tests+='
series-builds-7.2-x86_64-allno all test_series_builds x86_64 allno
series-builds-7.2-x86_64-test all test_series_builds x86_64 test
series-builds-7.2-i386-allno all test_series_builds i386 allno
series-builds-7.2-i386-test all test_series_builds i386 test'

# Who signs and applies patches.
export GIT_AUTHOR_NAME=tester GIT_AUTHOR_EMAIL=tester@localhost
export GIT_COMMITTER_NAME=tester GIT_COMMITTER_EMAIL=tester@localhost

# shellcheck source-path=SCRIPTDIR source=series.sh
. "$root/tests/apply/series.sh"

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

# The patch

few_lines() {
	[ "$(grep -c '^+[^+]' "$patch")" -le "$upstream_lines" ] &&
		[ "$(grep -c '^-[^-]' "$patch")" -le "$upstream_lines" ]
}

exact_patch() {
	local output

	output=$(patch -d "$tree" -p1 -F0 --no-backup-if-mismatch "$@" \
		< "$patch") || { echo "$output"; return 1; }
	! grep -E 'fuzz|FAILED|reversed' <<< "$output"
}

git_applies() {
	(cd "$tree" && git apply --check --unsafe-paths "$patch")
}

test_patch() {
	fresh_tree
	check "patch: $upstream_lines lines at most" few_lines
	check "patch: git apply takes it" git_applies
	check "patch: applies without fuzz" exact_patch
	check "patch: can be reversed" exact_patch -R
	check "patch: reversed without a trace" is_pristine
}

# install.sh: "copy" or "--link"

installed_by_link() {
	local from to

	while read -r from to; do
		[ "$(readlink "$tree/$to")" = "$project/$from" ] || return
	done <<< "$overlay"
}

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

# Refusals

# The first line of context of every hunk: "FILE|LINE".
hunk_lines() {
	awk '/^\+\+\+ / { file = substr($2, 3) }
	     /^@@ / { getline; print file "|" substr($0, 2) }' "$patch"
}

test_broken_hunks() {
	local file line n=0

	# A context line may begin with white space.
	while IFS='|' read -r file line; do
		n=$((n + 1))
		fresh_tree
		grep -vxF -- "$line" "$dir/$kernel/$file" > "$tree/$file"
		check "hunk $n does not apply: refused" \
			refuses 1 - "$tree" "$install" "$tree"
		check "hunk $n does not apply: --link refused" \
			refuses 1 - "$tree" "$install" --link "$tree"
		check "hunk $n does not apply: no patch" \
			refuses 1 - "$tree" "$create_patch" "$tree"
	done < <(hunk_lines)
	check "hunks that did not apply: $n" [ "$n" -ge 4 ]
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

# A disk that becomes full on the way: all or nothing.
test_full_disk() {
	local size status room statuses=

	size=$(du -sk "$dir/$kernel" | cut -f 1)
	fresh_tree
	rm -rf "$tree"
	mkdir "$tree"
	for room in 4 40 80 120 4000; do
		mount -t tmpfs -o "size=$((size + room))k,mode=755" \
			none "$tree" || {
			rmdir "$tree"
			echo "skip disk full # cannot mount"
			return
		}
		cp -a "$dir/$kernel/." "$tree"
		"$install" "$tree" > "$dir/err" 2>&1
		status=$?
		statuses+=$status
		if [ "$status" -eq 0 ]; then
			check "disk with $room KiB: complete" has_overlay "$tree"
		else
			check "disk with $room KiB: nothing is left" is_pristine
			check "disk with $room KiB: it says so" \
				grep -F "$tree" "$dir/err"
		fi
		umount "$tree"
	done
	check "disks too small, and large enough ($statuses)" \
		[ -z "${statuses/*1*0/}" ]
}

# fill ROOM: leave so many KiB of the file system that the tree is on
fill() {
	local free

	rm -f "$tree/filler"
	free=$(df --output=avail -k "$tree" | tail -n 1)
	head -c $(((free - $1) * 1024)) /dev/zero > "$tree/filler"
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

# An update for which there is no room leaves what works.
test_full_update() {
	local size room status before statuses=

	size=$(du -sk "$dir/$kernel" | cut -f 1)
	fresh_tree
	rm -rf "$tree"
	mkdir "$tree"
	mount -t tmpfs -o "size=$((size + 8000))k,mode=755" none "$tree" || {
		rmdir "$tree"
		echo "skip full update # cannot mount"
		return
	}
	cp -a "$dir/$kernel/." "$tree"
	"$install" "$tree"
	for room in 0 12 40 120 4000; do
		make_older
		fill "$room"
		before=$(contents "$tree")
		"$install" "$tree" > "$dir/err" 2>&1
		status=$?
		statuses+=$status
		if [ "$status" -eq 0 ]; then
			check "update with $room KiB: complete" \
				has_overlay "$tree"
			continue
		fi
		check "update with $room KiB: all is as it was" \
			diff <(echo "$before") <(contents "$tree")
		check "update with $room KiB: it says so" \
			grep -F "$tree" "$dir/err"
	done
	check "updates without room, and with it ($statuses)" \
		[ -z "${statuses/*1*0/}" ]
	umount "$tree"
}

# broken_mv N COMMAND: a directory for PATH, whose mv runs COMMAND instead at
# its Nth call
broken_mv() {
	rm -rf "${dir:?}/bin"
	mkdir -p "$dir/bin"
	cat > "$dir/bin/mv" <<-END
	#!/bin/sh
	echo >> "$dir/bin/calls"
	[ "\$(wc -l < "$dir/bin/calls")" -ne $1 ] || { $2; exit 1; }
	exec "$(command -v mv)" "\$@"
	END
	chmod +x "$dir/bin/mv"
}

# Stopped in the middle, when some of the files are there: all or nothing.
test_stopped() {
	local how n before state

	for state in fresh older; do
		for how in : "kill -TERM \$PPID"; do
			for n in 1 3 9; do
				fresh_tree
				if [ "$state" = older ]; then
					"$install" "$tree"
					make_older
				fi
				before=$(contents "$tree")
				broken_mv "$n" "$how"
				check_not "$state, stopped ($how) at $n: refused" \
					env PATH="$dir/bin:$PATH" \
					"$install" "$tree"
				check "$state, stopped ($how) at $n: as it was" \
					diff <(echo "$before") \
					<(contents "$tree")
			done
		done
	done
}

# A project with the patch and few files, so that a run has few renames.
small_project() {
	local small=$dir/small from to document

	rm -rf "$small"
	mkdir "$small"
	while read -r from to; do
		mkdir -p "$small/$from/tools"
		echo "$from" | tee "$small/$from/Makefile.x86" \
			> "$small/$from/tools/write.c"
	done <<< "$overlay"
	# shellcheck disable=SC2086 # they are words
	(cd "$project" && cp -r scripts Makefile.patch "$small" &&
		cp --parents $documents "$small")
	project=$small
	install=$small/scripts/install.sh
}

# run_killed N ACTION: its Nth rename is the end of install.sh; the status
# tells whether it came that far
run_killed() {
	# shellcheck disable=SC2016 # the shell that is killed expands it
	broken_mv "$1" 'kill -KILL $PPID'
	# shellcheck disable=SC2086 # it may be none
	env PATH="$dir/bin:$PATH" "$install" $2 "$tree" > "$dir/err" 2>&1
	[ $? -eq 137 ]
}

# What install.sh says that has put back what an interrupted run has changed.
says_put_back() {
	[ "$(grep -c 'was interrupted.*put back' "$dir/err")" -eq "$1" ]
}

# log_to FILE COMMAND...
log_to() {
	local file=$1

	shift
	"$@" > "$file" 2>&1 || { cat "$file"; return 1; }
}

# settles NAME HOW: installation and removal go on from the tree as it is; the
# first time the tree has to be put back, or not
settles() {
	local name=$1 how=$2 moving=0
	local left=$dir/left

	! [ -e "$(echo "$tree"/.elf-boot.*/moves)" ] || moving=1
	rm -rf "$left"
	cp -a "$tree" "$left"
	# shellcheck disable=SC2086 # it may be none
	check "$name, then install" log_to "$dir/err" "$install" $how "$tree"
	check "$name, then install says so ($moving)" says_put_back "$moving"
	check "$name, then install: complete" \
		diff "$dir/complete$how" <(contents "$tree")
	rm -rf "$tree"
	cp -a "$left" "$tree"
	check "$name, then --remove" \
		log_to "$dir/err" "$install" --remove "$tree"
	check "$name, then --remove says so ($moving)" says_put_back "$moving"
	check "$name, then --remove: pristine" is_pristine
}

# start_from ACTION HOW: a tree for it
start_from() {
	fresh_tree
	# shellcheck disable=SC2086 # it may be none
	[ "$1" != --remove ] || "$install" $2 "$tree"
}

# kill_all ACTION HOW STEP: at every STEPth rename of it
kill_all() {
	local n=1 name="${2:-copy}: ${1:-copy} killed"

	while start_from "$1" "$2" && run_killed "$n" "$1"; do
		settles "$name at $n" "$2"
		n=$((n + $3))
	done
	check "$name until $n" [ "$n" -gt 8 ]
}

# Killed in installation, in removal, and in what puts back.
test_killed() {
	local project=$project install=$install how action n

	small_project
	for how in "" --link; do
		fresh_tree
		# shellcheck disable=SC2086 # it may be none
		"$install" $how "$tree"
		contents "$tree" > "$dir/complete$how"
	done
	kill_all "" "" 1
	kill_all --remove "" 1
	kill_all --link --link 3
	kill_all --remove --link 3
	for action in "" --remove; do
		for n in 1 3 6; do
			start_from "$action" ""
			check "${action:-copy} killed at 8" \
				run_killed 8 "$action"
			check "and again at $n" run_killed "$n" ""
			settles "${action:-copy} killed at 8 and at $n" ""
		done
	done
	check_planted
}

# A tree in which an installation was killed: $planted is what it has left.
stopped_tree() {
	start_from "" ""
	run_killed 5 "" || fail "nothing was killed"
	planted=$(echo "$tree"/.elf-boot.*)
}

refuses_planted() {
	local option

	for option in "" --link --remove; do
		# shellcheck disable=SC2086 # it may be none
		check "$1: ${option:-copy} refused" \
			refuses 1 1 "$planted" "$install" $option "$tree"
	done
}

# What looks like an interrupted run's and is somebody else's.
check_planted() {
	local victim=$dir/victim planted

	stopped_tree
	chmod 770 "$planted"
	refuses_planted "what a group can write to"
	stopped_tree
	rm -rf "$victim"
	mv "$planted" "$victim"
	ln -s "$victim" "$planted"
	refuses_planted "a link"
	check "a link is not followed" [ -e "$victim/moves" ]
	stopped_tree
	echo theirs > "$victim/theirs"
	echo "added ../victim/theirs" > "$planted/moves"
	refuses_planted "a list that leads out of the tree"
	check "a file outside of the tree stays" [ -e "$victim/theirs" ]
	stopped_tree
	chown -R 65534 "$planted" || {
		echo "skip what others have planted # not root"
		return
	}
	refuses_planted "another user's"
	chown 65534 "$tree"
	settles "the tree's owner's" ""
	stopped_tree
	chown -R 1234 "$planted"
	chown 65534 "$tree"
	refuses_planted "neither ours nor the tree's owner's"
}

# Two at once: the second waits, and does not take the first one's for left.
test_two_runs() {
	local first

	fresh_tree
	broken_mv 3 "sleep 2; exec $(command -v mv) \"\$@\""
	PATH="$dir/bin:$PATH" "$install" "$tree" &
	first=$!
	sleep 1
	check "two at once: the second" "$install" "$tree"
	check "two at once: the first" wait "$first"
	check "two at once: complete" has_overlay "$tree"
	check "two at once: nothing is left" \
		[ ! -e "$(echo "$tree"/.elf-boot.*)" ]
	check "two at once: remove" "$install" --remove "$tree"
	check "two at once: removed without a trace" is_pristine
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

# create-patch.sh

# new_git DIRECTORY FROM: a repository with what is in another directory
new_git() {
	rm -rf "$1"
	cp -a "$2" "$1"
	git -C "$1" init -q &&
		git -C "$1" add -A &&
		git -C "$1" commit -qm pristine
}

test_create_patch() {
	local made=$dir/$kernel.patch installed=$dir/installed scratch=$dir/git

	fresh_tree
	"$install" "$tree"
	rm -rf "$installed"
	mv "$tree" "$installed"
	fresh_tree
	"$create_patch" "$tree" > "$made"
	check "create-patch: made" [ -s "$made" ]
	check "create-patch: the tree is unchanged" is_pristine
	"$create_patch" "$tree" | cmp - "$made"
	check "create-patch: twice the same" [ "${PIPESTATUS[*]}" = "0 0" ]

	new_git "$scratch" "$dir/$kernel"
	check "create-patch: git am" git -C "$scratch" am -q "$made"
	check "create-patch: a subject and an author" grep -q \
		'^x86/boot: .* <.*@.*>' \
		<(git -C "$scratch" log -1 --format='%s %an <%ae>')
	check "create-patch: git am gives what install.sh does" \
		diff <(contents "$installed") <(contents "$scratch")
	check "create-patch: patch -p1" patch -d "$tree" -s -p1 -F0 -i "$made"
	check "create-patch: patch gives what install.sh does" \
		diff <(contents "$installed") <(contents "$tree")
}

test_kernel() {
	kernel=$1
	want_pristine "$kernel" || { fail "$kernel: its sources"; return; }
	before=$(contents "$project/arch" all)
	test_patch
	test_install copy
	test_install --link
	test_broken_hunks
	test_create_patch
	if [ -z "${CHECK-}" ] || [ "$kernel" = 6.1 ]; then
		test_installer
	fi
	rm -rf "$tree"
}

# What does not depend on the tree: make check does it with one.
test_installer() {
	test_moved_link
	test_update
	test_foreign
	test_arguments
	test_other_version
	test_full_disk
	test_full_update
	test_stopped
	test_killed
	test_two_runs
	test_half_patched
	test_cdpath
}

# make clean, on a whole tree

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

test_clean() {
	want_source "$1" || { fail "$1: its source"; return; }
	source=$build/$1/src
	check "the ABI document is valid" abi_is_valid
	test_clean_output
	test_clean_in_tree "$1"
}

mkdir -p "$dir"
group_main "$@"
