#!/bin/sh
# SPDX-License-Identifier: MIT
# gputop bench: arms find the clients of a fleet, one that does not is told apart, nothing is left behind.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

small="--processes 12 --fds 9 --clients 5 --major 1 --passes 2 --pace 0"

# shellcheck disable=SC2086 # $small is options
fleet() {
	"$gputop" bench $small --json --svg "$tmp/svg" >"$tmp/json" 2>"$tmp/err" || { cat "$tmp/err"; return 1; }
	grep -q '"fleet":{"processes":12,"fds":9,"clients":5}.*"holders":5,' "$tmp/json" &&
		grep -q '"name":"stat","steady":{"passes":2,.*"holders":5,"agrees":true' "$tmp/json" &&
		! grep -q '"agrees":false' "$tmp/json"
}
ok "every arm finds the clients of a fleet" fleet

if command -v python3 >/dev/null; then
	ok "JSON and SVG are well-formed" python3 -c '
import json, sys, xml.dom.minidom
json.load(open(sys.argv[1])), xml.dom.minidom.parse(sys.argv[2])' "$tmp/json" "$tmp/svg"
else
	skip "JSON and SVG are well-formed" "no python3"
fi

# shellcheck disable=SC2086 # $small is options
table() {
	"$gputop" bench $small --arms stat,frame >"$tmp/out" &&
		grep -q '^a fleet of 12 processes with 9 descriptors each, 5 clients' "$tmp/out" &&
		grep -q '^stat .* 5$' "$tmp/out" && grep -q '^noise: ' "$tmp/out" &&
		grep -q '^a frame of 2000 clients: ' "$tmp/out" && ! grep -q '^naive' "$tmp/out"
}
ok "a table of the arms that were asked for" table

# A node whose name says nothing: the name finder misses it.
blind() {
	mkdir -p "$tmp/proc/10/fd" "$tmp/proc/10/fdinfo" "$tmp/sys"
	ln -s /dev/null "$tmp/node"
	ln -s "$tmp/node" "$tmp/proc/10/fd/5"
	printf 'flags:\t02\ndrm-driver:\tfake\ndrm-client-id:\t1\n' >"$tmp/proc/10/fdinfo/5"
	fails 1 "name found other clients than there are" bench --proc "$tmp/proc" --sys "$tmp/sys" --major 1 \
		--passes 2 --pace 0 --arms stat,name,fdinfo,naive
}
ok "an arm that misses a client fails the run" blind

gone() {
	for pid in $fleet; do
		! grep -qs '^State:.*[^Z] (' "/proc/$pid/status" || return 1
	done
}

# until_true COMMAND...: a machine may be busy.
until_true() {
	for _ in $(seq 600); do
		"$@" && return 0
		sleep 0.1
	done
	return 1
}

is_complete() {
	fleet=$(pgrep -P "$bench")
	[ "$(echo "$fleet" | wc -l)" = 20 ]
}

killed() {
	"$gputop" bench --processes 20 --major 1 --arms stat --passes 100000 >"$tmp/out" 2>&1 &
	bench=$!
	until_true is_complete && ! gone
	started=$?
	kill -KILL $bench
	wait $bench
	[ $started = 0 ] && until_true gone
}
ok "the fleet dies with the program, however that dies" killed

mistakes() {
	fails 2 "--arms: 'bogus': no such arm" bench --arms bogus &&
		fails 2 "--passes: '0' is not a number from 1 to 100000" bench --passes 0 &&
		fails 2 "--processes: not with --proc, where they would not be" bench --processes 5 --proc /proc &&
		fails 2 "--stale: 'x' is not a number of seconds" bench --stale x &&
		fails 2 "unexpected argument 'x' (see bench -h)" bench x
}
ok "mistakes are told" mistakes
end
