#!/bin/sh
# SPDX-License-Identifier: MIT
# What bash proposes after a part of a command line.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

if ! command -v bash >/dev/null; then
	echo "1..0 # SKIP no bash"
	exit 0
fi

# proposes WORD WORDS...: the last of WORDS, which is being typed, may become WORD.
proposes() {
	wanted=$1
	shift
	proposals "$@" | grep -qxF -- "$wanted" || { echo "no $wanted after: $*"; return 1; }
}

proposals() {
	# shellcheck disable=SC2016 # for bash
	bash -c '. "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _gputop; printf "%s\n" "${COMPREPLY[@]}"' - \
		"$top_srcdir/contrib/completion/gputop" "$gputop" "$@"
}

options() {
	"$gputop" -h | grep -oE -- '--[a-z-]+' | while read -r option; do
		proposes "$option" "${option%?}" || exit 1
	done && proposes bench b && proposes plot p
}
ok "every option" options

fields() {
	"$gputop" --list-fields | sed 's/[[ ].*//' >"$tmp/fields"
	[ "$(wc -l <"$tmp/fields")" -gt 10 ] || return 1
	while read -r field; do
		proposes "$field" -o "" && proposes "pid,$field" --fields "pid,$field" && proposes "$field" --sort "$field" ||
			return 1
	done <"$tmp/fields"
}
ok "every field, after commas too" fields

arguments() {
	proposes csv --report c && proposes /usr --proc /us && proposes root -u roo && proposes "$demo" --replay "$demo" &&
		proposes --demo --once --d && proposes -memory --sort -mem && proposes colour-blind --theme c &&
		proposes cached --finder "" && [ -z "$(proposals -n 3)" ]
}
plots() {
	proposes "$demo" plot "${demo%?}" && proposes --svg plot "$demo" --s && proposes "$demo" plot x --svg "${demo%?}"
}
ok "a recording and a picture" plots

bench() {
	proposes --processes bench --p && ! proposals bench --r | grep -q .
}
ok "the options of bench" bench

ok "arguments by what the help text calls them" arguments
end
