#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""Standard input is good OpenMetrics ("openmetrics") or text 0.0.4 ("text"), beyond what parsers refuse:
no sample twice, no family in two places."""
import re
import sys

text = sys.stdin.read()
assert text.endswith("\n"), "the last line has no end"
seen, families, last = set(), set(), None
for line in text.splitlines():
    if line.startswith("#"):
        word = line.split(" ")
        if word[1] == "HELP":
            assert word[2] not in families, "family twice: " + word[2]
            families.add(word[2])
            last = word[2]
        continue
    name, labels = re.fullmatch(r'(\w+)(?:\{(.*)\})? \d+(?:\.\d+)?', line).groups()
    assert name.startswith(last), "%s under %s" % (name, last)
    key = (name, tuple(sorted(re.findall(r'(\w+)="((?:[^"\\]|\\.)*)"', labels or ""))))
    assert key not in seen, "sample twice: " + line
    seen.add(key)
assert len(seen) > 50, "only %d samples" % len(seen)
if sys.argv[1] == "openmetrics":
    from prometheus_client.openmetrics.parser import text_string_to_metric_families
else:
    from prometheus_client.parser import text_string_to_metric_families
parsed = sum(len(f.samples) for f in text_string_to_metric_families(text))
assert parsed == len(seen), "%d samples, %d parsed" % (len(seen), parsed)
