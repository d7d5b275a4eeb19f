#!/bin/sh
# SPDX-License-Identifier: MIT
# The interactive screen in a real terminal (tmux): sizes, keys, and that it is left as it was found.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

# shellcheck source=tests/cli/terminal.sh
. "$top_srcdir/tests/cli/terminal.sh"

sizes() {
	for size in 80x24 132x43 20x5 400x120 40x12; do
		start $size "$gputop" --demo || return 1
		wait_for 'DEMO' && wait_for 'COMMAND' && wait_for 3001 || return 1
		tm send-keys -t t q
		wait_for '^exit 0' || return 1
		stop
	done
}
ok "draws on terminals of many sizes" sizes
stop

quit() {
	start 80x24 "$gputop" --demo && wait_for blender && tm send-keys -t t q && wait_for '^exit 0' && left_as_found
}
ok "q leaves the terminal as it was" quit
stop

signals() {
	for signal in INT TERM HUP QUIT SEGV ABRT USR1 BUS; do
		start 80x24 "sh -c 'echo \$\$ >pid; exec $gputop --demo'" && wait_for blender || return 1
		kill -s $signal "$(cat "$tmp/pid")"
		# a shell gives up the whole line then
		[ $signal != INT ] || { wait_for '^\$ *$' && type_line 'echo "exit $?"'; }
		left_as_found || { echo "after $signal"; return 1; }
		code=$(screen | sed -n 's/^exit \([0-9]*\)$/\1/p')
		[ "$(kill -l "$code")" = $signal ] || { echo "status $code after $signal"; return 1; }
		stop
	done
}
ok "so does every signal" signals
stop

suspended() {
	start 80x24 "$gputop" --demo && wait_for blender && tm send-keys -t t C-z && left_as_found || return 1
	type_line 'fg; echo "exit $?"'
	wait_for blender && tm send-keys -t t q && wait_for '^exit 0'
}
ok "it can be suspended and brought back" suspended
stop

scribbled() {
	start 80x24 "$gputop" --demo -d 60 && wait_for blender && tm send-keys -t t Space && wait_for PAUSED || return 1
	screen >"$tmp/drawn"
	printf '\033[5;1Hmail for you' >"$(tm display-message -t t -p '#{pane_tty}')" && wait_for 'mail for you' &&
		tm send-keys -t t C-l && wait_for '^  render' && screen | same "$tmp/drawn" -
}
ok "what others wrote over the screen can be got rid of" scribbled
stop

one_screen() {
	start 80x24 TERM=vt100 "$gputop" --demo && wait_for blender && tm send-keys -t t q && wait_for '^exit 0$' && stop || return 1
	start 80x24 "sh -c 'echo \$\$ >pid; TERM=vt100 exec $gputop --demo'" && wait_for blender &&
		kill -s SEGV "$(cat "$tmp/pid")" && wait_for '^(Segmentation fault.*|exit [0-9]+)$'
}
ok "a terminal without a second screen has a last row for the shell" one_screen
stop

# wait_for_order SORT-OPTION: of the seven processes.
wait_for_order() {
	for _ in $(seq 100); do
		screen | grep -E '^ +[0-9]+ ' | awk '{ print $1 }' >"$tmp/order"
		sort "$1" "$tmp/order" | cmp -s - "$tmp/order" && [ "$(wc -l <"$tmp/order")" = 7 ] && return
		sleep 0.1
	done
	cat "$tmp/order"
	return 1
}

keys() {
	start 100x30 "$gputop" --demo -d 60 && wait_for blender && wait_for '\+2 idle' || return 1
	tm send-keys -t t i && wait_for '7 clients' && wait_for glxgears || return 1
	tm send-keys -t t N && wait_for_order -rn && tm send-keys -t t R && wait_for_order -n || return 1
	tm send-keys -t t h && wait_for 'turn the order around' || return 1
	tm send-keys -t t Escape && wait_for blender || return 1
	tm send-keys -t t Space && wait_for 'PAUSED' || return 1
	for key in Up Down PageUp PageDown Home End Right Left P M T '<' '>' R F1 F1 '?' '?' x Z 1 Escape Space; do
		tm send-keys -t t "$key"
	done
	wait_for blender && ! screen | grep -q PAUSED && tm send-keys -t t F10 && wait_for '^exit 0'
}
ok "keys do what help says" keys
stop

# Every key of the key table on every page, but those that quit.
every_key() {
	"$gputop" --list-keys | cut -c1-10 | tr ' ' '\n' | grep -v -e '^$' -e '^q$' -e '^F10$' | sed -e 's/^Esc$/Escape/' -e 's/^Ctrl-L$/C-l/' >"$tmp/keys"
	[ "$(wc -l <"$tmp/keys")" -gt 40 ] || return 1
	for size in 80x24 20x5 200x60; do
		start $size "GPUTOPRC=$tmp/keys-rc" "$gputop" --demo --all && wait_for '300|DEMO' || return 1
		for page in Escape Enter g F2 h; do
			while read -r key; do
				tm send-keys -t t Escape "$page" "$key" Enter || return 1
			done <"$tmp/keys"
		done
		tm send-keys -t t Escape Escape && sleep 0.3 && tm send-keys -t t Escape q &&
			wait_for '^exit 0' && left_as_found || { echo "at $size"; return 1; }
		stop
	done
}
ok "every key on every page of every size, and the terminal is as it was" every_key
stop

