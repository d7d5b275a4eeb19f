#!/bin/sh
# SPDX-License-Identifier: MIT
# gputop --profiling on made-up switches: they are turned while it runs, and put back whatever ends it.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
export GPUTOP_RUNDIR="$tmp"

panfrost=$tmp/sys/bus/platform/drivers/panfrost/a.gpu/profiling
panthor=$tmp/sys/bus/platform/drivers/panthor/b.gpu/profiling
old=$tmp/sys/kernel/debug/dri/0/profile
mkdir -p "$tmp/proc" "$tmp/empty" "${panfrost%/*}" "${panthor%/*}" "${old%/*}"
printf 'Character devices:\n226 drm\n' >"$tmp/proc/devices"
echo 0 >"$panfrost"
echo 1 >"$panthor"
echo 0 >"$old"
echo "panfrost dev=a.gpu unique=a.gpu" >"${old%/*}/name"

# switches: what they are, "panfrost panthor old".
switches() {
	echo "$(cat "$panfrost") $(cat "$panthor") $(cat "$old")"
}

# become VALUES: within 10 s.
become() {
	tries=100
	while [ "$(switches)" != "$1" ]; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || { echo "they are $(switches), not $1"; return 1; }
		sleep 0.1
	done
}

# start ON|OFF: a run that lasts, as $pid.
start() {
	"$gputop" -b -n 200 -d 0.2 --proc "$tmp/proc" --sys "$tmp/sys" --profiling "$1" >"$tmp/out" 2>&1 &
	pid=$!
}

# ends SIGNAL: the run is ended by it.
ends() {
	kill -s "$1" "$pid"
	wait "$pid"
	[ $? -gt 128 ]
}

whole() {
	"$gputop" -b -n 1 --proc "$tmp/proc" --sys "$tmp/sys" --profiling on >"$tmp/out" && [ "$(switches)" = "0 1 0" ]
}
ok "put back before the program ends" whole

turned() {
	start on
	become "1 3 1" && ends TERM && become "0 1 0"
}
ok "turned on while it runs, put back after SIGTERM" turned

off() {
	echo 1 >"$panfrost"
	start off
	become "0 0 0" && ends TERM && become "1 1 0"
	code=$?
	echo 0 >"$panfrost"
	return $code
}
ok "turned off while it runs" off

crash() {
	start on
	become "1 3 1" && ends KILL && become "0 1 0"
}
ok "put back after SIGKILL" crash

two() {
	start on
	first=$pid
	become "1 3 1" || return 1
	start on
	# its guardian is there once it has turned them
	tries=100
	until [ -n "$(ps -o pid= --ppid "$pid")" ] || [ $((tries -= 1)) = 0 ]; do sleep 0.1; done
	second=$pid pid=$first
	ends TERM
	sleep 0.5
	left=$(switches) pid=$second
	ends TERM
	[ "$left" = "1 3 1" ] || { echo "after the first of two: $left"; return 1; }
	become "0 1 0"
}
ok "of two runs the last one puts back" two

power_loss() {
	start on
	become "1 3 1" || return 1
	guardian=$(ps -o pid= --ppid "$pid")
	# shellcheck disable=SC2086 # blanks around it
	kill -s STOP $guardian && ends KILL && kill -s KILL $guardian
	[ "$(switches)" = "1 3 1" ] || { echo "the guardian was not killed: $(switches)"; return 1; }
	sleep 0.2
	"$gputop" -b -n 1 --proc "$tmp/proc" --sys "$tmp/sys" >"$tmp/out" && [ "$(switches)" = "0 1 0" ]
}
ok "put back at the next start where the guardian was killed, too" power_loss

planted() {
	echo 5 >"$tmp/victim"
	echo "9 $tmp/victim" >"$tmp/gputop.profiling"
	"$gputop" -b -n 1 --proc "$tmp/proc" --sys "$tmp/sys" >"$tmp/out" && [ "$(cat "$tmp/victim")" = 5 ]
}
ok "nothing but switches is written to" planted

ok "a machine without such drivers" fails 1 \
	"--profiling: no driver here has such a switch (panfrost and panthor have)" \
	-b -n 1 --proc "$tmp/proc" --sys "$tmp/empty" --profiling on
ok "neither on nor off" fails 2 "--profiling: 'maybe' is neither on nor off" --profiling maybe
ok "not a recording's" fails 2 "--profiling is for this machine, not for a recording" --demo --profiling on
end
