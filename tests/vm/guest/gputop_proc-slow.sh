# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# limit: 120
# A driver that sleeps in show_fdinfo, clients that close meanwhile, a device that is unplugged.
. /tests/lib.sh
. /tests/gputop_proc.lib
need gputop_proc synthgpu

load synthgpu ndev=2
faults=/sys/kernel/debug/synthgpu/0
node=$(node_of synthgpu 0 renderD)
other=$(node_of synthgpu 1 renderD)
proc_load

# in_driver PID: it reads what the driver says, or waits for that.
in_driver() {
	grep -q synthgpu_show_fdinfo "/proc/$1/stack"
}

hold "open=$node" "open=$node" "open=$node" "open=$other"
a=$pid
echo 2000 >$faults/fdinfo_delay_ms
cat /proc/gpu >/tmp/all &
all=$!
cat "/proc/$a/gpu" >/tmp/own &
own=$!
wait_for 5 in_driver $all
gpufds "open=$node" >/tmp/opened &
ok "others open and close while the driver sleeps" wait_for 5 grep -q ready /tmp/opened
kill $!
kill "$a"
wait "$a"
ok "a process ends while its clients are read" in_driver $all
wait $all
is "$?" 0 "the read of /proc/gpu succeeds"
is "$(grep -c '^drm-driver:' /tmp/all)" 4 "and shows what was there when it began"
wait $own
is "$(grep -c '^drm-driver:' /tmp/own)" 4 "so does that of the process's file"
ok "no client is kept after" wait_for 2 sh -c "! grep -q gputop-dev /proc/gpu"

hold "open=$node" "open=$node"
b=$pid
echo 4000 >$faults/fdinfo_delay_ms
cat "/proc/$b/gpu" >/tmp/own &
own=$!
wait_for 5 in_driver $own
proc_disable
not_ok "rmmod is refused while the driver sleeps" unload gputop_proc
wait $own
is "$(grep -c '^drm-driver:' /tmp/own)" 2 "the reader gets what it came for"
echo 500 >$faults/fdinfo_delay_ms
cat /proc/gpu >/tmp/all &
all=$!
wait_for 5 in_driver $all
ok "rmmod waits for a reader of /proc/gpu" wait_for 5 unload gputop_proc
wait $all
is "$(grep -c '^drm-driver:' /tmp/all)" 2 "which gets its records"
echo 0 >$faults/fdinfo_delay_ms

proc_load
echo 0 >$faults/plugged
is "$(grep -c '^gputop-fd:' "/proc/$b/gpu")" 2 "an unplugged device: its clients are still held"
is "$(grep -c '^drm-' "/proc/$b/gpu")" "$(cat "/proc/$b/fdinfo/"* | grep -c '^drm-')" \
	"and say as little as fdinfo does"
is "$(grep -c '^gputop-dev' /proc/gpu)" 0 "DRM has no such device any more"
kill "$b"
wait "$b"
echo 1 >$faults/plugged
hold "open=$(node_of synthgpu 0 renderD)"
c=$pid
is "$(grep -c '^drm-driver:' /proc/gpu)" 1 "plugged in again, its clients are listed"
kill "$c"
wait "$c"

proc_unload
ok "no reference to a client is left: the driver unloads" wait_for 5 unload synthgpu
dmesg_clean "the kernel is content"
done_testing
