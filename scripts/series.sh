# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The project as a series of patches, in the form that a kernel maintainer takes:
# without what makes it fit other kernels than the one it is for, off by
# default, its document among those of arch/x86, with an entry in MAINTAINERS.
# Sourced by create-patch.sh, not run.
#
# scripts/series/NN-NAME is a patch. First its message; then, behind a line
# "---", what it does to the tree:
#
#	files GLOB...		add files of ours, named as in a kernel tree
#	rest GLOB...		the same, without those that are there already
#	symbols NAME...		add the stanzas of these symbols to our Kconfig
#	hunks FILE...		apply the hunks of Makefile.patch for these files
#	document		add our document, and list it in its directory's index
#	maintainers		add our entry to MAINTAINERS
#
# A file of ours is in one patch and no more. Those that grow are written anew
# by each patch from what is there so far: a stanza of Kconfig comes with its
# symbol, a line "obj-... += NAMES" of a Makefile with the first of its NAMES.

# create-patch.sh sets tree, needs and work; overlay.sh sets the rest.
# shellcheck disable=SC2154

series_dir=$project/scripts/series
contract=Documentation/elf-boot.txt
series_kconfig=arch/x86/boot/elf/Kconfig
series_compat=arch/x86/kernel/elf/Makefile.compat

# Where documents of arch/x86 are in a tree.
series_documents() {
	local place

	for place in Documentation/arch/x86 Documentation/x86; do
		[ ! -f "$1/$place/index.rst" ] || { echo "$place"; return; }
	done
	return 1
}

