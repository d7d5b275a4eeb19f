#!/bin/sh
# SPDX-License-Identifier: MIT
# Metrics read by those who are meant to read them: promtool, a strict parser, Prometheus. All on loopback,
# and stopped again.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
exporter=${top_builddir:?}/gputop-exporter
here=$top_srcdir/tests/metrics
contrib=$top_srcdir/contrib
pids=
# shellcheck disable=SC2086 # a list of numbers
stop() {
	[ -z "$pids" ] || kill $pids 2>/dev/null
	wait
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 1' INT TERM

# start_exporter LOG ARGS...: $port is where it listens.
start_exporter() {
	log=$1
	shift
	"$exporter" --listen 127.0.0.1:0 "$@" 2>"$log" &
	pids="$pids $!"
	for _ in $(seq 100); do
		port=$(sed -n 's/.* listening on .* port //p' "$log")
		[ -n "$port" ] && return 0
		sleep 0.1
	done
	return 1
}

get() {
	curl -sS --fail-with-body --max-time 10 "$@"
}

awk -v host=one -v frames=90 -v clients=12 -f "$here/make-recording.awk" >"$tmp/recording"

if ! command -v curl >/dev/null; then
	skip "the exporter answers" "no curl"
	end
	exit 0
fi
start_exporter "$tmp/one.log" --replay "$tmp/recording" --interval 0.05 --per-client || exit 99
one=http://127.0.0.1:$port
for _ in $(seq 200); do
	[ "$(curl -sS "$one/healthz")" = ok ] && break
	sleep 0.1
done
sleep 0.5

status() {
	want=$1
	shift
	got=$(curl -sS -o "$tmp/body" -w '%{http_code}' --max-time 10 "$@")
	[ "$got" = "$want" ] || { echo "$* gave $got, not $want"; return 1; }
}
ok "/ is a page that links to metrics" sh -c "curl -sS $one/ | grep -q 'href=\"metrics\"'"
ok "/healthz is well" status 200 "$one/healthz"
ok "another path is not there" status 404 "$one/metrics/x"
ok "nothing but GET" status 405 -X DELETE "$one/metrics"

get "$one/metrics" -D "$tmp/text.head" >"$tmp/text"
get "$one/metrics" -D "$tmp/om.head" -H 'Accept: application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1' >"$tmp/om"
ok "text 0.0.4 by default" grep -qi '^content-type: text/plain; version=0.0.4; charset=utf-8' "$tmp/text.head"
ok "OpenMetrics for Prometheus" grep -qi '^content-type: application/openmetrics-text; version=1.0.0; charset=utf-8' "$tmp/om.head"
if /usr/bin/python3 -c 'import prometheus_client.openmetrics.parser' 2>/dev/null; then
	ok "text is parsed, nothing twice" sh -c "/usr/bin/python3 '$here/check-metrics.py' text <'$tmp/text'"
	ok "OpenMetrics is parsed, nothing twice" sh -c "/usr/bin/python3 '$here/check-metrics.py' openmetrics <'$tmp/om'"
else
	skip "formats are parsed by others" "no python3-prometheus-client"
fi

refused() {
	! "$exporter" --listen 0.0.0.0:0 --replay /dev/null 2>"$tmp/refused" && grep -q -- --web-config "$tmp/refused"
}
ok "an address that others reach is refused" refused

usage() {
	for arguments in --bogus '--listen 127.0.0.1:65536' '--listen 127.0.0.1' more; do
		# shellcheck disable=SC2086 # words
		"$exporter" $arguments 2>"$tmp/said"
		[ "$? $(grep -c '^gputop-exporter: ' "$tmp/said")" = '2 1' ] || { echo "$arguments"; cat "$tmp/said"; return 1; }
	done
}
ok "what it cannot make sense of is said, and it ends" usage

stale() {
	start_exporter "$tmp/none.log" --socket "$tmp/nobody" || return 1
	status 503 "http://127.0.0.1:$port/healthz" && status 200 "http://127.0.0.1:$port/metrics" &&
		grep -q '^gputop_last_scan_success 0$' "$tmp/body"
}
ok "without gputopd it says so" stale

# The daemon comes, stays idle between frames, and goes.
live() {
	"$top_builddir/gputopd" --config /dev/null --interval 0.5 --finder stat --socket-path "$tmp/gputopd.sock" \
		--socket-group "$(id -gn)" >"$tmp/gputopd.log" 2>&1 &
	daemon=$!
	pids="$pids $daemon"
	start_exporter "$tmp/live.log" --socket "$tmp/gputopd.sock" --interval 0.5 || return 1
	at=http://127.0.0.1:$port
	for _ in $(seq 40); do
		[ "$(curl -sS --max-time 5 "$at/healthz")" = ok ] && break
		sleep 0.5
	done
	if ! status 200 "$at/healthz" || ! status 200 "$at/metrics" ||
		! grep -q '^gputop_last_scan_success 1$' "$tmp/body"; then
		cat "$tmp/gputopd.log"
		return 1
	fi
	kill "$daemon"
	wait "$daemon"
	for _ in $(seq 40); do
		status 503 "$at/healthz" >/dev/null && return 0
		sleep 0.5
	done
	return 1
}
ok "a live gputopd: asked between its frames, and when it went" live

garbage() {
	/usr/bin/python3 - "${one##*:}" <<-'END' && status 200 "$one/healthz"
		import os, socket, sys

		def connect():
		    return socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=5)

		def talk(data):
		    with connect() as s:
		        try:
		            s.sendall(data)
		            s.shutdown(socket.SHUT_WR)
		            while s.recv(65536):
		                pass
		        except OSError:
		            pass

		talk(os.urandom(100000))
		talk(b"GET /metrics HTTP/1.1\r\nA: " + b"x" * 1000000)
		talk(b"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: " + b";q=,=;," * 1000 + b"\r\n\r\n")
		talk(b"POST /metrics HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999999\r\n\r\nabc")
		# more who say nothing than may be connected: they end with this program
		silent = [connect() for _ in range(200)]
	END
}
ok "garbage, too much and silence are survived" garbage

