#!/bin/sh
# SPDX-License-Identifier: MIT
# gputop attached to a gputopd that stops, or is started anew.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
gputopd=${top_builddir:?}/gputopd
daemon=

# shellcheck source=tests/cli/terminal.sh
. "$top_srcdir/tests/cli/terminal.sh"
trap 'tm kill-server 2>/dev/null; [ -z "$daemon" ] || kill -KILL "$daemon"; rm -rf "$tmp"' EXIT

mkdir -p "$tmp/proc" "$tmp/sys"
start_daemon() {
	"$gputopd" --config /dev/null --finder stat --proc "$tmp/proc" --sys "$tmp/sys" --major 1 --interval 0.2 \
		--socket-path "$tmp/sock" 2>"$tmp/log" &
	daemon=$!
	i=0
	until "$gputop" --source "$tmp/sock" --once >"$tmp/once" 2>&1; do
		i=$((i + 1))
		[ $i -lt 60 ] || { cat "$tmp/once" "$tmp/log"; return 1; }
		sleep 0.1
	done
}

stop_daemon() {
	kill -"$1" "$daemon"
	wait "$daemon"
	daemon=
}

# silent: the screen says so. heard: or not, any more.
silent() {
	wait_for 'no word from gputopd for [0-9]+ s'
}

heard() {
	i=0
	while screen | grep -q 'no word'; do
		i=$((i + 1))
		[ $i -lt 100 ] || { screen; return 1; }
		sleep 0.1
	done
}

anew() {
	start_daemon && start 80x24 "$gputop" --source "$tmp/sock" -d 0.2 && wait_for DAEMON && stop_daemon TERM &&
		silent && start_daemon && heard && wait_for DAEMON && stop_daemon KILL && silent && start_daemon &&
		heard && tm send-keys -t t q && wait_for '^exit 0'
}
ok "the screen waits for a gputopd that is started anew" anew
stop

stopped() {
	start 80x24 "$gputop" --source "$tmp/sock" -d 0.2 && wait_for DAEMON && kill -STOP "$daemon" && silent &&
		kill -CONT "$daemon" && heard && tm send-keys -t t q && wait_for '^exit 0'
}
ok "one that says nothing is told of, and comes back" stopped
stop

unanswered() {
	kill -STOP "$daemon"
	fails 1 "$tmp/sock: Connection timed out" --source "$tmp/sock" --once
	code=$?
	kill -CONT "$daemon"
	return $code
}
ok "a report does not wait for one that says nothing" unanswered
end
