# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# Proof 4: clients that close while they are read, pids that are used again.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

diag "clients that close while they are read"
fresh_synthgpu style=ns
synthload --engine render --busy 50% --churn 20 --procs 8 --clients 4 --quiet &
load_pid=$!
sleep 1
ok "closing mid-read: gputop runs" watch 0.1 60
is "$(frames '[.[].clients[].engines[].busy | select(. != null and (. < 0 or . > 1.5))] | length')" 0 \
	"closing mid-read: no number is absurd"
stop $load_pid

diag "a pid that is used again"
fresh_synthgpu style=ns
reuse_pid() {
	synthload --engine render --busy 90% --name first --quiet &
	pid=$!
	echo $pid >/tmp/pid
	sleep 2
	stop $pid
	for _ in 1 2 3 4 5; do
		echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
		synthload --engine render --busy 10% --name second --quiet &
		[ $! -ne $pid ] || break
		stop $!
	done
	wait
}
reuse_pid &
wait_for 5 clients_are 1
ok "pid reuse: gputop runs" watch 0.5 10
is "$(frames '.[-1].clients[] | "\(.pid) \(.name)"')" "$(cat /tmp/pid) second" "pid reuse: it was used again"
is "$(frames "[.[].clients[] | select(.name == \"second\")][0].engines.render.busy")" null \
	"pid reuse: the new client starts unknown"
is_near "$(frames '.[-1].clients[0].engines.render.busy')" 0.1 0.05 "pid reuse: and is its own"
dmesg_clean "the kernel is content"
done_testing
