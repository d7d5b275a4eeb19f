#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual page says what the program does.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
page=$top_srcdir/man/gputop.1

# GPUTOP_UPDATE_GOLDEN=1 writes the section: after a change of the field table.
update() {
	sed '/^\.\\" fields begin$/q' "$page" && "$gputop" --list-fields=mdoc && sed -n '/^\.\\" fields end$/,$p' "$page"
}
if [ -n "${GPUTOP_UPDATE_GOLDEN-}" ]; then
	update >"$tmp/new" && cat "$tmp/new" >"$page"
fi

fields() {
	sed -n '/^\.\\" fields begin$/,/^\.\\" fields end$/p' "$page" | sed '1d;$d' >"$tmp/page"
	"$gputop" --list-fields=mdoc >"$tmp/table"
	[ -s "$tmp/table" ] && same "$tmp/page" "$tmp/table" || { echo "see GPUTOP_UPDATE_GOLDEN"; return 1; }
}
ok "FIELDS is the field table" fields

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
end
