# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# Proof 4: counters that step back and engines that appear late do not make gputop wrong.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

faults=/sys/kernel/debug/synthgpu/0

for style in ns cycles both maxfreq; do
	diag "counters that step back, style $style"
	fresh_synthgpu style=$style
	synthload --engine render --busy 50% --quiet &
	load_pid=$!
	wait_for 5 clients_are 1
	echo 1500000000 >$faults/step_back_ns
	ok "$style, stepping back: gputop runs" watch 0.25 25
	is "$(frames '[.[].clients[].engines.render.busy | select(. != null and . < 0)] | length')" 0 \
		"$style, stepping back: busy is never negative"
	ok "$style, stepping back: counters only grow" sh -c "jq -s \
		'[.[].clients[].engines.render | .busy_ns // .cycles] | . as \$c | . == sort' \
		/out/frames.json | grep -q true"
	is_near "$(frames '[.[].clients[].engines.render.busy | numbers] | max')" 0.5 1.0 \
		"$style, stepping back: catching up is no spike"
	is_near "$(frames '[.[].clients[].engines.render.busy | numbers] | add / length')" 0.5 0.1 \
		"$style, stepping back: nothing is lost"
	echo 0 >$faults/step_back_ns
	stop $load_pid
done

diag "an engine that appears late"
fresh_synthgpu style=amdgpu-late
synthload --engine render --busy 20% --quiet &
load_pid=$!
wait_for 5 clients_are 1
(sleep 2; exec synthload --engine copy --busy 30% --seconds 3 --quiet) &
ok "late engine: gputop runs" watch 0.5 12
is "$(frames '.[1].devices[0].engines | has("copy")')" false "late engine: not there at first"
is "$(frames '.[-1].devices[0].engines | has("copy")')" true "late engine: there at last"
is_near "$(frames '[.[].clients[].engines.copy.busy | numbers] | max')" 0.3 0.2 \
	"late engine: appearing is no spike"
stop $load_pid

dmesg_clean "the kernel is content"
done_testing
