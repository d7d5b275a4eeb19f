# SPDX-License-Identifier: MIT
# Prints a made-up recording: make-demo.awk [-v frames=N]. Three devices, a second a frame, the fdinfo keys
# that the drivers print: what --demo plays in the tests.

function device(gpu, driver, name, nodes, vendor, id) {
	printf "gputop-device:\t%s\ngputop-device-driver:\t%s\ngputop-device-name:\t%s\n", gpu, driver, name
	printf "gputop-device-nodes:\t%s\ngputop-device-vendor:\t%s\ngputop-device-id:\t%s\n", nodes, vendor, id
	printf "gputop-device-power:\tawake\n\n"
}

function client(pid, start, uid, user, comm, cmdline, cgroup, gpu, fds, dev) {
	printf "gputop-pid:\t%d\ngputop-start-time:\t%d\ngputop-uid:\t%d\ngputop-user:\t%s\n", pid, start, uid, user
	printf "gputop-comm:\t%s\ngputop-cmdline:\t%s\ngputop-cgroup:\t%s\n", comm, cmdline, cgroup
	printf "gputop-ancestors:\t%s\n", parents[pid]
	printf "gputop-gpu:\t%s\ngputop-fds:\t%s\ngputop-dev:\t%s\ngputop-time:\t%s ns\n", gpu, fds, dev, now
}

# A share of the time, swinging around @mean.
function swing(mean, depth, period, phase) {
	return mean + depth * sin((f + phase) * 6.2832 / period)
}

# Counters only grow; @key names one.
function add(key, share, unit) {
	if (share > 0)
		counter[key] += int(share * unit)
	return sprintf("%.0f", counter[key])
}

function ns(client_key, engine, share) {
	printf "drm-engine-%s:\t%s ns\n", engine, add(client_key engine, share, 1000000000)
}

function cycles(client_key, engine, share, capacity) {
	printf "drm-cycles-%s:\t%s\ndrm-total-cycles-%s:\t%.0f\n", engine,
		add(client_key engine, share, 19200000), engine, 7655183225 + f * 19200000
	if (capacity > 1)
		printf "drm-engine-capacity-%s:\t%d\n", engine, capacity
}

function memory(region, resident, shared) {
	printf "drm-total-%s:\t%d KiB\ndrm-shared-%s:\t%d KiB\n", region, resident * 1.1, region, shared
	printf "drm-resident-%s:\t%d KiB\n", region, resident
}

function xe(key, id, rcs, vcs, ccs, vram) {
	printf "drm-driver:\txe\ndrm-client-id:\t%d\ndrm-pdev:\t0000:03:00.0\n", id
	memory("gtt", 192, 0)
	memory("vram0", vram, 16)
	cycles(key, "rcs", rcs, 1)
	cycles(key, "vcs", vcs, 2)
	cycles(key, "vecs", vcs / 4, 2)
	cycles(key, "bcs", rcs / 20, 1)
	cycles(key, "ccs", ccs, 4)
	print ""
}

function amdgpu(key, id, gfx, compute, dec, vram, gtt) {
	printf "drm-driver:\tamdgpu\ndrm-client-id:\t%d\ndrm-pdev:\t0000:08:00.0\npasid:\t%d\n", id, 32768 + id
	printf "drm-memory-vram:\t%d KiB\ndrm-memory-gtt: \t%d KiB\ndrm-memory-cpu: \t0 KiB\n", vram, gtt
	printf "amd-requested-vram:\t%d KiB\ndrm-shared-vram:\t0 KiB\n", vram
	if (gfx >= 0)
		ns(key, "gfx", gfx)
	if (compute > 0)
		ns(key, "compute", compute)
	if (dec > 0)
		ns(key, "dec", dec)
	print ""
}

function i915(key, id, render, video, mem) {
	printf "drm-driver:\ti915\ndrm-client-id:\t%d\ndrm-pdev:\t0000:00:02.0\n", id
	memory("system0", mem, 0)
	ns(key, "render", render)
	ns(key, "copy", render / 30)
	ns(key, "video", video)
	print "drm-engine-capacity-video:\t2"
	ns(key, "video-enhance", video / 3)
	print ""
}

