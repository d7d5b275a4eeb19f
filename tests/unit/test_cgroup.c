/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fdinfo/cgroup.h"

#define ID "4f1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8f9"
#define ID2 "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define NOT_ID "4f1b2c3d4e5f60718293a4b5c6d7e8f90a1b2c3d4e5f60718293a4b5c6d7e8fg"
#define UID "2f0c6b1a-9d1e-4c62-8f57-0a1b2c3d4e5f"
#define UID_ "2f0c6b1a_9d1e_4c62_8f57_0a1b2c3d4e5f"

static const struct {
	const char *path;
	struct cgroup want;
} paths[] = {
	/* systemd */
	{ "/", { .unit = "" } },
	{ "", { .unit = "" } },
	{ "/init.scope", { .unit = "init.scope" } },
	{ "/system.slice/ssh.service", { .unit = "ssh.service", .slice = "system.slice" } },
	{ "/system.slice/system-getty.slice/getty@tty1.service",
	  { .unit = "getty@tty1.service", .slice = "system-getty.slice" } },
	{ "/user.slice/user-1000.slice/session-2.scope",
	  { .unit = "session-2.scope", .slice = "user-1000.slice" } },
	{ "/user.slice/user-1000.slice/user@1000.service/app.slice/app-gnome-firefox\\x2desr-4711.scope",
	  { .unit = "app-gnome-firefox-esr-4711.scope", .slice = "app.slice" } },
	{ "/user.slice/user-1000.slice/user@1000.service/session.slice/org.gnome.Shell@wayland.service",
	  { .unit = "org.gnome.Shell@wayland.service", .slice = "session.slice" } },
	{ "/system.slice/system-modprobe.slice/a\\x2db\\x40c\\x.service",
	  { .unit = "a-b@c\\x.service", .slice = "system-modprobe.slice" } },
	{ "/system.slice/a\\x00b.service", { .unit = "a\\x00b.service", .slice = "system.slice" } },
	{ "/system.slice/_cpu.service", { .unit = "cpu.service", .slice = "system.slice" } },
	{ "/system.slice/systemd-udevd.service/udev",
	  { .unit = "systemd-udevd.service", .slice = "system.slice" } },
	/* Docker, Podman, LXC, nspawn */
	{ "/docker/" ID, { .container = ID } },
	{ "/system.slice/docker-" ID ".scope",
	  { .unit = "docker-" ID ".scope", .slice = "system.slice", .container = ID } },
	{ "/system.slice/nerdctl-" ID ".scope",
	  { .unit = "nerdctl-" ID ".scope", .slice = "system.slice", .container = ID } },
	{ "/machine.slice/libpod-" ID ".scope/container",
	  { .unit = "libpod-" ID ".scope", .slice = "machine.slice", .container = ID } },
	{ "/libpod_parent/libpod-" ID, { .container = ID } },
	{ "/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-" ID ".scope",
	  { .unit = "libpod-" ID ".scope", .slice = "user.slice", .container = ID } },
	{ "/machine.slice/libpod-conmon-" ID ".scope",
	  { .unit = "libpod-conmon-" ID ".scope", .slice = "machine.slice" } },
	{ "/machine.slice/machine-libpod_pod_" ID2 ".slice/libpod-" ID ".scope",
	  { .unit = "libpod-" ID ".scope", .slice = "machine-libpod_pod_" ID2 ".slice",
	    .container = ID } },
	{ "/lxc.payload.web-1/system.slice/nginx.service",
	  { .unit = "nginx.service", .slice = "system.slice", .container = "web-1" } },
	{ "/lxc.monitor.web-1", { .container = "" } },
	{ "/machine.slice/systemd-nspawn@deb.service/payload",
	  { .unit = "systemd-nspawn@deb.service", .slice = "machine.slice" } },
	/* Docker in Docker: the innermost one */
	{ "/docker/" ID "/docker/" ID2, { .container = ID2 } },
	{ "/system.slice/docker-" ID ".scope/docker/" ID2,
	  { .unit = "docker-" ID ".scope", .slice = "system.slice", .container = ID2 } },
	/* Kubernetes, systemd driver */
	{ "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" UID_ ".slice"
	  "/cri-containerd-" ID ".scope",
	  { .unit = "cri-containerd-" ID ".scope", .slice = "kubepods-burstable-pod" UID_ ".slice",
	    .container = ID, .pod_uid = UID } },
	{ "/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod" UID_ ".slice"
	  "/crio-" ID ".scope",
	  { .unit = "crio-" ID ".scope", .slice = "kubepods-besteffort-pod" UID_ ".slice",
	    .container = ID, .pod_uid = UID } },
	{ "/kubepods.slice/kubepods-pod" UID_ ".slice/docker-" ID ".scope",
	  { .unit = "docker-" ID ".scope", .slice = "kubepods-pod" UID_ ".slice",
	    .container = ID, .pod_uid = UID } },
	{ "/kubepods.slice/kubepods-pod" UID_ ".slice/crio-conmon-" ID ".scope",
	  { .unit = "crio-conmon-" ID ".scope", .slice = "kubepods-pod" UID_ ".slice", .pod_uid = UID } },
	{ "/system.slice/containerd.service/kubepods-burstable-pod" UID_ ".slice:cri-containerd:" ID,
	  { .unit = "containerd.service", .slice = "system.slice", .container = ID, .pod_uid = UID } },
	/* Kubernetes, cgroupfs driver */
	{ "/kubepods/burstable/pod" UID "/" ID, { .container = ID, .pod_uid = UID } },
	{ "/kubepods/besteffort/pod" UID "/crio-" ID, { .container = ID, .pod_uid = UID } },
	{ "/kubepods/pod" UID "/" ID, { .container = ID, .pod_uid = UID } },
	{ "/kubepods/burstable/pod0123456789abcdef0123456789abcdef/" ID,
	  { .container = ID, .pod_uid = "0123456789abcdef0123456789abcdef" } },
	/* Kubernetes in Docker, and Docker in Kubernetes */
	{ "/docker/" ID2 "/kubelet/kubepods/burstable/pod" UID "/" ID,
	  { .container = ID, .pod_uid = UID } },
	{ "/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod" UID_ ".slice"
	  "/cri-containerd-" ID ".scope",
	  { .unit = "cri-containerd-" ID ".scope", .slice = "kubelet-kubepods-pod" UID_ ".slice",
	    .container = ID, .pod_uid = UID } },
	{ "/kubepods/pod" UID "/" ID "/docker/" ID2, { .container = ID2, .pod_uid = UID } },
	{ "/../../kubepods/pod" UID "/" ID, { .container = ID, .pod_uid = UID } },
	/* Slurm v1, v2, and with several slurmd on a node */
	{ "/slurm/uid_1000/job_42/step_0/task_0", { .slurm_job = "42" } },
	{ "/slurm_node7/uid_1000/job_42/step_batch", { .slurm_job = "42" } },
	{ "/system.slice/slurmstepd.scope/job_1234567/step_0/user/task_0",
	  { .unit = "slurmstepd.scope", .slice = "system.slice", .slurm_job = "1234567" } },
	{ "/system.slice/node7_slurmstepd.scope/job_9/step_extern",
	  { .unit = "node7_slurmstepd.scope", .slice = "system.slice", .slurm_job = "9" } },
	{ "/system.slice/slurmstepd.scope/system",
	  { .unit = "slurmstepd.scope", .slice = "system.slice" } },
	/* What only looks like one of these */
	{ "/job_42/step_0", { .slurm_job = "" } },
	{ "/slurm/uid_0/job_", { .slurm_job = "" } },
	{ "/slurm/uid_0/job_4x", { .slurm_job = "" } },
	{ "/docker/4f1b2c3d4e5f", { .container = "" } },
	{ "/docker/" ID "0", { .container = "" } },
	{ "/docker/" NOT_ID, { .container = "" } },
	{ "/docker/x" ID, { .container = "" } },
	{ "/kubepods/pod" UID "0", { .pod_uid = "" } },
	{ "/kubepods/podxf0c6b1a-9d1e-4c62-8f57-0a1b2c3d4e5f", { .pod_uid = "" } },
	{ "/kubepods/xpod" UID, { .pod_uid = "" } },
	{ "/pod-pod" UID, { .pod_uid = UID } },
	{ "/pod", { .pod_uid = "" } },
	{ "///", { .unit = "" } },
	{ "garbage", { .unit = "" } },
	{ "\xff\xfe\\x", { .unit = "" } },
	{ ".service", { .unit = ".service" } },
};

