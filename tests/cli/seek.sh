#!/bin/sh
# SPDX-License-Identifier: MIT
# Recordings on the screen: pause, steps, places, speed. What is shown does not depend on the way to it.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
# shellcheck source=tests/cli/terminal.sh
. "$top_srcdir/tests/cli/terminal.sh"

# Frame N of the 41 is that of 03:04:(4 + N).
awk -v frames=41 -f "$top_srcdir/tests/cli/make-demo.awk" >"$tmp/recording"
awk -v frames=12 -f "$top_srcdir/tests/cli/make-demo.awk" >"$tmp/short"

press() {
	tm send-keys -t t "$@"
}

# At the first frame, standing still.
still() {
	start 100x30 "$gputop" --replay "$tmp/recording" -d 3600 --all && wait_for blender && press Space &&
		wait_for PAUSED && press % 0 Enter && wait_for '03:04:05.*PAUSED 0%'
}

ways() {
	still && press s && wait_for 03:04:06 && press s s s s && wait_for '03:04:10.*12%' || return 1
	screen >"$tmp/steps"
	press Right && wait_for '03:04:20.*38%' && press Left && wait_for 03:04:10 && screen | same "$tmp/steps" - || return 1
	press % 1 5 % Enter && wait_for '03:04:11.*15%' && press S && wait_for 03:04:10 &&
		screen | same "$tmp/steps" - || return 1
	press % 1 0 0 Enter && wait_for '03:04:45.*100%' && press % 1 2 Enter && wait_for 03:04:10 &&
		screen | same "$tmp/steps" -
}
ok "a frame is the same whichever way one comes to it" ways
stop

ends() {
	still && press S Left && wait_for '03:04:05.*PAUSED 0%' && press Right Right Right Right Right &&
		wait_for '03:04:45' && wait_for 'end of recording' && press s && press S && wait_for '03:04:44.*PAUSED 98%' &&
		! screen | grep -q 'end of recording' || return 1
	press % x Enter && wait_for '0 to 100' && press % Escape s && wait_for '03:04:45.*PAUSED'
}
ok "it goes no further than both ends" ends
stop

speed() {
	start 100x30 "$gputop" --replay "$tmp/recording" && wait_for blender && press - && wait_for 'REPLAY x0.5' &&
		press + + + + + + + && wait_for 'REPLAY x16' && wait_for 'REPLAY END x16 100%' && press Left && wait_for '03:04:35'
}
ok "it plays as fast as one likes, and again" speed
stop

# Two recordings in one file: the time of the second begins anew, on a machine with other engines.
two_in_one() {
	{
		printf 'gputop-protocol:\t1\n\n'
		for frame in '900 here' '100 there' '101 there'; do
			printf 'gputop-pid:\t10\ngputop-start-time:\t1\ngputop-comm:\tworker\ngputop-gpu:\tG\n'
			printf 'gputop-fds:\t3\ngputop-time:\t%s000000000 ns\n' "${frame% *}"
			printf 'drm-driver:\tx\ndrm-client-id:\t1\ndrm-engine-%s:\t1 ns\n\n' "${frame#* }"
			printf 'gputop-frame:\t1\ngputop-time:\t%s000000000 ns\n\n' "${frame% *}"
		done
	} >"$tmp/two"
	start 100x30 "$gputop" --replay "$tmp/two" -d 3600 --all && wait_for worker && press Space g &&
		wait_for here && press s && wait_for there && press S && wait_for 'here$|here ' && ! screen | grep there
}
ok "going back is back on another machine as well" two_in_one
stop

pipe() {
	start 100x30 "(cat $tmp/short; sleep 60)" '|' "$gputop" --replay - -d 3600 && wait_for blender && press Space &&
		wait_for 'PAUSED [^%]*$' && press S && wait_for 'A pipe has no way back' && press s && press Right &&
		wait_for '03:04:16' && press % 5 Enter && wait_for 'end of this recording is not known'
}
ok "a pipe goes on, but not back" pipe
stop

# A long way: far more frames than are read while this test lasts.
passing() {
	start 100x30 awk -v frames=10000000 -f "$top_srcdir/tests/cli/make-demo.awk" '|' "$gputop" --replay - -d 3600 &&
		wait_for blender && press Space && wait_for PAUSED && press -N 20000 Right && wait_for 'Seeking.*Esc stop here' &&
		press h && wait_for 'this help' && press h && wait_for 'Seeking' && press Escape && wait_for 'q quit' || return 1
	screen >"$tmp/stopped" && sleep 0.3 && screen | same "$tmp/stopped" - && press Right && wait_for 'q quit'
}
ok "a long way shows how far it has come, and can be stopped there" passing
stop

stopped_at_once() {
	still && press Right && wait_for '25%' && press % 0 Enter Escape && wait_for '03:04:05.*PAUSED 0%' && press s &&
		wait_for '03:04:06' && press % 9 9 Enter Escape && press i && wait_for '03:04:06  5 clients'
}
ok "a way that is stopped where it begins ends at a frame" stopped_at_once
stop

live() {
	mkdir -p "$tmp/proc" "$tmp/sys"
	start 100x30 "$gputop" --proc "$tmp/proc" --sys "$tmp/sys" --major 1 -d 3600 && wait_for 'No process' &&
		press S && wait_for 'Only a recording' && press % && wait_for 'Only a recording' && press d &&
		wait_for 'Seconds between frames: 3600.00' && press C-u 0 Enter && wait_for '0.01 to 86400' || return 1
	press d C-u 0 . 2 Enter && wait_for 'LIVE 0:[0-9]+ 2[0-9][0-9]' && press + && wait_for '0.4 s between' && wait_for 'LIVE 0:[0-9]+ 4[0-9][0-9]' &&
		press - - && wait_for '0.1 s between'
}
ok "the time between frames of a machine can be changed, its past not" live
stop

one_look() {
	start 100x30 "$gputop" --proc "$tmp/proc" --sys "$tmp/sys" --major 1 --all -d 3600 && wait_for 'No process' &&
		press Space && wait_for PAUSED || return 1
	mkdir -p "$tmp/proc/10/fd" "$tmp/proc/10/fdinfo"
	ln -s /dev/null "$tmp/proc/10/fd/5"
	printf 'drm-driver:\tfake\ndrm-pdev:\t0000:01:00.0\ndrm-client-id:\t1\n' >"$tmp/proc/10/fdinfo/5"
	printf '10 (one) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0\n' >"$tmp/proc/10/stat"
	press s && wait_for '0000:01:00.0' && wait_for PAUSED
}
ok "while it stands still, one look can be had" one_look
end
