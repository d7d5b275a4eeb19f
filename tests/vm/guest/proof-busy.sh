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
		--name big --seconds 12 --linger 60 >/tmp/load &
	synthload --device "$1" --engine render --busy 45% --engine copy --busy 10% \
		--name small --seconds 12 --linger 60 >/tmp/load &
}

for n in 0 1 2 3; do
	load_device $n
done
wait_for 5 clients_are 8 || bail "the clients did not come"
sleep 1

gputop --once --json --all -d 5 >/out/busy.json || bail "gputop failed"

# near GPU NAME ENGINE WANT: the share of the engine that a client of that name used, within 2 points.
near() {
	got=$(jq -r ".clients[] | select(.gpu == \"$1\" and .name == \"$2\") | .engines.$3.busy" \
		/out/busy.json)
	is_near "$got" "$4" 0.02 "$1: $2 keeps $3 busy as programmed"
}

for n in 0 1 2 3; do
	gpu=synthgpu.$n
	near $gpu big render 0.30
	near $gpu big compute 0.625
	near $gpu big video 0
	near $gpu small render 0.45
	near $gpu small copy 0.10
	for engine in render copy video compute; do
		is_near "$(jq ".devices[] | select(.gpu == \"$gpu\").engines.$engine.busy" /out/busy.json)" \
			"$(jq "[.clients[] | select(.gpu == \"$gpu\").engines.$engine.busy] | add" \
				/out/busy.json)" 1e-4 "$gpu: $engine is what its clients use, no more"
	done
done

# Idle, the counters stand still and can be held against the truth to the last digit.
stands_still() {
	before=$(true_engines)
	sleep 1
	[ "$before" = "$(true_engines)" ]
}
wait_for 20 stands_still || bail "the load did not end"
gputop --once --json --all -d 0.2 >/out/idle.json || bail "gputop failed"
is "$(seen_engines busy_ns </out/idle.json | grep -E '^synthgpu\.[02] ')" \
	"$(true_engines | grep -E '^synthgpu\.[02] ')" "styles ns and both: busy to the ns"
is "$(seen_engines cycles </out/idle.json | grep -E '^synthgpu\.[123] ')" \
	"$(true_engines $mhz | grep -E '^synthgpu\.[123] ')" "styles cycles, both, maxfreq: every cycle"
is "$(jq '[.clients[].engines[].busy] | max' /out/idle.json)" 0 "nobody is busy any more"
done_testing
