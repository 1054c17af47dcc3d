# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2317 # functions are called by name
#
# Makefile.patch, and what create-patch.sh makes. Sourced by run.sh.

# shellcheck disable=SC2154 # run.sh sets them, and common.sh

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
