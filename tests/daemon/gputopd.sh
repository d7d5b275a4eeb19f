#!/bin/sh
# SPDX-License-Identifier: MIT
# gputopd from outside: a made-up procfs, files, viewers, signals.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
gputopd=${top_builddir:?}/gputopd
chmod 755 "$tmp"
daemon=
trap '[ -z "$daemon" ] || kill "$daemon" 2>/dev/null; rm -rf "$tmp"' EXIT

# process PID NAME UID ENGINE-NS: with a client on descriptor 5.
process() {
	mkdir -p "$tmp/proc/$1/fd" "$tmp/proc/$1/fdinfo"
	ln -sf /dev/null "$tmp/proc/$1/fd/5"
	{
		printf 'pos:\t0\nflags:\t02\ndrm-driver:\tfake\ndrm-pdev:\t0000:01:00.0\ndrm-client-id:\t%s\n' "$1"
		printf 'drm-engine-gfx:\t%s ns\ndrm-resident-vram:\t2 MiB\n' "$4"
	} >"$tmp/fdinfo" && mv "$tmp/fdinfo" "$tmp/proc/$1/fdinfo/5"
	printf '%s (%s) S 1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 77 0 0\n' "$1" "$2" >"$tmp/proc/$1/stat"
	printf 'Name:\t%s\nUid:\t%s\t%s\t%s\t%s\n' "$2" "$3" "$3" "$3" "$3" >"$tmp/proc/$1/status"
	printf '%s\0' "$2" >"$tmp/proc/$1/cmdline"
	printf '0::/x.service\n' >"$tmp/proc/$1/cgroup"
}
process 10 secret 0 1000
process 11 owned 65534 2000
mkdir "$tmp/sys" "$tmp/out"

