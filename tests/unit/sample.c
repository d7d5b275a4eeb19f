/* SPDX-License-Identifier: MIT */
#include "sample.h"

#include <math.h>

#define NO_REGION { UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN }
#define NO_ENGINE { NAN, UNKNOWN, UNKNOWN, UNKNOWN }
#define MIB (1024 * 1024ull)
#define S 1000000000ull
#define NOW (5000 * S)
/* what makedev(226, minor) gives, which is no constant */
#define DRM(minor) (226 << 8 | (minor))
#define STR(literal) { literal, sizeof(literal) - 1 }

/* --- devices --- */

static const struct snapshot_engine amd_engines[] = {
	{ "gfx", 1, UNKNOWN, UNKNOWN, { 0.75, 9 * S, UNKNOWN, UNKNOWN } },
	{ "dec", 1, UNKNOWN, UNKNOWN, { 0.125, 2 * S, UNKNOWN, UNKNOWN } },
};

static const struct snapshot_region amd_regions[] = {
	{ "vram", { 400 * MIB, 20 * MIB, 360 * MIB, 0, UNKNOWN } },
	{ "gtt", { 64 * MIB, 0, 64 * MIB, 0, UNKNOWN } },
};

static const struct snapshot_engine xe_engines[] = {
	{ "rcs", 1, 1200000000, 2000000000, { 1.0 / 3, UNKNOWN, 1000000, 3000000 } },
	{ "vcs", 2, UNKNOWN, UNKNOWN, { 1.5, UNKNOWN, 4500000, 3000000 } },
};

static const struct snapshot_region xe_regions[] = {
	{ "vram0", { 10 * MIB, 0, 8 * MIB, 0, 4 * MIB } },
};

static const struct snapshot_device devices[] = {
	{
		.device = {
			.gpu = "0000:03:00.0", .driver = "amdgpu",
			.name = "AMD Navi 31 [Radeon RX 7900 XTX]",
			.vendor_id = 0x1002, .device_id = 0x744c, .power = DEVICE_AWAKE,
			.sensors = {
				.known = 1U << SENSOR_CLOCK | 1U << SENSOR_POWER | 1U << SENSOR_POWER_CAP |
					 1U << SENSOR_TEMPERATURE | 1U << SENSOR_FAN,
				.values = { [SENSOR_CLOCK] = 2371000000, [SENSOR_POWER] = 141500000,
					    [SENSOR_POWER_CAP] = 327000000, [SENSOR_TEMPERATURE] = 61400,
					    [SENSOR_FAN] = 1350 },
				.sizes = { { "vram", 24560 * MIB }, { "gtt", 32000 * MIB } },
				.n_sizes = 2,
			},
			.nodes = { { "card0", DRM(0) }, { "renderD128", DRM(128) } },
			.n_nodes = 2,
		},
		.engines = amd_engines, .n_engines = 2, .regions = amd_regions, .n_regions = 2,
		.n_clients = 3, .n_processes = 5,
	},
	{
		.device = {
			.gpu = "0000:04:00.0", .driver = "xe", .name = "Intel DG2 [Arc A770]",
			.vendor_id = 0x8086, .device_id = 0x56a0, .power = DEVICE_AWAKE,
			.sensors = {
				.known = 1U << SENSOR_CLOCK | 1U << SENSOR_CLOCK_MAX,
				.values = { [SENSOR_CLOCK] = 0, [SENSOR_CLOCK_MAX] = 2400000000 },
			},
			.nodes = { { "card1", DRM(1) }, { "renderD129", DRM(129) } },
			.n_nodes = 2,
		},
		.engines = xe_engines, .n_engines = 2, .regions = xe_regions, .n_regions = 1,
		.n_clients = 3, .n_processes = 2,
	},
	{
		.device = { .gpu = "minor:5", .driver = "nouveau", .power = DEVICE_ASLEEP },
		.n_clients = 1, .n_processes = 1,
	},
};

/* --- processes --- */

#define ID64 "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

/* The parent first. */
#define ANCESTORS(...) \
	(const pid_t[]){ __VA_ARGS__ }, sizeof((const pid_t[]){ __VA_ARGS__ }) / sizeof(pid_t)

static const struct snapshot_process mpv = {
	42, 1000, 1000, "mpv", "mpv --hwdec=vaapi film.mkv", "alice",
	"/system.slice/docker-" ID64 ".scope",
	{ .unit = "docker-" ID64 ".scope", .slice = "system.slice", .container = ID64 },
	ANCESTORS(60, 1),
};

static const struct snapshot_process idle = {
	43, 1100, 1001, "firefox", "/usr/lib/firefox/firefox", "bob",
	"/user.slice/user-1001.slice/session-2.scope",
	{ .unit = "session-2.scope", .slice = "user-1001.slice" },
	ANCESTORS(42, 60, 1),
};

