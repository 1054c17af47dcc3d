# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2154,SC2034 # variables of run.sh
#
# A loader that is broken in one way each time: exactly the rules that it breaks
# are said to be broken. Sourced by run.sh.

# broken_rules FILE: those that are "not ok"
broken_rules() {
	tr -d '\r' < "$1" | sed -n 's/^not ok [0-9]* - \([^:]*\):.*/\1/p'
}

# sabotage_once PROTOCOL[/FAULT] RULE...
sabotage_once() {
	local kind=$1 parent=$dir image=$kit/conformance-pvh.elf

	shift
	dir=$parent/${kind/\//-}
	mkdir -p "$dir"
	: > "$dir/commands"
	modules=("$here/module" "$here/rows")
	[[ $kind != notes* && $kind != linux* ]] || modules=("$here/module")
	test_loader "proper:$kind" || { echo "not ok $kind"; return; }
	if ! wait_for_verdict; then
		show_console
		echo "not ok $kind"
	elif diff <(printf '%s' "${@/%/$'\n'}") <(broken_rules "$dir/report") &&
		diff <([ $# -gt 0 ] && echo FAILED || echo passed) \
			<(tr -d '\r' < "$dir/report" |
			sed -n 's/^# conformance: \([pF]\)/\1/p'); then
		echo "ok $kind"
	else
		grep -a '^not ok' "$dir/report"
		echo "not ok $kind"
	fi
	dir=$parent
}

test_sabotage() {
	local kind rules cpus=1 mib=128 modules

	need_kit || return
	while read -r kind rules; do
		# shellcheck disable=SC2086 # words
		sabotage_once "$kind" $rules
	done < <(grep -v '^#' "$here/sabotage")
}
