# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# The switches in debugfs: each does what it says, and none changes the truth.
. /tests/lib.sh
need synthgpu synthload

switches=/sys/kernel/debug/synthgpu/0
power=/sys/devices/platform/synthgpu.0/power

# switch NAME VALUE
switch() {
	echo "$2" >"$switches/$1"
}

# key KEY: its value in the load's fdinfo.
key() {
	sed -n "s/^$1:\t//p" "/proc/$load/fdinfo/3"
}

# ms COMMAND...: how long it took.
ms() {
	ms_start=$(sed 's/\.//;s/ .*//' /proc/uptime)
	"$@" >/dev/null
	echo $((($(sed 's/\.//;s/ .*//' /proc/uptime) - ms_start) * 10))
}

# nodes N: whether there are so many. A device that is still open keeps its numbers.
nodes() {
	[ "$(find /dev/dri -type c | wc -l)" -eq "$1" ]
}

opened() {
	grep -q '^open' /tmp/out
}

load synthgpu
synthload --busy 50% --seconds 1 --linger 1000 >/tmp/out &
load=$!
wait_for 10 grep -q '^truth' /tmp/out
busy=$(key drm-engine-render)

# An odd number of reads went before.
switch step_back_ns 100000000
is "$(key drm-engine-render)" "$((${busy% ns} - 100000000)) ns" "the counter steps back"
is "$(key drm-engine-render)" "$busy" "and forward again"
is "$(key drm-engine-render)" "$((${busy% ns} - 100000000)) ns" "every other time"
is "$(key drm-engine-copy)" "0 ns" "but never below nothing"
is "$(awk '/^client 1 / { print $6 " ns" }' $switches/truth)" "$busy" "the truth stays"
switch step_back_ns 0

ok "an fdinfo is read quickly" test "$(ms key drm-driver)" -lt 200
switch fdinfo_delay_ms 400
ok "until it is delayed" test "$(ms key drm-driver)" -ge 400
switch fdinfo_delay_ms 0

switch hidden_engines 9
is "$(grep -c '^drm-engine-[a-z]*:' "/proc/$load/fdinfo/3")" 2 "engines can be hidden"
is "$(key drm-engine-render)" "" "by number"
switch hidden_engines 0
is "$(key drm-engine-render)" "$busy" "and appear late"

switch fdinfo_mute 1
is "$(grep -c drm- "/proc/$load/fdinfo/3")" 0 "fdinfo says nothing"
switch fdinfo_mute 0
is "$(key drm-driver)" synthgpu "and speaks again"

is "$(cat $power/runtime_status)" active "a device is not suspended unless wanted"
echo auto >$power/control
ok "it suspends when it may" wait_for 5 grep -q suspended $power/runtime_status
cat $switches/truth >/dev/null
cat $power/../drm/*/uevent >/dev/null
is "$(cat $power/runtime_status)" suspended "looking at the truth and at sysfs does not wake it"
is "$(cat $switches/wakes)" "resumes 0
open 0
submit 0
fdinfo 0" "nobody woke it"
busy=$(key drm-engine-render)
is "$(sed -n 's/^last \([a-z]*\) pid .* comm /\1 /p' $switches/wakes)" "fdinfo sed" \
	"reading fdinfo wakes it and is told"
wait_for 5 grep -q suspended $power/runtime_status
synthload --seconds 1 --quiet &
ok "a load wakes it" wait_for 5 grep -q "^last open pid $! comm synthload" $switches/wakes
wait $!
ok "it rests after work" wait_for 5 grep -q suspended $power/runtime_status
kill "$load"
wait "$load"

# Unplugged under load.
synthload --busy 100% --linger 1000 >/tmp/out &
load=$!
wait_for 5 opened
switch plugged 0
is "$(cat $switches/plugged)" 0 "the device is unplugged"
ok "its nodes are gone" nodes 0
not_ok "it left sysfs" test -e /sys/devices/platform/synthgpu.0
is "$(grep -c drm- "/proc/$load/fdinfo/3")" 0 "the open descriptor's fdinfo is empty"
first=$(awk '/^engine render/ { print $6 }' $switches/truth)
sleep 0.2
is "$(awk '/^engine render/ { print $6 }' $switches/truth)" "$first" "its time stands still"
not_ok "the module stays, for the descriptor" unload synthgpu
switch plugged 1
ok "plugged in again, it has nodes" wait_for 5 nodes 2
is "$(awk '/^engine render/ { print $6 }' $switches/truth)" 0 "and starts anew"
kill "$load"
wait "$load"
synthload --busy 20% --seconds 1 --linger 1000 >/tmp/out &
load=$!
ok "it works" wait_for 10 grep -q 'engine render busy [1-9]' /tmp/out

# The same by the driver core's means.
echo synthgpu.0 >/sys/bus/platform/drivers/synthgpu/unbind
ok "unbinding takes the nodes away as well" nodes 0
echo synthgpu.0 >/sys/bus/platform/drivers/synthgpu/bind
ok "binding brings them" wait_for 5 nodes 2
kill "$load"
wait "$load"
ok "the module unloads" unload synthgpu
dmesg_clean "the kernel is content"
done_testing
