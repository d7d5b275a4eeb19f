/* SPDX-License-Identifier: MIT */
/*
 * Clocks, power, temperature, fan and sizes of memory of one device, from sysfs and hwmon. It does not know
 * clients, nor which devices there are.
 *
 * Nothing wakes a device, and nothing keeps one awake: while it sleeps nothing is read. Most drivers count a
 * reading as use (amdgpu, xe and i915 take a runtime reference for hwmon, xe for its clock too), which
 * begins the time anew after which an idle device may sleep. So where power/control lets it sleep, readings
 * are more than that time (power/autosuspend_delay_ms) apart, and in between the last ones stand.
 *
 * Sources: Documentation/gpu/amdgpu/thermal.rst, Documentation/gpu/xe/xe_gt_freq.rst,
 * Documentation/ABI/testing/sysfs-driver-intel-{i915,xe}-hwmon, Documentation/hwmon/sysfs-interface.rst,
 * sysfs-class-devfreq.
 */
#ifndef GPUTOP_SENSORS_H
#define GPUTOP_SENSORS_H

#include <stdbool.h>

#include "frame.h"
#include "types.h"

enum sensor {
	SENSOR_CLOCK,		/* Hz; 0 while parked */
	SENSOR_CLOCK_MAX,	/* Hz */
	SENSOR_POWER,		/* microwatts */
	SENSOR_POWER_CAP,	/* microwatts */
	SENSOR_TEMPERATURE,	/* thousandths of a degree Celsius; below 0 is unknown */
	SENSOR_FAN,		/* turns per minute */
	N_SENSORS
};

/* "clock", "clock-max", "power", ... */
extern const char *const sensor_names[N_SENSORS];

#define SENSORS_MAX_SIZES 8

struct sensor_size {
	char region[16];	/* as drm-memory- keys name it: "vram", "vram0" */
	uint64_t bytes;
};

/* What is known. Zero-initialised: nothing is. */
struct sensors {
	unsigned int known;	/* a bit per enum sensor */
	uint64_t values[N_SENSORS];
	struct sensor_size sizes[SENSORS_MAX_SIZES];
	size_t n_sizes;
};

static inline uint64_t sensors_get(const struct sensors *s, enum sensor which)
{
	return s->known & 1U << which ? s->values[which] : UNKNOWN;
}

static inline void sensors_set(struct sensors *s, enum sensor which, uint64_t value)
{
	s->known |= 1U << which;
	s->values[which] = value;
}

/* Bytes the device has of @region, used or not; UNKNOWN. */
uint64_t sensors_size(const struct sensors *s, const char *region);

struct sensor_files;

/*
 * Opens what there is below @dir, the device's directory in sysfs; @card is the name of its card node, ""
 * if it has none. Opening reads nothing. Returns 0 or -ENOMEM.
 */
int sensor_files_open(const char *dir, const char *card, struct scan *scan, struct sensor_files **ret);

/* NULL is fine. */
void sensor_files_close(struct sensor_files *f);

/*
 * Reads what may be read now into @s, which has the last readings. @awake: the device does not sleep, by
 * power/runtime_status of this moment. @t_ns: CLOCK_MONOTONIC. Its system calls are counted in @scan.
 */
void sensor_files_read(struct sensor_files *f, bool awake, uint64_t t_ns, struct sensors *s, struct scan *scan);

#endif
