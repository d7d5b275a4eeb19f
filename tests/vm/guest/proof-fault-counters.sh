# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Proof 4: counters that step back and engines that appear late do not make gputop wrong.
# limit: 240
. /tests/lib.sh
need gputop synthgpu synthload

# engine NAME: what the client on $gpu showed of it in a frame, for jq.
engine() {
	echo ".clients[] | select(.gpu == \$gpu).engines.$1"
}

diag "counters that step back"
fresh_styles
load_styles --engine render --busy 50%
wait_for 5 clients_are 4
fault step_back_ns 1500000000
watch "stepping back: gputop runs" 0.25 25

each_is "[.[] | $(engine render).busy | numbers | select(. < 0)] | length" 0 "stepping back: never negative"
each_is "[.[] | $(engine render) | .busy_ns // .cycles] | length > 20 and . == sort" true \
	"stepping back: counters only grow"
# what a frame catches up with is no more than an engine could do since the frame before the last
each_is "[.[1:][] | .interval_s as \$s | {s: \$s, ran: ($(engine render).busy | . * \$s)}] |
	[.[1:], .[:-1]] | transpose | any(.[0].ran > .[0].s + .[1].s + 0.2)" false "stepping back: catching up is no spike"
each_near "$(mean "$(engine render).busy")" 0.5 0.1 "stepping back: nothing is lost"
stop $load_pids

# late: what an engine shows that a known client used for the first time while gputop looked.
late() {
	each_is "map(select($(engine render).busy))[0].devices[] | select(.gpu == \$gpu).engines | has(\"copy\")" false \
		"late engine: not there at first"
	each_near "[.[] | $(engine copy).busy | numbers] | max" 0.3 0.4 "late engine: appearing is no spike"
	each_near "$(mean "$(engine copy).busy" -3:)" 0.3 0.1 "late engine: it is as busy as programmed"
	each_is "[.[] | $(engine render).busy] | .[1:] | length > 5 and all(. != null)" true \
		"late engine: the others are known all the time"
}

diag "an engine that appears late"
fresh_styles
fault hidden_engines 2
watch_begin 0.5 16
at_frame 1
load_styles --engine render --busy 20% --engine copy --busy 30% --after 4
at_frame 6
fault hidden_engines 0
watch_end "late engine: gputop runs"
late
stop $load_pids

diag "an engine that appears late, as with amdgpu"
fresh_synthgpu style=amdgpu-late
watch_begin 0.5 14
at_frame 1
synthload --engine render --busy 20% --engine copy --busy 30% --after 3 --quiet &
load_pids=$!
watch_end "late engine, amdgpu: gputop runs"
# shellcheck disable=SC2034 # for each_is
styles=amdgpu
late
stop $load_pids

dmesg_clean "the kernel is content"
done_testing
