#!/bin/sh
# SPDX-License-Identifier: MIT
# This machine, and a made-up one: a procfs of symbolic links to /dev/null, whose major is 1.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

# process PID NAME ENGINE-NS: with a client on descriptor 5.
process() {
	mkdir -p "$tmp/proc/$1/fd" "$tmp/proc/$1/fdinfo"
	ln -sf /dev/null "$tmp/proc/$1/fd/5"
	printf 'pos:\t0\nflags:\t02\ndrm-driver:\tfake\ndrm-pdev:\t0000:01:00.0\ndrm-client-id:\t%s\n' "$1" \
		>"$tmp/proc/$1/fdinfo/5"
	printf 'drm-engine-gfx:\t%s ns\ndrm-resident-vram:\t2 MiB\n' "$3" >>"$tmp/proc/$1/fdinfo/5"
	printf '%s (%s) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0\n' "$1" "$2" >"$tmp/proc/$1/stat"
	printf 'Name:\t%s\nUid:\t0\t0\t0\t0\n' "$2" >"$tmp/proc/$1/status"
	printf '%s\0--flag\0' "$2" >"$tmp/proc/$1/cmdline"
	printf '0::/x.service\n' >"$tmp/proc/$1/cgroup"
}
process 10 'one' 1000
process 11 'two) S 1' 2000
fake="--proc $tmp/proc --sys $tmp/sys --major 1"
mkdir -p "$tmp/sys"

# shellcheck disable=SC2086 # $fake is options
clients() {
	"$gputop" $fake --csv -n 1 --all -o pid,comm,memory,cmdline "$@" | tail -n +2 | cut -d, -f2- | sort >"$tmp/got"
	printf '10,one,2097152,one --flag\n11,two) S 1,2097152,two) S 1 --flag\n' | same - "$tmp/got"
}
ok "clients of a made-up procfs" clients
for finder in stat name fdinfo; do
	[ $finder = name ] && continue	# these links are not below /dev/dri
	ok "the same by the $finder finder" clients --finder $finder
done

# shellcheck disable=SC2086 # $fake is options
rates() {
	"$gputop" $fake --json --all -d 0.3 -n 3 >"$tmp/json" &
	sleep 0.15
	process 10 one 150001000
	wait $!
	tail -n +2 "$tmp/json" | grep -q '"busy":0\.[3-7]' || { cat "$tmp/json"; return 1; }
}
ok "a counter that grows is use" rates

# What takes long to start is not for a short look.
# shellcheck disable=SC2086 # $fake is options
short() {
	for passes in --once "-n 49"; do
		"$gputop" $fake $passes --json --all -d 0.01 | tail -n 1 >"$tmp/json"
		grep -q '"finder":"cached","passed_over":"[^"]*drmlist: its start takes longer' "$tmp/json" || return 1
	done
	"$gputop" $fake -n 50 --json --all -d 0.01 | tail -n 1 >"$tmp/json"
	! grep -q 'its start takes longer' "$tmp/json" || { cat "$tmp/json"; return 1; }
}
ok "a few frames are had by a finder that starts at once" short

# A machine is without a GPU if neither a driver has its major nor sysfs a device.
none() {
	mkdir -p "$tmp/empty"
	printf 'Character devices:\n  1 mem\n' >"$tmp/empty/devices"
	fails 3 "no GPU device or driver found" -b --proc "$tmp/empty" --sys "$tmp/sys" &&
		fails 3 "no GPU device or driver found" --json -n 1 --proc "$tmp/empty" --sys "$tmp/sys" &&
		fails 3 "no GPU device or driver found" -L --proc "$tmp/empty" --sys "$tmp/sys"
}
ok "no GPU is exit status 3" none

idle() {
	printf 'Character devices:\n226 drm\n' >"$tmp/empty/devices"
	"$gputop" --once -d 0.05 --proc "$tmp/empty" --sys "$tmp/sys" >"$tmp/out" &&
		grep -q 'No process holds a GPU device' "$tmp/out"
}
ok "a GPU that nobody uses is fine" idle

# A device of its own in sysfs: what its sensors say is in reports and recordings, and shown again from those.
sensors() {
	d=$tmp/sys2/devices/pci0000:00/0000:01:00.0
	mkdir -p "$d/drm/card0" "$d/hwmon/hwmon3" "$d/power" "$tmp/sys2/class/drm"
	echo 226:0 >"$d/drm/card0/dev"
	ln -s ../.. "$d/drm/card0/device"
	ln -s ../../devices/pci0000:00/0000:01:00.0/drm/card0 "$tmp/sys2/class/drm/card0"
	echo 47000 >"$d/hwmon/hwmon3/temp1_input"
	echo 41000000 >"$d/hwmon/hwmon3/power1_average"
	echo 8589934592 >"$d/mem_info_vram_total"
	for status in active suspended; do
		echo $status >"$d/power/runtime_status"
		"$gputop" -n 1 --json --proc "$tmp/proc" --sys "$tmp/sys2" --major 1 --record "$tmp/$status" >"$tmp/$status.json" &&
			"$gputop" --replay "$tmp/$status" --json | same "$tmp/$status.json" - || return 1
	done
	grep -q '"power_w":41.0,.*"temperature_c":47.0,.*"memory":{"vram":8589934592}' "$tmp/active.json" &&
		grep -q '"power_w":null,.*"temperature_c":null,.*"memory":{}' "$tmp/suspended.json" &&
		"$gputop" --replay "$tmp/active" -b --all >"$tmp/out" && grep -q '4.0M of 8.0G .*47°C  41 W' "$tmp/out"
}
ok "sensors of a device that is awake, live and recorded" sensors

this_machine() {
	"$gputop" --once -d 0.1 --json >"$tmp/out" 2>"$tmp/err"
	code=$?
	if grep -qwE 'drm|accel' /proc/devices; then
		[ $code = 0 ] && grep -q '^{"schema":"gputop/1"' "$tmp/out"
	else
		[ $code = 3 ]
	fi
}
ok "this machine" this_machine
end
