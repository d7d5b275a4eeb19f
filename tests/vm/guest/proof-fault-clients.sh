# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Proof 4: clients that close while they are read, pids and client ids that are used again.
# limit: 300
. /tests/lib.sh
need gputop synthgpu synthload

# busy NAME: what a frame knew of the client of that name on $gpu, for jq. most NAME: its highest.
busy() {
	echo ".clients[] | select(.gpu == \"$gpu\" and .name == \"$1\").engines.render.busy"
}

most() {
	frames "[.[] | $(busy "$1") | numbers] | max"
}

diag "clients that close while they are read"
fresh_styles
fault fdinfo_delay_ms 3
load_styles --engine render --busy 20% --name stays
stays_pids=$load_pids
load_styles --engine copy --busy 10% --churn 20 --procs 4 --clients 3 --name churn
ok "closing mid-read: gputop runs" watch 0.3 12
mid_read() {
	is_near "$(mean "$(busy stays)")" 0.2 0.03 "$style, closing mid-read: who stays is right"
	is_near "$(most stays)" 0.2 0.4 "$style, closing mid-read: at any time"
	is "$(frames "[.[].clients[] | select(.gpu == \"$gpu\" and .name == \"churn\").id] |
		unique | length > 60")" true "$style, closing mid-read: many came and went"
}
for_styles mid_read
is "$(frames '[.[].clients[].engines[].busy | numbers | select(. < 0 or . > 1)]')" "[]" \
	"closing mid-read: no number is absurd"
stop $load_pids $stays_pids

# reuse_pid: each process called first is followed by one of its pid, called second.
reuse_pid() {
	load_styles --engine render --busy 90% --name first
	echo "$load_pids" >/tmp/pids
	at_frame 4
	stop $load_pids
	n=0
	for pid in $load_pids; do
		for _ in 1 2 3 4 5; do
			echo $((pid - 1)) >/proc/sys/kernel/ns_last_pid
			synthload --device $n --engine render --busy 10% --name second --quiet &
			[ $! -ne "$pid" ] || break
			stop $!
		done
		n=$((n + 1))
	done
	wait
}

# new_identity TITLE: of the client called second, which took the place of first.
new_identity() {
	is "$(frames "[.[].clients[] | select(.gpu == \"$gpu\" and .name == \"second\")][0].engines.render.busy")" \
		null "$style, $1: the new client starts unknown"
	is_near "$(mean "$(busy first)")" 0.9 0.2 "$style, $1: the first was what it was"
	is_near "$(most second)" 0.1 0.3 "$style, $1: the second is no spike"
	is_near "$(mean "$(busy second)")" 0.1 0.05 "$style, $1: and is its own"
}

diag "pids that are used again"
fresh_styles
reuse_pid &
wait_for 5 clients_are 4
ok "pid reuse: gputop runs" watch 1 9
is "$(frames '.[-1].clients | sort_by(.gpu)[] | "\(.pid) \(.name)"')" \
	"$(sed 's/^ //' /tmp/pids | tr ' ' '\n' | sed 's/$/ second/')" "pid reuse: they were used again"
for_styles new_identity "pid reuse"
killall synthload
wait

# ids NAME: GPU ID of the clients called so.
ids() {
	frames "[.[].clients[] | select(.name == \"$1\") | \"\(.gpu) \(.id)\"] | unique[]"
}

# reload: clients are numbered from 1 again. On some kernels that is the driver's doing, on others DRM's.
drm_gone() {
	! loaded synthgpu || unload synthgpu
	modprobe -r drm_shmem_helper
	! loaded drm
}

reload() {
	wait_for 5 drm_gone || bail "DRM does not unload: $(lsmod)"
	fresh_styles
}

# open_in_order NAME SHARE: a client on each device, so that the same device has the same number again.
open_in_order() {
	load_pids=
	for n in 0 1 2 3; do
		synthload --device $n --engine render --busy "$2" --name "$1" --quiet &
		load_pids="$load_pids $!"
		wait_for 5 clients_are $((n + 1))
	done
}

# reuse_ids SHARE SHARE: within one interval of gputop, other clients come by the same numbers.
reuse_ids() {
	open_in_order first "$1"
	watch 5 4 &
	watch_pid=$!
	at_frame 2
	stop $load_pids
	reload
	open_in_order second "$2"
	wait $watch_pid
}

diag "a driver that is unloaded and loaded again"
reload
reuse_ids 90% 10%
is "$(ids second)" "$(ids first)" "reload: the clients' ids were used again"
is "$(frames '[.[] | select(.clients | length == 4)] | length')" 4 "reload: within one interval"
for_styles new_identity "reload"
stop $load_pids

# A counter that is ahead of the one it replaces does not look as if it had gone back.
reload
reuse_ids 3% 90%
is "$(ids second)" "$(ids first)" "reload, busier: the clients' ids were used again"
busier() {
	is_near "$(most second)" 0.9 0.2 "$style, reload, busier: no spike"
	is_near "$(mean "$(busy second)")" 0.9 0.2 "$style, reload, busier: and is its own"
}
for_styles busier
stop $load_pids
dmesg_clean "the kernel is content"
done_testing
