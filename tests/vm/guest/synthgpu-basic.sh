# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# The module loads, a load runs on it as programmed, fdinfo shows it and it unloads.
. /tests/lib.sh
need synthgpu synthload

truth=/sys/kernel/debug/synthgpu/0/truth

load synthgpu
synthload --busy 30% --seconds 2 --linger 1 --name hello >/tmp/out &
ok "the load ends in time" wait_for 10 grep -q '^truth client 1 engine render' /tmp/out
busy=$(sed -n 's/^truth client 1 engine render busy \([0-9]*\) .*/\1/p' /tmp/out)
share=$(sed -n 's/^truth client 1 engine render .* share \(.*\)%$/\1/p' /tmp/out)
is_near "$share" 30 3 "the engine is as busy as programmed"
fdinfo=$(cat "/proc/$!/fdinfo/3")
is "$(echo "$fdinfo" | sed -n 's/^drm-engine-render:\t//p')" "$busy ns" "fdinfo shows it to the ns"
is "$(echo "$fdinfo" | sed -n 's/^drm-client-name:\t//p')" hello "fdinfo shows the client's name"
is "$(awk '/^client 1 / { print $6 }' $truth)" "$busy" "debugfs shows it to the ns"
not_ok "the module stays while a client is open" unload synthgpu
wait $!
ok "the module unloads" unload synthgpu
done_testing
