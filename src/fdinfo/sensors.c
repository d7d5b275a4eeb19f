/* SPDX-License-Identifier: MIT */
#include "sensors.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "parse.h"

const char *const sensor_names[N_SENSORS] = {
	[SENSOR_CLOCK] = "clock", [SENSOR_CLOCK_MAX] = "clock-max", [SENSOR_POWER] = "power",
	[SENSOR_POWER_CAP] = "power-cap", [SENSOR_TEMPERATURE] = "temperature", [SENSOR_FAN] = "fan",
};

/* Where paths begin. */
enum place {
	IN_DEVICE,
	IN_CARD,	/* drm/cardN */
	IN_HWMON,	/* hwmon/hwmonN, the lowest */
	IN_DEVFREQ,	/* devfreq/NAME, the first */
	N_PLACES
};

struct sensor_file {
	enum sensor sensor;
	enum place place;
	const char *path;
	uint64_t factor;	/* of a value to the sensor's unit */
	bool is_energy;		/* microjoules, whose growth is power */
};

/* Of several files for one sensor the first that is there counts. */
static const struct sensor_file sensor_table[] = {
	{ SENSOR_CLOCK, IN_HWMON, "freq1_input", 1, false },	/* amdgpu: sclk */
	{ SENSOR_CLOCK, IN_CARD, "gt/gt0/rps_act_freq_mhz", 1000000, false },	/* i915 */
	{ SENSOR_CLOCK, IN_CARD, "gt_act_freq_mhz", 1000000, false },	/* i915 before 5.18 */
	{ SENSOR_CLOCK, IN_DEVICE, "tile0/gt0/freq0/act_freq", 1000000, false },	/* xe */
	{ SENSOR_CLOCK, IN_DEVFREQ, "cur_freq", 1, false },	/* panfrost, panthor, lima */
	{ SENSOR_CLOCK_MAX, IN_CARD, "gt/gt0/rps_RP0_freq_mhz", 1000000, false },
	{ SENSOR_CLOCK_MAX, IN_CARD, "gt_RP0_freq_mhz", 1000000, false },
	{ SENSOR_CLOCK_MAX, IN_DEVICE, "tile0/gt0/freq0/rp0_freq", 1000000, false },
	{ SENSOR_CLOCK_MAX, IN_DEVFREQ, "max_freq", 1, false },
	{ SENSOR_POWER, IN_HWMON, "power1_average", 1, false },
	{ SENSOR_POWER, IN_HWMON, "power1_input", 1, false },
	{ SENSOR_POWER, IN_HWMON, "energy1_input", 1, true },	/* i915, xe */
	{ SENSOR_POWER_CAP, IN_HWMON, "power1_cap", 1, false },
	{ SENSOR_POWER_CAP, IN_HWMON, "power1_max", 1, false },
	{ SENSOR_TEMPERATURE, IN_HWMON, "temp1_input", 1, false },
	{ SENSOR_TEMPERATURE, IN_HWMON, "temp2_input", 1, false },	/* xe: the package */
	{ SENSOR_FAN, IN_HWMON, "fan1_input", 1, false },
};

/* They do not change, and drivers know them without the device. */
static const struct {
	const char *region, *path;
} size_table[] = {
	{ "vram", "mem_info_vram_total" },	/* amdgpu */
	{ "gtt", "mem_info_gtt_total" },
	{ "vram0", "tile0/physical_vram_size_bytes" },	/* xe */
	{ "vram1", "tile1/physical_vram_size_bytes" },
};

struct sensor_files {
	int fds[N_SENSORS];			/* -1: none */
	const struct sensor_file *files[N_SENSORS];
	int sizes[N_OF(size_table)];		/* -1: none, or read */
	int control, delay;			/* of power/ */
	uint64_t read_ns;			/* the last reading; 0 before it */
	uint64_t energy_uj, energy_ns;		/* the last reading of that; UNKNOWN */
};

uint64_t sensors_size(const struct sensors *s, const char *region)
{
	for (size_t i = 0; i < s->n_sizes; i++)
		if (strcmp(s->sizes[i].region, region) == 0)
			return s->sizes[i].bytes;
	return UNKNOWN;
}

static int open_file(const char *dir, const char *path, struct scan *scan)
{
	char full[PATH_MAX];

	if (snprintf(full, sizeof(full), "%s/%s", dir, path) >= (int)sizeof(full))
		return -1;
	scan->syscalls[SYSCALL_OPEN]++;
	return open(full, O_RDONLY | O_CLOEXEC);
}

