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

# crowd_of ARGS...: sets crowd_pid.
crowd_of() {
	rm -f /tmp/ready
	crowd "$@" >/tmp/ready &
	crowd_pid=$!
	wait_for 60 grep -q ready /tmp/ready || bail "the crowd $* did not come"
}

# seen FINDER [COMMAND...]: one frame, its holders as `ID PID FD`; the frame is in /tmp/frame.
seen() {
	finder=$1
	shift
	"$@" gputop --finder "$finder" --once --json --all -d 0.2 >/tmp/frame && seen_holders </tmp/frame
}

# without_descriptor: whose clients nobody has a descriptor of, in the frame seen last.
without_descriptor() {
	jq -r '.clients[] | select(.holders == []).pid' /tmp/frame
}

# steady: processes looked into, texts read and system calls of a pass when it has seen the clients before.
steady() {
	gputop --finder procgpu --json --all -d 0.5 -n 4 | tail -n 1 |
		jq -r '.scan | "\(.processes) \(.reads) \(.syscalls | add)"'
}

diag "who is seen"
synthload --engine render --busy 30% --fork 2 --dup 1 --pass-fd --quiet &
load_pid=$!
crowd_of 20 20 20 "$node"
hold "open=$node" send=3 close=3
inflight=$pid
sleep 1
want=$(true_holders)
is "$(seen stat)" "$want" "stat sees all descriptors"
is "$(seen procgpu)" "$want" "so does procgpu, though DRM names one process of a client"
is "$(without_descriptor)" "$inflight" "and it sees a client that is in flight alone"
is "$(jq '[.clients[].id] | length - (unique | length)' /tmp/frame)" 0 "each client is there once"
is "$(jq .scan.denied /tmp/frame)" 0 "nothing is denied"
gputop --finder procgpu --once --json --all -d 4 >/tmp/frame
is_near "$(jq '[.clients[].engines.render.busy | numbers] | max' /tmp/frame)" 0.3 0.02 "busy is right"
stop $load_pid "$inflight"

diag "what it costs"
wait_for 5 clients_are 20
few=$(steady)
is "${few% *}" "0 20" "nothing is looked into again, each client's text is read once"
idle=$crowd_pid
crowd_of 550 20
is "$(steady)" "$few" "550 processes more cost not one system call more"
is "$(seen procgpu)" "$(true_holders)" "and hide nobody"
stop $crowd_pid $idle
wait_for 5 clients_are 0

diag "who may see what"
hold -u 1000 "open=$node"
alice=$pid
hold "open=$node"
root=$pid
is "$(seen procgpu as -u 1000 | cut -d ' ' -f 2)" "$alice" "a user sees the own client"
ok "and is told what is denied" jq -e '.scan.denied >= 1' /tmp/frame
is "$(seen procgpu as -u 1000 -c sys_ptrace | cut -d ' ' -f 2 | sort)" "$(printf '%s\n' "$alice" "$root" | sort)" \
	"CAP_SYS_PTRACE alone sees all"
cat >/tmp/inside <<'END'
gpufds "open=$1" >/tmp/inside-ready &
until grep -q ready /tmp/inside-ready; do sleep 0.1; done
gputop --finder procgpu --once --json --all -d 0.2 >/tmp/frame
kill $!
END
unshare -m -p -f --mount-proc sh /tmp/inside "$node"
is "$(seen_holders </tmp/frame | cut -d ' ' -f 2,3)" "2 3" "another pid namespace: who is in it has numbers of its own"
is "$(without_descriptor)" "0
0" "and clients from outside are nobody's"
stop "$alice" "$root"

diag "a device that sleeps"
synthload --engine render --busy 50% --seconds 1 --linger 100 --quiet &
load_pid=$!
power=/sys/devices/platform/synthgpu.0/power
wait_for 5 clients_are 1
watch 1 24 --finder procgpu &
watch_pid=$!
at_frame 3
echo auto >$power/control
ok "falls asleep though it is looked at" wait_for 20 grep -q suspended $power/runtime_status
wakes=$(cat $faults/wakes)
wait $watch_pid
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