# configure LINES...: more of them override.
configure() {
	{
		printf '[gputopd]\ninterval = 0.1\nproc = %s/proc\nsys = %s/sys\nmajor = 1\n' "$tmp" "$tmp"
		printf '[socket]\npath = %s/sock\nmax_viewers = 20\ntimeout = 10\n' "$tmp"
		printf '[textfile]\nfile = %s/out/g.prom\n[json]\nfile = %s/out/h.json\ninterval = 0.1\n' "$tmp" "$tmp"
		printf '[csv]\nfile = %s/out/h.csv\ninterval = 0.1\nfields = pid,busy,comm\n' "$tmp"
		[ $# = 0 ] || printf '%s\n' "$@"
	} >"$tmp/conf"
}

# within CONDITION...: true soon, or on a machine with much else to do a little later.
within() {
	tries=300
	while [ $tries -gt 0 ]; do
		"$@" >/dev/null 2>&1 && return 0
		sleep 0.1
		tries=$((tries - 1))
	done
	echo "not within 30 s: $*"
	cat "$tmp/log"
	return 1
}

# start [LOG]
start() {
	started=$(date +%s)
	"$gputopd" --config "$tmp/conf" 2>"${1:-$tmp/log}" &
	daemon=$!
	within test -S "$tmp/sock"
}

stop() {
	kill "$daemon" && wait "$daemon"
	code=$?
	daemon=
	[ $code = 0 ] || { cat "$tmp/log"; return 1; }
}

lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# Files, what is named there, options: all at once, and nothing is started.
check() {
	configure 'nonsense' '[json]' 'file = relative' '[socket]' 'group = no-such-group'
	n=$(wc -l <"$tmp/conf")
	mkdir "$tmp/conf.d"
	printf '[csv]\nfile = %s/out/g.prom\nidle = perhaps\n' "$tmp" >"$tmp/conf.d/1.conf"
	"$gputopd" --config "$tmp/conf" --socket-group no-group-either --check-config 2>"$tmp/err"
	code=$?
	rm -r "$tmp/conf.d"
	cat >"$tmp/expected" <<-END
		gputopd: $tmp/conf:$((n - 4)): not name = value
		gputopd: $tmp/conf:$((n - 2)): json.file: 'relative' is not an absolute path
		gputopd: $tmp/conf:$n: socket.group: there is no group 'no-such-group'
		gputopd: $tmp/conf.d/1.conf:3: csv.idle: 'perhaps' is neither yes nor no
		gputopd: --socket-group: there is no group 'no-group-either'
		gputopd: textfile.file and csv.file are the same file: $tmp/out/g.prom
	END
	[ $code = 1 ] && diff "$tmp/expected" "$tmp/err" && configure &&
		"$gputopd" --config "$tmp/conf" --check-config && [ ! -e "$tmp/sock" ]
}
ok "--check-config says everything that is wrong" check

configure
files() {
	start && within lines "$tmp/out/h.json" 3 && within lines "$tmp/out/h.csv" 4 &&
		[ "$(head -n 1 "$tmp/out/h.csv")" = time,pid,busy:gfx,comm ] &&
		head -n 1 "$tmp/out/h.json" | grep -q '^{"schema":"gputop/1"' &&
		grep -q '^gputop_engine_busy_seconds_total' "$tmp/out/g.prom" &&
		[ "$(stat -c %a "$tmp/out/g.prom" "$tmp/out/h.json" | tr '\n' ' ')" = '644 640 ' ]
}
ok "metrics, JSON and CSV are written" files

alone() {
	"$gputopd" --config "$tmp/conf" 2>"$tmp/err" && return 1
	grep -qx "gputopd: $tmp/sock: another gputopd listens there" "$tmp/err"
}
ok "one socket, one daemon" alone

no_socket() {
	echo precious >"$tmp/file"
	for path in "$tmp/file" "$tmp/out"; do
		configure '[socket]' "path = $path"
		"$gputopd" --config "$tmp/conf" 2>"$tmp/err" && return 1
		grep -qx "gputopd: $path: File exists" "$tmp/err" || { cat "$tmp/err"; return 1; }
	done
	configure
	[ "$(cat "$tmp/file")" = precious ]
}
ok "a file that is no socket is not replaced" no_socket

viewers() {
	/usr/bin/python3 "$top_srcdir/tests/daemon/viewers.py" "$tmp/sock" "$@"
}
for what in refused pace crowd; do
	ok "viewers: $what" viewers $what
done
if [ "$(id -u)" = 0 ]; then
	for what in own share; do
		ok "viewers: $what" viewers $what
	done
else
	skip "viewers see what they may" "needs root"
fi

attached() {
	"$gputop" --source "$tmp/sock" --all --csv -n 3 -o pid,comm | grep -q ',10,secret$' &&
		fails 1 "$tmp/nothing: No such file or directory" --source "$tmp/nothing" -b
}
ok "gputop --source shows what the daemon sees" attached

bad_reload() {
	configure '[json]' 'file = relative'
	kill -HUP "$daemon"
	within grep -q "$tmp/conf:[0-9]*: json.file: 'relative' is not an absolute path" "$tmp/log" &&
		within grep -q '^gputop_config_last_reload_successful 0' "$tmp/out/g.prom" || return 1
	n=$(wc -l <"$tmp/out/h.json")
	within lines "$tmp/out/h.json" $((n + 2))
}
ok "a bad configuration leaves the one before in force" bad_reload

good_reload() {
	configure '[json]' "file = $tmp/out/new.json"
	mv "$tmp/out/h.csv" "$tmp/out/moved.csv"
	kill -HUP "$daemon"
	within lines "$tmp/out/new.json" 2 && within lines "$tmp/out/h.csv" 3 &&
		[ "$(head -n 1 "$tmp/out/h.csv")" = time,pid,busy:gfx,comm ]
}
ok "a reload changes files, and opens anew those that were moved" good_reload

# count N TEXT: so many lines of the log have it.
count() {
	[ "$(grep -c "$2" "$tmp/log")" = "$1" ]
}

needs_restart() {
	n=$(grep -c 'configuration reloaded' "$tmp/log")
	configure '[gputopd]' 'finder = stat' '[json]' "file = $tmp/out/new.json"
	for times in 1 2; do
		kill -HUP "$daemon"
		within count $((n + times)) 'configuration reloaded' && count $times "'finder' changes with a restart only" || return 1
	done
	configure '[json]' "file = $tmp/out/new.json"
	kill -HUP "$daemon"
	within count $((n + 3)) 'configuration reloaded' && count 2 'changes with a restart only'
}
ok "what changes with a restart only is said at each reload until then" needs_restart

directory_gone() {
	mv "$tmp/out" "$tmp/away"
	within count 3 'No such file or directory' || return 1
	sleep 0.5
	count 3 'No such file or directory' || { cat "$tmp/log"; return 1; }
	n=$(wc -l <"$tmp/away/new.json")
	mv "$tmp/away" "$tmp/out"
	within lines "$tmp/out/new.json" $((n + 2)) && within grep -q 'written again' "$tmp/log"
}
ok "a directory that is gone is said once for each file, and found again" directory_gone

stopped() {
	stop && [ -f "$tmp/out/g.prom" ] && [ ! -s "$tmp/out/g.prom" ] && [ ! -e "$tmp/sock" ]
}
ok "a clean stop empties the textfile and removes the socket" stopped

killed() {
	start && within lines "$tmp/out/new.json" 3 || return 1
	kill -KILL "$daemon"
	wait "$daemon"
	printf '{"schema":"torn' >>"$tmp/out/new.json"
	n=$(wc -l <"$tmp/out/new.json")
	start && within lines "$tmp/out/new.json" $((n + 2)) && ! grep -q torn "$tmp/out/new.json" && stop
}
ok "after kill -9 it starts again, and a torn line is gone" killed

few_places() {
	configure '[socket]' 'max_viewers = 2'
	start && viewers own
	result=$?
	stop && return $result
}
if [ "$(id -u)" = 0 ]; then
	ok "where there are few places, a user has one" few_places
else
	skip "where there are few places, a user has one" "needs root"
fi

# few TEXT: the log has it no more often than its limit, 5 a minute.
few() {
	[ "$(grep -c "$1" "$tmp/log")" -le $((5 * (1 + ($(date +%s) - started) / 60))) ] || { cat "$tmp/log"; return 1; }
}

# is_whole DIR: no line is torn, and the textfile has its end.
is_whole() {
	/usr/bin/python3 -c '
import json, sys
for line in open(sys.argv[1] + "/h.json"): json.loads(line)
rows = open(sys.argv[1] + "/h.csv").read()
assert rows.endswith("\n") and len({row.count(",") for row in rows.splitlines()}) == 1
assert "gputop_last_scan_success" in open(sys.argv[1] + "/g.prom").read()' "$1"
}

# all_into DIR: every file there, often.
all_into() {
	configure '[gputopd]' 'interval = 0.02' '[textfile]' "file = $1/g.prom" \
		'[json]' "file = $1/h.json" 'max_size = 1 GiB' 'interval = 0.02' '[csv]' "file = $1/h.csv" 'interval = 0.02'
}

# all_say DIR WHAT: each of the three, and not again and again.
all_say() {
	for file in "textfile: $1/g.prom" "json: $1/h.json" "csv: $1/h.csv"; do
		within grep -q "$file: $2" "$tmp/log" || return 1
		few "$file: " || return 1
	done
}

# all_grow DIR: all three are written.
all_grow() {
	n=$(wc -l <"$1/h.json")
	m=$(wc -l <"$1/h.csv")
	touch -d @0 "$1/g.prom"
	within lines "$1/h.json" $((n + 2)) && within lines "$1/h.csv" $((m + 2)) && within test "$1/g.prom" -nt "$tmp/conf"
}

too_big() {
	mkdir "$tmp/big"
	all_into "$tmp/big"
	mkfifo "$tmp/pipe"	# the limit is for the log as well, were it a file
	cat <"$tmp/pipe" >"$tmp/log" &
	start "$tmp/pipe" && within lines "$tmp/big/h.json" 2 && within lines "$tmp/big/h.csv" 3 && prlimit --pid "$daemon" --fsize=100: &&
		all_say "$tmp/big" 'File too large' && is_whole "$tmp/big" &&
		n=$(wc -l <"$tmp/big/h.json") && prlimit --pid "$daemon" --fsize=unlimited: &&
		all_grow "$tmp/big" && is_whole "$tmp/big" && [ "$(wc -l <"$tmp/big/h.json")" -gt "$n" ]
	result=$?
	stop && return $result
}
ok "a limit on file sizes is said, not died of, and nothing is torn" too_big

mounted() {
	mkdir "$tmp/small" && mount -t tmpfs -o "$1" none "$tmp/small" || return 1
	all_into "$tmp/small"
	start && all_say "$tmp/small" "$2" && mount -o "remount,$3" "$tmp/small" && all_grow "$tmp/small" && is_whole "$tmp/small"
	result=$?
	stop
	umount "$tmp/small"
	rmdir "$tmp/small"
	return $result
}
if [ "$(id -u)" = 0 ] && unshare -m true 2>/dev/null; then
	ok "a full disk is said, nothing is torn, and writing goes on when there is room" \
		mounted size=48k 'No space left on device' size=4m
	ok "a read-only file system is said, and writing goes on when it is not" \
		mounted ro 'Read-only file system' rw
else
	skip "a full disk, a read-only file system" "needs root"
fi

activated() {
	configure
	/usr/bin/python3 -c '
import os, socket, sys
s = socket.socket(socket.AF_UNIX)
s.bind(sys.argv[1] + ".new")
s.listen()
os.rename(sys.argv[1] + ".new", sys.argv[1])
os.dup2(s.fileno(), 3)
os.set_inheritable(3, True)
os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS="1")
os.execv(sys.argv[2], sys.argv[2:])' "$tmp/given" "$gputopd" --config "$tmp/conf" 2>"$tmp/log" &
	daemon=$!
	within test -S "$tmp/given" || return 1
	viewers=$(/usr/bin/python3 "$top_srcdir/tests/daemon/viewers.py" "$tmp/given" pace 2>&1) || { echo "$viewers"; stop; return 1; }
	# the one that is given, not one of its own, and it stays for the next to be given it
	[ ! -e "$tmp/sock" ] && stop && [ -S "$tmp/given" ]
}
if grep -q 'define HAVE_LIBSYSTEMD' "$top_builddir/config.h"; then
	ok "a socket that the service manager listens on is served" activated