corrupt() {
	{ cat "$tmp/recording"; printf 'no record\n\n\377\n'; } >"$tmp/corrupt"
	start_exporter "$tmp/corrupt.log" --replay "$tmp/corrupt" --interval 0.01 || return 1
	for _ in $(seq 200); do
		grep -q 'corrupt: Protocol error' "$tmp/corrupt.log" && break
		sleep 0.1
	done
	sleep 3
	status 200 "http://127.0.0.1:$port/metrics" && grep -q '^gputop_engine_busy_seconds_total{' "$tmp/body" &&
		[ "$(grep -c 'corrupt: Protocol error' "$tmp/corrupt.log")" = 1 ] && ! grep 'is back' "$tmp/corrupt.log"
}
ok "a recording with noise at its end stands still there" corrupt

# As many as may be connected hold each another frame, and read none of it; 1000 more want to.
greedy() {
	awk -v host=big -v frames=100 -v clients=1000 -f "$here/make-recording.awk" >"$tmp/big"
	start_exporter "$tmp/greedy.log" --replay "$tmp/big" --interval 0.1 --per-client || return 1
	/usr/bin/python3 - "$port" "${pids##* }" <<-'END' && status 200 "http://127.0.0.1:$port/metrics" || return 1
		import resource, socket, sys, time

		def rss_mib():
		    with open("/proc/%s/status" % sys.argv[2]) as file:
		        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024

		def connect():
		    s = socket.socket()
		    s.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
		    s.settimeout(5)
		    s.connect(("127.0.0.1", int(sys.argv[1])))
		    return s

		resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
		greedy = []
		for i in range(1040):
		    s = connect()
		    try:
		        s.sendall(b"GET /metrics HTTP/1.1\r\nHost: x\r\n\r\n")
		    except OSError:
		        pass
		    greedy.append(s)
		    if i < 40:
		        time.sleep(0.1)
		print("%.0f MiB" % rss_mib())
		assert rss_mib() < 120, rss_mib()
	END
	cat "$tmp/greedy.log"
	grep -q 'all 32 connections are taken' "$tmp/greedy.log" && [ "$(wc -l <"$tmp/greedy.log")" -le 20 ]
}
ok "1000 who read nothing of what they asked for: memory and log stay" greedy