static void same(const char *path, const char *what, const char *got, const char *want)
{
	if (strcmp(got, want) != 0)
		fail_msg("%s: %s is \"%s\", not \"%s\"", path, what, got, want);
}

static void decodes_the_paths_of_the_real_world(void **state)
{
	struct cgroup got;

	(void)state;
	for (size_t i = 0; i < N_OF(paths); i++) {
		const char *path = paths[i].path;
		const struct cgroup *want = &paths[i].want;

		cgroup_decode(str_of(path), &got);
		same(path, "unit", got.unit, want->unit);
		same(path, "slice", got.slice, want->slice);
		same(path, "container", got.container, want->container);
		same(path, "pod", got.pod_uid, want->pod_uid);
		same(path, "job", got.slurm_job, want->slurm_job);
	}
}

static void leaves_out_what_is_too_long(void **state)
{
	static char path[4096], big[301];
	struct cgroup got;

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	snprintf(path, sizeof(path), "/system.slice/outer.service/%s.service", big);
	cgroup_decode(str_of(path), &got);
	assert_string_equal(got.unit, "");
	assert_string_equal(got.slice, "system.slice");

	/* 255 bytes once unescaped is what a unit's name may have */
	path[0] = '/';
	for (size_t i = 0; i < 247; i++)
		snprintf(path + 1 + 4 * i, 5 + sizeof(".service"), "\\x2d.service");
	cgroup_decode(str_of(path), &got);
	assert_int_equal(strlen(got.unit), 255);
	assert_string_equal(got.unit + 246, "-.service");

	snprintf(path, sizeof(path), "/lxc.payload.%s", big);
	cgroup_decode(str_of(path), &got);
	assert_string_equal(got.container, "");
}