BEGIN {
	if (!frames)
		frames = 40
	app = "/user.slice/user-1000.slice/user@1000.service/app.slice/app-"
	pod = "/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod" \
		"3f1c2b7a_0d41_4c6e_9f0e_5b1d2a8c4e77.slice/cri-containerd-" \
		"5c1f0f3f5f8b4f0c9a2e7d61b3c8a9e0d4f2b6a7c9e1d3f5a7b9c1d3e5f70912.scope"
	parents[812] = "1"
	parents[1377] = "1300 812 1"
	parents[2210] = "1400 1300 812 1"
	parents[3001] = "2900 1"
	parents[3444] = "3400 1"
	parents[3502] = "2900 1"
	parents[3600] = "3590 1300 812 1"
	print "gputop-protocol:\t1\n"
	for (f = 0; f < frames; f++) {
		now = sprintf("%d000000000", 5000 + f)
		device("0000:00:02.0", "i915", "Intel UHD Graphics 770", "card0=226:0 renderD128=226:128",
		       "0x8086", "0x4680")
		device("0000:03:00.0", "xe", "Intel DG2 [Arc A770]", "card1=226:1 renderD129=226:129",
		       "0x8086", "0x56a0")
		device("0000:08:00.0", "amdgpu", "AMD Navi 31 [Radeon RX 7900 XTX]",
		       "card2=226:2 renderD130=226:130", "0x1002", "0x744c")
		client(812, 1200, 0, "root", "Xorg", "/usr/lib/xorg/Xorg -core :0 -seat seat0", \
		       "/system.slice/display-manager.service", "0000:00:02.0", "14 15", "226:0")
		i915("x", 2, swing(0.06, 0.04, 7, 0), 0, 190000)
		client(1377, 2100, 1000, "alice", "firefox", "/usr/lib/firefox/firefox", app "firefox.scope", \
		       "0000:00:02.0", "41", "226:128")
		i915("f", 9, swing(0.22, 0.18, 11, 2), swing(0.3, 0.02, 5, 0), 410000)
		client(2210, 9000, 1000, "alice", "mpv", "mpv --hwdec=vaapi --fs holiday.mkv", app "mpv.scope", \
		       "0000:03:00.0", "7", "226:129")
		xe("m", 31, swing(0.08, 0.03, 9, 1), swing(0.9, 0.1, 13, 0), 0, 98000)
		client(3001, 12000, 1001, "bob", "blender", "blender -b scene.blend -a", \
		       "/user.slice/user-1001.slice/session-4.scope", "0000:03:00.0", "11 12", "226:129")
		xe("b", 40, swing(0.55, 0.35, 17, 4), 0, swing(2.2, 1.4, 19, 3), 4200000)
		client(3444, 15000, 999, "999", "python3", "python3 -m vllm.entrypoints.api_server --model m", \
		       pod, "0000:08:00.0", "23", "226:130")
		amdgpu("v", 217, -1, swing(0.7, 0.3, 23, 0), 0, 14200000 + f * 1024, 80000)
		client(3502, 15500, 1001, "bob", "glxgears", "glxgears", \
		       "/user.slice/user-1001.slice/session-4.scope", "0000:08:00.0", "4", "226:130")
		amdgpu("g", 230, f < 5 ? 0 : swing(0.25, 0.1, 6, 0), 0, f % 20 > 12 ? 0.1 : 0, f < 5 ? 0 : 30000,
		       f < 5 ? 0 : 8000)
		client(3600, 16000, 1000, "alice", "code", "/usr/share/code/code --type=gpu-process", \
		       app "code.scope", "0000:08:00.0", "19", "226:130")
		amdgpu("c", 231, 0, 0, 0, 0, 0)
		printf "gputop-frame:\t%d\ngputop-time:\t%s ns\ngputop-clock:\t%d000000000 ns\n", \
			f, now, 1767323045 + f
		print "gputop-host:\tworkstation\ngputop-scan-finder:\tstat"
		printf "gputop-scan-wall:\t%d ns\ngputop-scan-cpu:\t%d ns\n", swing(9400000, 900000, 5, 0), \
			swing(8800000, 800000, 5, 0)
		print "gputop-scan-processes:\t412\ngputop-scan-fds:\t9731\ngputop-scan-reads:\t9"
		print "gputop-scan-denied:\t0\ngputop-scan-gone:\t0\ngputop-scan-malformed:\t0"
		print "gputop-scan-syscalls:\topen=836 close=836 read=27 getdents=830 stat=9731 readlink=0 other=0\n"
	}
}
