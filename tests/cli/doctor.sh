#!/bin/sh
# SPDX-License-Identifier: MIT
# gputop --doctor, on this machine and on made-up ones.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

# A machine where all is well: one GPU, whose node is /dev/null, and a user who may look.
mkdir -p "$tmp/proc/self/ns" "$tmp/proc/sys/kernel" "$tmp/sys/class/drm" "$tmp/sys/devices/gpu/drm/card0"
echo 6.12.95 >"$tmp/proc/sys/kernel/osrelease"
printf 'Uid:\t1000\nCapEff:\t000001ffffffffff\n' >"$tmp/proc/self/status"
: >"$tmp/sys/class/drm/version"
echo 1:3 >"$tmp/sys/devices/gpu/drm/card0/dev"
ln -s ../.. "$tmp/sys/devices/gpu/drm/card0/device"
ln -s ../../devices/gpu/drm/card0 "$tmp/sys/class/drm/card0"

# doctor CODE ARG...: gputop --doctor of the made-up machine exits with CODE; its output is in $tmp/out.
doctor() {
	wanted=$1 got=0
	shift
	"$gputop" --doctor --proc "$tmp/proc" --sys "$tmp/sys" --major 1 --source "$tmp/none" "$@" >"$tmp/out" || got=$?
	[ $got = "$wanted" ] || { echo "exit status $got, wanted $wanted"; cat "$tmp/out"; return 1; }
}

# found LINE: the report has it.
found() {
	grep -qF "$1" "$tmp/out" || { echo "not found: $1"; cat "$tmp/out"; return 1; }
}

well() {
	doctor 0 && found "  ok       Linux 6.12.95" && found "  ok       gpu: " &&
		found "  note     procgpu does not: the kernel module gputop_proc is not loaded" &&
		[ "$(tail -n 1 "$tmp/out")" = "Nothing hinders gputop here." ]
}
ok "exit status 0 where nothing hinders" well

unprivileged() {
	printf 'Uid:\t1000\nCapEff:\t0\n' >"$tmp/proc/self/status"
	doctor 1 && found "  problem  without CAP_SYS_PTRACE (user 1000)" &&
		[ "$(tail -n 1 "$tmp/out")" = "1 problem." ]
}
ok "exit status 1 where something does" unprivileged

json() {
	doctor 1 --json && python3 -c '
import json, sys
report = json.load(open(sys.argv[1]))
assert report["schema"] == "gputop-doctor/1" and report["hindered"] is True, report
assert [f["mark"] for f in report["findings"]].count("problem") == 1, report
assert all(f["area"] and f["text"] and "remedy" in f for f in report["findings"]), report' "$tmp/out"
}
ok "JSON says the same" json

elsewhere() {
	mkdir -p "$tmp/sys/kernel/debug/dri"
	doctor 1 --major 226 && found "  ok       drmlist works"
}
ok "finders are tried on the sysfs that is asked about" elsewhere

knob() {
	mkdir -p "$tmp/sys/bus/platform/drivers/panthor/fb000000.gpu"
	echo 0 >"$tmp/sys/bus/platform/drivers/panthor/fb000000.gpu/profiling"
	doctor 1 && found "  problem  panthor fb000000.gpu counts nothing of what its engines do" &&
		found "echo 3 >$tmp/sys/bus/platform/drivers/panthor/fb000000.gpu/profiling"
}
ok "a switch that is off" knob

here() {
	"$gputop" --doctor >"$tmp/out" || [ $? = 1 ] || return 1
	found "  ok       Linux $(uname -r)" && found "cached works" && ! grep -q '^terminal$' "$tmp/out"
}
ok "this machine" here

full() {
	said=$("$gputop" --doctor 2>&1 >/dev/full) && return 1
	[ "$said" = "gputop: standard output: No space left on device" ] || { echo "$said"; return 1; }
}
ok "a full disk" full
end
