# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# Which tests there are, and which of them are to run: by pattern, tier, slice and
# verdict. Sourced by run.sh.

# What is selected, and which of it runs alone.
names=()
declare -A alone=()

# Lines "GROUP/NAME TIER [alone]"; a group lists its own.
list_all() {
	local group names

	for group in "${groups[@]}"; do
		if ! names=$("$tests/$group/run.sh" list) ||
		   [ -z "$names" ]; then
			echo "run.sh: $group cannot list its tests" >&2
			return 1
		fi
		awk -v group="$group/" '{ print group $0 }' <<< "$names"
	done
}

matches() {
	local name=$1 pattern

	for pattern in "${patterns[@]}"; do
		# shellcheck disable=SC2053 # it is a pattern
		[[ $name == $pattern ]] && return
	done
	return 1
}

# By pattern and by tier: sets $names, and $alone for some.
select_tests() {
	local name tier how

	while read -r name tier how; do
		[ -z "$check" ] || [ "$tier" = check ] || continue
		matches "$name" || continue
		names+=("$name")
		[ "$how" != alone ] || alone[$name]=y
	done <<< "$all"
}

# pick_slice K/N: of what is selected
pick_slice() {
	local picked=() i

	for ((i = ${1%/*} - 1; i < ${#names[@]}; i += ${1#*/})); do
		picked+=("${names[i]}")
	done
	names=("${picked[@]}")
}

# pick_verdicts VERDICT...: those of which the ledger says that
pick_verdicts() {
	local picked=() name

	for name in "${names[@]}"; do
		! ledger_has "$*" "$name" "$scope" || picked+=("$name")
	done
	names=("${picked[@]}")
}
