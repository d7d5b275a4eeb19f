# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Proof 3: all finders give the same holders, on a crowded machine too.
# limit: 240
. /tests/lib.sh
need gputop synthgpu synthload

fresh_styles
load gputop_proc || diag "no gputop_proc: its finders will be skipped"

ok "there are several finders" test "$(all_finders | wc -w)" -ge 3

# A crowd, of which so many are clients, as many on each device; and on each one client that is shared.
for clients in 20 200; do
	crowd_of 550 40 $clients /dev/dri/renderD128 /dev/dri/renderD129 /dev/dri/renderD130 /dev/dri/renderD131
	load_styles --fork 2 --dup 1 --pass-fd --busy 20%
	wait_for 60 holders_are $((clients + 28)) || bail "not all came"
	is "$(true_holders | cut -d ' ' -f 1 | sort -u | wc -l)" $((clients + 4)) \
		"550 processes, $clients clients and four that are shared"
	same_holders "$clients clients"
	stop $crowd_pid $load_pids
	wait_for 10 clients_are 0 || bail "the clients did not go"
done
done_testing
