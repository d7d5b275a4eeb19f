#!/bin/sh
# SPDX-License-Identifier: MIT
# Recordings: what was recorded is what is replayed, in every report.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

frames=$(grep -c '^gputop-frame:' "$demo")

every_frame() {
	[ "$("$gputop" --demo --json | wc -l)" = "$frames" ] &&
		[ "$("$gputop" --demo --report raw | grep -c '^gputop-frame:')" = "$frames" ]
}
ok "a recording is played to its end" every_frame

bundled() {
	recording=$top_srcdir/contrib/demo.gputop
	n=$(GPUTOP_DATADIR=$top_srcdir/contrib "$gputop" --demo --json | wc -l)
	[ "$n" -gt 30 ] && [ "$n" = "$(grep -c '^gputop-frame:' "$recording")" ]
}
ok "so is the one that gputop brings along" bundled

round_trip() {
	"$gputop" --demo --all --json --record "$tmp/a" >"$tmp/a.json" &&
		"$gputop" --replay "$tmp/a" --all --json >"$tmp/b.json" &&
		[ -s "$tmp/a.json" ] && same "$tmp/a.json" "$tmp/b.json"
}
ok "a recording of a recording says the same" round_trip

unfiltered() {
	"$gputop" --demo -b -p 1 --record "$tmp/c" >/dev/null && same "$tmp/a" "$tmp/c"
}
ok "what is shown does not limit what is recorded" unfiltered

pipes() {
	"$gputop" --demo --record - | "$gputop" --replay - --all --json >"$tmp/b.json" &&
		same "$tmp/a.json" "$tmp/b.json"
}
ok "a recording goes through a pipe" pipes

ok "a recording is for who made it" test "$(umask 022 && "$gputop" --demo --once --record "$tmp/mine" >/dev/null && stat -c %a "$tmp/mine")" = 600

onto_itself() {
	ln -s a "$tmp/link"
	cp "$tmp/a" "$tmp/before"
	for to in "$tmp/a" "$tmp/link"; do
		fails 1 "--record $to: this is the recording that is replayed" -b --replay "$tmp/a" --record "$to" || return 1
	done
	# shellcheck disable=SC2094 # that is what must not go well
	"$gputop" -b --replay - --record "$tmp/a" <"$tmp/a" 2>/dev/null && return 1
	same "$tmp/a" "$tmp/before" && "$gputop" -b --demo --once --record "$tmp/link" >/dev/null &&
		[ "$(wc -c <"$tmp/a")" -lt "$(wc -c <"$tmp/before")" ] && mv "$tmp/before" "$tmp/a"
}
ok "a recording is not recorded onto itself, another is overwritten" onto_itself

cut_short() {
	size=$(wc -c <"$tmp/a")
	head -c $((size * 2 / 3)) "$tmp/a" >"$tmp/cut"
	whole=$(grep -c '^gputop-frame:' "$tmp/cut")
	"$gputop" --replay "$tmp/cut" --all --json >"$tmp/b.json" || return 1
	n=$(wc -l <"$tmp/b.json")
	[ "$n" -ge $((whole - 1)) ] && [ "$n" -le "$whole" ] && [ "$n" -gt 10 ] || { echo "$n of $whole"; return 1; }
	head -n "$n" "$tmp/a.json" >"$tmp/a.head"
	same "$tmp/a.head" "$tmp/b.json"
}
ok "a recording that was cut is played up to the cut" cut_short

corrupt() {
	cp "$tmp/a" "$tmp/bad"
	head -c 5000 /dev/urandom >>"$tmp/bad"
	"$gputop" --replay "$tmp/bad" --all --json >"$tmp/b.json" 2>"$tmp/err"
	[ $? = 1 ] && same "$tmp/a.json" "$tmp/b.json" &&
		grep -qx "gputop: $tmp/bad: corrupt after frame $frames" "$tmp/err"
}
ok "a recording with noise at its end is played up to it, and the end is said" corrupt

once() {
	[ "$("$gputop" --demo --once --json | wc -l)" = 1 ] &&
		"$gputop" --demo --once --json | grep -q '"interval_s":1' &&
		[ "$("$gputop" --demo -n 3 --json | wc -l)" = 3 ]
}
ok "--once is the second pass; -n counts frames" once

for_programs() {
	[ "$("$gputop" --demo --once -b | grep -c glxgears)" = 0 ] && "$gputop" --demo --once --all | grep -q glxgears &&
		[ "$("$gputop" --demo --once --json | jq '.clients | length')" = 7 ] &&
		"$gputop" --demo --once --csv | grep -q glxgears
}
ok "text leaves out who is idle, reports for programs do not" for_programs

paced() {
	start=$(date +%s%N)
	"$gputop" --demo -n 4 --json -d 0.2 >/dev/null
	took=$((($(date +%s%N) - start) / 1000000))
	[ "$took" -ge 600 ] && [ "$took" -lt 5000 ] || { echo "$took ms"; return 1; }
}
ok "-d sets the pace of a replay" paced

filters() {
	"$gputop" --demo --once --csv --all -u alice -o user | tail -n +2 | grep -v ',alice$' && return 1
	"$gputop" --demo --once --csv --all -p 812,2210 -o pid | tail -n +2 | cut -d, -f2 | sort | tr '\n' ' ' |
		grep -qx '2210 812 ' || return 1
	"$gputop" --demo --once --csv --all --gpu xe -o driver | tail -n +2 | sort -u | grep -v ',xe$' && return 1
	"$gputop" --demo --once --csv --all --sort pid -o pid | tail -n +2 | cut -d, -f2 >"$tmp/down"
	"$gputop" --demo --once --csv --all --sort -pid -o pid | tail -n +2 | cut -d, -f2 >"$tmp/up"
	sort -n "$tmp/up" | same - "$tmp/up" && sort -rn "$tmp/up" | same - "$tmp/down" && [ -s "$tmp/up" ]
}
ok "clients are chosen and sorted" filters

