# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Accel nodes: their clients are seen, by every finder, and a device's nodes of all three kinds are one device.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

load drm
if ! grep -q '^261 accel$' /proc/devices; then
	not_ok "a kernel without accel nodes: synthgpu has none" load synthgpu accel=1
	ok "and says why" sh -c "dmesg | grep -q 'synthgpu: this kernel has no accel nodes'"
	skip "accel nodes" "Linux $(uname -r) has none: /proc/devices does not know accel"
	done_testing
fi

load gputop_proc || diag "no gputop_proc: its finders will be skipped"
fresh_synthgpu ndev=4 style=ns,cycles,both,maxfreq accel=1
ok "accel nodes appear" wait_for 5 test -c /dev/accel/accel3
load_styles --engine compute --busy 30% --name graphics
accel_pids=
for n in 0 1 2 3; do
	synthload --node /dev/accel/accel$n --engine compute --busy 120% --name accel --fork 2 --dup 1 \
		--linger 100 >/tmp/accel$n &
	accel_pids="$accel_pids $!"
done
# Each accel client has six: two descriptors in each of three processes.
wait_for 10 holders_are 28 || bail "the clients did not come"

watch "gputop runs" 3 2
is "$(frames '.[-1].devices[] | "\(.gpu) \(.nodes | join(" "))"')" "synthgpu.0 card0 renderD128 accel0
synthgpu.1 card1 renderD129 accel1
synthgpu.2 card2 renderD130 accel2
synthgpu.3 card3 renderD131 accel3" "the nodes of all three kinds are one device"
each_near ".[-1].clients[] | select(.gpu == \$gpu and .name == \"accel\").engines.compute.busy" 0.3 0.02 \
	"the accel client is as busy as programmed"
each_near ".[-1].devices[] | select(.gpu == \$gpu).engines.compute.busy" 0.375 0.025 "the device as both together"

same_holders "the same holders"
! loaded gputop_proc || is "$(grep -c '^gputop-dev:	261:[0-3]$' /proc/gpu)" 4 "/proc/gpu lists them, once each"

# What gputop says in the end is what the driver says, to the last digit.
kill -USR1 $accel_pids
all_rest() {
	[ "$(cat /tmp/accel? | grep -c '^truth .* engine compute')" -eq 4 ]
}
ok "the load ends" wait_for 20 all_rest
watch "gputop runs again" 0.2 2
for n in 0 1 2 3; do
	# those of styles cycles and maxfreq count 1200 MHz
	sed -n 's/^truth .* engine compute busy \([0-9]*\) .*/\1/p' /tmp/accel$n | awk "{ print int(\$1 * ($n % 2 ? 6 / 5 : 1)) }"
done >/tmp/true
is "$(each ".[-1].clients[] | select(.gpu == \$gpu and .name == \"accel\").engines.compute | .busy_ns // .cycles")" \
	"$(cat /tmp/true)" "its counter is the truth, in each style"

echo 0 >/sys/kernel/debug/synthgpu/0/plugged
not_ok "unplugged, the accel node is gone as well" test -e /dev/accel/accel0
gputop --once --json --all -d 0.2 >/out/accel.json
is "$(jq -r '[.devices[] | select(.nodes | length == 3).gpu] | join(" ")' /out/accel.json)" \
	"synthgpu.1 synthgpu.2 synthgpu.3" "the others keep theirs"
stop $load_pids $accel_pids
dmesg_clean "the kernel is content"
done_testing
