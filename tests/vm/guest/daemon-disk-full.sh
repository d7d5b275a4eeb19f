# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# A disk that is full costs what could not be written, and no more: gputopd says so once, samples on, and
# writes again by itself.
. /tests/lib.sh
need gputopd synthgpu synthload

load synthgpu || bail "synthgpu does not load"
synthload --clients 30 --quiet &
wait_for 5 clients_are 30 || bail "the clients did not come"
mkdir /tmp/disk
mount -t tmpfs -o size=1m small /tmp/disk || bail "no tmpfs"
json=/tmp/disk/g.json
gputopd --config /dev/null --finder stat --interval 0.2 --json-file $json --json-interval 0.2 \
	--csv-file /tmp/disk/g.csv --csv-interval 0.2 --textfile-file /tmp/disk/gputop.prom \
	--socket-path /tmp/sock 2>/tmp/log &
daemon=$!
wait_for 20 sh -c "[ \$(wc -l <$json) -ge 3 ]" || bail "gputopd does not write: $(cat /tmp/log)"

# warned PATH ERROR NUMBER
warned() {
	[ "$(grep -c "$1.*$2" /tmp/log)" -eq "$3" ]
}
# whole: every line an object but the last, which may be torn while the disk is full.
whole() {
	sed '$d' $json | jq -es 'length > 0 and all(.[]; .scan.finder)' >/dev/null
}

dd if=/dev/zero of=/tmp/disk/filler bs=4k 2>/dev/null
ok "full: a warning with path and reason" wait_for 10 warned g.json "No space left" 1
sleep 2
ok "one, however many writes fail" warned g.json "No space left" 1
ok "what was written is there" whole
ok "samples are still taken" sh -c 'gputop --source /tmp/sock -d 0.2 -n 2 --json | jq -es "length == 2"'

rm /tmp/disk/filler
lines=$(wc -l <$json)
more() {
	[ "$(wc -l <$json)" -gt $((lines + 2)) ] && tail -n 1 /tmp/disk/gputop.prom | grep -q .
}
ok "room again: it writes again" wait_for 10 more
ok "each line is an object, also where the disk ended" sh -c "head -n -1 $json | jq -es 'all(.[]; .scan.finder)'"

kill $daemon
wait $daemon
is $? 0 "the daemon ends well"
done_testing