# 1000 connect and send a byte now and then: who asks at once is answered, again and again.
slow() {
	/usr/bin/python3 - "$port" <<-'END'
		import resource, socket, sys, time, urllib.request

		def connect():
		    s = socket.socket()
		    s.setblocking(False)
		    try:
		        s.connect(("127.0.0.1", int(sys.argv[1])))
		    except BlockingIOError:
		        pass
		    return s

		resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
		request = b"GET /metrics HTTP/1.1\r\nHost: x\r\nA: "
		crowd = [[connect(), 0] for _ in range(1000)]
		turned_away = 0
		for turn in range(5):
		    for who in crowd:
		        try:
		            who[0].send(request[who[1]:who[1] + 1] or b"x")
		            who[1] += 1
		        except BlockingIOError:
		            pass
		        except OSError:
		            who[:] = [connect(), 0]
		            turned_away += 1
		    with urllib.request.urlopen("http://127.0.0.1:%s/metrics" % sys.argv[1], timeout=8) as answer:
		        assert b"gputop_scans_total" in answer.read()
		    time.sleep(0.5)
		assert turned_away > 500, turned_away
	END
}
ok "1000 who send a byte at a time: scrapes are answered" slow

tls() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$tmp/key.pem" -out "$tmp/cert.pem" -days 1 \
		-subj /CN=localhost -addext subjectAltName=IP:127.0.0.1 2>/dev/null || return 1
	hash=$(openssl passwd -6 'open: sesame') # crypt(5) knows it, too
	printf 'tls_server_config:\n  cert_file: cert.pem\n  key_file: "key.pem"\nbasic_auth_users:\n  # one\n  ali: %s\n' "$hash" >"$tmp/web.yml"
	start_exporter "$tmp/tls.log" --replay "$tmp/recording" --interval 0.1 --web-config "$tmp/web.yml" || { cat "$tmp/tls.log"; return 1; }
	at=https://127.0.0.1:$port/metrics
	status 401 --cacert "$tmp/cert.pem" "$at" && status 401 --cacert "$tmp/cert.pem" -u ali:wrong "$at" &&
		status 200 --cacert "$tmp/cert.pem" -u 'ali:open: sesame' "$at" &&
		status 401 --cacert "$tmp/cert.pem" -u 'bob:open: sesame' "$at" &&
		! curl -sS --max-time 5 "http://127.0.0.1:$port/metrics" 2>/dev/null
}
ok "TLS and users of a web configuration file" tls

bad_config() {
	printf 'tls_server_config:\n  cert_fil: x\n' >"$tmp/bad.yml"
	"$exporter" --web-config "$tmp/bad.yml" 2>"$tmp/said"
	[ $? = 1 ] && grep -q "bad.yml:2: not known: cert_fil" "$tmp/said"
}
ok "a wrong web configuration names the line" bad_config

if ! command -v promtool >/dev/null || ! command -v prometheus >/dev/null; then
	skip "Prometheus reads and answers" "no prometheus"
	end
	exit 0
fi
ok "promtool finds nothing in the metrics" sh -c "promtool check metrics <'$tmp/text'"
ok "promtool finds nothing in the rules" promtool check rules "$contrib/prometheus/gputop.rules.yml"
ok "rules do what they should" promtool test rules "$contrib/prometheus/gputop.rules.test.yml"

fleet() {
	targets=
	n=0
	while [ $n -lt 20 ]; do
		n=$((n + 1))
		start_exporter "$tmp/host$n.log" --replay "$tmp/recording" --interval 0.5 || return 1
		targets="$targets${targets:+, }\"127.0.0.1:$port\""
	done
	cat >"$tmp/prometheus.yml" <<-END
		global: {scrape_interval: 1s, evaluation_interval: 1s}
		rule_files: ["$(cd "$contrib" && pwd)/prometheus/gputop.rules.yml"]
		scrape_configs: [{job_name: gputop, static_configs: [{targets: [$targets]}]}]
	END
	port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
	prometheus --config.file="$tmp/prometheus.yml" --storage.tsdb.path="$tmp/tsdb" \
		--web.listen-address="127.0.0.1:$port" >"$tmp/prometheus.log" 2>&1 &
	pids="$pids $!"
	/usr/bin/python3 "$here/query-all.py" "http://127.0.0.1:$port" "$contrib/grafana/gputop.json" 20 || {
		tail -n 5 "$tmp/prometheus.log"
		return 1
	}
}
ok "20 hosts under Prometheus: every expression of dashboard and rules has an answer" fleet
end
