#!/bin/sh
# SPDX-License-Identifier: MIT
# The node exporter reads the textfile while it is replaced 10 000 times: it finds it whole each time.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
replace=${top_builddir:?}/tests/metrics/replace_many
node=
stop() {
	[ -z "$node" ] || kill "$node" 2>/dev/null
	wait
	rm -rf "$tmp"
}
trap stop EXIT
trap 'exit 1' INT TERM

if ! command -v prometheus-node-exporter >/dev/null; then
	skip "the node exporter finds the textfile whole" "no prometheus-node-exporter"
	end
	exit 0
fi
port=$(/usr/bin/python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
mkdir "$tmp/files"
"$replace" "$tmp/files/gputop.prom" 1 || exit 99
prometheus-node-exporter --collector.disable-defaults --collector.textfile \
	--collector.textfile.directory="$tmp/files" --web.listen-address="127.0.0.1:$port" >"$tmp/log" 2>&1 &
node=$!

race() {
	"$replace" "$tmp/files/gputop.prom" 10000 &
	/usr/bin/python3 - "http://127.0.0.1:$port/metrics" <<-'END'
		import re, sys, time, urllib.request

		def scrape():
		    with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
		        return answer.read().decode()

		for _ in range(100):
		    try:
		        scrape()
		        break
		    except OSError:
		        time.sleep(0.1)
		versions, deadline = set(), time.time() + 60
		while 10000 not in versions and time.time() < deadline:
		    text = scrape()
		    values = re.findall(r'^gputop_race\{line="\d+"\} (\S+)$', text, re.M)
		    assert len(values) == 300 and len(set(values)) == 1, (len(values), sorted(set(values))[:9])
		    assert re.search(r"^node_textfile_scrape_error 0$", text, re.M), "scrape error"
		    versions.add(int(float(values[0])))
		assert 10000 in versions, "the last version was not read"
		assert len(versions) > 20, "only %d versions were read" % len(versions)
	END
}
ok "10 000 replacements, none of them read torn" race
ok "nothing is left beside the file" [ "$(ls "$tmp/files")" = gputop.prom ]
end