static const struct snapshot_process server[] = {
	{ 60, 10, 0, "Xorg", "/usr/lib/xorg/Xorg :0", "root", "/system.slice/display.service",
	  { .unit = "display.service", .slice = "system.slice" }, ANCESTORS(1) },
	{ 61, 20, 1000, "picom", "picom", "alice", "", { .unit = "" }, NULL, 0 },
	{ 62, 30, 1002, "child", "child", "1002", "", { .unit = "" }, NULL, 0 },
};

static const struct snapshot_process hostile = {
	70, 2000, 1000, "a)\n\"b\",\\", "=cmd\t\033[31m\177 \302\233x \377\300\200 \303\251 '", "alice",
	"/kubepods/burstable/pod11111111-2222-3333-4444-555555555555/" ID64,
	{ .container = ID64, .pod_uid = "11111111-2222-3333-4444-555555555555" },
	ANCESTORS(55, 60, 1),	/* 55 holds nothing */
};

static const struct snapshot_process slurm = {
	80, 3000, 1001, "train", "python train.py", "bob",
	"/system.slice/slurmstepd.scope/job_77/step_0/user/task_0",
	{ .unit = "slurmstepd.scope", .slice = "system.slice", .slurm_job = "77" },
	ANCESTORS(70, 55, 60, 1),
};

static const struct snapshot_process silent = {
	90, 4000, UNKNOWN, "", "", "", "", { .unit = "" }, NULL, 0,
};

static const struct snapshot_process *const shared_sharers[] = { &server[1], &server[2] };

/* --- clients --- */

static const char mpv_text[] =
	"drm-driver:\tamdgpu\n" "drm-client-id:\t217\n" "drm-client-name:\tmpv\n"
	"drm-pdev:\t0000:03:00.0\n"
	"drm-engine-gfx:\t5000000000 ns\n" "drm-engine-dec:\t2000000000 ns\n"
	"drm-total-vram:\t102400 KiB\n" "drm-shared-vram:\t0\n" "drm-resident-vram:\t61440 KiB\n"
	"drm-purgeable-vram:\t0\n"
	"drm-total-gtt:\t65536 KiB\n" "drm-shared-gtt:\t0\n" "drm-resident-gtt:\t65536 KiB\n"
	"drm-purgeable-gtt:\t0\n"
	"amd-evicted-vram:\t0 KiB\n" "amd-requested-vram:\t102400 KiB\n";

static const struct str mpv_extras[] = {
	STR("amd-evicted-vram:\t0 KiB"), STR("amd-requested-vram:\t102400 KiB"),
};

static const struct snapshot_holder mpv_holders[] = { { 42, 7 }, { 42, 9 } };
static const struct snapshot_holder idle_holders[] = { { 43, 11 } };
static const struct snapshot_holder shared_holders[] = { { 60, 12 }, { 61, 5 }, { 62, 5 }, { 62, 6 } };
static const struct snapshot_holder hostile_holders[] = { { 70, 3 } };
static const struct snapshot_holder new_holders[] = { { 70, 4 } };
static const struct snapshot_holder huge_holders[] = { { 80, 3 } };
static const struct snapshot_holder silent_holders[] = { { 90, 3 } };

static const struct engine_usage mpv_engines[] = {
	{ 0.5, 5 * S, UNKNOWN, UNKNOWN }, { 0.125, 2 * S, UNKNOWN, UNKNOWN },
};
static const struct engine_usage idle_engines[] = {
	{ 0, 1 * S, UNKNOWN, UNKNOWN }, { 0, 0, UNKNOWN, UNKNOWN },
};
static const struct engine_usage shared_engines[] = {
	{ 0.25, 3 * S, UNKNOWN, UNKNOWN }, NO_ENGINE,
};
static const struct engine_usage hostile_engines[] = {
	{ 1.0 / 3, UNKNOWN, 1000000, 3000000 }, { 1.5, UNKNOWN, 4500000, 3000000 },
};
static const struct engine_usage new_engines[] = {
	{ NAN, UNKNOWN, 5, 3000000 }, { NAN, UNKNOWN, 6, 3000000 },
};
static const struct engine_usage huge_engines[] = {
	{ 0.000001, UNKNOWN, UNKNOWN - 1, 1ull << 63 }, NO_ENGINE,
};

static const struct region_usage mpv_regions[] = {
	{ 100 * MIB, 0, 60 * MIB, 0, UNKNOWN }, { 64 * MIB, 0, 64 * MIB, 0, UNKNOWN },
};
static const struct region_usage idle_regions[] = {
	{ 300 * MIB, 20 * MIB, 0, 0, UNKNOWN }, { 0, 0, 0, 0, UNKNOWN },
};
static const struct region_usage shared_regions[] = {
	{ 50 * MIB, UNKNOWN, UNKNOWN, UNKNOWN, UNKNOWN }, NO_REGION,
};
static const struct region_usage hostile_regions[] = { { 10 * MIB, 0, 8 * MIB, 0, 4 * MIB } };
static const struct region_usage no_regions[] = { NO_REGION };

