// SPDX-License-Identifier: MIT
/*
 * as: run a command as another user with exactly the capabilities named.
 *
 *	as [-u UID] [-g GID] [-c CAP[,CAP...]] COMMAND [ARG...]
 *
 * The capabilities are ambient, so they survive the exec of an ordinary program; without -c there
 * are none, not even for uid 0. Supplementary groups are dropped. Knows nothing of GPUs.
 */
#include <errno.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/securebits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

static const struct {
	const char *name;
	int number;
} caps[] = {
	{ "dac_override", CAP_DAC_OVERRIDE },
	{ "dac_read_search", CAP_DAC_READ_SEARCH },
	{ "kill", CAP_KILL },
	{ "sys_admin", CAP_SYS_ADMIN },
	{ "sys_ptrace", CAP_SYS_PTRACE },
	{ "perfmon", CAP_PERFMON },
	{ "bpf", CAP_BPF },
	{ "syslog", CAP_SYSLOG },
};

static void fail(const char *what)
{
	fprintf(stderr, "as: %s: %s\n", what, strerror(errno));
	exit(125);
}

static uint64_t parse_caps(char *list)
{
	uint64_t mask = 0;

	for (char *name = strtok(list, ","); name; name = strtok(NULL, ",")) {
		size_t i;

		for (i = 0; i < sizeof(caps) / sizeof(caps[0]); i++)
			if (!strcmp(name, caps[i].name))
				break;
		if (i == sizeof(caps) / sizeof(caps[0])) {
			errno = EINVAL;
			fail(name);
		}
		mask |= 1ULL << caps[i].number;
	}
	return mask;
}

static void set_caps(uint64_t mask)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[2];

	for (int i = 0; i < 2; i++) {
		uint32_t word = (uint32_t)(mask >> (32 * i));

		data[i].permitted = data[i].effective = data[i].inheritable = word;
	}
	if (syscall(SYS_capset, &header, data))
		fail("capset");
	for (int cap = 0; cap < 64; cap++)
		if (mask >> cap & 1 && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0))
			fail("ambient capability");
}

int main(int argc, char **argv)
{
	uint64_t mask = 0;
	uid_t uid = 0;
	gid_t gid = 0;
	int opt;

	while ((opt = getopt(argc, argv, "+u:g:c:")) != -1) {
		switch (opt) {
		case 'u':
			uid = gid = (uid_t)strtoul(optarg, NULL, 10);
			break;
		case 'g':
			gid = (gid_t)strtoul(optarg, NULL, 10);
			break;
		case 'c':
			mask = parse_caps(optarg);
			break;
		default:
			return 125;
		}
	}
	if (optind == argc) {
		fprintf(stderr, "usage: as [-u UID] [-g GID] [-c CAP,...] COMMAND [ARG...]\n");
		return 125;
	}
	/* Uid 0 would be given every capability again by exec; NOROOT stops that. */
	if (prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_KEEP_CAPS, 0, 0, 0))
		fail("securebits");
	if (setgroups(0, NULL) || setgid(gid) || setuid(uid))
		fail("set ids");
	set_caps(mask);
	execvp(argv[optind], argv + optind);
	fail(argv[optind]);
}
