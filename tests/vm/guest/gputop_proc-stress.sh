# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# limit: 420
# A hundred readers, clients that come and go, and the module taken out and put in meanwhile.
. /tests/lib.sh
. /tests/gputop_proc.lib
need gputop_proc synthgpu

fresh_styles
crowd_of 50 10 20 /dev/dri/renderD128 /dev/dri/renderD129 /dev/dri/renderD130 /dev/dri/renderD131

gpuread 100 5 /dev/dri/renderD131 >/tmp/gpuread &
readers=$!
proc_load
sleep 1
proc_disable
ok "rmmod while they read" wait_for 120 unload gputop_proc
proc_load
sleep 1
kill $readers
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