static void takes_a_path_of_any_length_and_no_nul(void **state)
{
	static const char tail[] = "/a/" ID;
	size_t len = 4096;
	char *path = malloc(len);	/* not NUL-terminated: a sanitizer sees a byte too much */
	struct cgroup got;

	(void)state;
	assert_non_null(path);
	for (size_t i = 0; i < len; i++)
		path[i] = i < len - strlen(tail) ? "/a"[i % 2] : tail[i - (len - strlen(tail))];
	cgroup_decode((struct str){ path, len }, &got);
	assert_string_equal(got.container, ID);
	/* every beginning of a path with everything in it */
	len = (size_t)snprintf(path, 4096, "/slurm/job_1/kubepods-pod" UID_ ".slice:x:" ID
			       "/docker-" ID ".scope/lxc.payload.x/a\\x2db.service");
	for (size_t i = 0; i <= len; i++) {
		char *begin = malloc(i ? i : 1);

		assert_non_null(begin);
		memcpy(begin, path, i);
		cgroup_decode((struct str){ begin, i }, &got);
		free(begin);
	}
	assert_string_equal(got.unit, "a-b.service");
	free(path);
}

static void finds_the_path_in_the_text(void **state)
{
	static const struct { const char *text, *path; } cases[] = {
		{ "0::/system.slice/ssh.service\n", "/system.slice/ssh.service" },
		{ "0::/system.slice/ssh.service", "/system.slice/ssh.service" },
		{ "0::/\n", "/" },
		{ "0::/a:b::c\n", "/a:b::c" },
		{ "0::/gone.service (deleted)\n", "/gone.service" },
		/* v1 */
		{ "12:pids:/p\n11:cpu,cpuacct:/c\n1:name=systemd:/s\n", "/s" },
		{ "12:pids:/p\n11:cpu,cpuacct:/c\n", "/p" },
		{ "12:pids:/\n11:cpu,cpuacct:/c\n", "/c" },
		/* hybrid */
		{ "12:pids:/p\n1:name=systemd:/s\n0::/u\n", "/u" },
		{ "0::/u\n12:pids:/p\n1:name=systemd:/s\n", "/u" },
		{ "12:pids:/p\n1:name=systemd:/s\n0::/\n", "/s" },
		{ "12:pids:/docker/x\n1:name=systemd:/\n0::/\n", "/docker/x" },
		{ "12:pids:/\n1:name=systemd:/\n0::/\n", "/" },
		/* seen from inside another cgroup namespace */
		{ "0::/../other\n", "/../other" },
		/* not a cgroup file */
		{ "", NULL },
		{ "\n\n", NULL },
		{ "garbage", NULL },
		{ "0::", NULL },
		{ "0:", NULL },
		{ "1:name=systemd\n", NULL },
		{ "0::relative\n", NULL },
		{ "x\n0::/a\n", "/a" },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct str path = cgroup_path(str_of(cases[i].text));

		if (!cases[i].path) {
			assert_null(path.ptr);
			continue;
		}
		assert_non_null(path.ptr);
		assert_int_equal(path.len, strlen(cases[i].path));
		assert_memory_equal(path.ptr, cases[i].path, path.len);
	}
	assert_null(cgroup_path((struct str){ 0 }).ptr);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_the_paths_of_the_real_world),
		cmocka_unit_test(leaves_out_what_is_too_long),
		cmocka_unit_test(takes_a_path_of_any_length_and_no_nul),
		cmocka_unit_test(finds_the_path_in_the_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
