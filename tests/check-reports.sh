#!/bin/sh
# SPDX-License-Identifier: MIT
# What others make of our reports: JSON against its schema, CSV by another reader, a decimal comma.
set -u
sample=${top_builddir:?}/tests/unit/print_sample
schema=${top_srcdir:?}/src/report/gputop.schema.json
dir=$(mktemp -d) || exit 99
trap 'rm -rf "$dir"' EXIT
n=0

# ok NAME COMMAND...: what it says on stderr explains a failure.
ok() {
	name=$1
	shift
	n=$((n + 1))
	if "$@" 2>"$dir/why"; then
		echo "ok $n - $name"
	else
		echo "not ok $n - $name"
		sed 's/^/# /' "$dir/why"
	fi
}

skip() {
	n=$((n + 1))
	echo "ok $n - $1 # SKIP $2"
}

# Everything we print must be described, and everything described must be printed.
schema_holds() {
	"$sample" json | /usr/bin/python3 -c '
import json, sys
from jsonschema import Draft202012Validator

def strict(part):
    if isinstance(part, dict):
        if "properties" in part:
            part["additionalProperties"] = False
            assert sorted(part["required"]) == sorted(part["properties"]), part["required"]
        for inner in part.values():
            strict(inner)

schema = json.load(open(sys.argv[1]))
Draft202012Validator.check_schema(schema)
strict(schema)
frames = [json.loads(line) for line in sys.stdin]
assert len(frames) == 2, len(frames)
for frame in frames:
    for error in Draft202012Validator(schema).iter_errors(frame):
        sys.exit("%s: %s" % (list(error.absolute_path), error.message))
' "$schema"
}

# The schema is worth something only if it refuses what is wrong.
schema_refuses() {
	"$sample" json | /usr/bin/python3 -c '
import copy, json, sys
from jsonschema import Draft202012Validator

validator = Draft202012Validator(json.load(open(sys.argv[1])))
frame = [json.loads(line) for line in sys.stdin][1]
wrong = [
    ("interval_s", "1"), ("t", "yesterday"), ("schema", "gputop/2"), ("scan.fds", "9"),
    ("clients.0.pid", "42"), ("clients.0.engines.rcs.busy", "42%"), ("clients.0.holders", "70:3"),
    ("clients.0.regions.vram0.total", "10 MiB"), ("devices.0.engines.gfx.capacity", 0),
]
for path, value in wrong:
    bad = copy.deepcopy(frame)
    *way, last = path.split(".")
    at = bad
    for step in way:
        at = at[int(step)] if isinstance(at, list) else at[step]
    assert last in at, path
    at[last] = value
    if validator.is_valid(bad):
        sys.exit(path + " may be " + repr(value))
' "$schema"
}

csv_reads_back() {
	"$sample" csv | /usr/bin/python3 -c '
import csv, sys

rows = list(csv.reader(sys.stdin, strict=True))
headings = [row for row in rows if row[0] == "time"]
clients = [row for row in rows if row[0] != "time"]
assert len(headings) == 2 and len(clients) == 3 + 7, (len(headings), len(clients))
width = 0
for row in rows:
    if row[0] == "time":
        width = len(row)
    assert len(row) == width, row
hostile = [dict(zip(headings[1], row)) for row in clients if "\"b\"" in ",".join(row)]
assert [row["comm"] for row in hostile] == ["a)\\n\"b\",\\\\"] * 2, hostile
'
}

# A locale whose numbers have a comma, made here: none need be installed.
make_comma_locale() {
	{
		printf '<code_set_name> ASCII\n<mb_cur_min> 1\n<mb_cur_max> 1\nCHARMAP\n'
		i=0
		while [ $i -lt 128 ]; do
			printf '<U%04X> /x%02x\n' $i $i
			i=$((i + 1))
		done
		printf 'END CHARMAP\n'
	} >"$dir/ascii"
	printf 'comment_char %%\nescape_char /\nLC_NUMERIC\ndecimal_point ","\nthousands_sep "."\n' >"$dir/source"
	printf 'grouping 3;3\nEND LC_NUMERIC\n' >>"$dir/source"
	localedef -c -f "$dir/ascii" -i "$dir/source" "$dir/comma" >/dev/null 2>&1
	[ "$(LOCPATH=$dir LC_NUMERIC=comma env printf %.1f 1,5 2>&1)" = 1,5 ]
}

comma_changes_nothing() {
	"$sample" "$1" >"$dir/point" && LOCPATH=$dir LC_NUMERIC=comma "$sample" "$1" >"$dir/out" &&
		cmp "$dir/point" "$dir/out" >&2
}

if /usr/bin/python3 -c 'import jsonschema' 2>/dev/null; then
	ok "JSON is what the schema describes" schema_holds
	ok "the schema refuses what is wrong" schema_refuses
	ok "CSV reads back with the same cells in every row" csv_reads_back
else
	skip "JSON and CSV read by others" "no python3-jsonschema"
fi
if make_comma_locale; then
	ok "a decimal comma does not change JSON" comma_changes_nothing json
	ok "a decimal comma does not change CSV" comma_changes_nothing csv
else
	skip "a decimal comma changes nothing" "no such locale can be made here"
fi
echo "1..$n"
