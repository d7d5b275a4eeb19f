# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# 200 viewers of gputopd under load, half of which read nothing: samples come in time, memory stays bounded.
# limit: 120
. /tests/lib.sh
need gputopd synthgpu synthload viewers

load synthgpu || bail "synthgpu does not load"
synthload --clients 40 --busy 1% --quiet &
wait_for 5 clients_are 40 || bail "the clients did not come"
gputopd --config /dev/null --finder cached --interval 1 --socket-path /tmp/sock --socket-timeout 5 \
	--socket-max-viewers 210 2>/tmp/log &
daemon=$!
wait_for 10 test -S /tmp/sock || bail "gputopd does not start: $(cat /tmp/log)"

rss() {
	sed -n 's/^VmRSS:[ \t]*\([0-9]*\) kB/\1/p' /proc/$daemon/status
}

# This machine is emulated: what it does to the schedule by itself is measured first.
read -r _ _ alone <<END
$(viewers /tmp/sock 0 0 10)
END
before=$(rss)
read -r joined left beside <<END
$(viewers /tmp/sock 100 100 20)
END
is "$joined" 200 "200 viewers"
is "$left" 100 "those that read nothing are left"
ok "the 19 samples of 20 closest to the second are within 5 % of it: $beside per mille, $alone without viewers" \
	test "$beside" -le $((alone > 50 ? alone * 2 : 50))
after=$(rss)
ok "memory stays bounded: $before kB, then $after kB" test $((after - before)) -lt 16384
kill $daemon
wait $daemon
is $? 0 "the daemon ends well"
ok "no sample was left out: $(tail -n 1 /tmp/log)" grep -q "; 0 samples were left out" /tmp/log
done_testing
