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

# watch SECONDS FRAMES [OPTION...]: what gputop sees of all clients, a frame a line, in /out/frames.json. The
# first knows no interval. frames FILTER: what jq makes of all of them.
watch() {
	watch_s=$1
	watch_n=$2
	shift 2
	gputop --json --all -d "$watch_s" -n "$watch_n" "$@" >/out/watched.json
	watch_status=$?
	mv /out/watched.json /out/frames.json
	return $watch_status
}

frames() {
	jq -rs "$1" /out/frames.json
}

# at_frame NUMBER: waits until `watch`, which runs beside it or soon will, has said so many. What happens in
# the midst of a watch waits for this, not for a time: an emulated machine may be slow to begin.
at_frame() {
	wait_for 60 watched "$1" || bail "frame $1 did not come"
}

watched() {
	[ -e /out/watched.json ] && [ "$(wc -l </out/watched.json)" -ge "$1" ]
}

# mean VALUES FRAMES: of what the filter VALUES makes of each of the frames where it is known; FRAMES is a slice
# such as 1:4, all unless told. A frame counts as long as its interval was: a machine that stood still made one
# long and the next short.
mean() {
	frames ".[${2:-0:}] | map(.interval_s as \$s | ($1) | numbers | {s: \$s, busy: (. * \$s)}) |
		(map(.busy) | add) / (map(.s) | add)"
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

# for_styles COMMAND...: with n, style and gpu set to what they are of each device.
# shellcheck disable=SC2034 # for the command
for_styles() {
	n=0
	for style in $styles; do
		gpu=synthgpu.$n
		"$@"
		n=$((n + 1))
	done
}

# load_styles OPTION...: a synthload on each of those devices; sets load_pids.
load_styles() {
	load_pids=
	for n in 0 1 2 3; do
		synthload --device $n --quiet "$@" &
		load_pids="$load_pids $!"
	done
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
