# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What has passed, and for which files: build/ledger has a file for each test,
# with one line: verdict, fingerprint of what the test depends on, Debian
# release of the host, seconds, time. Sourced, not run.

ledger_lib=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ledger_top=$(cd "$ledger_lib/../.." && pwd)
ledger=$ledger_top/build/ledger
declare -A ledger_fingerprints=()

# depends_on GROUP: paths for git whose contents can change what its tests say
depends_on() {
	local hosted=(unit fuzz tool include lib firmware data)
	local elsewhere=(unit fuzz lint tool apply spec)

	case $1 in
	unit|fuzz)
		echo arch "${hosted[@]/#/tests/}" ;;
	boot|kexec|spoil)
		echo arch scripts Makefile.patch tests \
			"${elsewhere[@]/#/:!tests/}" ;;
	*)	echo . ;;
	esac
}

# fingerprint_of GROUP: into $fingerprint
fingerprint_of() {
	local paths

	fingerprint=${ledger_fingerprints[$1]-}
	[ -z "$fingerprint" ] || return 0
	read -r -a paths < <(depends_on "$1")
	fingerprint=$(cd "$ledger_top" &&
		git ls-files -z --cached --others --exclude-standard -- \
			"${paths[@]}" |
		LC_ALL=C sort -zu | xargs -0 sha256sum 2> /dev/null |
		sha256sum | cut -c1-16)
	ledger_fingerprints[$1]=$fingerprint
}

ledger_host=$(. /etc/os-release && echo "$ID-${VERSION_ID-$VERSION_CODENAME}")

# ledger_write NAME VERDICT SECONDS
ledger_write() {
	local fingerprint file=$ledger/$1

	fingerprint_of "${1%%/*}"
	mkdir -p "${file%/*}"
	echo "$2 $fingerprint $ledger_host $3 $EPOCHSECONDS" > "$file.new" &&
		mv "$file.new" "$file"
}

# ledger_read NAME: sets $ledger_verdict, which is "passed", "failed" or
# "skipped" for what is here now, "old-..." for other files or another host,
# or "never"; and $ledger_time
ledger_read() {
	local fingerprint was host

	ledger_verdict=never
	ledger_time=$EPOCHSECONDS
	[ -f "$ledger/$1" ] || return 0
	read -r ledger_verdict was host _ ledger_time < "$ledger/$1"
	fingerprint_of "${1%%/*}"
	[ "$was $host" = "$fingerprint $ledger_host" ] ||
		ledger_verdict=old-$ledger_verdict
}

# ledger_has VERDICTS NAME: is it one of these?
ledger_has() {
	ledger_read "$2"
	[[ " $1 " == *" $ledger_verdict "* ]]
}

# ledger_print NAME...: how many have passed for what is here now
ledger_print() {
	local name oldest=$EPOCHSECONDS failed=()
	local -A count=()

	for name; do
		ledger_read "$name"
		count[$ledger_verdict]=$((${count[$ledger_verdict]-0} + 1))
		[ "$ledger_verdict" != failed ] || failed+=("$name")
		[ "$ledger_time" -ge "$oldest" ] || oldest=$ledger_time
	done
	printf '%d tests; for these files on %s:\n' $# "$ledger_host"
	printf '  %d passed, %d failed, %d skipped, %d not run\n' \
		"${count[passed]-0}" "${count[failed]-0}" \
		"${count[skipped]-0}" "$(($# - ${count[passed]-0} -
			${count[failed]-0} - ${count[skipped]-0}))"
	printf '  of those not run: %d passed and %d failed with other files, %d never ran\n' \
		"${count[old-passed]-0}" "${count[old-failed]-0}" \
		"${count[never]-0}"
	printf '  the oldest verdict is %d hours old\n' \
		$(((EPOCHSECONDS - oldest) / 3600))
	[ ${#failed[@]} -eq 0 ] || printf '  failed: %s\n' "${failed[@]}"
}
