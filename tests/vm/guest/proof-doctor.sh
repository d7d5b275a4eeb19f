# shellcheck shell=dash
# SPDX-License-Identifier: MIT
# gputop --doctor on a real kernel with synthetic GPUs: as root, as a user, behind hidepid, in a pid namespace.
# limit: 120
. /tests/lib.sh
need gputop synthgpu synthload

# doctor COMMAND...: the report of gputop --doctor started by COMMAND, and its exit status.
doctor() {
	"$@" gputop --doctor --json >/tmp/json
	echo $?
	jq -r '.findings[] | [.mark, .area, .text] | @tsv' /tmp/json >/tmp/report
}

# mark AREA TEXT: the mark of the finding of AREA whose text has TEXT in it.
mark() {
	awk -F '\t' -v area="$1" -v text="$2" '$2 == area && index($3, text) { print $1 }' /tmp/report
}

is "$(doctor env)" 1 "without a GPU something hinders"
is "$(mark devices "no GPU or NPU is to be seen")" problem "which is that"

load synthgpu ndev=2 style=ns,none || load synthgpu || bail "synthgpu does not load"
chmod 666 /dev/dri/renderD*
is "$(doctor env)" 0 "root with a GPU is not hindered"
is "$(mark devices "synthgpu.0: what the driver tells is not known: nobody has it open")" note "nobody uses it yet"
is "$(mark kernel "Linux $(uname -r)")" ok "the kernel is named"
is "$(mark rights "every process may be looked at")" ok "and every process seen"
is "$(mark finders "procgpu does not: the kernel module gputop_proc is not loaded")" note "gputop_proc is missed"

as -u 1000 synthload --busy 10% --quiet &
wait_for 5 clients_are 1 || bail "the client did not come"
is "$(doctor env)" 0 "nor with a client"
is "$(mark devices "synthgpu.0: the driver tells of engines")" ok "whose engines are named"
gputop --once --json --finder bpf -d 0.1 >/dev/null 2>/tmp/error && bpf="bpf works" || bpf="bpf does not"
ok "bpf: $bpf" test -n "$(mark finders "$bpf")"

is "$(doctor as -u 1000)" 1 "a user is hindered"
is "$(mark rights "without CAP_SYS_PTRACE (user 1000)")" problem "by missing rights"
is "$(mark finders "bpf does not: CAP_BPF and CAP_PERFMON are missing")" note "which finder bpf misses, too"
is "$(mark rights hidepid)" "" "no word of hidepid"
is "$(doctor as -u 1000 -c sys_ptrace)" 0 "CAP_SYS_PTRACE is enough"
is "$(mark rights "without CAP_DAC_READ_SEARCH")" note "though not the best"
is "$(doctor as -u 1000 -c sys_ptrace,dac_read_search)" 0 "both are better"
is "$(mark rights "every process may be looked at")" ok "and say so"

mount -o remount,hidepid=2 /proc
is "$(doctor as -u 1000)" 1 "hidepid=2: a user is hindered"
is "$(mark rights "hidepid=")" problem "by that"
is "$(doctor env)" 0 "hidepid=2: root is not"
mount -o remount,hidepid=0 /proc

if load gputop_proc; then
	doctor env >/dev/null
	is "$(mark finders "procgpu works, and is the one that gputop takes")" ok "with gputop_proc loaded procgpu is taken"
else
	skip "gputop_proc" "it does not load"
fi

doctor unshare -p -f --mount-proc >/dev/null
is "$(mark rights "a pid namespace of its own")" note "in a pid namespace that is said"
chmod 755 /dev/dri
mv /dev/dri/renderD128 /dev/node	# within devtmpfs: a copy would outlive its device
doctor env >/dev/null
is "$(mark devices "not in /dev: renderD128")" note "a missing node is said"
mv /dev/node /dev/dri/renderD128
done_testing
