# shellcheck shell=dash
# SPDX-License-Identifier: MIT
#
# What guest tests are written with: TAP, modules, waiting. Runs in busybox sh.
# A test is tests/vm/guest/NAME.sh: it starts with `. /tests/lib.sh`, ends with `done_testing`, and
# may carry a line `# limit: SECONDS` (60 unless told). Whatever it leaves running is killed and
# whatever it leaves loaded is removed after it. /out is a directory on the host. Beside busybox
# there are `as` (run as another user, with named capabilities), synthload and gputop.

tap_count=0
tap_failed=0

diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

# pass DESC, fail DESC [DIAG]: one test point.
pass() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1"
}

fail() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	[ $# -lt 2 ] || diag "$2"
}

# skip DESC REASON: one test point that could not be tried. skip_all REASON: ends the test.
skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP $2"
}

skip_all() {
	echo "1..0 # SKIP $1"
	exit 0
}

# bail REASON: the rest of the test makes no sense.
bail() {
	echo "Bail out! $1"
	exit 1
}

# ok DESC COMMAND...: passes when the command succeeds. not_ok: passes when it fails.
ok() {
	tap_desc=$1
	shift
	if tap_out=$("$@" 2>&1); then
		pass "$tap_desc"
	else
		fail "$tap_desc" "failed ($?): $* $tap_out"
	fi
}

not_ok() {
	tap_desc=$1
	shift
	if tap_out=$("$@" 2>&1); then
		fail "$tap_desc" "should have failed: $* $tap_out"
	else
		pass "$tap_desc"
	fi
}

# is GOT WANT DESC: the same text. is_near GOT WANT TOLERANCE DESC: numbers no further apart.
is() {
	if [ "$1" = "$2" ]; then
		pass "$3"
	else
		fail "$3" " got: $1
want: $2"
	fi
}

is_near() {
	if echo "$1 $2 $3" | awk '
		function number(s) { return s ~ /^-?[0-9]+(\.[0-9]*)?(e[-+]?[0-9]+)?$/ }
		{ d = $1 - $2; exit !(NF == 3 && number($1) && d <= $3 && -d <= $3) }'; then
		pass "$4"
	else
		fail "$4" " got: $1
want: $2 +- $3"
	fi
}

# Ends every test. The plan is what was counted: a test that dies before this line has none.
done_testing() {
	echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ]
	exit
}

# load MODULE [PARAM=VALUE...]: with the modules it depends on. unload MODULE: that one alone, if nobody
# uses it. A fence of synthgpu does for an RCU grace period after it was freed, so that who unloads it just
# after a client worked and died has to `wait_for 5 unload synthgpu`.
load() {
	modprobe "$@"
}

unload() {
	rmmod "$1"
}

loaded() {
	[ -d "/sys/module/$1" ]
}

# need PROGRAM|MODULE...: skips the test where the build does not have them.
need() {
	for need_it; do
		command -v "$need_it" >/dev/null || [ -n "$(find /lib/modules -name "$need_it.ko")" ] ||
			skip_all "no $need_it in this build"
	done
}

# wait_for SECONDS COMMAND...: until the command succeeds; fails where it never does.
wait_for() {
	wait_end=$(($(date +%s) + $1))
	shift
	until "$@" >/dev/null 2>&1; do
		[ "$(date +%s)" -lt "$wait_end" ] || return 1
		sleep 0.1
	done
}

# kernel_complaints: what the kernel has complained of since the test began, each with the lines
# that explain it. Nothing where it is content.
kernel_complaints() {
	dmesg | awk '
		/vm: begin/ { left = 0; n = 0; next }
		/WARNING:|BUG:|Oops|general protection|unable to handle|UBSAN|KASAN|use-after-free/ ||
		/INFO: task .* blocked|rcu.*stall|possible (recursive|circular|irq)|refcount_t|Bad page/ ||
		/[sS]uspicious RCU|sleeping function|scheduling while atomic|list_(add|del) corruption/ {
			left = 40
		}
		left > 0 { left--; text[n++] = $0 }
		END { for (i = 0; i < n; i++) print text[i] }'
}

# dmesg_clean DESC: a test point; the harness looks again after every test.
dmesg_clean() {
	is "$(kernel_complaints)" "" "$1"
}

# Proofs hold what gputop says (one JSON frame on stdin) against what the driver and /proc say. Both
# come as sorted lines, so that `is` can compare them.

# seen_engines [KEY]: GPU ID ENGINE VALUE, for KEY busy_ns (default), cycles or busy.
seen_engines() {
	jq -r --arg key "${1:-busy_ns}" '.clients[] | .gpu as $gpu | .id as $id |
		.engines | to_entries[] | "\($gpu) \($id) \(.key) \(.value[$key])"' | sort
}

