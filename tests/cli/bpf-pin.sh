#!/bin/sh
# SPDX-License-Identifier: MIT
# gputop-bpf-pin, in a mount namespace of its own.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
pin=${top_builddir:?}/gputop-bpf-pin

if [ ! -x "$pin" ]; then
	echo "1..0 # SKIP built without BPF"
	exit 0
fi
if [ -z "${PIN_TEST:-}" ] && ! "$gputop" --doctor | grep -q '^  ok       bpf works'; then
	echo "1..0 # SKIP finder bpf does not work here: $("$gputop" --doctor | grep '  bpf does not')"
	exit 0
fi
if [ -z "${PIN_TEST:-}" ]; then
	rm -rf "$tmp"
	PIN_TEST=1 exec unshare -m "$0"
fi
# whose nobody is not
group=12345
member="setpriv --reuid 65534 --regid 65534 --groups $group"
stranger="setpriv --reuid 65534 --regid 65534 --clear-groups"
chmod 755 "$tmp"
mkdir "$tmp/pins"

pinned() {
	"$pin" -g $group -d "$tmp/pins" &&
		[ "$(stat -c '%a %u %g' "$tmp/pins" "$tmp/pins/tasks-1" "$tmp/pins/files-1")" = "750 0 $group
440 0 $group
440 0 $group" ] || { stat -c '%a %u %g' "$tmp/pins" "$tmp/pins/"*; return 1; }
}
ok "pins for a group" pinned

# the walks end with a record of no process: how many descriptors and processes there were
reads() {
	for walk in tasks-1 files-1; do
		n=$($member tail -c 24 "$tmp/pins/$walk" | od -An -tu8 -N8 | tr -d ' ')
		[ "${n:-0}" -gt 0 ] || { echo "$walk: $n descriptors"; return 1; }
	done
}
ok "a member of it reads the walks" reads

closed() {
	! $stranger cat "$tmp/pins/tasks-1" && ! $stranger ls "$tmp/pins" && ! $member sh -c "echo >$tmp/pins/tasks-1"
}
ok "nobody else does, and nobody writes" closed

again() {
	$member sleep 60 <"$tmp/pins/tasks-1" &
	holder=$!
	"$pin" -g $group -d "$tmp/pins" && reads
	code=$?
	kill $holder
	wait
	return $code
}
ok "pins anew while somebody looks" again

removed() {
	"$pin" -r -d "$tmp/pins" && [ ! -e "$tmp/pins" ] && "$pin" -r -d "$tmp/pins"
}
ok "takes all back, twice if need be" removed

foreign() {
	mkdir "$tmp/bpffs" && mount -t bpf none "$tmp/bpffs" && mkdir "$tmp/bpffs/theirs" || return 1
	for option in -r -g$group; do
		said=$("$pin" "$option" -d "$tmp/bpffs" 2>&1) && return 1
		[ "$said" = "gputop-bpf-pin: $tmp/bpffs: a bpffs that is not ours" ] || { echo "$said"; return 1; }
	done
	[ -d "$tmp/bpffs/theirs" ] && umount "$tmp/bpffs"
}
ok "leaves a bpffs of somebody else alone" foreign

wrong() {
	said=$("$pin" -g no-such-group -d "$tmp/pins" 2>&1) && return 1
	[ "$said" = "gputop-bpf-pin: there is no group 'no-such-group' (see -g)" ] && ! "$pin" -x 2>/dev/null &&
		! "$pin" -g $group -d "$tmp/no/such" 2>/dev/null && "$pin" -h | grep -q '^usage:'
}
ok "mistakes are told" wrong

unprivileged() {
	cp "$pin" "$tmp/pin" && chmod 755 "$tmp/pin"
	said=$($stranger "$tmp/pin" -g $group -d "$tmp/pins" 2>&1) && return 1
	[ "$said" = "pin: CAP_BPF and CAP_PERFMON are missing" ] || { echo "$said"; return 1; }
}
ok "who may not load programs is told so" unprivileged
end
