# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# The finders against processes that open, close, dup, pass on, fork and exec at random, every step known.
# limit: 180
. /tests/lib.sh
. /tests/gputop_proc.lib
need test_churn gputop_proc synthgpu

load synthgpu || bail "synthgpu does not load"
proc_load
for seed in 1 2 3; do
	ok "seed $seed: every finder tells the truth" env CHURN_NODE=/dev/dri/renderD128 SEED=$seed SECONDS=5 test_churn
	diag "$tap_out"
done
proc_unload
dmesg_clean "the kernel is content"
done_testing
