# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# Proof 4: a device that goes, that is slow, or that sleeps.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

faults=/sys/kernel/debug/synthgpu/0

diag "a device that goes and comes back"
fresh_synthgpu style=ns
synthload --engine render --busy 40% --quiet &
load_pid=$!
wait_for 5 clients_are 1
exec 7<>/dev/dri/renderD128	# a client that keeps its descriptor when the device has gone
(
	exec 7<&-
	sleep 2
	echo 0 >$faults/plugged
	sleep 2
	echo 1 >$faults/plugged
	exec synthload --engine render --busy 60% --quiet
) &
second_pid=$!
ok "unplug under load: gputop runs" watch 0.5 16
is_near "$(frames '.[2].devices[0].engines.render.busy')" 0.4 0.1 "unplug: busy before"
is_near "$(frames '.[-1].devices | map(.engines.render.busy // 0) | add')" 0.6 0.1 \
	"unplug: busy of who came after"
is "$(frames "[.[].clients[] | select(.pid == $$).engines[].busy | select(. != null and . != 0)]")" "[]" \
	"unplug: who stays with nothing is not busy"
exec 7<&-
stop $second_pid
stop $load_pid

diag "fdinfo that takes 200 ms"
fresh_synthgpu style=ns
synthload --engine render --busy 50% --quiet &
load_pid=$!
wait_for 5 clients_are 1
echo 200 >$faults/fdinfo_delay_ms
ok "slow fdinfo: gputop runs" watch 2 3
is_near "$(frames '.[-1].clients[0].engines.render.busy')" 0.5 0.02 "slow fdinfo: busy is right"
is "$(frames '[.[].scan.wall_s] | min >= 0.2')" true "slow fdinfo: gputop says what it cost"
echo 0 >$faults/fdinfo_delay_ms
stop $load_pid

diag "fdinfo that says nothing"
fresh_synthgpu style=ns
synthload --engine render --busy 50% --quiet &
load_pid=$!
wait_for 5 clients_are 1
(sleep 2; echo 1 >$faults/fdinfo_mute; sleep 2; echo 0 >$faults/fdinfo_mute) &
ok "mute fdinfo: gputop runs" watch 0.5 14
is_near "$(frames '.[2].devices[0].engines.render.busy')" 0.5 0.1 "mute fdinfo: busy before"
is_near "$(frames '.[-1].devices[0].engines.render.busy')" 0.5 0.1 "mute fdinfo: busy after"
is "$(frames '[.[].devices[0].engines.render.busy | numbers | select(. > 1)]')" "[]" \
	"mute fdinfo: no spike"
stop $load_pid

diag "a device that sleeps"
fresh_synthgpu style=ns
synthload --engine render --busy 50% --seconds 1 --linger 100 --quiet &
load_pid=$!
power=/sys/devices/platform/synthgpu.0/power
echo auto >$power/control
ok "the idle device falls asleep though it is open" wait_for 20 grep -q suspended $power/runtime_status
wakes=$(cat $faults/wakes)
ok "asleep: gputop runs for 10 s" watch 1 10
is "$(cat $faults/wakes)" "$wakes" "asleep: nobody woke it"
is "$(cat $power/runtime_status)" suspended "asleep: it still sleeps"
stop $load_pid

dmesg_clean "the kernel is content"
done_testing
