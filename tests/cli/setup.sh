#!/bin/sh
# SPDX-License-Identifier: MIT
# What is set up, and the file it is kept in.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
# shellcheck source=tests/cli/terminal.sh
. "$top_srcdir/tests/cli/terminal.sh"

press() {
	tm send-keys -t t "$@"
}

saved() {
	start 80x24 "$gputop" --demo -d 60 && wait_for 'PID USER.*COMMAND' && press F2 && wait_for 'Colours  *dark' || return 1
	press Enter && wait_for 'colour-blind' && press l i g h Enter && wait_for 'Colours  *light' || return 1
	press Down Down Enter && wait_for 'Idle clients  *shown' && press Down Enter && wait_for 'Memory units  *decimal' &&
		press Down Enter && wait_for '\[ \] pid' || return 1
	press Escape && wait_for '^ *USER' && [ ! -e "$GPUTOPRC" ] || return 1
	press W && wait_for "Written to" && press q && wait_for '^exit 0' && grep -q '^theme = light$' "$GPUTOPRC" &&
		grep -q '^fields = user,' "$GPUTOPRC" && grep -q '^all = yes$' "$GPUTOPRC" &&
		grep -q '^units = decimal$' "$GPUTOPRC" || return 1
	stop
	start 80x24 "$gputop" --demo && wait_for '^ *USER' && wait_for '[0-9]MB' && wait_for '7 clients' && press F2 && wait_for 'Colours  *light' &&
		press q && wait_for '^exit 0'
}
ok "what is set up is written when asked, and is there the next time" saved
stop

overridden() {
	start 80x24 "$gputop" --demo -o pid,comm --theme mono && wait_for '^ *PID COMM' && press F2 && wait_for 'Colours  *mono' &&
		press q && wait_for '^exit 0' || return 1
	"$gputop" --demo -b -n 1 -w 80 >"$tmp/batch" && grep -q '^ *PID' "$tmp/batch"
}
ok "the command line comes first, and what is printed does not depend on the file" overridden
stop

units() {
	"$gputop" --demo -b -n 2 -w 100 >"$tmp/binary" && "$gputop" --demo -b -n 2 -w 100 --units decimal >"$tmp/decimal" ||
		return 1
	[ "$(grep -cE ' [0-9.]+M( |$)' "$tmp/binary")" -gt 5 ] && ! grep -qE '[0-9][kMG]B( |$)' "$tmp/binary" &&
		[ "$(grep -cE ' [0-9.]+MB( |$)' "$tmp/decimal")" -gt 5 ] && ! grep -qE '[0-9][KMG]( |$)' "$tmp/decimal" || return 1
	for report in raw json csv; do
		"$gputop" --demo -n 3 --report $report >"$tmp/binary" &&
			"$gputop" --demo -n 3 --report $report --units decimal >"$tmp/decimal" &&
			same "$tmp/binary" "$tmp/decimal" || return 1
	done
}
ok "units are of text, not of reports" units

broken() {
	printf 'theme = dark\nfields = nothing\n' >"$GPUTOPRC"
	cp "$GPUTOPRC" "$tmp/before-rc"
	start 100x24 "$gputop" --demo && wait_for 'Ignored: .*gputoprc:2: .*nothing' && wait_for '^ *PID' ||
		return 1
	press W && wait_for 'Overwrite it' && press n && wait_for 'PID' && same "$tmp/before-rc" "$GPUTOPRC" || return 1
	press W && wait_for 'Overwrite it' && press y && wait_for 'Written to' && ! grep -q nothing "$GPUTOPRC" && press q
}
ok "a broken file is said to be, ignored, and not lost unasked" broken
stop

themes() {
	rm -f "$GPUTOPRC"
	for theme in light contrast colour-blind; do
		start 80x24 TERM=tmux-256color "$gputop" --demo --theme $theme && wait_for blender || return 1
		tm capture-pane -t t -p -e | grep -qE '[34]8;5;[0-9]+' || { echo "no colours of 256 in $theme"; return 1; }
		press q && wait_for '^exit 0' || return 1
		stop
		start 80x24 TERM=screen "$gputop" --demo --theme $theme && wait_for blender || return 1
		tm capture-pane -t t -p -e | grep -qE '[34]8;5;[0-9]+' && return 1
		press q && wait_for '^exit 0' || return 1
		stop
	done
	start 80x24 TERM=tmux-256color "$gputop" --demo --theme mono && wait_for blender &&
		! tm capture-pane -t t -p -e | grep -qE '\[[0-9;]*[34][0-8][;m]'
}
ok "themes have the colours of 8 or of 256, or none" themes
end
