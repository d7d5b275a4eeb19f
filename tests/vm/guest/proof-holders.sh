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

watch "gputop runs" 5 2
is "$(frames '.[-1].clients | length')" 20 "each client is there, once"
is "$(tail -n 1 /out/frames.json | seen_holders)" "$(true_holders)" "every holder is there, and no other"

# held NAME WANT DESC: by how many processes and descriptors, on each device.
held() {
	each_is ".[-1].clients[] | select(.gpu == \$gpu and .name == \"$1\") |
		\"\([.holders[].pid] | unique | length) \(.holders | length)\"" "$2" "$3"
}

held dup "1 3" "dup: one process, three descriptors"
held fork "4 4" "fork: four processes"
held pass-fd "2 2" "SCM_RIGHTS: two processes"
held exec "2 2" "exec: two processes"
ok "exec: one of them is sleep" sh -c "jq '.clients[] | select(.name == \"exec\").holders[].pid' \
	/out/frames.json | while read -r pid; do cat /proc/\$pid/comm; done | grep -q sleep"
held hand-over "1 1" "a client outlives who opened it"
for name in dup fork pass-fd exec hand-over; do
	each_near ".[-1].clients[] | select(.gpu == \$gpu and .name == \"$name\").engines.render.busy" 0.1 0.02 \
		"$name counts once"
done
each_near ".[-1].devices[] | select(.gpu == \$gpu).engines.render.busy" 0.5 0.04 "so does the device"
done_testing
