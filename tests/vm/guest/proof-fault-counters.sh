# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Proof 4: counters that step back and engines that appear late do not make gputop wrong.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

# busy ENGINE: all that was known of it on $gpu, as a list for jq.
busy() {
	echo "[.[].clients[] | select(.gpu == \"$gpu\").engines.$1.busy | numbers]"
}

diag "counters that step back"
fresh_styles
load_styles --engine render --busy 50%
wait_for 5 clients_are 4
fault step_back_ns 1500000000
ok "stepping back: gputop runs" watch 0.25 25

stepped_back() {
	is "$(frames "$(busy render) | map(select(. < 0)) | length")" 0 "$style, stepping back: never negative"
	is "$(frames "[.[].clients[] | select(.gpu == \"$gpu\").engines.render | .busy_ns // .cycles] |
		length > 20 and . == sort")" true "$style, stepping back: counters only grow"
	is_near "$(frames "$(busy render) | max")" 0.5 1.0 "$style, stepping back: catching up is no spike"
	is_near "$(frames "$(busy render) | add / length")" 0.5 0.1 "$style, stepping back: nothing is lost"
}
for_styles stepped_back
stop $load_pids

# late: what an engine shows that a known client used for the first time while gputop looked.
late() {
	is "$(frames ".[1].devices[] | select(.gpu == \"$gpu\").engines | has(\"copy\")")" false \
		"$style, late engine: not there at first"
	is_near "$(frames "$(busy copy) | max")" 0.3 0.2 "$style, late engine: appearing is no spike"
	is_near "$(frames "$(busy copy) | .[-1]")" 0.3 0.1 "$style, late engine: it is as busy as programmed"
	is "$(frames "$(busy render) | length")" 11 "$style, late engine: the others are known all the time"
}

diag "an engine that appears late"
fresh_styles
fault hidden_engines 2
load_styles --engine render --busy 20% --engine copy --busy 30% --after 3
wait_for 5 clients_are 4
(sleep 2; fault hidden_engines 0) &
ok "late engine: gputop runs" watch 0.5 12
for_styles late
stop $load_pids

diag "an engine that appears late, as with amdgpu"
fresh_synthgpu style=amdgpu-late
synthload --engine render --busy 20% --engine copy --busy 30% --after 2.2 --quiet &
load_pids=$!
wait_for 5 clients_are 1
ok "amdgpu: gputop runs" watch 0.5 12
style=amdgpu gpu=synthgpu.0
late
stop $load_pids

dmesg_clean "the kernel is content"
done_testing