# seen_holders: ID PID FD, of every client that has an id.
seen_holders() {
	jq -r '.clients[] | .id as $id | .holders[] | "\($id) \(.pid) \(.fd)"' | sort
}

# true_engines [MHZ]: GPU ID ENGINE NS, of every client of synthgpu; cycles where MHZ is given.
true_engines() {
	for true_dir in /sys/kernel/debug/synthgpu/[0-9]*; do
		awk -v gpu="synthgpu.${true_dir##*/}" -v mhz="${1:-1000}" '
			$1 == "engine" { engines[$2] }
			$1 == "client" {
				for (i = 5; $i in engines; i += 2)
					print gpu, $2, $i, int($(i + 1) * mhz / 1000)
			}' "$true_dir/truth"
	done | sort
}

# clients_are NUMBER: so many clients has the driver, on all devices. Made for wait_for.
clients_are() {
	[ "$(cat /sys/kernel/debug/synthgpu/[0-9]*/truth | grep -c ^client)" -eq "$1" ]
}

# named_are NAME NUMBER: so many descriptors are of clients called so. For who may not look into debugfs.
named_are() {
	[ "$(cat /proc/[0-9]*/fdinfo/* 2>/dev/null | grep -cx "drm-client-name:.$1")" -eq "$2" ]
}

# holders_are NUMBER: so many descriptors have the clients. Made for wait_for, as the ones above.
holders_are() {
	[ "$(true_holders | wc -l)" -eq "$1" ]
}

# true_holders: ID PID FD of every descriptor of a DRM or accel node, found the slow and simple way.
true_holders() {
	(cd /proc && ls -l [0-9]*/fd 2>/dev/null) | awk '
		/^[0-9]+\/fd:$/ { pid = $1 + 0 }
		NF > 2 && $(NF - 1) == "->" && $NF ~ /^\/dev\/(dri|accel)\// { print pid, $(NF - 2) }' |
		while read -r pid fd; do
			id=$(sed -n 's/^drm-client-id:\t//p' "/proc/$pid/fdinfo/$fd" 2>/dev/null)
			[ -z "$id" ] || echo "$id $pid $fd"
		done | sort
}

# crowd_of ARGS...: a crowd (see crowd.c) that is there; sets crowd_pid.
crowd_of() {
	rm -f /tmp/crowd
	crowd "$@" >/tmp/crowd &
	# shellcheck disable=SC2034 # for the caller
	crowd_pid=$!
	wait_for 60 grep -q ready /tmp/crowd || bail "the crowd $* did not come"
}

# hold [-u USER] STEP...: a gpufds process that has taken its steps; sets pid.
hold() {
	hold_as=
	[ "$1" != -u ] || { hold_as="as -u $2" && shift 2; }
	rm -f /tmp/hold
	# shellcheck disable=SC2086 # words
	$hold_as gpufds "$@" >/tmp/hold &
	# shellcheck disable=SC2034 # for the caller
	pid=$!
	wait_for 10 grep -q ready /tmp/hold || bail "gpufds $* does not get ready"
}

# node_of DRIVER N PREFIX: the device node, such as /dev/dri/renderD128, of its N-th device.
node_of() {
	for node_sys in /sys/class/drm/"$3"*; do
		case $(readlink -f "$node_sys/device") in
		*/"$1"."$2" | */"$1") ;;
		*) continue ;;
		esac
		wait_for 5 test -c "/dev/dri/${node_sys##*/}" && echo "/dev/dri/${node_sys##*/}"
		return
	done
}

# seen_by FINDER [COMMAND...]: the holders of one frame, of a gputop started by COMMAND; it is in /tmp/frame, and in
# /tmp/error what was wrong.
seen_by() {
	seen_finder=$1
	shift
	"$@" gputop --finder "$seen_finder" --once --json --all -d 0.1 >/tmp/frame 2>/tmp/error && seen_holders </tmp/frame
}

# seen_inside FINDER NODE: the same in a pid namespace of its own, where process 2 has NODE open.
seen_inside() {
	rm -f /tmp/inside
	# shellcheck disable=SC2016 # of the inner shell
	unshare -m -p -f --mount-proc sh -c 'gpufds "open=$2" >/tmp/inside &
		. /tests/lib.sh
		wait_for 10 grep -q ready /tmp/inside
		seen_by "$1"
		kill $!' inside "$@"
}

# without_descriptor: the processes named for clients that nobody has a descriptor of, in /tmp/frame.
without_descriptor() {
	jq -r '.clients[] | select(.holders == []).pid' /tmp/frame
}

# steady FINDER: processes looked into, texts read and system calls of a pass when it has seen the clients before.
steady() {
	gputop --finder "$1" --json --all -d 0.3 -n 4 | tail -n 1 |
		jq -r '.scan | "\(.processes) \(.reads) \(.syscalls | add)"'
}

