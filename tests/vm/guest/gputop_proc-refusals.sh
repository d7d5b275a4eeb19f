# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# What gputop_proc does not know it leaves alone, and says so. The modules that are refused here are its
# own sources built to expect something else; see tests/vm/vm.
. /tests/lib.sh
. /tests/gputop_proc.lib
need gputop_proc synthgpu

load synthgpu

# refuses NAME MESSAGE ERROR: the module of that name does not load, and nothing was changed.
refuses() {
	dmesg -c >/dev/null
	is "$(insmod "/tests/$1/gputop_proc.ko" 2>&1 | sed 's/.*: //')" "$3" "$1: refused"
	is "$(dmesg | sed -n 's/[0-9]* bytes/N bytes/; s/^.* gputop_proc: //p' | grep -v 'verification\|taint' |
		sort -u)" "$2" "$1: and why"
	ok "$1: nothing of it stays" test ! -d /sys/module/gputop_proc -a ! -e /proc/gpu \
		-a ! -e /proc/self/gpu -a ! -d "$patch"
	dmesg_clean "$1: the kernel is content"
}

unknown="tgid_base_stuff, N bytes, is laid out in an unknown way: not loading"
refuses no-livepatch "needs CONFIG_LIVEPATCH, which this kernel was built without" "Operation not supported"
refuses wider-rows "$unknown" "Operation not supported"
refuses other-handler "$unknown" "Operation not supported"
# What insmod says of ENOENT.
refuses no-symbol "this kernel has no symbol proc_pident_search" "unknown symbol in module, or unknown parameter"

proc_load
proc_unload
dmesg_clean "the kernel is content"
done_testing
