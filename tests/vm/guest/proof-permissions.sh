# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# Proof 5: who may see what, with capabilities, hidepid, pid namespaces and containers.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

load synthgpu || bail "synthgpu does not load"
node=/dev/dri/renderD128
chmod 666 $node
for who in 0:root 1000:alice 1001:bob; do
	as -u "${who%:*}" synthload --busy 10% --name "${who#*:}" --quiet &
done
wait_for 5 clients_are 3 || bail "the clients did not come"

# names COMMAND...: the clients that a gputop started by COMMAND sees.
names() {
	"$@" gputop --once --json --all -d 0.1 >/tmp/frame && jq -r '[.clients[].name] | sort | join(" ")' /tmp/frame
}

denied() {
	jq .scan.denied /tmp/frame
}

is "$(names)" "alice bob root" "root sees everybody"
names >/dev/null
is "$(denied)" 0 "and is denied nothing"
is "$(names as -u 1000)" alice "a user sees the own client"
ok "and is told what is denied" test "$(denied)" -ge 2
is "$(names as -u 1000 -c sys_ptrace)" "alice bob root" "CAP_SYS_PTRACE alone sees everybody"
is "$(names as -u 1000 -c sys_ptrace,dac_read_search)" "alice bob root" "both capabilities as well"
is "$(denied)" 0 "and are denied nothing"

mount -o remount,hidepid=2 /proc
is "$(names as -u 1000)" alice "hidepid=2: a user sees the own client"
is "$(names as -u 1000 -c sys_ptrace,dac_read_search)" "alice bob root" \
	"hidepid=2: capabilities see everybody"
mount -o remount,hidepid=0 /proc

# In another pid namespace: a client of its own, and none of the others'.
cat >/tmp/inside <<'END'
synthload --busy 10% --name inside --quiet &
sleep 0.5
gputop --once --json --all -d 0.1
END
unshare -p -f --mount-proc sh /tmp/inside >/tmp/frame
is "$(jq -r '[.clients[].name] | join(" ")' /tmp/frame)" inside "a pid namespace sees what is in it"
ok "by the numbers valid in it" jq -e '.clients[0].pid < 10' /tmp/frame

# A container with nodes of its own: other names, the same numbers.
mkdir -p /tmp/container/bin /tmp/container/dev/gpu
cp /bin/synthload /tmp/container/bin
mknod /tmp/container/dev/gpu/zero c 226 128
chroot /tmp/container /bin/synthload --node /dev/gpu/zero --busy 10% --name contained --quiet &
wait_for 5 clients_are 4 || bail "the container's client did not come"
is "$(names)" "alice bob contained root" "a container's renamed node is seen"
is "$(jq -r '[.clients[].gpu] | unique | join(" ")' /tmp/frame)" synthgpu.0 "as the same device"
done_testing
