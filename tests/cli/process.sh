#!/bin/sh
# SPDX-License-Identifier: MIT
# Signals and nice values for real processes, as gputopd says they are: which process that is decides their
# start time, not their number.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
# shellcheck source=tests/cli/terminal.sh
. "$top_srcdir/tests/cli/terminal.sh"

# The facts of a real process, in a made-up procfs with a GPU: for there may be none here.
victim() {
	sleep 1000 &
	victim=$!
	mkdir -p "$tmp/proc/$victim/fd" "$tmp/proc/$victim/fdinfo" "$tmp/sys"
	ln -s /dev/null "$tmp/proc/$victim/fd/5"
	printf 'drm-driver:\tfake\ndrm-pdev:\t0000:01:00.0\ndrm-client-id:\t1\n' >"$tmp/proc/$victim/fdinfo/5"
	cat "/proc/$victim/stat" >"$tmp/proc/$victim/stat"
	"$top_builddir/gputopd" --config "$tmp/conf" 2>"$tmp/log" &
	daemon=$!
	until [ -S "$tmp/sock" ]; do sleep 0.1; done
	start 80x24 "$gputop" --source "$tmp/sock" --all && wait_for '0000:01:00.0' && wait_for "^ *$victim "
}

# Its facts become those of a process that had the number before.
another() {
	sed 's/^\(.*) \([^ ]* \)\{19\}\)[0-9]*/\11/' "/proc/$victim/stat" >"$tmp/stat" &&
		mv "$tmp/stat" "$tmp/proc/$victim/stat"
}

over() {
	stop
	# a stopped one would not hear anything else
	kill -KILL "$victim" 2>/dev/null
	kill "$daemon" 2>/dev/null
	rm -rf "$tmp/proc" "$tmp/sock"
}
trap 'over; tm kill-server 2>/dev/null; rm -rf "$tmp"' EXIT

cat >"$tmp/conf" <<END
[gputopd]
interval = 0.2
proc = $tmp/proc
sys = $tmp/sys
major = 1
[socket]
path = $tmp/sock
END

press() {
	tm send-keys -t t "$@"
}

alive() {
	case $(ps -o stat= -p "$victim") in '' | Z*) return 1 ;; esac
}

asks_first() {
	victim && press k && wait_for 'Select a client first' || return 1
	press Down k && wait_for "Signal for $victim .sleep" && wait_for '15 TERM' || return 1
	press Enter && wait_for "Send SIGTERM to $victim .sleep" && alive || return 1
	press Enter && wait_for 'COMMAND$' && alive || return 1
	press F9 && wait_for "Signal for" && press Enter n && wait_for 'COMMAND$' && alive || return 1
	press F9 && wait_for "Signal for" && press Enter y && wait_for "SIGTERM sent to $victim .sleep" && ! alive
}
ok "a signal is sent when the user has said which, and yes" asks_first
over

by_name() {
	victim && press Down k && wait_for 'Signal for' && press s t o p && press Enter &&
		wait_for 'Send SIGSTOP' && press y && wait_for 'SIGSTOP sent' &&
		[ "$(ps -o stat= -p "$victim" | cut -c1)" = T ]
}
ok "the menu of signals finds what is typed" by_name
over

reused() {
	victim && another && sleep 1 && press Down k && wait_for 'Signal for' && press Enter y &&
		wait_for 'its number is another process' && alive
}
ok "a process that only has the number of another is left alone" reused
over

gone() {
	victim && press Down k && wait_for 'Signal for' && press Enter && wait_for 'Send' || return 1
	kill -KILL "$victim"
	wait "$victim"
	press y && wait_for "$victim .sleep. is gone"
}
ok "a process that is gone is said to be" gone
over

# From whatever value the tests run with.
nice_value() {
	victim || return 1
	now=$(ps -o ni= -p "$victim" | tr -d ' ')
	press Down ']' && wait_for "Nice of $victim .sleep., now $now: $((now - 1))" && press Escape || return 1
	press F8 && wait_for "Nice of $victim .sleep., now $now: $((now + 1))" && press C-u x Enter && wait_for 'from -20' ||
		return 1
	press F8 && wait_for "now $now: " && press C-u 1 9 Enter && wait_for "The nice value of $victim .sleep. is 19" &&
		[ "$(ps -o ni= -p "$victim" | tr -d ' ')" = 19 ]
}
ok "a nice value is asked for, then set" nice_value
over

elsewhere() {
	start 80x24 "$gputop" --demo && wait_for blender && press Down k && wait_for 'not processes of this machine' &&
		press ']' && wait_for 'not processes of this machine'
}
ok "processes of a recording get nothing" elsewhere
end
