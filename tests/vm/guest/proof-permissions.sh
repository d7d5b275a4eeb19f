# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# Proof 5: who may see what, with capabilities, hidepid, pid namespaces and containers. The clients are on
# devices of each style, and what is seen is seen with its busy time.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

fresh_styles
chmod 666 /dev/dri/*
for who in 0:root 1000:alice 1001:bob; do
	for n in 0 1 2 3; do
		as -u "${who%:*}" synthload --device $n --busy 10% --name "${who#*:}" --quiet &
	done
done
wait_for 5 clients_are 12 || bail "the clients did not come"

# names: in /tmp/frame, on each device; once, if they are the same on all. A `?` for busy time unknown.
names() {
	jq -r '[.devices[].gpu as $gpu | [.clients[] | select(.gpu == $gpu) |
		.name + (if .engines.render.busy == null then "?" else "" end)] | sort | join(" ")] |
		if length == 4 then unique | join(" / ") else "\(length) devices" end' /tmp/frame
}

# seen COMMAND...: the clients that a gputop started by COMMAND sees.
seen() {
	"$@" gputop --once --json --all -d 0.2 >/tmp/frame && names
}

# denied: what gputop says of the last frame.
denied() {
	jq .scan.denied /tmp/frame
}

is "$(seen env)" "alice bob root" "root sees everybody"
is "$(denied)" 0 "and is denied nothing"
# It reads fdinfo and does not learn the nodes: without drm-pdev, whose device it is remains unknown.
as -u 1000 -c sys_ptrace gputop --once --json --all -d 0.2 >/tmp/frame
is "$(jq -r '[.clients[].name] | group_by(.)[] | "\(.[0]) \(length)"' /tmp/frame)" "alice 4
bob 4
root 4" "CAP_SYS_PTRACE alone sees everybody"
is "$(jq '[.clients[].engines.render.busy] | any(. == null)' /tmp/frame)" false "and how busy they are"
is "$(denied)" 0 "and is denied nothing"
is "$(seen as -u 1000 -c sys_ptrace,dac_read_search)" "alice bob root" "both capabilities as well"
is "$(denied)" 0 "and are denied nothing"
is "$(seen as -u 1000 -c dac_read_search)" alice "CAP_DAC_READ_SEARCH alone sees no more than a user"

# What a user may not see, by trying, as that user: processes with descriptors, where the kernel says how
# many (6.2), else all. Kernel threads come and go, so the number must stand still while gputop runs.
cat >/tmp/refused <<'END'
[ "$(stat -c %s /proc/self/fd)" -eq 0 ] && size=any || size=0
refused() {
	for p in /proc/[0-9]*; do
		ls $p/fdinfo >/dev/null 2>&1 || [ ! -d $p ] || [ "$(stat -c %s $p/fd)" = $size ] || echo $p
	done
}
for _ in 1 2 3 4 5 6 7 8 9 10; do
	before=$(refused)
	gputop --finder $1 --once --json --all -d 0.2 >/tmp/alice/frame || exit
	[ "$(refused)" != "$before" ] || break
done
echo "$before" | wc -l
END
mkdir -m 777 /tmp/alice
for finder in cached stat fdinfo name; do
	refused=$(as -u 1000 sh /tmp/refused $finder)
	mv /tmp/alice/frame /tmp/frame
	is "$(names)" alice "$finder: a user sees the own clients"
	is "$(denied)" "$refused" "$finder: and is told of how many processes no more is known: $refused"
	ok "$finder: the others' among them" test "$refused" -ge 8
done

mount -o remount,hidepid=2 /proc
is "$(seen as -u 1000)" alice "hidepid=2: a user sees the own clients"
is "$(denied)" 0 "hidepid=2: of what is hidden nothing is told"
is "$(seen as -u 1000 -c sys_ptrace,dac_read_search)" "alice bob root" \
	"hidepid=2: capabilities see everybody"
mount -o remount,hidepid=0 /proc

# In another pid namespace: clients of its own, and none of the others'.
cat >/tmp/inside <<'END'
for node; do
	synthload --node "$node" --busy 10% --name inside --quiet &
done
. /tests/lib.sh
wait_for 20 named_are inside 4
gputop --once --json --all -d 0.2
END
unshare -p -f --mount-proc sh /tmp/inside /dev/dri/renderD* >/tmp/frame
is "$(names)" inside "a pid namespace sees what is in it"
is "$(denied)" 0 "and is denied nothing"
ok "by the numbers valid in it" jq -e '[.clients[].pid] | max < 10' /tmp/frame

# A container with nodes of its own: other names, the same numbers. From outside, then from inside.
mkdir -p /tmp/container/bin /tmp/container/dev/gpu
mknod -m 666 /tmp/container/dev/null c 1 3
cp /bin/synthload /tmp/container/bin
for n in 0 1 2 3; do
	mknod -m 666 /tmp/container/dev/gpu/$n c 226 $((128 + n))
	chroot /tmp/container /bin/synthload --node /dev/gpu/$n --busy 10% --name contained --quiet &
done
wait_for 5 clients_are 16 || bail "the container's clients did not come"
is "$(seen env)" "alice bob contained root" "clients of renamed nodes are seen"
is "$(jq -r '[.clients[].gpu] | unique | join(" ")' /tmp/frame)" \
	"synthgpu.0 synthgpu.1 synthgpu.2 synthgpu.3" "as of the same devices"

# A user's container, with a user namespace, that has these nodes and no others.
as -u 1000 unshare -U -r -m -p -f --mount-proc \
	sh -c 'mount --bind /tmp/container/dev /dev && . /tmp/inside' inside /dev/gpu/0 /dev/gpu/1 /dev/gpu/2 /dev/gpu/3 >/tmp/frame
is "$(names)" inside "a container sees what is in it"
is "$(denied)" 0 "and is denied nothing"
done_testing
