# shellcheck shell=dash disable=SC2086,SC2154
# SPDX-License-Identifier: MIT
# Proof 4: clients that close while they are read, pids and client ids that are used again.
# limit: 300
. /tests/lib.sh
need gputop synthgpu synthload

# For jq. busy NAME: what a frame knew of the client of that name on $gpu. most NAME: its highest, but for frames so
# short (the one after gputop was stopped) that one job fills them.
busy() {
	echo ".clients[] | select(.gpu == \$gpu and .name == \"$1\").engines.render.busy"
}

most() {
	echo "[.[] | select(.interval_s // 0 > 0.2) | $(busy "$1") | numbers] | max"
}

diag "clients that close while they are read"
fresh_styles
fault fdinfo_delay_ms 3
load_styles --engine render --busy 20% --name stays
stays_pids=$load_pids
load_styles --engine copy --busy 10% --churn 20 --procs 4 --clients 3 --name churn
watch "closing mid-read: gputop runs" 0.3 12
each_near "$(mean "$(busy stays)")" 0.2 0.03 "closing mid-read: who stays is right"
each_near "$(most stays)" 0.2 0.4 "closing mid-read: at any time"
each_is "[.[].clients[] | select(.gpu == \$gpu and .name == \"churn\").id] | unique | length > 60" true \
	"closing mid-read: many came and went"
is "$(frames '[.[].clients[].engines[].busy | numbers | select(. < 0 or . > 1)]')" "[]" \
	"closing mid-read: no number is absurd"
stop $load_pids $stays_pids

# reuse_pids: each process called first is followed by one of its pid, called second.
reuse_pids() {
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
}

# new_identity TITLE FIRST SECOND: of the client called second, which took the place of first, and their shares in %.
new_identity() {
	first=$(printf 0.%02d "$2")
	second=$(printf 0.%02d "$3")
	each_is "[.[].clients[] | select(.gpu == \$gpu and .name == \"second\")][0].engines.render.busy" null \
		"$1: the new client starts unknown"
	each_near "$(mean "$(busy first)")" "$first" 0.2 "$1: the first was what it was"
	each_near "$(most second)" "$second" 0.3 "$1: the second is no spike"
	each_near "$(mean "$(busy second)")" "$second" 0.1 "$1: and is its own"
}

diag "pids that are used again"
fresh_styles
load_styles --engine render --busy 90% --name first
wait_for 5 clients_are 4
watch_begin 1 9
at_frame 4
reuse_pids
watch_end "pid reuse: gputop runs"
# shellcheck disable=SC2046 # words
is "$(frames '.[-1].clients | sort_by(.gpu)[] | "\(.pid) \(.name)"')" "$(printf '%s second\n' $load_pids)" \
	"pid reuse: they were used again"
new_identity "pid reuse" 90 10
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

diag "a driver that is unloaded and loaded again between two frames: other clients come by the same numbers"
# A counter that is ahead of the one it replaces does not look as if it had gone back.
for shares in "90 10" "3 90"; do
	reload
	open_in_order first "${shares% *}"
	watch_begin 1 7
	at_frame 3
	kill -STOP $watch_pid
	stop $load_pids
	reload
	open_in_order second "${shares#* }"
	kill -CONT $watch_pid
	watch_end "reload, $shares: gputop runs"
	is "$(ids second)" "$(ids first)" "reload, $shares: the clients' ids were used again"
	is "$(frames '[.[] | select(.clients | length == 4)] | length')" 7 "reload, $shares: between two frames"
	new_identity "reload, $shares" $shares
	stop $load_pids
done
dmesg_clean "the kernel is content"
done_testing
