#!/bin/sh
# SPDX-License-Identifier: MIT
# The service, socket and sysusers files, by systemd's own judgement.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"

# As they would be installed, but for the programs, which are not.
services=
for service in gputopd gputop-exporter gputop-bpf-pin; do
	made=${top_builddir:?}/contrib/systemd/$service.service
	[ ! -f "$made" ] || {
		services="$services $tmp/$service.service"
		sed 's|^\(Exec[^=]*\)=/[^ ]*/[^ ]*gputop[^ ]*|\1=/bin/true|' "$made" >"$tmp/$service.service"
	}
done

exposure() {
	for service in $services; do
		# that one runs once and is gone, and needs what others go without
		[ "$service" = "$tmp/gputop-bpf-pin.service" ] && continue
		systemd-analyze security --offline=true --threshold=15 --no-pager "$service" >"$tmp/said" && continue
		tail -n 1 "$tmp/said"
		return 1
	done
}

# shellcheck disable=SC2086 # a list of files
verify() {
	cp "$top_srcdir/contrib/systemd/gputopd.socket" "$tmp"
	systemd-analyze verify --man=no $services "$tmp/gputopd.socket" >"$tmp/said" 2>&1
	code=$?
	cat "$tmp/said"
	[ $code = 0 ] && ! grep -q gputop "$tmp/said"
}

users() {
	mkdir -p "$tmp/root/etc"
	systemd-sysusers --root="$tmp/root" "$top_srcdir/contrib/systemd/sysusers.d/gputop.conf" &&
		grep -q '^gputop:' "$tmp/root/etc/group" && grep -q '^render:.*gputop' "$tmp/root/etc/group"
}

example() {
	"${top_builddir:?}/gputopd" --config "$top_srcdir/contrib/systemd/gputopd.conf" --check-config
}

ok "the example configuration is fine" example
if command -v systemd-analyze >/dev/null && systemd-analyze security --help | grep -q -- --threshold; then
	ok "the services' exposure is 1.5 at most" exposure
	ok "services and socket are what systemd understands" verify
else
	skip "the services as systemd sees it" "no systemd-analyze with a threshold"
fi
if [ "$(id -u)" = 0 ] && command -v systemd-sysusers >/dev/null; then
	ok "sysusers makes the group" users
else
	skip "sysusers makes the group" "needs root and systemd"
fi
end
