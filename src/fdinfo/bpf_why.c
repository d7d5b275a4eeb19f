/* SPDX-License-Identifier: MIT */
#include "bpf_why.h"

#include <errno.h>
#include <linux/capability.h>
#include <stdio.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "sysfs.h"

/* CAP_SYS_ADMIN stands for the two that were once part of it. */
static bool has_capabilities(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { 0 };
	uint64_t effective;

	if (syscall(SYS_capget, &header, data))
		return false;
	effective = (uint64_t)data[1].effective << 32 | data[0].effective;
	return effective >> CAP_SYS_ADMIN & 1 || (effective >> CAP_BPF & effective >> CAP_PERFMON & 1);
}

int bpf_check(const struct finder_env *env, struct finder_why *why)
{
	/* the kernel numbers processes as this one sees them */
	if (!env->proc || !env->proc->is_own)
		return finder_refuse(why, -EXDEV, "it sees this machine's own /proc only", NULL);
	/* the programs read pointers of 64 bits, and would find nothing without a word where they have 32 */
	if (sizeof(void *) < 8)
		return finder_refuse(why, -EOPNOTSUPP, "this is a gputop of 32 bits, and the programs are for kernels of 64",
				     NULL);
	if (access("/sys/kernel/btf/vmlinux", R_OK) < 0)
		return finder_refuse(why, -EOPNOTSUPP, "the kernel has no BTF (/sys/kernel/btf/vmlinux)",
				     "a kernel with CONFIG_DEBUG_INFO_BTF, and /sys mounted");
	/* not by trying: a sandbox may end who calls bpf(2) */
	if (!has_capabilities())
		return finder_refuse(why, -EPERM, "CAP_BPF and CAP_PERFMON are missing",
				     "run as root, gputopd, or gputop-bpf-pin once");
	return 0;
}

int bpf_refuse(struct finder_why *why, int err)
{
	char lockdown[64];

	/* "none integrity [confidentiality]": the one in force */
	sysfs_read("/sys/kernel/security", "lockdown", lockdown, sizeof(lockdown));
	if (strstr(lockdown, "[confidentiality]"))
		return finder_refuse(why, err, "the kernel is locked down (confidentiality)",
				     "boot with lockdown=integrity, or without");
	if (!proc_is_denied(err)) {
		snprintf(why->reason, sizeof(why->reason), "the kernel does not take the programs: error %d",
			 -err);
		return err;
	}
	return finder_refuse(why, err, "the kernel refuses BPF programs in spite of CAP_BPF and CAP_PERFMON",
			     "run it outside of the container or sandbox");
}