static const struct snapshot_client clients[N_SAMPLE_CLIENTS] = {
	[SAMPLE_MPV] = {
		.device = &devices[0], .serial = 1, .id = 217, .name = "mpv", .process = &mpv,
		.holders = mpv_holders, .n_holders = 2, .rdev = DRM(128),
		.engines = mpv_engines, .regions = mpv_regions,
		.t_ns = NOW - 1000, .interval_ns = S, .first_ns = NOW - 60 * S,
		.text = STR(mpv_text), .extras = mpv_extras, .n_extras = 2,
	},
	[SAMPLE_IDLE] = {
		.device = &devices[0], .serial = 2, .id = 218, .process = &idle,
		.holders = idle_holders, .n_holders = 1, .rdev = DRM(0),
		.engines = idle_engines, .regions = idle_regions,
		.t_ns = NOW - 900, .interval_ns = S, .first_ns = NOW - 60 * S,
		.text = STR("drm-driver:\tamdgpu\ndrm-client-id:\t218\ndrm-engine-gfx:\t1000000000 ns\n"),
	},
	[SAMPLE_SHARED] = {
		.device = &devices[0], .serial = 3, .id = 300, .process = &server[0],
		.sharers = shared_sharers, .n_sharers = 2,
		.holders = shared_holders, .n_holders = 4, .rdev = DRM(0),
		.engines = shared_engines, .regions = shared_regions,
		.t_ns = NOW - 800, .interval_ns = S, .first_ns = NOW - 3600 * S,
		.text = STR("drm-driver:\tamdgpu\ndrm-client-id:\t300\ndrm-engine-gfx:\t3000000000 ns\n"),
	},
	[SAMPLE_HOSTILE] = {
		.device = &devices[1], .serial = 4, .id = 5, .name = "\"\xf0\x9f", .process = &hostile,
		.holders = hostile_holders, .n_holders = 1, .rdev = DRM(129),
		.engines = hostile_engines, .regions = hostile_regions,
		.t_ns = NOW - 700, .interval_ns = S, .first_ns = NOW - S,
		.text = STR("drm-driver:\txe\ndrm-client-id:\t5\ndrm-cycles-rcs:\t1000000\n"),
	},
	[SAMPLE_NEW] = {
		.device = &devices[1], .serial = 5, .id = 6, .process = &hostile,
		.holders = new_holders, .n_holders = 1, .rdev = DRM(129),
		.engines = new_engines, .regions = no_regions,
		.t_ns = NOW - 600, .interval_ns = UNKNOWN, .first_ns = NOW - 600,
		.text = STR("drm-driver:\txe\ndrm-client-id:\t6\ndrm-cycles-rcs:\t5\n"),
	},
	[SAMPLE_HUGE] = {
		.device = &devices[1], .serial = 6, .id = UNKNOWN, .process = &slurm,
		.holders = huge_holders, .n_holders = 1, .rdev = DRM(129),
		.engines = huge_engines, .regions = no_regions,
		.t_ns = NOW - 500, .interval_ns = S, .first_ns = NOW - S,
		.text = STR("drm-driver:\txe\ndrm-cycles-rcs:\t18446744073709551614\n"),
	},
	[SAMPLE_SILENT] = {
		.device = &devices[2], .serial = 7, .id = UNKNOWN, .process = &silent,
		.holders = silent_holders, .n_holders = 1,
		.interval_ns = UNKNOWN, .first_ns = UNKNOWN,
	},
};

#define FRAME(number, at) { \
	.seq = (number), .t_ns = (at), .clock_ns = 1767323045678000000 + ((at) - NOW), .host = "box", \
	.scan = { \
		.finder = "stat", .wall_ns = 10331234, .cpu_ns = 9000000, .processes = 625, \
		.fds = 23500, .reads = 9, .denied = 3, .gone = 1, \
		.syscalls = { [SYSCALL_OPEN] = 634, [SYSCALL_STAT] = 23500 }, \
	}, \
}

const struct snapshot sample = {
	.frame = FRAME(2, NOW), .interval_ns = S + 1000000,
	.devices = devices, .n_devices = 3, .clients = clients, .n_clients = N_SAMPLE_CLIENTS,
};

const struct snapshot sample_first = {
	.frame = FRAME(1, NOW - S), .interval_ns = UNKNOWN,
	.devices = devices, .n_devices = 1, .clients = clients, .n_clients = SAMPLE_SHARED + 1,
};
