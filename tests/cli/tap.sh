# shellcheck shell=sh disable=SC2034 # used by those who source it
# SPDX-License-Identifier: MIT
# What the tests of the program share: TAP, a scratch directory, the program and its demo. Sourced.
set -u
gputop=${top_builddir:?}/gputop
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
export GPUTOP_DATADIR="$tmp" GPUTOPRC="$tmp/gputoprc" TZ=UTC LC_ALL=C.UTF-8
unset NO_COLOR
demo=$tmp/demo.gputop
awk -f "${top_srcdir:?}/tests/cli/make-demo.awk" >"$demo"
tests=0

# ok NAME COMMAND...: the command must succeed; what it prints is shown if not.
ok() {
	name=$1
	shift
	tests=$((tests + 1))
	if "$@" >"$tmp/ok.log" 2>&1; then
		echo "ok $tests - $name"
	else
		echo "not ok $tests - $name"
		head -n 20 "$tmp/ok.log" | sed 's/^/# /'
	fi
}

skip() {
	tests=$((tests + 1))
	echo "ok $tests - $1 # SKIP $2"
}

end() {
	echo "1..$tests"
}

# fails CODE MESSAGE ARGS...: gputop ARGS exits with CODE and says just MESSAGE.
fails() {
	code=$1 message=$2
	shift 2
	got=0
	said=$("$gputop" "$@" 2>&1 >/dev/null </dev/null) || got=$?
	[ "$got" = "$code" ] && [ "$said" = "gputop: $message" ] || {
		printf 'exit %s, said: %s\nwanted %s: %s\n' "$got" "$said" "$code" "gputop: $message"
		return 1
	}
}

# same FILE FILE
same() {
	diff -u "$1" "$2"
}
