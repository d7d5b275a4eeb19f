# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# Proof 1: gputop's busy is the programmed load, in every style, and its counters are the driver's.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

mhz=1200
load synthgpu ndev=4 style=ns,cycles,both,maxfreq mhz=$mhz || bail "synthgpu does not load"

# load_device N: two clients, one of which fills more than one instance of an engine.
load_device() {
	synthload --device "$1" --engine render --busy 30% --engine compute --busy 250% \
		--name big --linger 100 --quiet &
	load_pids="$load_pids $!"
	synthload --device "$1" --engine render --busy 45% --engine copy --busy 10% \
		--name small --linger 100 --quiet &
	load_pids="$load_pids $!"
}

load_pids=
for n in 0 1 2 3; do
	load_device $n
done
wait_for 5 clients_are 8 || bail "the clients did not come"
all_work() {
	! grep '^client .* render 0 ' /sys/kernel/debug/synthgpu/*/truth
}
wait_for 5 all_work || bail "not all clients work"
watch "gputop runs" 5 2

# near NAME ENGINE WANT: the share of the engine that each client of that name used, within 2 points.
near() {
	each_near ".[-1].clients[] | select(.gpu == \$gpu and .name == \"$1\").engines.$2.busy" "$3" 0.02 \
		"$1 keeps $2 busy as programmed"
}

near big render 0.30
near big compute 0.625
near big video 0
near small render 0.45
near small copy 0.10
each_is ".[-1] | [.clients[] | select(.gpu == \$gpu).engines | map_values(.busy)] as \$used |
	.devices[] | select(.gpu == \$gpu).engines | length == 4 and (to_entries | all(. as \$engine |
	\$engine.value.busy - (\$used | map(.[\$engine.key]) | add) | fabs < 1e-4))" true \
	"the device's engines are used as much as by its clients, no more"

# shellcheck disable=SC2086 # words
kill -USR1 $load_pids
wait_for 20 at_rest || bail "the load did not end"
gputop --once --json --all -d 0.2 >/out/idle.json || bail "gputop failed"
is "$(seen_engines busy_ns </out/idle.json | grep -E '^synthgpu\.[02] ')" \
	"$(true_engines | grep -E '^synthgpu\.[02] ')" "styles ns and both: busy to the ns"
is "$(seen_engines cycles </out/idle.json | grep -E '^synthgpu\.[123] ')" \
	"$(true_engines $mhz | grep -E '^synthgpu\.[123] ')" "styles cycles, both, maxfreq: every cycle"
is "$(jq '[.clients[].engines[].busy] | max' /out/idle.json)" 0 "nobody is busy any more"
done_testing
