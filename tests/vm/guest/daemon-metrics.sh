# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# What gputopd writes is what the driver did, clients that exited included; killed, it leaves nothing torn;
# a driver that goes and comes back is a new one.
# limit: 180
. /tests/lib.sh
need gputopd synthgpu synthload

load synthgpu ndev=2 style=ns,both || bail "synthgpu does not load"
mkdir /tmp/written /sys/fs/cgroup/desk
chmod 666 /dev/dri/*
prom=/tmp/written/gputop.prom

# start: a daemon, until its first sample.
start() {
	rm -f $prom
	gputopd --config /dev/null --finder cached --interval 0.25 --textfile-file $prom --socket-path none \
		--json-file /tmp/written/g.json --json-interval 0.25 --csv-file /tmp/written/g.csv --csv-interval 0.25 \
		--csv-fields pid,gpu,id,gputime 2>/tmp/log &
	daemon=$!
	wait_for 40 test -s $prom || bail "gputopd does not start: $(cat /tmp/log)"
}

# metric NAME [LABELS]: GPU ENGINE and the value in ns, summed over other labels.
metric() {
	awk -F '[{}]' -v name="$1" '$1 == name {
		split($2, labels, ","); gpu = engine = ""
		for (i in labels) {
			split(labels[i], pair, "\"")
			if (pair[1] == "gpu=") gpu = pair[2]
			if (pair[1] == "engine=") engine = pair[2]
		}
		split($3, seconds, "[ .]")
		sum[gpu " " engine] += seconds[2] * 1e9 + substr(seconds[3] "000000000", 1, 9)
	}
	END { for (k in sum) printf "%s %.0f\n", k, sum[k] }' $prom | sort
}

# true_devices: the same from the driver, clients gone and there.
true_devices() {
	for n in 0 1; do
		awk -v gpu=synthgpu.$n '$1 == "engine" { print gpu, $2, $6 }' /sys/kernel/debug/synthgpu/$n/truth
	done | sort
}

# Everybody exits, each after a while of idleness in which the last of its counters is seen.
start
(echo 0 >/sys/fs/cgroup/desk/cgroup.procs; exec as -u 1000 synthload --engine render --busy 40% \
	--engine video --busy 120% --seconds 3 --linger 2 --quiet) &
as -u 1001 synthload --device 1 --engine compute --busy 250% --seconds 2 --linger 2 --fork 2 --dup 1 --quiet &
synthload --device 1 --engine copy --busy 30% --procs 2 --clients 3 --seconds 3 --linger 2 --quiet &
wait_for 5 clients_are 8 || bail "the clients did not come"
wait_for 20 clients_are 0 || bail "the clients did not go"
sleep 0.6
is "$(metric gputop_engine_busy_seconds_total)" "$(true_devices)" "a device's counters are the driver's, to the ns"
is "$(metric gputop_user_engine_busy_seconds_total)" "$(true_devices)" "its users' counters add up to them"
is "$(metric gputop_cgroup_engine_busy_seconds_total)" "$(true_devices)" "and its control groups'"
is "$(sed -n 's/^gputop_user_engine_busy_seconds_total.*engine="video",user="\([^"]*\)"} [^0].*/\1/p' $prom)" alice \
	"the film was alice's"
is "$(sed -n 's/^gputop_cgroup_engine_busy_seconds_total.*cgroup="\([^"]*\)".*engine="video".* [^0].*/\1/p;
	s/^gputop_cgroup_engine_busy_seconds_total.*engine="video".*cgroup="\([^"]*\)".* [^0].*/\1/p' $prom)" /desk \
	"in her control group"
last=$(jq -sr '[.[].clients[] | select(.gpu == "synthgpu.0") | .engines.video.busy_ns] | max' /tmp/written/g.json)
is "$last" "$(true_devices | sed -n 's/^synthgpu.0 video //p')" "the JSON lines end with the same counter"

# Killed at any moment; the next one goes on in the same files.
synthload --engine render --busy 60% --quiet &
load=$!
for delay in 0.3 0.7 0.45 0.9; do
	sleep $delay
	kill -KILL $daemon
	wait $daemon
	ok "killed: the metrics are whole" sh -c "tail -c 1 $prom | grep -q '^$' && ! grep -qvE '^(#|[a-z_]+(\{.*\})? [-0-9.e+]+$)' $prom"
	start
done
sleep 1
ok "every JSON line is an object" sh -c "jq -es 'all(.[]; .scan.finder)' /tmp/written/g.json"
is "$(awk -F, 'NF != 5' /tmp/written/g.csv | head -n 3)" "" "every CSV row is whole"
now=$(metric gputop_engine_busy_seconds_total | sed -n 's/^synthgpu.0 render //p')
sleep 0.6
ok "counters begin anew, and grow" test "$(metric gputop_engine_busy_seconds_total | sed -n 's/^synthgpu.0 render //p')" -gt "$now"

# The driver goes and comes back, with client ids from the start.
stop $load
wait_for 10 unload synthgpu || bail "synthgpu does not unload"
sleep 0.6
load synthgpu ndev=2 style=ns,both
before=$(metric gputop_engine_busy_seconds_total | sed -n 's/^synthgpu.0 render //p')
synthload --engine render --busy 50% --seconds 2 --linger 2 --quiet &
wait_for 5 clients_are 1
wait_for 20 clients_are 0
sleep 0.6
is "$(($(metric gputop_engine_busy_seconds_total | sed -n 's/^synthgpu.0 render //p') - before))" \
	"$(true_devices | sed -n 's/^synthgpu.0 render //p')" "a driver loaded again: its clients are new ones, and no spike"
kill $daemon
wait $daemon
is $? 0 "the daemon ends well"
is "$(cat $prom)" "" "and leaves an empty file of metrics"
done_testing