expressions() {
	"$gputop" --demo --once --csv --all --filter 'user=alice and not firefox' -o pid,user >"$tmp/csv"
	tail -n +2 "$tmp/csv" | cut -d, -f2- | sort | tr '\n' ' ' | grep -qx '2210,alice 3600,alice ' || return 1
	[ "$("$gputop" --demo --once --json --filter 'rcs>5% or vram>1G' | jq '[.clients[].pid] | sort | tostring')" = \
		'"[2210,3001,3444]"' ]
}
ok "expressions filter reports" expressions

absent() {
	filter='user=alice and (rcs<0% or render>10%)'
	said="no client has an engine or region 'render'; there are: rcs, vcs, vecs, bcs, ccs, gtt, vram0"
	for report in --json --csv -b; do
		"$gputop" --demo --once $report --gpu xe --filter "$filter" 2>"$tmp/err" >"$tmp/out" &&
			[ "$(wc -l <"$tmp/err")" = 1 ] && grep -qF "gputop: $said" "$tmp/err" || return 1
	done
	tr -s '\n ' ' ' <"$tmp/out" | grep -qF "filter $filter: $said." || return 1
	# something fits, the names are there, or nobody waits for the one answer
	"$gputop" --demo --once --csv --filter 'user=alice or npu>10%' 2>"$tmp/err" >"$tmp/out" &&
		"$gputop" --demo --once --csv --filter 'rcs>1000%' 2>>"$tmp/err" >>"$tmp/out" &&
		"$gputop" --demo --csv --filter 'npu>10%' 2>>"$tmp/err" >>"$tmp/out" && [ ! -s "$tmp/err" ]
}
ok "a filter for what is not there is told from one that nothing fits" absent

# The last columns of the rows.
rows() {
	"$gputop" --demo --once --all -w 200 -b "$@" | sed '1,/COMMAND$/d'
}

groups() {
	rows --group user --sort user -o user,pid,fds,cmdline >"$tmp/rows"
	[ "$(wc -l <"$tmp/rows")" = 4 ] && grep -qE '^999 +3444 +1 python3' "$tmp/rows" &&
		grep -qE '^alice +- +3 3 clients: firefox, mpv, code' "$tmp/rows"
}
ok "rows are groups where that is asked for" groups

tree() {
	LC_ALL=C rows --tree --sort -pid -o cmdline >"$tmp/rows"
	cat >"$tmp/tree" <<-'EOF'
		/usr/lib/xorg/Xorg -core :0 -seat seat0
		|- /usr/lib/firefox/firefox
		|- mpv --hwdec=vaapi --fs holiday.mkv
		`- /usr/share/code/code --type=gpu-process
		blender -b scene.blend -a
		python3 -m vllm.entrypoints.api_server --model m
		glxgears
	EOF
	same "$tmp/rows" "$tmp/tree"
}
ok "processes are a tree where that is asked for" tree

text() {
	"$gputop" --demo --once -w 100 >"$tmp/text"
	grep -q 'DEMO' "$tmp/text" && grep -q 'blender -b scene' "$tmp/text" &&
		! grep -q "$(printf '\033')" "$tmp/text" && ! grep -qE '^.{101}' "$tmp/text"
}
ok "-b is plain text of the width asked for" text

ascii() {
	LC_ALL=C "$gputop" --demo --once >"$tmp/text"
	! LC_ALL=C grep -q '[^ -~]' "$tmp/text" && grep -q '\[|||' "$tmp/text"
}
ok "without UTF-8 it is ASCII" ascii

gpus() {
	"$gputop" --demo -L >"$tmp/gpus"
	[ "$(wc -l <"$tmp/gpus")" = 3 ] && grep -q '^0000:03:00.0 *xe *card1,renderD129 *awake *Intel' "$tmp/gpus"
}
ok "-L lists the devices" gpus

hostile() {
	printf 'gputop-protocol:\t1\n\ngputop-device:\tg\\033[31m\ngputop-device-name:\tn\\033]0;x\\a\n\n' >"$tmp/evil"
	for f in 1 2; do
		printf 'gputop-pid:\t7\ngputop-comm:\tc\\n\\033[2J\ngputop-cmdline:\ta\\033[2J\\nb\377\ngputop-user:\tu\\t,"\n'
		printf 'gputop-gpu:\tg\\033[31m\ngputop-fds:\t3\ngputop-time:\t%d000000000 ns\n' $f
		printf 'drm-driver:\tx\ndrm-client-id:\t1\ndrm-engine-e:\t%d00000000 ns\n\n' $f
		printf 'gputop-frame:\t%d\ngputop-time:\t%d000000000 ns\n\n' $f $f
	done >>"$tmp/evil"
	for report in -b -L "--csv -o comm,cmdline,user" --json; do
		# shellcheck disable=SC2086 # options
		"$gputop" --replay "$tmp/evil" --all $report >"$tmp/out" || return 1
		[ -s "$tmp/out" ] || return 1
		LC_ALL=C grep -q "$(printf '[\033\a\b\r]')" "$tmp/out" && return 1
	done
	"$gputop" --replay "$tmp/evil" --all --once -b | grep -q 'a?\[2J?b?'
}
ok "hostile names reach no output as they are" hostile
end
