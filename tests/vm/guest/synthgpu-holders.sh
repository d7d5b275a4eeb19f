# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# limit: 120
# synthload's ways to share a client: who holds it, by how many descriptors.
. /tests/lib.sh
need synthgpu synthload

# holders: a line COMM DESCRIPTORS per process that holds a client, and its number where not 1.
holders() {
	for holders_fd in /proc/[0-9]*/fdinfo/*; do
		holders_id=$(sed -n 's/^drm-client-id:\t//p' "$holders_fd" 2>/dev/null)
		[ -z "$holders_id" ] || echo "${holders_fd%/fdinfo/*} $holders_id"
	done | sort | uniq -c | while read -r holders_n holders_pid holders_id; do
		echo "$(cat "$holders_pid/comm") $holders_n $holders_id"
	done | sort | uniq -c | sed 's/^ *//'
}

# start OPTIONS...: a load that has made all it was asked for.
start() {
	synthload --busy 10% --seconds 0.1 --linger 1000 "$@" >/tmp/out &
	load=$!
	wait_for 10 grep -q ^truth /tmp/out || diag "no load"
	id=$(sed -n 's/^open client \([0-9]*\) .*/\1/p' /tmp/out)
}

stop() {
	kill "$load"
	wait "$load"
	is "$(holders)" "" "then nobody"
}

load synthgpu
start
is "$(holders)" "1 synthload 1 $id" "one descriptor"
stop
start --dup 2
is "$(holders)" "1 synthload 3 $id" "--dup: three descriptors of one process"
stop
start --fork 3
is "$(holders)" "4 synthload 1 $id" "--fork: four processes"
stop
start --exec
is "$(holders)" "1 sleep 1 $id
1 synthload 1 $id" "--exec: another program"
stop
start --pass-fd
is "$(holders)" "2 synthload 1 $id" "--pass-fd: another process"
stop
start --hand-over
is "$(holders)" "1 synthload 1 $id" "--hand-over: one process"
not_ok "which did not open it" grep -q "^open client $id pid $load " /tmp/out
grep -q " render [1-9].* comm synthload" /sys/kernel/debug/synthgpu/0/truth || fail "but loads it"
stop
start --clients 3
is "$(holders | cut -d' ' -f1-3)" "1 synthload 1
1 synthload 1
1 synthload 1" "--clients: three clients of one process"
stop

synthload --no-fd --mem vram=8M --busy 100% >/tmp/out &
load=$!
wait_for 5 grep -q 'client .* render [1-9]' /sys/kernel/debug/synthgpu/0/truth
is "$(holders)" "" "--no-fd: no descriptor"
is "$(grep -c ^client /sys/kernel/debug/synthgpu/0/truth)" 1 "but a client"
kill "$load"
wait "$load"
is "$(grep -c ^client /sys/kernel/debug/synthgpu/0/truth)" 0 "until its process ends"
dmesg_clean "the kernel is content"
done_testing
