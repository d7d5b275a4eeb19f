#!/bin/sh
# SPDX-License-Identifier: MIT
# The manual pages say what the exporter does.
# shellcheck source=tests/cli/tap.sh
. "${top_srcdir:?}/tests/cli/tap.sh"
exporter=${top_builddir:?}/gputop-exporter

metrics() {
	sed -n '/^\.\\" metrics begin$/,/^\.\\" metrics end$/p' "$top_srcdir/man/gputop-metrics.7" | sed '1d;$d' >"$tmp/page"
	"$exporter" --list-metrics >"$tmp/table"
	[ -s "$tmp/table" ] && same "$tmp/page" "$tmp/table"
}
ok "METRICS is the metric table" metrics

options() {
	"$exporter" -h | grep -oE -- '--[a-z-]+' | sort -u >"$tmp/options"
	sed -n '/^\.It/p' "$top_srcdir/man/gputop-exporter.8" | grep -oE 'Fl Fl [a-z-]+' | sed 's/Fl Fl /--/' | sort -u >"$tmp/page"
	[ "$(wc -l <"$tmp/options")" -gt 10 ] && same "$tmp/options" "$tmp/page"
}
ok "the options in the page are those of the program" options
end