# sent KEYS...: bytes that the terminal gets for them. Standing still, so for nothing else.
sent() {
	tm pipe-pane -t t "cat >$tmp/sent"
	tm send-keys -t t "$@"
	wait_for "$wanted" && sleep 0.3
	tm pipe-pane -t t
	wc -c <"$tmp/sent"
}

changed_only() {
	start 132x43 "$gputop" --demo -d 60 && wait_for '\+2 idle' && tm send-keys -t t Space && wait_for PAUSED || return 1
	wanted='7 clients' once=$(sent i)
	wanted='5 clients \+2 idle' && sent i >"$tmp/back"
	wanted='7 clients' again=$(sent x x Escape x i)
	tm send-keys -t t h && wait_for 'this help'
	wanted='PID USER' whole=$(sent h)
	echo "$once bytes, $again, $whole for a page"
	[ "$once" -gt 0 ] && [ "$once" = "$again" ] && [ $((3 * once)) -lt "$whole" ] && tm send-keys -t t q && wait_for '^exit 0'
}
ok "only cells that changed are sent" changed_only
stop

demo_ends() {
	start 80x24 "$gputop" --demo && wait_for blender && tm send-keys -t t + + + + && wait_for 'DEMO END x16 100%' &&
		wait_for 'end of recording' && tm send-keys -t t q && wait_for '^exit 0' && left_as_found
}
ok "plays the demo to its end" demo_ends
stop

