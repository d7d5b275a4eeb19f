# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# At any instant: what the engines were busy is what the clients, gone ones included, kept them busy.
. /tests/lib.sh
need synthgpu synthload

truth=/sys/kernel/debug/synthgpu/0/truth

# balance: engines whose sum differs, of those ever busy.
balance() {
	awk '
		/^engine/ { n = $2; busy[n] = $6; sum[n] = $8 }
		/^client/ { for (i = 5; $i in busy; i += 2) sum[$i] += $(i + 1) }
		END {
			for (n in busy) {
				if (busy[n] != sum[n]) print "engine", n, busy[n], "clients", sum[n]
				if (busy[n]) used++
			}
			if (used != 4) print used + 0, "engines used"
		}' $truth
}

load synthgpu
for engine in render copy video compute; do
	synthload --engine $engine --busy 130% --procs 4 --churn 70 --quiet &
	synthload --engine $engine --busy 7% --clients 3 --quiet &
done
sleep 1
looks=0
wrong=
while [ $looks -lt 40 ] && [ -z "$wrong" ]; do
	# Some die at once, with jobs queued and running.
	[ $((looks % 10)) -ne 9 ] || kill -KILL "$(pidof synthload | cut -d' ' -f1)"
	wrong=$(balance)
	looks=$((looks + 1))
done
is "$wrong" "" "the books balance under load, at each of 40 looks"
ok "some clients were gone by then" test "$(sed -n 's/^exited //p' $truth)" -gt 20
killall -KILL synthload
ok "all go" wait_for 10 sh -c "! grep -q ^client $truth"
is "$(balance)" "" "the books balance when all are gone"
first=$(grep ^engine $truth)
sleep 0.2
is "$(grep ^engine $truth)" "$first" "and nothing is busy any more"
dmesg_clean "the kernel is content"
done_testing
