# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# Proof 3: all finders give the same holders, on a crowded machine too.
# limit: 180
. /tests/lib.sh
need gputop synthgpu synthload

load synthgpu || bail "synthgpu does not load"
load gputop_proc || diag "no gputop_proc: finder procgpu will be skipped"

# The finders that gputop has, from its complaint about one that it has not: "... (auto, stat, name)".
finders=$(gputop --finder none --once 2>&1 | sed -n 's/.*(auto, \(.*\))$/\1/p' | tr -d ,)
ok "there are several finders: $finders" test "$(echo "$finders" | wc -w)" -ge 3

# same_holders TITLE: of every finder that works on this kernel.
same_holders() {
	want=$(true_holders)
	for finder in $finders; do
		if gputop --finder "$finder" --once --json --all -d 0.1 >/tmp/frame 2>/tmp/error; then
			is "$(seen_holders </tmp/frame)" "$want" "$1: $finder"
		else
			skip "$1: $finder" "$(head -n 1 /tmp/error)"
		fi
	done
}

# A crowd of processes of 40 descriptors: 550 with 20 clients, then 600 with 200.
for crowd in "550 20" "600 200"; do
	crowd "${crowd% *}" 40 "${crowd#* }" /dev/dri/renderD128 >/tmp/ready &
	crowd_pid=$!
	synthload --fork 2 --dup 1 --pass-fd --busy 20% --quiet &
	load_pid=$!
	wait_for 60 grep -q ready /tmp/ready || bail "the crowd did not come"
	sleep 0.5
	is "$(true_holders | cut -d ' ' -f 1 | sort -u | wc -l)" $((${crowd#* } + 1)) \
		"${crowd% *} processes, ${crowd#* } clients and one that is shared"
	same_holders "${crowd#* } clients"
	stop $crowd_pid $load_pid
	rm /tmp/ready
done
done_testing
