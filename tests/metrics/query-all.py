#!/usr/bin/python3
# SPDX-License-Identifier: MIT
"""query-all.py PROMETHEUS DASHBOARD HOSTS: waits until all hosts are scraped and rules have run; then every
expression of the dashboard, every recording rule and the questions about a fleet must have an answer, and
no rule an error."""
import json
import sys
import time
import urllib.parse
import urllib.request

server, dashboard, hosts = sys.argv[1], sys.argv[2], int(sys.argv[3])


def get(path, **query):
    with urllib.request.urlopen(server + path + "?" + urllib.parse.urlencode(query), timeout=10) as answer:
        return json.load(answer)["data"]


def query(expression):
    return get("/api/v1/query", query=expression)["result"]


def rules():
    return [rule for group in get("/api/v1/rules")["groups"] for rule in group["rules"]]


def answers():
    up = query('count(sum by(instance) (rate(gputop_scans_total[30s])) > 0)')
    return up and int(up[0]["value"][1]) == hosts and all(
        rule["health"] == "ok" and (rule["type"] == "alerting" or query(rule["name"])) for rule in rules())


deadline = time.time() + 40
while True:
    try:
        if answers():
            break
    except OSError:
        pass
    if time.time() > deadline:
        sys.exit("not all of %d hosts and rules answer: %s %s" % (
            hosts, query("up"), [(r["name"], r["health"]) for r in rules()]))
    time.sleep(0.5)

expressions = [target["expr"] for panel in json.load(open(dashboard))["panels"] for target in panel["targets"]]
assert len(expressions) > 10 and len(rules()) > 5
for expression in expressions:
    for name, value in (("$__rate_interval", "30s"), ("$job", ".*"), ("$instance", ".*"), ("$gpu", ".*")):
        expression = expression.replace(name, value)
    if not query(expression):
        sys.exit("no answer: " + expression)
for expression in (
        "topk(5, sum by(user) (rate(gputop_user_engine_busy_seconds_total[30s])))",
        "sum(rate(gputop_engine_busy_seconds_total[30s])) / sum(gputop_engine_capacity)",
        "count by(driver) (gputop_gpu_info)",
        "bottomk(3, sum by(instance) (gputop:engine_busy:ratio_rate5m))"):
    if not query(expression):
        sys.exit("no answer: " + expression)
busy = query("sum by(instance, gpu) (gputop_engine_busy_seconds_total)")
users = query("sum by(instance, gpu) (gputop_user_engine_busy_seconds_total)")
assert len(busy) == len(users) == 2 * hosts, (len(busy), len(users))
