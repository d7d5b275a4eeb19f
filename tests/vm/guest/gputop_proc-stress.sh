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
for _ in 1 2 3; do
	proc_load
	sleep 2
	proc_disable
	ok "rmmod while they read" wait_for 30 unload gputop_proc
done
proc_load
wait $readers
is "$?" 0 "every record they read was whole, and no client twice"
diag "$(cat /tmp/gpuread)"
read -r _ reads _ records <<END
$(grep ^reads /tmp/gpuread)
END
ok "and they read many" test "$reads" -gt 1000 -a "$records" -gt 1000

proc_unload
unload synthgpu 2>/dev/null
dmesg_clean "the kernel is content"
done_testing
