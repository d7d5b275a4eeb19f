# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Proof 3: all finders give the same holders, on a crowded machine too.
# limit: 240
. /tests/lib.sh
need gputop synthgpu synthload

fresh_styles
load gputop_proc || diag "no gputop_proc: its finders will be skipped"

# The finders that gputop has, from its complaint about one that it has not: "... (auto, stat, name)".
finders=$(gputop --finder none --once 2>&1 | sed -n 's/.*(auto, \(.*\))$/\1/p' | tr -d ,)
ok "there are several finders: $finders" test "$(echo "$finders" | wc -w)" -ge 3

# same_holders TITLE: of every finder that works on this kernel.
same_holders() {
	want=$(true_holders)
	for finder in $finders; do
		if gputop --finder "$finder" --once --json --all -d 0.1 >/tmp/frame 2>/tmp/error; then
			is "$(seen_holders </tmp/frame)" "$want" "$1: $finder"
		else
			skip "$1: $finder" "$(head -n 1 /tmp/error)"
		fi
	done
}

# A crowd, of which so many are clients, as many on each device; and on each one client that is shared.
for clients in 20 200; do
	crowd 550 40 $clients /dev/dri/renderD128 /dev/dri/renderD129 /dev/dri/renderD130 \
		/dev/dri/renderD131 >/tmp/ready &
	crowd_pid=$!
	load_styles --fork 2 --dup 1 --pass-fd --busy 20%
	wait_for 60 grep -q ready /tmp/ready || bail "the crowd did not come"
	wait_for 10 clients_are $((clients + 4)) || bail "not all clients came"
	sleep 0.5
	is "$(true_holders | cut -d ' ' -f 1 | sort -u | wc -l)" $((clients + 4)) \
		"550 processes, $clients clients and four that are shared"
	same_holders "$clients clients"
	stop $crowd_pid $load_pids
	rm /tmp/ready
	wait_for 10 clients_are 0 || bail "the clients did not go"
done
done_testing
