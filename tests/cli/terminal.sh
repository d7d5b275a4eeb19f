# shellcheck shell=sh
# SPDX-License-Identifier: MIT
# A real terminal (tmux) with a shell in it, for tests of the interactive screen. Sourced after tap.sh.
if ! command -v tmux >/dev/null; then
	echo "1..0 # SKIP no tmux"
	exit 0
fi
unset TMUX
tm() {
	tmux -L "gputop-$$" -f /dev/null "$@"
}
trap 'tm kill-server 2>/dev/null; rm -rf "$tmp"' EXIT

cat >"$tmp/shell" <<END
cd "$tmp"
export GPUTOP_DATADIR="$GPUTOP_DATADIR" GPUTOPRC="$GPUTOPRC" LC_ALL=C.UTF-8 TZ=UTC PS1='\$ '
stty -a >before
END
# The server ends with its last session.
tm new-session -d -s keep 'sleep 600'

# start WxH [ENV...] ARGS: a shell, and in it the program.
start() {
	size=$1
	shift
	tm new-session -d -s t -x "${size%x*}" -y "${size#*x}" "ENV=$tmp/shell sh -i"
	wait_for '^\$ *$'
	type_line "$*; echo \"exit \$?\""
}

type_line() {
	tm send-keys -t t -l "$1"
	tm send-keys -t t Enter
}

stop() {
	tm kill-session -t t 2>/dev/null
	return 0
}

screen() {
	tm capture-pane -t t -p
}

# wait_for PATTERN: until the screen shows it.
wait_for() {
	i=0
	until screen | grep -qE -- "$1"; do
		i=$((i + 1))
		[ $i -lt 300 ] || { echo "waited for $1:"; screen; return 1; }
		sleep 0.1
	done
}

# left_as_found: back in the shell, modes and screen as before.
left_as_found() {
	wait_for '^exit [0-9]+' || return 1
	! screen | grep -q blender || { echo "still on the screen"; screen; return 1; }
	type_line 'stty -a >after; echo done'
	wait_for '^done' && same "$tmp/before" "$tmp/after" || return 1
	[ "$(tm display-message -t t -p '#{cursor_flag}#{alternate_on}')" = 10 ] || { echo "cursor or screen"; return 1; }
}