else
	skip "a socket that the service manager listens on" "built without libsystemd"
fi

stalled() {
	i=100
	while [ $i -lt 400 ]; do
		process $i "p$i" 0 1
		i=$((i + 1))
	done
	configure '[socket]' 'timeout = 0.5'
	start && viewers stalled 3 && grep -q 'did not read: disconnected' "$tmp/log"
	result=$?
	stop && return $result
}
ok "who does not read is disconnected" stalled

abused() {
	configure
	# what a sanitizer keeps of freed memory is not the daemon's
	ASAN_OPTIONS=quarantine_size_mb=1:${ASAN_OPTIONS-} start && viewers abuse "$daemon" && grep -q 'is refused: all places are taken' "$tmp/log" &&
		few 'socket:' && [ "$(grep -c 'socket:' "$tmp/log")" -ge 5 ]
	result=$?
	stop && return $result
}
ok "1000 connections, garbage and slow requests: memory stays, the log does not fill" abused

# More viewers than the process may have files: samples go on.
too_many_files() {
	configure '[socket]' 'max_viewers = 1000'
	started=$(date +%s)
	prlimit --nofile=64 "$gputopd" --config "$tmp/conf" 2>"$tmp/log" &
	daemon=$!
	within test -S "$tmp/sock" && viewers crowded 100 &&
		grep -q 'is refused: too many files are open' "$tmp/log" &&
		few 'socket:'
	result=$?
	stop && return $result
}
ok "more viewers than files may be open: who came is served, sampling goes on" too_many_files

