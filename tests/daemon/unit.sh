#!/bin/sh
# SPDX-License-Identifier: MIT
# The service, socket and sysusers files, by systemd's own judgement.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

exposure() {
	sed 's|^ExecStart=.*|ExecStart=/bin/true|' "${top_builddir:?}/contrib/systemd/gputopd.service" >"$tmp/gputopd.service"
	systemd-analyze security --offline=true --threshold=15 --no-pager "$tmp/gputopd.service" >"$tmp/said" && return
	tail -n 1 "$tmp/said"
	return 1
}

verify() {
	cp "$top_srcdir/contrib/systemd/gputopd.socket" "$tmp"
	systemd-analyze verify --man=no "$tmp/gputopd.service" "$tmp/gputopd.socket" >"$tmp/said" 2>&1
	code=$?
	cat "$tmp/said"
	[ $code = 0 ] && ! grep -q gputopd "$tmp/said"
}

users() {
	mkdir -p "$tmp/root/etc"
	systemd-sysusers --root="$tmp/root" "$top_srcdir/contrib/systemd/sysusers.d/gputop.conf" &&
		grep -q '^gputop:' "$tmp/root/etc/group"
}

example() {
	"${top_builddir:?}/gputopd" --config "$top_srcdir/contrib/systemd/gputopd.conf" --check-config
}

ok "the example configuration is fine" example
if command -v systemd-analyze >/dev/null && systemd-analyze security --help | grep -q -- --threshold; then
	ok "the service's exposure is 1.5 at most" exposure
	ok "service and socket are what systemd understands" verify
else
	skip "the service as systemd sees it" "no systemd-analyze with a threshold"
fi
if [ "$(id -u)" = 0 ] && command -v systemd-sysusers >/dev/null; then
	ok "sysusers makes the group" users
else
	skip "sysusers makes the group" "needs root and systemd"
fi
end
