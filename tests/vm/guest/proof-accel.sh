# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Accel nodes: their clients are seen, by every finder, and a device's nodes of all three kinds are one device.
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
pids=$load_pids
for n in 0 1 2 3; do
	synthload --node /dev/accel/accel$n --engine compute --busy 120% --name accel --fork 2 --dup 1 \
		--seconds 8 --linger 100 >/tmp/accel$n &
	pids="$pids $!"
done
# Each accel client has six: two descriptors in each of three processes.
all_hold() {
	[ "$(true_holders | wc -l)" -eq 28 ]
}
wait_for 10 all_hold || bail "the clients did not come"

gputop --once --json --all -d 3 >/out/accel.json || bail "gputop failed"
one_device() {
	is "$(jq -r ".devices[] | select(.gpu == \"$gpu\").nodes | join(\" \")" /out/accel.json)" \
		"card$n renderD$((128 + n)) accel$n" "$style: the nodes of all three kinds are one device"
	is_near "$(jq ".clients[] | select(.gpu == \"$gpu\" and .name == \"accel\").engines.compute.busy" \
		/out/accel.json)" 0.3 0.02 "$style: the accel client is as busy as programmed"
	is_near "$(jq ".devices[] | select(.gpu == \"$gpu\").engines.compute.busy" /out/accel.json)" \
		0.375 0.025 "$style: the device as both together"
}
for_styles one_device
is "$(jq '.devices | length' /out/accel.json)" 4 "and there are no others"

for finder in $(gputop --finder none --once 2>&1 | sed -n 's/.*(auto, \(.*\))$/\1/p' | tr -d ,); do
	if gputop --finder $finder --once --json --all -d 0.1 >/tmp/frame 2>/tmp/error; then
		is "$(seen_holders </tmp/frame)" "$(true_holders)" "the same holders: $finder"
	else
		skip "the same holders: $finder" "$(head -n 1 /tmp/error)"
	fi
done
! loaded gputop_proc || is "$(grep -c '^gputop-dev:	261:[0-3]$' /proc/gpu)" 4 "/proc/gpu lists them, once each"

# What gputop says in the end is what the driver says, to the last digit.
ok "the load ends" wait_for 20 grep -q '^truth .* engine compute' /tmp/accel3
gputop --once --json --all -d 0.2 >/out/accel.json || bail "gputop failed"
counted() {
	true=$(sed -n 's/^truth .* engine compute busy \([0-9]*\) .*/\1/p' /tmp/accel$n)
	case $style in
	ns | both) key=busy_ns ;;
	*) key=cycles true=$((true * 6 / 5)) ;;
	esac
	is "$(jq ".clients[] | select(.gpu == \"$gpu\" and .name == \"accel\").engines.compute.$key" \
		/out/accel.json)" "$true" "$style: its counter is the truth"
}
for_styles counted

echo 0 >/sys/kernel/debug/synthgpu/0/plugged
not_ok "unplugged, the accel node is gone as well" test -e /dev/accel/accel0
gputop --once --json --all -d 0.2 >/out/accel.json
is "$(jq -r '[.devices[] | select(.nodes | length == 3).gpu] | join(" ")' /out/accel.json)" \
	"synthgpu.1 synthgpu.2 synthgpu.3" "the others keep theirs"
stop $pids
dmesg_clean "the kernel is content"
done_testing
