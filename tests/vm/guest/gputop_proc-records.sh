# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# /proc/<pid>/gpu and /proc/gpu: which clients are listed, and what a record says.
. /tests/lib.sh
. /tests/gputop_proc.lib
need gputop_proc synthgpu

# The first two print no clock, and say the same twice.
fresh_synthgpu ndev=4 style=ns,maxfreq,cycles,both
load vgem
proc_load

# Which record of FILE holds LINE, whole.
record_with() {
	awk -v want="$2" 'BEGIN { RS = ""; FS = "\n" } { for (i = 1; i <= NF; i++) if ($i == want) print }' "$1"
}

count_records() {
	grep -c '^gputop-dev:' "$1"
}

synth0=$(node_of synthgpu 0 renderD) synth1=$(node_of synthgpu 1 renderD)
card0=$(node_of synthgpu 0 card) vgem=$(node_of vgem 0 card)
dev0=$(dev_of "$synth0") dev1=$(dev_of "$synth1")

hold "open=$synth0" open=/dev/null dup=3 "open=$synth0" dup=3 "path=$synth0" "open=$card0" "open=$synth1"
a=$pid
is "$(count_records "/proc/$a/gpu")" 4 "one record per client: dup is one, O_PATH and /dev/null are none"
is "$(grep -c '^$' "/proc/$a/gpu")" 4 "an empty line ends each"
is "$(record_with "/proc/$a/gpu" 'gputop-fd:	3' | head -n 3)" "gputop-fd:	3
gputop-fds:	3 5 7
gputop-dev:	$dev0" "all descriptors of a client, the lowest first"
is "$(record_with "/proc/$a/gpu" 'gputop-fd:	6' | sed -n 2p)" "gputop-fds:	6" \
	"another open of the same node is another client"
is "$(record_with "/proc/$a/gpu" 'gputop-fd:	10' | sed -n 3p)" "gputop-dev:	$dev1" "the device by its numbers"

same=0
for fd in 3 6 9 10; do
	[ "$(grep -v '^\(pos\|flags\|mnt_id\|ino\):' "/proc/$a/fdinfo/$fd")" = \
		"$(record_with "/proc/$a/gpu" "gputop-fd:	$fd" | grep -v ^gputop-)" ] && same=$((same + 1))
done
is "$same" 4 "the driver's text is that of fdinfo"
is "$(grep -h '^drm-client-id' "/proc/$a/fdinfo/"* | sort -u)" \
	"$(grep '^drm-client-id' "/proc/$a/gpu" | sort)" "every client of fdinfo is there"

is "$(cat /proc/1/gpu)" "" "a process without clients has an empty file"
is "$(cat /proc/2/gpu)" "" "so has a kernel thread"
is "$(dd if="/proc/$a/gpu" bs=1 2>/dev/null | timeless -)" "$(timeless "/proc/$a/gpu")" "reading byte by byte gives the same"
is "$(tail -c +41 "/proc/$a/gpu" | timeless -)" "$(dd if="/proc/$a/gpu" bs=1 skip=40 2>/dev/null | timeless -)" \
	"and so does seeking"

# The same clients from DRM's side.
is "$(grep -h '^drm-client-id' /proc/gpu | sort)" "$(grep '^drm-client-id' "/proc/$a/gpu" | sort)" \
	"/proc/gpu lists the same clients, once each"
is "$(grep '^gputop-pid' /proc/gpu | sort -u)" "gputop-pid:	$a" "and the process that DRM names"
is "$(grep '^gputop-client' /proc/gpu)" "$(grep '^gputop-client' "/proc/$a/gpu")" "under the same numbers"
is "$(record_with /proc/gpu "$(grep '^drm-client-id' "/proc/$a/fdinfo/3")" | grep '^gputop-refs')" \
	"gputop-refs:	3" "three descriptors are three references"
times=$(sed -n 's/^gputop-time:	\([0-9]*\) ns$/\1/p' /proc/gpu)
is "$(echo "$times" | wc -l)" 4 "each record has its time"
is "$times" "$(echo "$times" | sort -n)" "none earlier than that of the one before"
is "$(tail -n 2 /proc/gpu)" "gputop-hidden:	0" "the last record counts what is hidden"

hold "open=$vgem" map=3 close=3 "open=$synth1" send=3 close=3
b=$pid
is "$(cat "/proc/$b/gpu")" "" "clients without a descriptor are in no process's file"
is "$(record_with /proc/gpu "gputop-pid:	$b" | grep -c "^gputop-dev:	$(dev_of "$vgem")$")" 1 \
	"a mapping keeps one, seen in /proc/gpu, though its driver has no fdinfo"
is "$(record_with /proc/gpu "gputop-pid:	$b" | grep -c "^gputop-dev:	$dev1$")" 1 \
	"a message in flight keeps one"
kill "$b"
ok "and they go with their process" wait_for 5 sh -c "! grep -q '^gputop-pid:	$b$' /proc/gpu"

# Inherited by fork and kept by exec: two holders, one client.
(
	sleep 1000 &
	echo $! >/tmp/child
	exec sleep 1000
) 7<"$synth1" &
c=$!
wait_for 5 test -s /tmp/child
d=$(cat /tmp/child)
wait_for 5 grep -q sleep "/proc/$c/comm"
is "$(timeless "/proc/$d/gpu")" "$(timeless "/proc/$c/gpu")" "a child holds what it inherits"
is "$(sed 2q "/proc/$c/gpu")" "gputop-fd:	7
gputop-fds:	7" "an exec keeps it"
is "$(grep '^drm-client-id' /proc/gpu | sort | uniq -d)" "" "and it is one client"

# More clients than one pass collects, more text than one buffer holds.
many=
for _ in $(seq 100); do many="$many open=$synth0"; done
# shellcheck disable=SC2086 # words
hold $many
e=$pid
is "$(grep '^gputop-fd:' "/proc/$e/gpu" | sort -u | wc -l)" 100 "a process with a hundred clients"
is "$(grep '^drm-client-id' /proc/gpu | sort | uniq -d)" "" "no client twice among many"
is "$(count_records /proc/gpu)" 105 "nor one missing"
is "$(dd if=/proc/gpu bs=1000 2>/dev/null | grep -c '^gputop-dev:')" "$(count_records /proc/gpu)" \
	"nor do small reads miss any"

kill "$e"
wait "$e"

# What the driver says, but for its clock, and that it says something.
text_of() {
	sed '/^\(gputop-[a-z]*\|pos\|flags\|mnt_id\|ino\):/d; /^$/d; /^drm-total-cycles/s/[0-9]*$//' "$1"
}
load_styles --engine render --busy 60% --engine video --busy 130% --mem vram=3M --name styled --seconds 0.5 --linger 100
wait_for 5 named_are styled 4
wait_for 20 at_rest || bail "the load does not end"
styled=0
for pid in $load_pids; do
	text_of "/proc/$pid/fdinfo/3" >/tmp/want
	text_of "/proc/$pid/gpu" >/tmp/own
	record_with /proc/gpu "gputop-pid:	$pid" >/tmp/record
	grep -q '^drm-[a-z]*-video:.[1-9]' /tmp/want && cmp /tmp/own /tmp/want && text_of /tmp/record | cmp - /tmp/want &&
		styled=$((styled + 1))
done
is $styled 4 "in each style both files say what fdinfo says"

proc_unload
dmesg_clean "the kernel is content"
done_testing
