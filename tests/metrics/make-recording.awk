# SPDX-License-Identifier: MIT
# A recording of two GPUs, one that counts time and one that counts cycles, held by services and containers:
# awk -v host=NAME -v frames=N -v clients=N -f make-recording.awk
function client(i, frame, gpu, user, cgroup) {
	printf "gputop-pid:\t%d\ngputop-start-time:\t%d\ngputop-uid:\t%d\ngputop-user:\t%s\n", 100 + i, i, 1000 + i % 3, user
	printf "gputop-comm:\tjob%d\ngputop-cgroup:\t%s\ngputop-gpu:\t%s\ngputop-fds:\t3\n", i, cgroup, gpu
	printf "gputop-time:\t%d000000000 ns\n", frame
	if (i % 2) {
		printf "drm-driver:\tamdgpu\ndrm-client-id:\t%d\n", i
		printf "drm-engine-gfx:\t%d000000 ns\ndrm-engine-dec:\t%d000000 ns\n", frame * i, frame * 2
		printf "drm-total-vram:\t%d KiB\ndrm-shared-vram:\t0\ndrm-resident-vram:\t%d KiB\ndrm-active-vram:\t0\n", i * 20, i * 10
		printf "drm-purgeable-vram:\t0\n\n"
	} else {
		printf "drm-driver:\txe\ndrm-client-id:\t%d\n", i
		printf "drm-cycles-rcs:\t%d\ndrm-total-cycles-rcs:\t%d\ndrm-engine-capacity-rcs:\t2\n", frame * i, frame * 1000
		printf "drm-total-vram0:\t%d KiB\ndrm-shared-vram0:\t0\ndrm-resident-vram0:\t%d KiB\n\n", i * 20, i * 10
	}
}
BEGIN {
	id = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcde"
	printf "gputop-protocol:\t1\n\n"
	for (frame = 1; frame <= frames; frame++) {
		printf "gputop-device:\t0000:03:00.0\ngputop-device-driver:\tamdgpu\ngputop-device-power:\tawake\n"
		printf "gputop-device-nodes:\tcard0=226:0 renderD128=226:128\n"
		printf "gputop-device-sensors:\tclock=2000000000 power=%d000000 temperature=61400\n", 50 + frame % 100
		printf "gputop-device-memory:\tvram=17179869184\n\n"
		printf "gputop-device:\t0000:04:00.0\ngputop-device-driver:\txe\ngputop-device-power:\tawake\n\n"
		for (i = 1; i <= clients; i++)
			client(i, frame, i % 2 ? "0000:03:00.0" : "0000:04:00.0", "user" i % 3, \
			       i % 4 < 2 ? "/system.slice/job\\\\x2d" i % 5 ".service" : "/system.slice/docker-" id i % 5 ".scope")
		printf "gputop-frame:\t%d\ngputop-time:\t%d000000000 ns\ngputop-clock:\t%d000000000 ns\n", frame, frame, 1767323000 + frame
		printf "gputop-host:\t%s\ngputop-scan-finder:\tstat\ngputop-scan-wall:\t5000000 ns\ngputop-scan-cpu:\t4000000 ns\n", host
		printf "gputop-scan-processes:\t400\ngputop-scan-fds:\t9000\ngputop-scan-denied:\t2\n\n"
	}
}