# click X Y, in cells from 1, as this terminal (TERM=screen) says it.
click() {
	tm send-keys -t t -l "$(awk -v x="$1" -v y="$2" 'BEGIN { printf "\033[M %c%c\033[M#%c%c", 32 + x, 32 + y, 32 + x, 32 + y }')"
}

# wait_for_pids SORT-OPTION: the seven clients in the order of their processes.
wait_for_pids() {
	i=0
	until screen | grep -E '^ +[0-9]+ ' | awk '{ print $1 }' >"$tmp/pids" && [ "$(wc -l <"$tmp/pids")" = 7 ] &&
			sort "$1" "$tmp/pids" | cmp -s - "$tmp/pids"; do
		i=$((i + 1))
		[ $i -lt 100 ] || { echo "waited for the order of sort $1:"; screen; return 1; }
		sleep 0.1
	done
}

mouse() {
	start 100x30 "$gputop" --demo -d 60 --all && wait_for blender || return 1
	[ "$(tm display-message -t t -p '#{mouse_any_flag}')" = 1 ] || { echo "no mouse"; return 1; }
	y=$(screen | grep -n 'PID USER' | cut -d: -f1)
	click 6 "$y" && wait_for_pids -rn || return 1
	click 6 "$y" && wait_for_pids -n || return 1
	click 10 30 && wait_for 'this help' && tm send-keys -t t q && wait_for '^exit 0' && left_as_found &&
		[ "$(tm display-message -t t -p '#{mouse_any_flag}')" = 0 ] || return 1
	stop
	start 100x30 "$gputop" --demo --no-mouse && wait_for blender &&
		[ "$(tm display-message -t t -p '#{mouse_any_flag}')" = 0 ] && tm send-keys -t t q
}
ok "the mouse sorts, selects and presses keys, and can be left alone" mouse
stop

resized() {
	start 80x24 "$gputop" --demo && wait_for blender || return 1
	for size in 20x5 200x60 33x7 132x43 10x3 80x24 1x1 100x30; do
		tm resize-window -t t -x "${size%x*}" -y "${size#*x}" || return 1
	done
	wait_for blender && wait_for 'quit' && [ "$(screen | head -n 1 | wc -m)" -le 101 ] || return 1
	tm send-keys -t t q && wait_for '^exit 0'
}
ok "survives a storm of sizes" resized
stop

ended() {
	awk -v frames=3 -f "$top_srcdir/tests/cli/make-demo.awk" >"$tmp/short"
	start 80x24 "$gputop" --replay "$tmp/short" -d 0.05 && wait_for 'end of recording' && wait_for 'REPLAY END' &&
		wait_for blender && tm send-keys -t t q && wait_for '^exit 0'
}
ok "stays on the last frame of a recording" ended
stop

piped() {
	start 80x24 "(cat $tmp/short; sleep 5)" '|' "$gputop" --replay - && wait_for blender &&
		wait_for '03:04:07' && tm send-keys -t t i && wait_for '7 clients' && tm send-keys -t t q && wait_for '^exit'
}
ok "takes keys while it waits for a pipe" piped
stop

# A made-up procfs, for there may be no GPU here.
mkdir -p "$tmp/proc/10/fd" "$tmp/proc/10/fdinfo" "$tmp/sys"
ln -s /dev/null "$tmp/proc/10/fd/5"
printf 'drm-driver:\tfake\ndrm-pdev:\t0000:01:00.0\ndrm-client-id:\t1\n' >"$tmp/proc/10/fdinfo/5"
printf '10 (one) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0\n' >"$tmp/proc/10/stat"
live="$gputop --proc $tmp/proc --sys $tmp/sys --major 1 --all"

# start_live SIZE: runs the program on it, its number in pid and that of its sampling process in sampler.
start_live() {
	start "$1" "sh -c 'echo \$\$ >pid; exec $live'" && wait_for '0000:01:00.0' || return 1
	pid=$(cat "$tmp/pid") sampler=$(pgrep -P "$(cat "$tmp/pid")")
	[ -n "$sampler" ] || { echo "it samples in no process of its own"; return 1; }
}

sampler_killed() {
	start_live 80x24 && kill -KILL "$sampler" && wait_for 'the sampling process was ended by signal 9' &&
		left_as_found && screen | grep -q '^exit 1'
}
ok "the end of the sampling process is said, the terminal is left as it was" sampler_killed
stop

# It may take a moment to go; an orphan that init has not waited for is gone.
gone() {
	for _ in $(seq 100); do
		case $(ps -o stat= -p "$1") in '' | Z*) return 0 ;; esac
		sleep 0.1
	done
	echo "process $1 is still there"
	return 1
}

sampler_ends() {
	start_live 80x24 && tm send-keys -t t q && wait_for '^exit 0' && gone "$sampler" || return 1
	stop
	start_live 80x24 && kill -KILL "$pid" && gone "$pid" && gone "$sampler"
}
ok "the sampling process does not outlive the program, however that ends" sampler_ends
stop

paused() {
	start_live 80x24 && kill -STOP "$sampler" && tm send-keys -t t Space && wait_for 'PAUSED' &&
		tm send-keys -t t h && wait_for 'this help' && kill -CONT "$sampler" && tm send-keys -t t Space h &&
		wait_for '0000:01:00.0' && ! screen | grep -q PAUSED && tm send-keys -t t q && wait_for '^exit 0'
}
ok "takes keys while a pass does not end" paused
stop

# Passes that end when we say so: there is no other clock in this test.
slow() {
	mkfifo "$tmp/gate"
	start 80x24 "ASAN_OPTIONS=verify_asan_link_order=0 GATE=$tmp/gate LD_PRELOAD=$top_builddir/tests/cli/gate.so $live --finder stat -d 0.1" || return 1
	wait_for 'Measuring' && ! screen | grep -q '0000:01:00.0' || return 1
	tm send-keys -t t h && wait_for 'this help' && tm send-keys -t t Escape && wait_for 'Measuring' || return 1
	tm resize-window -t t -x 60 -y 20 && tm send-keys -t t Space && wait_for PAUSED &&
		tm send-keys -t t Space && wait_for Measuring || return 1
	# the first pass ends, and with that the next begins
	echo >"$tmp/gate"
	wait_for '0000:01:00.0' && tm send-keys -t t h && wait_for 'this help' && tm send-keys -t t q && wait_for '^exit 0'
}
ok "shows itself before the first pass ends, and takes keys during all of them" slow
stop

dumb() {
	start 80x50 TERM=dumb "$gputop" --demo -n 1 --all -w 80 && wait_for 'cannot move the cursor: printing frames as with -b' &&
		wait_for 'blender' && wait_for '^exit 0'
}
ok "a dumb terminal gets text" dumb
stop

no_colour() {
	start 80x24 NO_COLOR=1 "$gputop" --demo && wait_for blender && sleep 0.3 &&
		! tm capture-pane -t t -p -e | grep -q "$(printf '\033\\[[0-9;]*3[0-7]m')" && tm send-keys -t t q
}
ok "NO_COLOR is respected" no_colour
stop

hostile() {
	for f in 1 2; do
		[ $f = 2 ] || printf 'gputop-protocol:\t1\n\ngputop-device:\t0000:01:00.0\n\n'
		printf 'gputop-pid:\t7\ngputop-comm:\tc\ngputop-user:\tu\ngputop-gpu:\t0000:01:00.0\ngputop-fds:\t3\n'
		printf 'gputop-cmdline:\t\\033[2J\\033]0;title\\a\342\200\256\346\274\242\314\201x\377\\n\\r\\tend of it\n'
		printf 'gputop-time:\t%d000000000 ns\n' $f
		printf 'drm-driver:\tx\ndrm-client-id:\t1\ndrm-engine-e:\t%d00000000 ns\n\n' $f
		printf 'gputop-frame:\t%d\ngputop-time:\t%d000000000 ns\n\n' $f $f
	done >"$tmp/evil"
	start 80x24 "$gputop" --replay "$tmp/evil" && wait_for '\?\[2J\?\]0;title\?\?漢.?x\?\?\?\?end of' &&
		wait_for 'end of recording' && tm send-keys -t t q && wait_for '^exit 0'
}
ok "hostile names do not reach the terminal" hostile
stop
end
