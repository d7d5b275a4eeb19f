# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# What gputopd does with the capabilities it is given: which finder, whom it sees, what it says; more than
# it needs it gives up.
# limit: 120
. /tests/lib.sh
need gputopd synthgpu synthload

load synthgpu || bail "synthgpu does not load"
chmod 666 /dev/dri/*
for uid in 0 1000 1001; do
	as -u $uid synthload --busy 10% --name u$uid --quiet &
done
wait_for 5 clients_are 3 || bail "the clients did not come"
mkdir -m 777 /tmp/run

# daemon CAPABILITIES: what one of alice's sees, denies and keeps, in $names, $denied, $finder, $kept.
daemon() {
	as -u 1000 ${1:+-c "$1"} gputopd --config /dev/null --interval 0.2 --socket-path /tmp/run/sock 2>/tmp/run/log &
	daemon=$!
	wait_for 40 test -S /tmp/run/sock || bail "gputopd does not start: $(cat /tmp/run/log)"
	gputop --source /tmp/run/sock -d 0.3 -n 2 --json --all >/tmp/frames
	jq -s '.[1]' /tmp/frames >/tmp/frame
	names=$(jq -r '[.clients[].name | select(. != null)] | sort | join(" ")' /tmp/frame)
	denied=$(jq .scan.denied /tmp/frame)
	finder=$(jq -r .scan.finder /tmp/frame)
	kept=$(sed -n 's/^CapEff:\t0*//p' "/proc/$(pidof gputopd)/status")
	kill $daemon
	wait $daemon 2>/dev/null
	rm -f /tmp/run/sock
}

daemon ''
is "$names" u1000 "none: it sees its own user's clients"
ok "and counts what it may not see: $denied" test "$denied" -ge 2
ok "and says so" grep -q "$denied processes may not be looked at; see PRIVILEGES" /tmp/run/log
is "$finder" cached "with the cached finder"
daemon sys_ptrace
is "$names" "u0 u1000 u1001" "CAP_SYS_PTRACE: it sees everybody"
is "$denied" 0 "and is denied nothing"
daemon sys_ptrace,dac_read_search
is "$names" "u0 u1000 u1001" "and CAP_DAC_READ_SEARCH: everybody"
is "$denied" 0 "denied nothing, with finder $finder"
daemon sys_ptrace,dac_read_search,kill,dac_override
is "$kept" 80004 "what it does not need it gives up"
daemon sys_ptrace,bpf,perfmon
is "$names" "u0 u1000 u1001" "with CAP_BPF and CAP_PERFMON: everybody"
ok "with a finder in the kernel: $finder" expr "$finder" : '\(bpf\|drmlist\)$'
is "$denied" 0 "denied nothing"
done_testing
