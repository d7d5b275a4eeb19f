# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# Proof 2: a client that several processes and descriptors hold is one client with all its holders.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

load synthgpu ndev=4 style=ns,cycles,both,maxfreq || bail "synthgpu does not load"

# One client each, named after how it is held.
for n in 0 1 2 3; do
	for how in --dup=2 --fork=3 --pass-fd --exec --hand-over; do
		name=${how#--}
		synthload --device $n --engine render --busy 10% --name "${name%=*}" --quiet "$how" &
	done
done
wait_for 20 clients_are 20 || bail "the clients did not come"
wait_for 20 holders_are 48 || bail "not all holders came: $(true_holders)"

gputop --once --json --all -d 5 >/out/holders.json || bail "gputop failed"
is "$(jq '.clients | length' /out/holders.json)" 20 "each client is there, once"
is "$(seen_holders </out/holders.json)" "$(true_holders)" "every holder is there, and no other"

# holders NAME: processes and descriptors of the clients of that name, on each device.
holders() {
	jq -r ".clients[] | select(.name == \"$1\") |
		\"\([.holders[].pid] | unique | length) \(.holders | length)\"" /out/holders.json |
		sort -u
}

is "$(holders dup)" "1 3" "dup: one process, three descriptors"
is "$(holders fork)" "4 4" "fork: four processes"
is "$(holders pass-fd)" "2 2" "SCM_RIGHTS: two processes"
is "$(holders exec)" "2 2" "exec: two processes"
ok "exec: one of them is sleep" sh -c "jq '.clients[] | select(.name == \"exec\").holders[].pid' \
	/out/holders.json | while read -r pid; do cat /proc/\$pid/comm; done | grep -q sleep"
is "$(holders hand-over)" "1 1" "a client outlives who opened it"
for n in 0 1 2 3; do
	for name in dup fork pass-fd exec hand-over; do
		is_near "$(jq ".clients[] | select(.gpu == \"synthgpu.$n\" and .name == \"$name\") |
			.engines.render.busy" /out/holders.json)" 0.1 0.02 "synthgpu.$n: $name counts once"
	done
	is_near "$(jq ".devices[] | select(.gpu == \"synthgpu.$n\").engines.render.busy" \
		/out/holders.json)" 0.5 0.04 "synthgpu.$n: so does the device"
done
done_testing
