#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual page says what the program does.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
page=$top_srcdir/man/gputop.1

# made BEGIN END FILE ARGS...: what lies between two lines of a file is what gputop ARGS prints.
# GPUTOP_UPDATE_GOLDEN=1 writes it instead: after a change of a table.
made() {
	begin=$1 end=$2 file=$3
	shift 3
	"$gputop" "$@" >"$tmp/table" && [ -s "$tmp/table" ] || return 1
	if [ -n "${GPUTOP_UPDATE_GOLDEN-}" ]; then
		{ sed "/^$begin\$/q" "$file" && cat "$tmp/table" && sed -n "/^$end\$/,\$p" "$file"; } >"$tmp/new" &&
			cat "$tmp/new" >"$file"
	fi
	sed -n "/^$begin\$/,/^$end\$/p" "$file" | sed '1d;$d' | same - "$tmp/table" || { echo "see GPUTOP_UPDATE_GOLDEN"; return 1; }
}
ok "FIELDS is the field table" made '\.\\" fields begin' '\.\\" fields end' "$page" --list-fields=mdoc
ok "KEYS is the key table" made '\.\\" keys begin' '\.\\" keys end' "$page" --list-keys=mdoc
ok "so are the keys in README.md" made '<!-- keys begin -->' '<!-- keys end -->' "$top_srcdir/README.md" --list-keys=markdown

options() {
	"$gputop" -h | grep -oE -- '--[a-z-]+' | sort -u >"$tmp/options"
	[ "$(wc -l <"$tmp/options")" -gt 20 ] || return 1
	while read -r option; do
		grep -qE "Fl Fl ${option#--}( |$)" "$page" || { echo "no $option in the page"; return 1; }
	done <"$tmp/options"
}
ok "every option is in the page" options

no_more() {
	grep -oE '^\.It .*Fl Fl [a-z-]+' "$page" | grep -oE 'Fl Fl [a-z-]+' | sed 's/Fl Fl /--/' | while read -r option; do
		"$gputop" -h | grep -q -- "$option" || { echo "$option is only in the page"; return 1; }
	done
}
ok "and no other" no_more

keys() {
	"$gputop" --list-keys >"$tmp/keys" && grep -q '^k F9 ' "$tmp/keys" && [ "$(wc -l <"$tmp/keys")" -gt 20 ]
}
ok "the keys are listed for people too" keys
end
