# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# Finder drmlist, on stock kernels: every client, with a descriptor or without, at a cost that only clients
# have a part in.
# limit: 480
. /tests/lib.sh
need gputop synthgpu synthload as

load synthgpu ndev=2 || bail "synthgpu does not load"
faults=/sys/kernel/debug/synthgpu/1
node=$(node_of synthgpu 0 renderD)
chmod 666 /dev/dri/*

# last_is HOLDERS: the last frame has these, as `PID FD`.
last_is() {
	[ "$(tail -n 1 /out/frames.json | seen_holders | cut -d ' ' -f 2,3)" = "$1" ]
}

if ! seen_by drmlist >/dev/null; then
	grep -q "no such finder\|BPF" /tmp/error || bail "$(cat /tmp/error)"
	skip_all "$(cat /tmp/error)"
fi

diag "who is seen"
for n in 0 1; do
	for how in --dup=2 --fork=2 --pass-fd --exec --hand-over; do
		synthload --device $n --engine render --busy 10% --name "$how" --quiet "$how" &
	done
done
synthload --card --engine render --busy 10% --name card --quiet &
wait_for 10 clients_are 11 || bail "the clients did not come"
# before 6.5 the kernel names the thread that opened, which may be gone
hold "thread=$node" "ended=$node"
hold "open=$node" send=3 close=3
inflight=$pid
synthload --mem vram=1M --no-fd --engine render --busy 10% --name mapped --quiet &
wait_for 10 clients_are 15 || bail "the clients without a descriptor did not come"
sleep 1
want=$(true_holders)
is "$(seen_by stat)" "$want" "stat sees all descriptors"
is "$(seen_by drmlist)" "$want" "so does drmlist"
ok "it is drmlist" jq -e '.scan.finder == "drmlist"' /tmp/frame
ok "a client in flight is seen, too" test "$(without_descriptor | grep -cx "$inflight")" = 1
is "$(without_descriptor | wc -l)" 2 "and one that is only mapped"
case $(uname -r) in
6.1.*) is "$(jq '.clients | length' /tmp/frame)" 15 "each client is there once" ;;
*) is "$(jq -r '[.clients[].id] | unique | length' /tmp/frame)" 15 "each client is there once, by its id" ;;
esac
is "$(jq .scan.denied /tmp/frame)" 0 "nothing is denied"
is "$(seen_by drmlist as -u 1000 -c sys_ptrace,dac_read_search)" "$want" "without BPF, debugfs tells the same"
ok "without looking at the processes twice" jq -e '.scan.processes < 150 and .scan.denied == 0' /tmp/frame
gputop --finder drmlist --once --json --all -d 4 >/tmp/frame
is_near "$(jq '[.devices[].engines.render.busy] | max' /tmp/frame)" 0.6 0.05 "busy is right"

diag "rights"
is "$(seen_by drmlist as -u 1000 -c bpf,perfmon,syslog,sys_ptrace)" "$want" "four capabilities see everybody"
is "$(seen_by bpf as -u 1000 -c bpf,perfmon,sys_ptrace)" "$want" "bpf does with three of them"
seen_by drmlist as -u 1000 -c bpf,perfmon,sys_ptrace
ok "without CAP_SYSLOG it says what is missing" grep -q CAP_SYSLOG /tmp/error
seen_by drmlist as -u 1000
ok "a user is told, too" grep -q CAP_BPF /tmp/error
seen_by auto as -u 1000
ok "and auto takes another" jq -e '.scan.finder == "cached"' /tmp/frame
is "$(seen_inside drmlist "$node" | cut -d ' ' -f 2,3)" "2 3" \
	"in another pid namespace: who is in it, by the numbers there"
is "$(without_descriptor)" "" "and nobody from outside"
# shellcheck disable=SC2046 # they are words
kill $(jobs -p)
wait
wait_for 10 clients_are 0

diag "what it costs"
crowd_of 20 20 20 "$node"
few=$(steady drmlist)
is "$few" "20 20 $(echo "$few" | cut -d ' ' -f 3)" "clients are looked into, nobody else"
idle=$crowd_pid
crowd_of 550 20
is "$(steady drmlist)" "$few" "550 processes more cost not one system call more"
is "$(seen_by drmlist)" "$(true_holders)" "and hide nobody"

diag "who comes and goes"
watch_begin 0.25 1000 --finder drmlist --stale 2
at_frame 3
hold "open=$node"
single=$pid
frames_more 2
ok "who opens is seen at once" test -n "$(tail -n 1 /out/frames.json | seen_holders | grep " $single 3\$")"
synthload --engine render --busy 10% --name shared --quiet --fork 2 --pass-fd --dup 1 &
shared_pid=$!
wait_for 10 clients_are 22
wait_for 10 holders_are 27
frames_more 16
stop "$single"
true_holders >/tmp/want
frames_more 2
stop "$watch_pid"
is "$(jq -s 'last' /out/frames.json | seen_holders)" "$(cat /tmp/want)" "within --stale everybody is seen"
is "$(frames "last | any(.clients[]; .pid == $single)")" false "and who closed is gone"
stop $shared_pid "$crowd_pid" "$idle"
wait_for 10 clients_are 0

diag "more clients than the list has room for"
node=$(node_of synthgpu 0 renderD)
: >/out/frames.json
as -u 1000 -c bpf,perfmon,syslog,sys_ptrace gputop --finder drmlist --json --all -d 0.5 -n 100 \
	>>/out/frames.json 2>/tmp/error &
watch_pid=$!
at_frame 2
ulimit -n 10000
# all of them come between two passes
kill -STOP $watch_pid
hold "many=8200:$node"
kill -CONT $watch_pid
ulimit -n 1024
wait $watch_pid
ok "it ends rather than show some of them for all" grep -q "No such device" /tmp/error
seen_by drmlist as -u 1000 -c bpf,perfmon,syslog,sys_ptrace
ok "and it says why" grep -q "more clients than" /tmp/error
stop "$pid"
wait_for 10 clients_are 0

diag "a device that goes, and DRM that goes and comes back"
hold open=/dev/dri/renderD129
holder=$pid
# told its majors, it stays though there is no GPU
watch_begin 0.25 1000 --finder drmlist --major 226
at_frame 3
echo 0 >$faults/plugged
frames_more 3
ok "who has an unplugged device open is seen" last_is "$holder 3"
stop "$holder"
wait_for 5 unload synthgpu || bail "synthgpu does not unload"
modprobe -r drm_shmem_helper
modprobe -r drm
ok "DRM is gone" test ! -d /sys/module/drm
wait_for 10 last_is ""
load synthgpu
hold "open=$(node_of synthgpu 0 renderD)"
ok "and back, with new clients in the same run" wait_for 60 last_is "$pid 3"
stop $watch_pid "$pid"

diag "the benchmark"
ok "all arms agree" gputop bench --arms stat,bpf,drmlist --processes 50 --fds 10 --clients 5 --passes 3
dmesg_clean "the kernel is content"
done_testing
