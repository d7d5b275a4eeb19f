# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# gputop-bpf-pin: a member of the group finds clients by the pinned walk, and sees no more of others than before.
# limit: 120
. /tests/lib.sh
need gputop gputop-bpf-pin synthgpu synthload

load synthgpu || bail "synthgpu does not load"
chmod 666 /dev/dri/renderD128
for who in 1000:alice 1001:bob 0:root; do
	as -u "${who%:*}" -g 44 synthload --busy 10% --name "${who#*:}" --quiet &
done
wait_for 5 clients_are 3 || bail "the clients did not come"

# names COMMAND...: the clients that finder bpf, started by COMMAND, sees.
names() {
	"$@" gputop --finder bpf --once --json --all -d 0.1 >/tmp/frame && jq -r '[.clients[].name] | sort | join(" ")' /tmp/frame
}

not_ok "without pins a user has no finder bpf" names as -u 1000
ok "root pins" gputop-bpf-pin -g 44
is "$(names as -u 1000 -g 44)" alice "a member of the group sees the own client"
is "$(jq .scan.denied /tmp/frame)" 2 "and the holders of others counted as denied"
is "$(jq .scan.reads /tmp/frame)" 1 "having read no more than its own"
not_ok "other majors than it was pinned for are not looked for in vain" as -u 1000 -g 44 gputop --finder bpf --once --major 1
is "$(names as -u 1000 -g 44 -c sys_ptrace)" "alice bob root" "with CAP_SYS_PTRACE everybody"
not_ok "who is not in the group sees nothing of it" as -u 1000 cat /run/gputop-bpf/tasks-1
not_ok "nor has the finder" names as -u 1000
ok "but is told which group has it" as -u 1000 sh -c 'gputop --doctor | grep -A1 "and the pinned walk is a group.s" |
	grep -q "join the group of /run/gputop-bpf"'
not_ok "the pins cannot be written to by the group" as -u 1000 -g 44 sh -c 'echo >/run/gputop-bpf/tasks-1'
not_ok "nor taken away" as -u 1000 -g 44 rm /run/gputop-bpf/tasks-1

as -u 1000 -g 44 gputop --finder bpf -n 60 --json --all -d 0.1 >/tmp/frames &
user=$!
wait_for 5 test -s /tmp/frames
ok "pinned anew while a user looks" gputop-bpf-pin -g 44
wait $user
is $? 0 "who looks goes on looking"
is "$(wc -l </tmp/frames)" 60 "to the end"

# In another pid namespace the walk tells of nobody outside of it.
is "$(unshare -p -f as -u 1000 -g 44 cat /run/gputop-bpf/tasks-1 | wc -c)" 24 "a pid namespace sees only its own"
ok "root takes it back" gputop-bpf-pin -r
not_ok "and nothing is left" test -e /run/gputop-bpf
not_ok "nor has a user the finder any more" names as -u 1000 -g 44
done_testing