# all_finders: those that gputop has, from its complaint about one that it has not: "... (auto, stat, name)".
all_finders() {
	gputop --finder none --once 2>&1 | sed -n 's/.*(auto, \(.*\))$/\1/p' | tr -d ,
}

# same_holders TITLE: a test point for each finder; skipped, with what it says, where it does not work.
same_holders() {
	same_want=$(true_holders)
	for same_finder in $(all_finders); do
		if same_got=$(seen_by "$same_finder"); then
			is "$same_got" "$same_want" "$1: $same_finder"
		else
			skip "$1: $same_finder" "$(head -n 1 /tmp/error)"
		fi
	done
}

# watch_begin SECONDS FRAMES [OPTION...]: gputop looks at all clients beside the test, and says a frame a line in
# /out/frames.json; the first knows no interval. Sets watch_pid. frames FILTER: what jq makes of all of them.
watch_begin() {
	watch_s=$1
	watch_n=$2
	shift 2
	: >/out/frames.json
	gputop --json --all -d "$watch_s" -n "$watch_n" "$@" >>/out/frames.json &
	watch_pid=$!
}

frames() {
	jq -rs "$1" /out/frames.json
}

# watch_end DESC: waits for the last frame; a test point. watch DESC SECONDS FRAMES [OPTION...]: from first to last.
watch_end() {
	wait "$watch_pid"
	is $? 0 "$1"
}

watch() {
	watch_desc=$1
	shift
	watch_begin "$@"
	watch_end "$watch_desc"
}

# at_frame NUMBER: waits until gputop has said so many. What happens in the midst of a watch waits for this, not
# for a time: an emulated machine may be slow to begin. frames_more NUMBER: so many from now on.
at_frame() {
	wait_for 60 frames_are "$1" || bail "frame $1 did not come"
}

frames_are() {
	[ "$(wc -l </out/frames.json)" -ge "$1" ]
}

frames_more() {
	at_frame $(($(wc -l </out/frames.json) + $1))
}

# mean VALUES [SLICE]: for jq, of what the filter VALUES makes of each of the frames where it is known; SLICE such as
# 1:4, all unless told. A frame counts as long as its interval was: a machine that stood still made one long and the
# next short.
mean() {
	echo "(.[${2:-0:}] | map(.interval_s as \$s | ($1) | numbers | {s: \$s, busy: (. * \$s)}) |
		(map(.busy) | add) / (map(.s) | add))"
}

# fresh_synthgpu [PARAM=VALUE...]: as `load synthgpu`, after what ran before.
fresh_synthgpu() {
	! loaded synthgpu || wait_for 10 unload synthgpu || bail "synthgpu does not unload"
	load synthgpu "$@" || bail "synthgpu does not load"
}

# What holds for a way of counting is proved for each: one device per style, all under the same load.
styles='ns cycles both maxfreq'

# fresh_styles: synthgpu.0 to 3, a style each.
fresh_styles() {
	fresh_synthgpu ndev=4 style=ns,cycles,both,maxfreq
}

# each_is FILTER WANT DESC, each_near FILTER WANT TOLERANCE DESC: a test point for each of those devices, of what jq
# makes of all frames where it is $gpu. jq takes long to begin on an emulated machine: it is asked once.
each_is() {
	each "$1" >/tmp/each
	for style in $styles; do
		read -r each_got
		is "$each_got" "$2" "$style, $3"
	done </tmp/each
}

each_near() {
	each "$1" >/tmp/each
	for style in $styles; do
		read -r each_got
		is_near "$each_got" "$2" "$3" "$style, $4"
	done </tmp/each
}

each() {
	# shellcheck disable=SC2086 # words
	frames "(range($(set -- $styles && echo $#)) | \"synthgpu.\\(.)\") as \$gpu | [$1] | map(tostring) | join(\" \")"
}

# load_styles OPTION...: a synthload on each of those devices; sets load_pids.
load_styles() {
	load_pids=
	for n in 0 1 2 3; do
		synthload --device $n --quiet "$@" &
		load_pids="$load_pids $!"
	done
}

# at_rest: nobody has done anything for a while, so that counters can be held against the truth to the last digit.
# Made for wait_for.
at_rest() {
	rest_before=$(true_engines 1000)
	sleep 0.3
	[ "$rest_before" = "$(true_engines 1000)" ]
}

# fault NAME VALUE: a switch of synthgpu, on all devices.
fault() {
	for fault_file in /sys/kernel/debug/synthgpu/[0-9]*/"$1"; do
		echo "$2" >"$fault_file"
	done
}

# stop PID...: ends what a test has started.
stop() {
	kill "$@" 2>/dev/null
	wait "$@"
}
