# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Proof 4: a device that goes, that is slow, that says nothing, or that sleeps.
# limit: 240
. /tests/lib.sh
need gputop synthgpu synthload

# busy FRAMES: of the device $gpu, for jq.
busy() {
	mean "[.devices[] | select(.gpu == \$gpu).engines.render.busy // 0] | add" "$1"
}

# too_busy: what was more than an engine can be, on any device.
too_busy() {
	frames '[.[].devices[].engines.render.busy | numbers | select(. > 1)]'
}

diag "a device that goes and comes back"
fresh_styles
load_styles --engine render --busy 40%
wait_for 5 clients_are 4
# Clients that keep their descriptors when the devices have gone.
exec 3<>/dev/dri/renderD128 4<>/dev/dri/renderD129 5<>/dev/dri/renderD130 6<>/dev/dri/renderD131
watch_begin 0.5 18
at_frame 4
fault plugged 0
at_frame 8
fault plugged 1
load_styles --engine render --busy 60% 3<&- 4<&- 5<&- 6<&-
watch_end "unplug under load: gputop runs"
each_near "$(busy 1:4)" 0.4 0.1 "unplug: busy before"
each_near "$(busy -4:)" 0.6 0.1 "unplug: busy of who came after"
is "$(frames "[.[].clients | map(select(.pid == $$)) | length] | unique | join(\" \")")" 4 \
	"unplug: who stays with nothing is seen all the time"
is "$(frames "[.[].clients[] | select(.pid == $$).engines[].busy | numbers | select(. != 0)]")" "[]" \
	"unplug: and is not busy"
is "$(too_busy)" "[]" "unplug: no spike"
exec 3<&- 4<&- 5<&- 6<&-
killall synthload
wait

diag "fdinfo that takes 300 ms"
fresh_styles
load_styles --engine render --busy 50%
wait_for 5 clients_are 4
watch_begin 2 4
at_frame 2
fault fdinfo_delay_ms 300
watch_end "slow fdinfo: gputop runs"
# the reading that is late by what others take is held against its own time, not the frame's
each_near "[.[].devices[] | select(.gpu == \$gpu).engines.render.busy | numbers] | max" 0.5 0.1 \
	"slow fdinfo: busy is right"
is "$(frames '.[-1].scan.wall_s >= 1.2')" true "slow fdinfo: gputop says what it cost"
fault fdinfo_delay_ms 0

diag "fdinfo that says nothing"
watch_begin 0.5 14
at_frame 4
fault fdinfo_mute 1
at_frame 8
fault fdinfo_mute 0
watch_end "mute fdinfo: gputop runs"
each_near "$(busy 1:4)" 0.5 0.1 "mute fdinfo: busy before"
each_near "$(busy -3:)" 0.5 0.1 "mute fdinfo: busy after"
each_is "[.[].clients[] | select(.gpu == \$gpu).engines.render.busy] | any(. == null)" true \
	"mute fdinfo: unknown meanwhile"
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
watch "asleep: gputop runs for 10 s" 1 11
is "$(cat /sys/kernel/debug/synthgpu/*/wakes)" "$wakes" "asleep: nobody woke them"
ok "asleep: they still sleep" asleep
stop $load_pids

dmesg_clean "the kernel is content"
done_testing
