# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# Finder procgpu: every client, with a descriptor or without, at a cost that only clients have a part in.
# limit: 180
. /tests/lib.sh
. /tests/gputop_proc.lib
need gputop gputop_proc synthgpu synthload as

load synthgpu || bail "synthgpu does not load"
faults=/sys/kernel/debug/synthgpu/0
node=$(node_of synthgpu 0 renderD)
chmod 666 "$node"
proc_load

diag "who is seen"
synthload --engine render --busy 30% --fork 2 --dup 1 --pass-fd --quiet &
load_pid=$!
crowd_of 20 20 20 "$node"
hold "open=$node" send=3 close=3
inflight=$pid
sleep 1
want=$(true_holders)
is "$(seen_by stat)" "$want" "stat sees all descriptors"
is "$(seen_by procgpu)" "$want" "so does procgpu, though DRM names one process of a client"
is "$(without_descriptor)" "$inflight" "and it sees a client that is in flight alone"
is "$(jq '[.clients[].id] | length - (unique | length)' /tmp/frame)" 0 "each client is there once"
is "$(jq .scan.denied /tmp/frame)" 0 "nothing is denied"
gputop --finder procgpu --once --json --all -d 4 >/tmp/frame
is_near "$(jq '[.clients[].engines.render.busy | numbers] | max' /tmp/frame)" 0.3 0.02 "busy is right"
stop $load_pid "$inflight"

diag "what it costs"
wait_for 5 clients_are 20
few=$(steady procgpu)
is "${few% *}" "0 20" "nothing is looked into again, each client's text is read once"
idle=$crowd_pid
crowd_of 550 20
is "$(steady procgpu)" "$few" "550 processes more cost not one system call more"
is "$(seen_by procgpu)" "$(true_holders)" "and hide nobody"
stop "$crowd_pid" "$idle"
wait_for 5 clients_are 0

diag "who may see what"
hold -u 1000 "open=$node"
alice=$pid
hold "open=$node"
root=$pid
is "$(seen_by procgpu as -u 1000 | cut -d ' ' -f 2)" "$alice" "a user sees the own client"
ok "and is told what is denied" jq -e '.scan.denied >= 1' /tmp/frame
is "$(seen_by procgpu as -u 1000 -c sys_ptrace | cut -d ' ' -f 2 | sort)" "$(printf '%s\n' "$alice" "$root" | sort)" \
	"CAP_SYS_PTRACE alone sees all"
is "$(seen_inside procgpu "$node" | cut -d ' ' -f 2,3)" "2 3" "another pid namespace: who is in it has numbers of its own"
is "$(without_descriptor)" "0
0" "and clients from outside are nobody's"
stop "$alice" "$root"

diag "a device that sleeps"
synthload --engine render --busy 50% --seconds 1 --linger 100 --quiet &
load_pid=$!
power=/sys/devices/platform/synthgpu.0/power
wait_for 5 clients_are 1
watch_begin 0.5 1000 --finder procgpu
at_frame 3
echo auto >$power/control
ok "falls asleep though it is looked at" wait_for 20 grep -q suspended $power/runtime_status
wakes=$(cat $faults/wakes)
frames_more 8
stop "$watch_pid"
is "$(cat $faults/wakes)" "$wakes" "nobody wakes it"
is "$(frames '[.[].clients | length] | unique | join(" ")')" 1 "its client is seen all the time"
is "$(frames '[.[].clients[].id] | unique | length')" 1 "as the one it was"
is "$(frames '.[-1].scan.reads')" 0 "without being read"
stop $load_pid
echo on >$power/control

diag "the benchmark"
ok "all arms agree" gputop bench --arms stat,procgpu --processes 50 --fds 10 --clients 5 --passes 3

proc_unload
dmesg_clean "the kernel is content"
done_testing
