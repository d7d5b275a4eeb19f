# shellcheck shell=dash disable=SC2154
# SPDX-License-Identifier: MIT
# limit: 120
# Who may read /proc/<pid>/gpu, and whose clients /proc/gpu shows to whom.
. /tests/lib.sh
. /tests/gputop_proc.lib
need gputop_proc synthgpu as

alice() {
	as -u 1000 "$@"
}

bob() {
	as -u 1001 "$@"
}

# Root without capabilities.
nobody_root() {
	as "$@"
}

# Who can list /proc/<pid>/fd.
lister() {
	as -u 1000 -c dac_read_search "$@"
}

# Whether USER... is refused FILE, and with which error.
refused() {
	refused_error=$1 refused_file=$2
	shift 2
	"$@" cat "$refused_file" 2>&1 >/dev/null | grep -q "$refused_error"
}

pids_seen() {
	"$@" sed -n 's/^gputop-pid:\t//p' /proc/gpu | sort -n | tr '\n' ' '
}

hidden() {
	"$@" sed -n 's/^gputop-hidden:\t//p' /proc/gpu
}

# Who is alone is on a device of another style than the others.
fresh_styles
chmod 666 /dev/dri/*
node=$(node_of synthgpu 0 renderD)
proc_load
hold -u 1000 "open=$node"
a=$pid
hold -u 1001 "open=$(node_of synthgpu 1 renderD)" "open=$(node_of synthgpu 2 renderD)"
b=$pid
hold "open=$(node_of synthgpu 3 renderD)"
r=$pid

ok "one's own can be read" alice grep -q gputop-fd "/proc/$a/gpu"
for user in alice nobody_root lister; do
	ok "$user: EACCES for another user's" refused 'Permission denied' "/proc/$b/gpu" $user
	ok "$user: EACCES for fdinfo too" refused 'Permission denied' "/proc/$b/fdinfo/3" $user
done
is "$(alice -c sys_ptrace grep -c gputop-fd: "/proc/$b/gpu")" 2 "CAP_SYS_PTRACE alone reads another user's"
is "$(grep -c gputop-fd: "/proc/$b/gpu")" 2 "root reads it"
not_ok "nobody writes it" sh -c "echo 1 >/proc/$a/gpu"

is "$(pids_seen alice)" "$a " "/proc/gpu shows a user her own"
is "$(hidden alice)" 3 "and counts the rest"
is "$(pids_seen bob)" "$b $b " "another user his"
is "$(hidden bob)" 2 "and counts the rest"
is "$(hidden as -u 65534)" 4 "who has none sees the count alone"
is "$(pids_seen alice -c sys_ptrace)" "$a $b $b $r " "CAP_SYS_PTRACE alone shows all"
is "$(hidden alice -c sys_ptrace)" 0 "and hides none"
is "$(hidden env)" 0 "so is root"

# The opener is gone, a child has what it opened: whose it is, DRM cannot say.
alice sh -c "exec 7<$node; sleep 1000 & echo \$! >/tmp/orphan"
o=$(cat /tmp/orphan)
ok "a client that outlives its opener is its holder's" alice grep -q '^gputop-fd:	7' "/proc/$o/gpu"
is "$(hidden alice)" 4 "in /proc/gpu a user is not shown it"
is "$(pids_seen env)" "0 $a $b $b $r " "who may see all is, without a process"
kill "$o"
wait_for 5 test ! -d "/proc/$o"

# The opener's rights count, not those of whom the file is handed to.
is "$(alice grep -c ^gputop-pid </proc/gpu)" 4 "an open /proc/gpu shows what its opener may see"
is "$(alice grep -c ^gputop-fd: <"/proc/$b/gpu")" 2 "and so does an open /proc/<pid>/gpu"

# The process gets out of reach while the file is open.
cp /bin/gpufds /tmp/privileged
chmod 4755 /tmp/privileged
mkfifo /tmp/go
as -u 1000 sh -c 'read x </tmp/go; exec /tmp/privileged' 7<"$node" >/tmp/privileged-ready &
e=$!
chmod 666 /tmp/go
ok "a process before it gets out of reach" wait_for 5 alice grep -q gputop-fd "/proc/$e/gpu"
alice sh -c "exec 5</proc/$e/gpu; echo >/tmp/opened; until [ -e /tmp/changed ]; do sleep 0.1; done
	cat <&5" >/tmp/late 2>&1 &
late=$!
ok "its file is opened" wait_for 5 test -e /tmp/opened
echo >/tmp/go
wait_for 5 grep -q ready /tmp/privileged-ready
ok "setuid: EACCES at open" refused 'Permission denied' "/proc/$e/gpu" alice
echo >/tmp/changed
wait $late
ok "and at a read of what was opened before" grep -q 'Permission denied' /tmp/late

# The mount's options hold for the directory as a whole.
mount -o remount,hidepid=2 /proc
ok "hidepid=2: ENOENT" refused 'No such file' "/proc/$b/gpu" alice
ok "hidepid=2: one's own can be read" alice grep -q gputop-fd "/proc/$a/gpu"
is "$(pids_seen alice)" "$a " "hidepid=2: /proc/gpu shows a user her own"
mount -o remount,hidepid=0 /proc

# Another pid namespace has other numbers, and none for what is outside.
cat >/tmp/inside <<'EOF'
gpufds "open=$1" >/tmp/ready &
until grep -q ready /tmp/ready; do sleep 0.1; done
echo "$! $(sed -n 's/^gputop-pid:\t//p' /proc/gpu | sort -n | uniq | tr '\n' ' ')"
grep -c gputop-fd: "/proc/$!/gpu"
kill $!
EOF
is "$(unshare -m -p -f --mount-proc sh /tmp/inside "$node")" "2 0 2 
1" "a pid namespace: its own number, 0 for what is outside"

proc_unload
dmesg_clean "the kernel is content"
done_testing
