#!/bin/sh
# SPDX-License-Identifier: MIT
# What goes wrong is said in one line that names the thing, and in the exit status.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

ok "an unknown field" fails 2 "--sort: no such field 'foo' (see --list-fields)" --sort foo
ok "a bad number" fails 2 "-d: 'x' is not a number of seconds" -d x
ok "an unknown option" fails 2 "unknown or ambiguous option '--foo' (see -h)" --foo
ok "a recording that is not there" fails 1 "$tmp/none: No such file or directory" -b --replay "$tmp/none"
ok "a recording that is a directory" fails 1 "$tmp: Is a directory" -b --replay "$tmp"
ok "an empty file" fails 1 "/dev/null: not a recording of gputop" -b --replay /dev/null
printf 'gputop-protocol:\t1\n\n' >"$tmp/begun"
ok "a recording without a frame" fails 1 "$tmp/begun: no frame in it" -b --replay "$tmp/begun"
ok "a recording that cannot be written" fails 1 "--record $tmp/no/x: No such file or directory" \
	-b --demo --record "$tmp/no/x"
ok "a full disk" fails 1 "--record /dev/full: No space left on device" -b --demo --record /dev/full
ok "no procfs" fails 1 "$tmp/none: No such file or directory" -b --major 1 --proc "$tmp/none"
ok "a procfs that is a file" fails 1 "$demo: Not a directory" -b --major 1 --proc "$demo"
ok "a finder that does not open" fails 1 "finder procgpu: the kernel module gputop_proc is not loaded: build \
kernel/gputop_proc and load it (modprobe gputop_proc)" -b --major 1 --proc "$tmp" --finder procgpu

head -c 3000 /dev/urandom >"$tmp/noise"
ok "noise" fails 1 "$tmp/noise: not a recording of gputop" -b --replay "$tmp/noise"
printf 'gputop-protocol:\t99\n\n' >"$tmp/newer"
ok "a newer format" fails 1 "$tmp/newer: made by a newer gputop" -b --replay "$tmp/newer"

full() {
	said=$("$gputop" -b --demo 2>&1 >/dev/full) && return 1
	[ "$said" = "gputop: standard output: No space left on device" ] || { echo "$said"; return 1; }
}
ok "a full disk behind standard output" full
for list in --help --version --list-fields; do
	full_list() {
		"$gputop" "$list" 2>"$tmp/err" >/dev/full && return 1
		grep -qx 'gputop: standard output: No space left on device' "$tmp/err"
	}
	ok "a full disk behind $list" full_list
done

full_bench() {
	said=$("$gputop" bench --arms frame "$@" 2>&1 >/dev/full) && return 1
	[ "$said" = "gputop: standard output: No space left on device" ] || { echo "$said"; return 1; }
}
ok "a full disk behind bench" full_bench
ok "a full disk behind bench --json" full_bench --json

reader_gone() {
	{ "$gputop" --demo --json 2>"$tmp/err"; echo $? >"$tmp/code"; } | head -n 1 >/dev/null
	[ "$(cat "$tmp/code")" = 0 ] && [ ! -s "$tmp/err" ]
}
ok "a reader that goes away is no error" reader_gone

reader_gone_while_waiting() {
	{ timeout 20 "$gputop" --demo --json -d 60 2>"$tmp/err"; echo $? >"$tmp/code"; } |
		head -n 1 >/dev/null
	[ "$(cat "$tmp/code")" = 0 ]
}
ok "nor does the program wait on for one" reader_gone_while_waiting

closed() {
	"$gputop" -b --demo 2>"$tmp/err" >&- && return 1
	grep -q '^gputop: standard output: Bad file descriptor$' "$tmp/err"
}
ok "a closed standard output" closed

renamed() {
	ln -s "$gputop" "$tmp/drmtop" || return 1
	"$tmp/drmtop" -x 2>"$tmp/err"
	grep -qx "drmtop: unknown option '-x' (see -h)" "$tmp/err"
}
ok "messages carry the name the program was called by" renamed
end
