# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# The harness itself: modules load with what they depend on, nodes appear, /out reaches the host.
. /tests/lib.sh

not_ok "drm is not loaded before a test asks for it" loaded drm
ok "vgem loads" load vgem
ok "and brings drm" loaded drm
ok "/proc/devices names drm" grep -qE '^226 drm$' /proc/devices
ok "a card node appears" wait_for 5 test -c /dev/dri/card0
ok "a render node appears" wait_for 5 test -c /dev/dri/renderD128
ok "debugfs lists its clients" test -r /sys/kernel/debug/dri/0/clients

is "$(as -u 1000 id -u)" 1000 "as changes the user"
is "$(as -u 1000 -c sys_ptrace sed -n 's/^CapEff:\t0*//p' /proc/self/status)" 80000 \
	"as gives the capability named and no other"
is "$(as sed -n 's/^CapEff:\t0*//p' /proc/self/status)" "" "as takes all capabilities from root"
not_ok "a user does not read what is root's" as -u 1000 cat /proc/1/environ

echo "$$" >/out/boot-smoke
is "$(cat /out/boot-smoke)" "$$" "/out keeps what is written"
ok "vgem unloads" unload vgem
dmesg_clean "the kernel is content"
done_testing
