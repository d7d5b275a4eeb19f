# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Proof 4: a device that goes, that is slow, that says nothing, or that sleeps.
# limit: 240
. /tests/lib.sh
need gputop synthgpu synthload

# busy FRAMES: of the device $gpu.
busy() {
	mean "[.devices[] | select(.gpu == \"$gpu\").engines.render.busy // 0] | add" "$1"
}

# too_busy: what was more than an engine can be, on any device.
too_busy() {
	frames '[.[].devices[].engines.render.busy | numbers | select(. > 1)]'
}

diag "a device that goes and comes back"
fresh_styles
load_styles --engine render --busy 40%
wait_for 5 clients_are 4
first_pids=$load_pids
# Clients that keep their descriptors when the devices have gone.
exec 3<>/dev/dri/renderD128 4<>/dev/dri/renderD129 5<>/dev/dri/renderD130 6<>/dev/dri/renderD131
(
	exec 3<&- 4<&- 5<&- 6<&-
	at_frame 4
	fault plugged 0
	at_frame 8
	fault plugged 1
	load_styles --engine render --busy 60%
	wait
) &
second_pid=$!
ok "unplug under load: gputop runs" watch 0.5 18
unplugged() {
	is_near "$(busy 1:4)" 0.4 0.1 "$style, unplug: busy before"
	is_near "$(busy -4:)" 0.6 0.1 "$style, unplug: busy of who came after"
}
for_styles unplugged
is "$(frames "[.[].clients | map(select(.pid == $$)) | length] | unique | join(\" \")")" 4 \
	"unplug: who stays with nothing is seen all the time"
is "$(frames "[.[].clients[] | select(.pid == $$).engines[].busy | numbers | select(. != 0)]")" "[]" \
	"unplug: and is not busy"
is "$(too_busy)" "[]" "unplug: no spike"
exec 3<&- 4<&- 5<&- 6<&-
killall synthload
stop $second_pid $first_pids

diag "fdinfo that takes 300 ms"
fresh_styles
load_styles --engine render --busy 50%
wait_for 5 clients_are 4
(at_frame 2; fault fdinfo_delay_ms 300) &
ok "slow fdinfo: gputop runs" watch 2 4
# the reading that is late by what others take is held against its own time, not the frame's
slow() {
	is_near "$(frames "[.[].devices[] | select(.gpu == \"$gpu\").engines.render.busy | numbers] | max")" \
		0.5 0.1 "$style, slow fdinfo: busy is right"
}
for_styles slow
is "$(frames '.[-1].scan.wall_s >= 1.2')" true "slow fdinfo: gputop says what it cost"
fault fdinfo_delay_ms 0

diag "fdinfo that says nothing"
(at_frame 4; fault fdinfo_mute 1; at_frame 8; fault fdinfo_mute 0) &
ok "mute fdinfo: gputop runs" watch 0.5 14
mute() {
	is_near "$(busy 1:4)" 0.5 0.1 "$style, mute fdinfo: busy before"
	is_near "$(busy -3:)" 0.5 0.1 "$style, mute fdinfo: busy after"
	is "$(frames "[.[].clients[] | select(.gpu == \"$gpu\").engines.render.busy] | any(. == null)")" true \
		"$style, mute fdinfo: unknown meanwhile"
}
for_styles mute
is "$(too_busy)" "[]" "mute fdinfo: no spike"
stop $load_pids

diag "devices that sleep"
fresh_styles
load_styles --engine render --busy 50% --seconds 1 --linger 100
wait_for 5 clients_are 4
for power in /sys/devices/platform/synthgpu.*/power; do
	echo auto >$power/control
done
asleep() {
	[ "$(cat /sys/devices/platform/synthgpu.*/power/runtime_status | grep -c suspended)" = 4 ]
}
ok "the idle devices fall asleep though they are open" wait_for 20 asleep
wakes=$(cat /sys/kernel/debug/synthgpu/*/wakes)
ok "asleep: gputop runs for 10 s" watch 1 11
is "$(cat /sys/kernel/debug/synthgpu/*/wakes)" "$wakes" "asleep: nobody woke them"
ok "asleep: they still sleep" asleep
stop $load_pids

dmesg_clean "the kernel is content"
done_testing
