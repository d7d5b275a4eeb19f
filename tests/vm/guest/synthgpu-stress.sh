# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# limit: 150
# A thousand clients that open, submit and die, readers among them; unplugging under load; unloading.
. /tests/lib.sh
need synthgpu synthload synthgpu-ioctl

debug=/sys/kernel/debug/synthgpu

exited() {
	sed -n 's/^exited //p' $debug/0/truth
}

# Readers of everything there is to read.
read_all() {
	while :; do
		cat /proc/[0-9]*/fdinfo/* $debug/*/truth $debug/*/wakes /sys/kernel/debug/dri/*/clients
	done >/dev/null 2>&1
}

load synthgpu ndev=2
read_all &
readers=$!
rounds=0
while [ "$(exited)" -lt 1000 ] && [ $rounds -lt 100 ]; do
	synthload --engine render --busy 60% --engine compute --busy 300% --mem vram=1M,purgeable \
		--procs 10 --clients 6 --period 5 --fork 1 --quiet &
	sleep 0.3
	killall -KILL synthload
	rounds=$((rounds + 1))
	sleep 0.1
done
ok "a thousand clients came and died at work" test "$(exited)" -ge 1000
ok "nothing of them is left" wait_for 10 sh -c "! grep -q ^client $debug/0/truth"
is "$(sed -n 's/^region vram .* used //p' $debug/0/truth)" 0 "nor of their memory"

echo 5 >$debug/1/fdinfo_delay_ms
for round in 1 2 3 4 5; do
	synthload --device 1 --busy 90% --engine compute --procs 5 --clients 4 --quiet --linger 1000 &
	sleep 0.4
	echo 0 >$debug/1/plugged
	[ $round = 3 ] || killall -KILL synthload
	echo 1 >$debug/1/plugged
	killall -q -KILL synthload
done
is "$(cat $debug/1/plugged)" 1 "unplugged and plugged in again under load"
kill -KILL $readers
wait

synthgpu-ioctl hold-fence >/tmp/out &
wait_for 5 grep -q held /tmp/out
not_ok "a fence of a closed client keeps the module" unload synthgpu
kill $!
ok "no longer than it lives" wait_for 5 unload synthgpu
for round in 1 2 3 4 5 6 7 8; do
	load synthgpu ndev=4
	synthload --device 3 --busy 90% --quiet &
	sleep 0.1
	killall -KILL synthload
	wait
	wait_for 5 unload synthgpu || break
done
not_ok "loaded and unloaded eight times" loaded synthgpu
dmesg_clean "the kernel is content"
done_testing
