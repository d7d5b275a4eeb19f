#!/bin/sh
# SPDX-License-Identifier: MIT
# A recording as a picture.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

# read_svg FILE: its texts, a line each, then how many curves there are; fails if it is no XML.
read_svg() {
	/usr/bin/python3 -c '
import sys, xml.dom.minidom
d = xml.dom.minidom.parse(sys.argv[1])
assert d.documentElement.tagName == "svg"
for t in d.getElementsByTagName("text"):
    print("".join(n.data for n in t.childNodes))
print("curves", sum(p.getAttribute("fill") == "none" for p in d.getElementsByTagName("path")))
' "$1"
}

pictures() {
	"$gputop" plot "$demo" --svg "$tmp/demo.svg" && read_svg "$tmp/demo.svg" >"$tmp/texts" || return 1
	for text in '0000:08:00.0 amdgpu: engines' '0000:08:00.0 amdgpu: memory in use' gfx vram \
		'Clients: use of engines, those that used most' '100%' '0:30'; do
		grep -qx "$text" "$tmp/texts" || { echo "no '$text'"; cat "$tmp/texts"; return 1; }
	done
}
ok "shows devices, their engines and memory, and clients" pictures

units() {
	export GPUTOPRC="$tmp/rc"
	echo 'units = bytes' >"$GPUTOPRC"
	"$gputop" plot "$demo" --svg "$tmp/bytes.svg" && read_svg "$tmp/bytes.svg" | grep -qxE '[0-9]{10,}' &&
		"$gputop" plot "$demo" --units decimal --svg - >"$tmp/decimal.svg" && read_svg "$tmp/decimal.svg" | grep -qx '[0-9.]*GB' ||
		return 1
	echo 'units = none' >"$GPUTOPRC"
	"$gputop" plot "$demo" --svg - 2>"$tmp/said" >"$tmp/usual.svg" && grep -q "rc:1: .*'none'.*ignored" "$tmp/said" &&
		read_svg "$tmp/usual.svg" | grep -qx '[0-9.]*G'
}
ok "memory is in the units that were set up, or asked for" units
export GPUTOPRC="$tmp/gputoprc"

most() {
	"$gputop" plot "$demo" --clients 1 --svg - >"$tmp/one.svg" && read_svg "$tmp/one.svg" >"$tmp/texts" &&
		grep -c blender "$tmp/texts" | grep -qx 2 || return 1
	"$gputop" plot - --clients 0 --svg "$tmp/none.svg" <"$demo" && read_svg "$tmp/none.svg" >"$tmp/texts" &&
		! grep -E 'blender|Clients' "$tmp/texts"
}
ok "of clients those that used most, as many as asked for" most

# frame N SECONDS ENGINE_SECONDS: a client with a name that means harm, once in a while unknown.
frame() {
	printf 'gputop-device:\tgpu\ngputop-device-driver:\tx<y\n\n'
	[ -z "$2" ] || printf 'gputop-pid:\t7\ngputop-gpu:\tgpu\ngputop-fds:\t3\ngputop-time:\t%s000000000 ns\ngputop-comm:\t%s\ndrm-driver:\tx<y\ndrm-client-id:\t1\ndrm-engine-a&b:\t%s00000000 ns\n\n' \
		"$1" '</text>&\001\377\357\277\277"' "$2"
	printf 'gputop-frame:\t%s\ngputop-time:\t%s000000000 ns\ngputop-clock:\t1767323045000000000 ns\ngputop-host:\thost\n\n' "$1" "$1"
}

hostile() {
	{ printf 'gputop-protocol:\t1\n\n'; frame 1 0; frame 2 5; frame 3 10; } >"$tmp/hostile"
	"$gputop" plot "$tmp/hostile" --svg "$tmp/hostile.svg" && read_svg "$tmp/hostile.svg" >"$tmp/texts" &&
		grep -qx 'gpu x<y: engines' "$tmp/texts" && grep -qx 'a&b' "$tmp/texts" &&
		grep -qF '7 </text>&' "$tmp/texts"
}
ok "no name can leave its place" hostile

# The engine's share is 50 % of second 2 and of second 5, unknown between.
gap() {
	{ printf 'gputop-protocol:\t1\n\n'; frame 1 0; frame 2 5; frame 3 ''; frame 4 ''; frame 5 5; frame 6 10; } >"$tmp/gap"
	"$gputop" plot "$tmp/gap" --clients 0 --svg "$tmp/gap.svg" &&
		grep 'stroke-linecap' "$tmp/gap.svg" | grep -o ' d=".*"' | tr -cd ML | grep -qx MM
}
ok "what is unknown is a gap" gap

cut_off() {
	{ cat "$demo" && head -c 5000 /dev/urandom; } >"$tmp/cut"
	"$gputop" plot "$tmp/cut" --svg "$tmp/cut.svg" 2>"$tmp/said" && return 1
	grep -q 'corrupt after frame' "$tmp/said" && read_svg "$tmp/cut.svg" | grep -q gfx
}
ok "a recording that is corrupt is plotted up to there, and that is said" cut_off

onto_itself() {
	cp "$demo" "$tmp/own" && ln -s own "$tmp/own-link" || return 1
	for to in own own-link; do
		fails 1 "--svg $tmp/$to: this is the recording that is plotted" plot "$tmp/own" --svg "$tmp/$to" || return 1
	done
	cmp "$demo" "$tmp/own"
}
ok "a picture does not take the place of its recording" onto_itself

ok "wants both files" fails 2 'plot wants a RECORDING and --svg FILE (see plot -h)' plot "$demo"
ok "a recording that is none" fails 1 "/dev/null: not a recording of gputop" plot /dev/null --svg "$tmp/x.svg"
ok "a number of clients" fails 2 "--clients: 'many' is not a number from 0 to 28" plot x --clients many --svg x
ok "units that are none" fails 2 "--units: no such units 'miles' (binary, decimal, bytes)" plot x --units miles --svg x
ok "a picture that cannot be written" fails 1 "--svg /nowhere/x: No such file or directory" plot "$demo" --svg /nowhere/x
end