# 40 viewers beside the sampler, half of whom do not read. Were they waited for, hardly a sample of 14 would be left.
schedule() {
	configure '[gputopd]' 'interval = 0.5' '[socket]' 'max_viewers = 60' 'timeout = 3'
	start && viewers jitter 40 0.5 7 >"$tmp/jitter" && stop &&
		grep -q 'did not read: disconnected' "$tmp/log" && grep -q 'stopped; [01] samples were left out' "$tmp/log"
	result=$?
	cat "$tmp/jitter" "$tmp/log"
	[ -z "$daemon" ] || stop
	return $result
}
ok "stalled viewers cost no sample" schedule
sed 's/^/# /' "$tmp/jitter"

told() {
	/usr/bin/python3 -c '
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
s.settimeout(20)
got = ""
while "STOPPING=1" not in got:
    got += s.recv(4096).decode() + "\n"
    open(sys.argv[2], "w").write(got)' "$tmp/notify" "$tmp/notified" &
	listener=$!
	within test -S "$tmp/notify" || return 1
	NOTIFY_SOCKET=$tmp/notify WATCHDOG_USEC=200000 "$gputopd" --config "$tmp/conf" 2>"$tmp/log" &
	daemon=$!
	within grep -q WATCHDOG=1 "$tmp/notified" && within grep -q READY=1 "$tmp/notified" &&
		within grep -q '^STATUS=.* clients of 1 devices, 0 viewers' "$tmp/notified" || return 1
	kill -HUP "$daemon"
	within grep -q RELOADING=1 "$tmp/notified" || return 1
	stop
	wait $listener
}
if grep -q 'define HAVE_LIBSYSTEMD' "$top_builddir/config.h"; then
	ok "a service manager is told" told
else
	skip "a service manager is told" "built without libsystemd"
fi
end