# Where all files of ours are, named as in a kernel tree: $whole.
series_gather() {
	local i file

	for ((i = 0; i < ${#overlay_dirs[@]}; i += 2)); do
		overlay_files "${overlay_dirs[i]}" | while read -r file; do
			install -D -m 644 "$project/${overlay_dirs[i]}/$file" \
				"$whole/${overlay_dirs[i + 1]}/$file" || exit
		done || return
	done
	for file in "${overlay_docs[@]}"; do
		install -D -m 644 "$project/$file" "$whole/$file" || return
	done
	install -D -m 644 "$project/$contract" "$whole/$document" &&
		rm "$whole/$contract"
}

# What Makefile.compat answers for the tree that decides, whatever there is in
# that tree's name.
series_answers() {
	ln -s "$(realpath "$needs")" "$work/needs" || return
	# shellcheck disable=SC2016 # make expands it
	env -u MAKEFLAGS make -s --no-print-directory -f "$whole/$series_compat" \
		srctree="$work/needs" \
		--eval 'answers: ; @echo $(subdir-ccflags-y)' answers
}

# series_files_with WORD: of ours
series_files_with() {
	grep -rlw -e "$1" "$whole" || [ $? -eq 1 ]
}

# series_rename NEW=OLD: a new name becomes the one that the tree knows; a line
# that had nothing else is dropped with a name that becomes nothing.
series_rename() {
	local name=${1%%=*} old=${1#*=}

	series_files_with "$name" | while read -r file; do
		[ -n "$old" ] || sed -i "/^[[:space:]]*$name\$/d" "$file"
		sed -i "s/\<$name\>/$old/g" "$file" || exit
	done
}

# series_unifdef ANSWER...: by the kernel's own program. Its status is 1 where
# it has changed something. A file that is left without code is left out.
series_unifdef() {
	local file status

	[ -f "$needs/scripts/unifdef.c" ] ||
		die "$needs: scripts/unifdef.c is missing in it"
	"${HOSTCC:-cc}" -O1 -o "$work/unifdef" "$needs/scripts/unifdef.c" ||
		return
	series_files_with 'HAVE_ELFBOOT_[A-Z_]*' | while read -r file; do
		"$work/unifdef" "$@" -o "$file" "$file"
		status=$?
		[ "$status" -le 1 ] || exit "$status"
		grep -q '^[^ /*]' "$file" || rm "$file"
	done
}

# The answers in their places, and the questions out.
series_resolve() {
	local answer answers conditions=()

	answers=$(series_answers) || return
	rm "$whole/$series_compat"
	sed -i "\|^include .*/$series_compat\$|d" "$whole"/arch/x86/kernel/elf/Makefile
	for answer in $answers; do
		case $answer in
		-D*=*)	series_rename "${answer#-D}" || return ;;
		*)	conditions+=("$answer") ;;
		esac
	done
	series_unifdef "${conditions[@]}"
}

# As it is to be in the end: $whole.
series_prepare() {
	series_gather && series_resolve && series_makefiles "$whole" || return
	grep -rlF "$contract" "$whole" |
		xargs sed -i "s|$contract|$document|g" || return
	sed -i -e '/^\tdefault y$/d' -e 's/If unsure, say Y\./If unsure, say N./' \
		"$whole/$series_kconfig"
}

# What a series begins with: a repository of those files of the tree that it
# changes, $tip.
series_begin() {
	local file

	git init -q "$tip" || return
	for file in $(patched_files) MAINTAINERS "${document%/*}/index.rst"; do
		install -D -m 644 "$tree/$file" "$tip/$file" || return
	done
	git -C "$tip" add -A && git -C "$tip" commit -q -m base &&
		git -C "$tip" tag base
}

# series_glob DIRECTORY PATTERN: files there, if there are any
series_glob() {
	local file

	(cd "$1" && compgen -G "$2") | LC_ALL=C sort | while read -r file; do
		[ ! -f "$1/$file" ] || echo "$file"
	done
}

# What a patch can do

# series_add FILE...: of ours
series_add() {
	local file

	for file; do
		[ ! -e "$tip/$file" ] ||
			die "$patch: $file is in a patch already"
		install -D -m 644 "$whole/$file" "$tip/$file" || exit 1
	done
}

series_do_files() {
	local glob files

	for glob; do
		mapfile -t files < <(series_glob "$whole" "$glob")
		[ ${#files[@]} -gt 0 ] || die "$patch: there is no $glob"
		series_add "${files[@]}"
	done
}

series_do_rest() {
	local glob file found

	for glob; do
		found=
		while read -r file; do
			[ ! -e "$tip/$file" ] || continue
			series_add "$file"
			found=y
		done < <(series_glob "$whole" "$glob")
		[ -n "$found" ] || die "$patch: there is no more $glob"
	done
}

series_do_symbols() {
	symbols+=("$@")
}

# series_hunks FILE
series_hunks() {
	awk -v file="a/$1" '/^--- / { ours = $2 == file } ours' \
		"$project/Makefile.patch"
}

series_do_hunks() {
	local file

	for file; do
		series_hunks "$file" | patch -d "$tip" -p1 -F0 -N -f -s -r - \
			--no-backup-if-mismatch >&2 ||
			die "$patch: no hunks for $file that apply"
		hunks+=("$file")
	done
}

# series_insert_before PATTERN TEXT FILE: once; PATTERN is awk's
series_insert_before() {
	text=$2 awk "!done && $1 { print ENVIRON[\"text\"]; done = 1 } { print }
		END { exit !done }" "$3" > "$work/inserted" || return
	cat "$work/inserted" > "$3"
}

series_do_document() {
	local index=${document%/*}/index.rst name

	series_add "$document"
	name=$(basename "$document" .rst)
	series_insert_before '/^   booting-dt$/' "   $name" "$tip/$index" ||
		die "$index: no place for $name in it"
}

series_do_maintainers() {
	local entry

	entry="X86 ELF BOOT
M:	$signer
L:	linux-kernel@vger.kernel.org
S:	Maintained
F:	Documentation/ABI/testing/sysfs-firmware-elfboot
F:	$document
F:	arch/x86/boot/efi/
F:	arch/x86/boot/elf/
F:	arch/x86/kernel/elf/
"
	# shellcheck disable=SC2016 # awk's
	series_insert_before '/^X86 [^:]*$/ && $0 > "X86 ELF BOOT"' "$entry" \
		"$tip/MAINTAINERS" ||
		die "MAINTAINERS: no place for our entry in it"
}

# Files that grow

# The stanzas of the symbols that there are so far, with what is in front of
# the first.
series_grow_kconfig() {
	awk -v symbols=" ${symbols[*]} " '
		/^config / { out = index(symbols, " " $2 " ") == 0 }
		!out' "$whole/$series_kconfig" |
		sed -e :a -e '/^\n*$/{$d;N;ba' -e '}' > "$tip/$series_kconfig"
}

# Whether one of the objects and directories of a Makefile is there.
series_is_there() {
	local directory=$1 name

	shift
	for name; do
		case $name in
		*/)	name=${name}Makefile ;;
		*.o)	name="${name%.o}.[cS]" ;;
		esac
		! compgen -G "$directory/$name" > /dev/null || return 0
	done
	return 1
}

# Without the lines that name nothing that is there, and without the conditions
# that had no other line.
series_print_makefile() {
	local root=$1 makefile=$2 line

	while IFS= read -r line; do
		# shellcheck disable=SC2086 # they are words
		if [[ $line != obj-*=* ]] ||
		   series_is_there "$root/${makefile%/*}" ${line#*=}; then
			printf '%s\n' "$line"
		fi
	done < "$whole/$makefile" |
		sed -e '/^if/{N' -e '/\nendif$/d' -e '}' | cat -s |
		sed -e '${/^$/d' -e '}'
}

# series_makefiles ROOT: those of them that it has
series_makefiles() {
	local makefile

	while read -r makefile; do
		series_print_makefile "$1" "$makefile" > "$work/makefile" &&
			cat "$work/makefile" > "$1/$makefile" || return
	done < <(series_glob "$1" 'arch/x86/kernel/elf/Makefile'
		series_glob "$1" 'arch/x86/kernel/elf/*/Makefile')
}

series_grow() {
	[ ! -e "$tip/$series_kconfig" ] || series_grow_kconfig || return
	series_makefiles "$tip"
}

# series_commit PATCH: what it does, as a commit
series_commit() {
	local patch=$1 verb words=()

	while read -r -a words; do
		verb=${words[0]}
		case $verb in
		files|rest|symbols|hunks|document|maintainers)
			"series_do_$verb" "${words[@]:1}" || return ;;
		*)	die "$patch: $verb: no such thing" ;;
		esac
	done < <(sed '1,/^---$/d' "$series_dir/$patch")
	series_grow &&
		git -C "$tip" add -A &&
		sed '/^---$/,$d' "$series_dir/$patch" |
		git -C "$tip" commit -q -s -F -
}

# All of ours and all of Makefile.patch are in the series, as they are.
series_is_complete() {
	local file missing=0

	while read -r file; do
		cmp -s "$whole/$file" "$tip/$file" ||
			{ echo "$file: in no patch, or in part" >&2; missing=1; }
	done < <(cd "$whole" && find . -type f -printf '%P\n')
	for file in $(patched_files); do
		[[ " ${hunks[*]} " == *" $file "* ]] ||
			{ echo "$file: its hunks are in no patch" >&2; missing=1; }
	done
	return "$missing"
}

# Who signs is who git would say commits. Nothing else of a user's or a
# repository's configuration has a say in what is written.
series_sign() {
	local variable name

	signer=$(git -c user.useConfigOnly=true var GIT_COMMITTER_IDENT) ||
		die "who signs the patches? (git config user.name, user.email)"
	signer=${signer%>*}\>
	while read -r variable; do
		unset "$variable"
	done < <(git rev-parse --local-env-vars)
	date=$(git -C "$project" log -1 --format='%aI' 2>/dev/null)
	date=${date:-1970-01-01T00:00:00+00:00}
	name=${signer% <*}
	export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
	export GIT_AUTHOR_NAME=$name GIT_COMMITTER_NAME=$name
	export GIT_AUTHOR_EMAIL=${signer##*<}
	GIT_AUTHOR_EMAIL=${GIT_AUTHOR_EMAIL%>}
	export GIT_COMMITTER_EMAIL=$GIT_AUTHOR_EMAIL
	export GIT_AUTHOR_DATE=$date GIT_COMMITTER_DATE=$date
}

series_format() {
	git -C "$tip" branch -q -m series &&
		git -C "$tip" config branch.series.description \
			"$(cat "$series_dir/00-cover-letter")" &&
		git -C "$tip" format-patch -q --cover-letter --zero-commit \
			--cover-from-description=subject --no-renames \
			--signature=elf-boot -o "$1" base..series
}

# write_series DIRECTORY: the series for $tree, with what $needs needs, made
# in $work
write_series() {
	local directory=$1 whole=$work/whole tip=$work/tip document patch new
	local symbols=() hunks=() signer

	document=$(series_documents "$tree") ||
		die "$tree: no documents of arch/x86 in it"
	document+=/elf-boot.rst
	series_sign
	[ ! -e "$directory" ] || [ -z "$(ls -A "$directory")" ] ||
		die "$directory: not an empty directory"
	series_prepare || die "$needs: cannot be asked what it needs"
	series_begin || die "$tree: files are missing in it"
	for patch in $(cd "$series_dir" && ls -- [0-9][0-9]-*); do
		[ "$patch" != 00-cover-letter ] || continue
		series_commit "$patch" || die "$patch: cannot be made"
	done
	series_is_complete || exit 1
	new=$(mktemp -d "$directory.XXXXXX") && new=$(realpath "$new") || exit 1
	if ! series_format "$new" || ! chmod +rx "$new" ||
	   ! mv -T "$new" "$directory"; then
		rm -rf "$new"
		die "$directory: cannot be written"
	fi
}
