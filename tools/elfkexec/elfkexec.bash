# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash disable=SC2207
#
# Completions of elfkexec for bash.

_elfkexec()
{
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]}

	# "=" is a word of its own.
	[ "$word" != = ] || word=
	[ "$before" != = ] || before=${COMP_WORDS[COMP_CWORD-2]}
	compopt +o nospace 2> /dev/null
	case $before in
	-a|--append)
		COMPREPLY=()
		return ;;
	-i|--initrd)
		compopt -o filenames 2> /dev/null
		COMPREPLY=($(compgen -f -- "$word"))
		return ;;
	esac
	case $word in
	-*)
		COMPREPLY=($(compgen -W '--initrd= --append= --reuse-cmdline
			--crash --dry-run --exec --force --unload --status
			--help --version' -- "$word"))
		[[ ${COMPREPLY[0]-} != *= ]] ||
			compopt -o nospace 2> /dev/null ;;
	*)
		compopt -o filenames 2> /dev/null
		COMPREPLY=($(compgen -f -- "$word")) ;;
	esac
}

complete -F _elfkexec elfkexec
