# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What has passed, and for which files: build/ledger has a file for each test,
# with one line: verdict, fingerprint of what the test depends on, Debian
# release of the host, seconds, time, scope. Sourced, not run.

ledger_lib=$(CDPATH='' cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ledger_top=$(cd "$ledger_lib/../.." && pwd)
ledger=$ledger_top/build/ledger
declare -A ledger_fingerprints=()

# depends_on GROUP: paths for git whose contents can change what its tests say
depends_on() {
	local hosted=(unit fuzz tool include lib firmware data)
	local elsewhere=(unit lint tool apply spec)

	case $1 in
	unit|fuzz)
		echo arch "${hosted[@]/#/tests/}" ;;
	conformance|boot|kexec|spoil)
		echo arch scripts Makefile.patch tests \
			"${elsewhere[@]/#/:!tests/}" ;;
	*)	echo . ;;
	esac
}

# files_of PATH...: names, with a NUL behind each; where git does not know them
# all that is not built
files_of() {
	git ls-files -z --cached --others --exclude-standard -- "$@" \
		2> /dev/null ||
		find . -path ./build -prune -o -type f -print0
}

# fingerprint_of GROUP: of contents and modes
fingerprint_of() {
	local paths

	read -r -a paths < <(depends_on "$1")
	(
		cd "$ledger_top" || exit
		files_of "${paths[@]}" | LC_ALL=C sort -zu |
			xargs -0 sha256sum 2> /dev/null
		files_of "${paths[@]}" | LC_ALL=C sort -zu |
			xargs -0 stat -c '%A %n' 2> /dev/null
	) | sha256sum | cut -c1-16
}

# ledger_open GROUP...: what their tests depend on is as it is now
ledger_open() {
	local group

	for group; do
		ledger_fingerprints[$group]=$(fingerprint_of "$group")
	done
}

ledger_host=$(. /etc/os-release && echo "$ID-${VERSION_ID-$VERSION_CODENAME}")

# Whoever says what is tested instead of what is here.
ledger_overrides=(CC CLANG MKELFIMAGE MANUAL REPORT LIMIT FILES SOURCE PROJECT
	OBJECTS DOCUMENT LOADERS AS_IS)

is_overridden() {
	local name

	for name in "${ledger_overrides[@]}"; do
		[ -z "${!name-}" ] || return 0
	done
	return 1
}

# ledger_write NAME VERDICT SECONDS SCOPE: SCOPE is "check" for a test that
# make check has run, which may be a part of it, else "all". A verdict on other
# files than those that are here belongs to nothing.
ledger_write() {
	local group=${1%%/*} file=$ledger/$1 fingerprint

	! is_overridden || return 0
	fingerprint=$(fingerprint_of "$group")
	[ "$fingerprint" = "${ledger_fingerprints[$group]}" ] || return 0
	mkdir -p "${file%/*}"
	echo "$2 $fingerprint $ledger_host $3 $EPOCHSECONDS $4" \
		> "$file.new" && mv "$file.new" "$file"
}

# ledger_read NAME SCOPE: sets $ledger_verdict, which is "passed", "failed" or
# "skipped" for what is here now, "old-..." for other files, another host, or a
# part of the test, or "never"; and $ledger_time
ledger_read() {
	local group=${1%%/*} was host scope

	ledger_verdict=never
	ledger_time=$EPOCHSECONDS
	[ -f "$ledger/$1" ] || return 0
	read -r ledger_verdict was host _ ledger_time scope < "$ledger/$1"
	if [ "$was $host" != "${ledger_fingerprints[$group]} $ledger_host" ] ||
	   { [ "$scope" = check ] && [ "$2" = all ]; }; then
		ledger_verdict=old-$ledger_verdict
	fi
}

# ledger_has VERDICTS NAME SCOPE: is it one of these?
ledger_has() {
	ledger_read "$2" "$3"
	[[ " $1 " == *" $ledger_verdict "* ]]
}

# ledger_print SCOPE NAME...: how many have passed for what is here now
ledger_print() {
	local scope=$1 name oldest=$EPOCHSECONDS failed=() verdict
	local -A count=([passed]=0 [failed]=0 [skipped]=0 [never]=0
		[old-passed]=0 [old-failed]=0 [old-skipped]=0)

	shift
	for name; do
		ledger_read "$name" "$scope"
		count[$ledger_verdict]=$((${count[$ledger_verdict]} + 1))
		[ "$ledger_verdict" != failed ] || failed+=("$name")
		[ "$ledger_time" -ge "$oldest" ] || oldest=$ledger_time
	done
	echo "tests: $#; for the files that are here, on $ledger_host:"
	for verdict in passed failed skipped; do
		printf '%7d %s\n' "${count[$verdict]}" "$verdict"
	done
	for verdict in passed failed skipped; do
		printf '%7d %s with other files, or in part\n' \
			"${count[old-$verdict]}" "$verdict"
	done
	printf '%7d never ran\n' "${count[never]}"
	[ "${count[never]}" -eq $# ] ||
		echo "The oldest verdict is $(((EPOCHSECONDS - oldest) / 3600)) hours old."
	[ ${#failed[@]} -eq 0 ] || printf 'failed: %s\n' "${failed[@]}"
}