static void close_file(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* "hwmon9" comes before "hwmon10". */
static bool is_before(const char *a, const char *b)
{
	size_t x = strlen(a), y = strlen(b);

	return x != y ? x < y : strcmp(a, b) < 0;
}

/*
 * The path of the first entry of @dir/@class, "" if there is none. Of several hwmons the first is the device's:
 * i915 registers those of its parts after it.
 */
static void find_first(const char *dir, const char *class, char ret[static PATH_MAX], struct scan *scan)
{
	char path[PATH_MAX], first[sizeof(((struct dirent *)NULL)->d_name)] = "";
	const struct dirent *e;
	DIR *d;

	ret[0] = '\0';
	if (snprintf(path, sizeof(path), "%s/%s", dir, class) >= (int)sizeof(path))
		return;
	scan->syscalls[SYSCALL_OPEN]++;
	d = opendir(path);
	if (!d)
		return;
	while ((e = readdir(d)))
		if (e->d_name[0] != '.' && (!*first || is_before(e->d_name, first)))
			snprintf(first, sizeof(first), "%s", e->d_name);
	closedir(d);
	scan->syscalls[SYSCALL_GETDENTS]++;
	scan->syscalls[SYSCALL_CLOSE]++;
	if (*first && snprintf(ret, PATH_MAX, "%s/%s", path, first) >= PATH_MAX)
		ret[0] = '\0';
}

int sensor_files_open(const char *dir, const char *card, struct scan *scan, struct sensor_files **ret)
{
	char places[N_PLACES][PATH_MAX] = { "" };
	struct sensor_files *f = calloc(1, sizeof(*f));

	if (!f)
		return -ENOMEM;
	f->energy_uj = UNKNOWN;
	snprintf(places[IN_DEVICE], PATH_MAX, "%s", dir);
	if (*card && snprintf(places[IN_CARD], PATH_MAX, "%s/drm/%s", dir, card) >= PATH_MAX)
		places[IN_CARD][0] = '\0';
	find_first(dir, "hwmon", places[IN_HWMON], scan);
	find_first(dir, "devfreq", places[IN_DEVFREQ], scan);
	memset(f->fds, -1, sizeof(f->fds));
	for (size_t i = 0; i < N_OF(sensor_table); i++) {
		const struct sensor_file *file = &sensor_table[i];

		if (f->fds[file->sensor] >= 0 || !*places[file->place])
			continue;
		f->fds[file->sensor] = open_file(places[file->place], file->path, scan);
		f->files[file->sensor] = file;
	}
	for (size_t i = 0; i < N_OF(size_table); i++)
		f->sizes[i] = open_file(dir, size_table[i].path, scan);
	f->control = open_file(dir, "power/control", scan);
	f->delay = open_file(dir, "power/autosuspend_delay_ms", scan);
	*ret = f;
	return 0;
}

void sensor_files_close(struct sensor_files *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < N_SENSORS; i++)
		close_file(&f->fds[i]);
	for (size_t i = 0; i < N_OF(size_table); i++)
		close_file(&f->sizes[i]);
	close_file(&f->control);
	close_file(&f->delay);
	free(f);
}

static struct str read_text(int fd, char text[static 32], struct scan *scan)
{
	ssize_t n;

	if (fd < 0)
		return (struct str){ NULL, 0 };
	scan->syscalls[SYSCALL_READ]++;
	n = pread(fd, text, 31, 0);
	while (n > 0 && text[n - 1] == '\n')
		n--;
	return (struct str){ text, n > 0 ? (size_t)n : 0 };
}

static bool read_number(int fd, uint64_t *ret, struct scan *scan)
{
	char text[32];

	return parse_digits(read_text(fd, text, scan), UNKNOWN - 1, ret);
}

/* How far readings must be apart so that the device can fall asleep between them. */
static uint64_t pause_ns(const struct sensor_files *f, struct scan *scan)
{
	char text[32];
	uint64_t ms;

	if (!str_is(read_text(f->control, text, scan), "auto") || !read_number(f->delay, &ms, scan) ||
	    ms > UINT32_MAX)
		return 0;
	return 2 * ms * NSEC_PER_MSEC;
}

/* Counters of 32 bits wrap, and others restart: then nothing is known until the next time. */
static void take_energy(struct sensor_files *f, uint64_t uj, uint64_t t_ns, struct sensors *s)
{
	if (f->energy_uj != UNKNOWN && uj >= f->energy_uj && t_ns > f->energy_ns)
		sensors_set(s, SENSOR_POWER,
			    (uint64_t)((double)(uj - f->energy_uj) * 1e9 / (double)(t_ns - f->energy_ns)));
	f->energy_uj = uj;
	f->energy_ns = t_ns;
}

static void read_sizes(struct sensor_files *f, struct sensors *s, struct scan *scan)
{
	for (size_t i = 0; i < N_OF(size_table); i++) {
		struct sensor_size *size = &s->sizes[s->n_sizes];

		if (f->sizes[i] < 0 || s->n_sizes == SENSORS_MAX_SIZES)
			continue;
		if (read_number(f->sizes[i], &size->bytes, scan) && size->bytes > 0) {
			snprintf(size->region, sizeof(size->region), "%s", size_table[i].region);
			s->n_sizes++;
		}
		close_file(&f->sizes[i]);
		scan->syscalls[SYSCALL_CLOSE]++;
	}
}

void sensor_files_read(struct sensor_files *f, bool awake, uint64_t t_ns, struct sensors *s, struct scan *scan)
{
	if (!awake) {
		s->known = 0;
		f->energy_uj = UNKNOWN;
		return;
	}
	if (f->read_ns && t_ns < f->read_ns + pause_ns(f, scan))
		return;
	f->read_ns = t_ns;
	read_sizes(f, s, scan);
	s->known = 0;
	for (size_t i = 0; i < N_SENSORS; i++) {
		uint64_t value;

		if (!read_number(f->fds[i], &value, scan) || value > (UNKNOWN - 1) / f->files[i]->factor)
			continue;
		/* a limit of 0 is none: sysfs-driver-intel-xe-hwmon */
		if (i == SENSOR_POWER_CAP && value == 0)
			continue;
		if (f->files[i]->is_energy)
			take_energy(f, value, t_ns, s);
		else
			sensors_set(s, (enum sensor)i, value * f->files[i]->factor);
	}
}
