# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# limit: 300
# A hundred readers, clients that come and go, and the module taken out and put in meanwhile.
. /tests/lib.sh
. /tests/gputop_proc.lib
need gputop_proc synthgpu

load synthgpu ndev=2
node=$(node_of synthgpu 1 renderD)
crowd 50 10 20 "$(node_of synthgpu 0 renderD)" >/tmp/crowd &
wait_for 20 grep -q ready /tmp/crowd || bail "no crowd"

gpuread 100 60 5 "$node" >/tmp/gpuread &
readers=$!
for i in 1 2 3; do
	proc_load
	sleep 2
	proc_disable
	ok "rmmod while they read" wait_for 30 unload gputop_proc
done
proc_load
wait $readers
is "$?" 0 "every record they read was whole, and no client twice"
diag "$(cat /tmp/gpuread)"
ok "and they read many" awk '/^reads/ { exit !($2 > 1000 && $4 > 1000) } END { if (!NR) exit 1 }' /tmp/gpuread

proc_unload
unload synthgpu 2>/dev/null
dmesg_clean "the kernel is content"
done_testing
