# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# limit: 180
# What survives the live patch must not reach into the module: cached dentries, open files, O_PATH
# descriptors and mounts of /proc/<pid>/gpu, across disabling, rmmod and insmod.
. /tests/lib.sh
. /tests/gputop_proc.lib
need gputop_proc synthgpu

# Opening it fails, and as an inode without file operations does.
is_dead() {
	head -c 1 "$1" 2>&1 >/dev/null | grep -q 'No such device or address'
}

load synthgpu
node=$(node_of synthgpu 0 renderD)
hold "open=$node"
a=$pid
not_ok "no /proc/gpu before" test -e /proc/gpu
not_ok "no /proc/<pid>/gpu before" test -e "/proc/$a/gpu"

proc_load
is "$(cd "/proc/$a" && echo gp*)" gpu "a directory lists it"
hold "path=/proc/$a/gpu" "path=/proc/self/gpu"
h=$pid
: >/tmp/mount
ok "it can be mounted elsewhere" mount --bind "/proc/$a/gpu" /tmp/mount
is "$(timeless "/proc/$h/fd/3")" "$(timeless "/proc/$a/gpu")" "an O_PATH descriptor of it opens"
is "$(timeless /tmp/mount)" "$(timeless "/proc/$a/gpu")" "a mount of it opens"
exec 5<"/proc/$a/gpu" 6</proc/gpu
cat /proc/*/gpu >/dev/null

proc_disable
ok "/proc/gpu stays until rmmod" grep -q gputop-dev /proc/gpu
not_ok "what nobody holds is gone" test -e /proc/1/gpu
is "$(cd "/proc/$a" && echo gp*)" "gp*" "a directory does not list it"
ok "a path to what is held leads to nothing" is_dead "/proc/$a/gpu"
ok "nor does an O_PATH descriptor" is_dead "/proc/$h/fd/3"
not_ok "rmmod waits for the open file" unload gputop_proc
is "$(grep -c gputop-fd: <&5)" 1 "which can be read"
exec 5<&-

ok "rmmod with what is left: O_PATH, a mount, an open /proc/gpu" wait_for 5 unload gputop_proc
not_ok "/proc/gpu is gone" test -e /proc/gpu
not_ok "an open /proc/gpu reads no more" cat <&6
exec 6<&-
# The memory of the module is to be somebody else's by now.
load vgem
unload vgem
ok "an O_PATH descriptor leads to nothing" is_dead "/proc/$h/fd/3"
ok "nor does one to the holder's own" is_dead "/proc/$h/fd/4"
ok "nor does a mount" is_dead /tmp/mount
ok "stat on them is harmless" stat /tmp/mount "/proc/$a/gpu"

proc_load
is "$(timeless "/proc/$h/fd/3")" "$(timeless "/proc/$a/gpu")" "inserted again, an old O_PATH descriptor opens"
is "$(grep -c gputop-fd: /tmp/mount)" 1 "and an old mount"
kill "$a"
wait "$a" 2>/dev/null
ok "when the process ends, they fail" wait_for 5 sh -c '! cat /tmp/mount'
umount /tmp/mount
proc_unload

for _ in 1 2 3; do
	proc_load
	proc_unload
done
dmesg_clean "the kernel is content"
done_testing
