/* SPDX-License-Identifier: MIT */
/* Devices as they come, go, fall asleep and change. */
#include "unit.h"

#include <errno.h>
#include <sys/sysmacros.h>

#include "allocs.h"
#include "fake_sys.h"
#include "scratch.h"

#define PCI_DIR "devices/pci0000:00/0000:00:01.0/"

static void sees_a_device_fall_asleep_and_wake_up(void **state)
{
	static const struct { const char *status; enum device_power power; } cases[] = {
		{ "suspended\n", DEVICE_ASLEEP }, { "resuming\n", DEVICE_AWAKE },
		{ "active\n", DEVICE_AWAKE }, { "suspending\n", DEVICE_ASLEEP },
		{ "unsupported\n", DEVICE_AWAKE }, { "error\n", DEVICE_POWER_UNKNOWN },
		{ "", DEVICE_POWER_UNKNOWN }, { "active once\n", DEVICE_POWER_UNKNOWN },
	};
	struct devices *ds;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = fake_sys_devices();
	for (size_t i = 0; i < N_OF(cases); i++) {
		scratch_write(PCI_DIR "0000:03:00.0/power/runtime_status", cases[i].status);
		assert_int_equal(devices_refresh(ds), 0);
		assert_int_equal(fake_sys_only(ds)->power, cases[i].power);
	}
	scratch_remove(PCI_DIR "0000:03:00.0/power");
	assert_int_equal(devices_refresh(ds), 0);
	assert_int_equal(fake_sys_only(ds)->power, DEVICE_POWER_UNKNOWN);
	devices_free(ds);
}

static void sees_devices_come_and_go(void **state)
{
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	ds = fake_sys_devices();
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_string_equal(fake_sys_only(ds)->gpu, "0000:03:00.0");
	/* a render node comes later */
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_int_equal(fake_sys_only(ds)->n_nodes, 2);
	/* another device takes over the name and the number */
	fake_sys_pci(PCI_DIR "0000:04:00.0", "x/xe", "0x8086\n", "0x56a0\n");
	fake_sys_node(PCI_DIR "0000:04:00.0", "drm", "card0", "226:0\n");
	assert_int_equal(devices_refresh(ds), 0);
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[0].gpu, "0000:04:00.0");
	assert_string_equal(d[1].gpu, "0000:03:00.0");
	assert_int_equal(d[1].n_nodes, 1);
	/* one is unplugged, then the driver of the other unloaded */
	scratch_remove("class/drm/card0");
	assert_int_equal(devices_refresh(ds), 0);
	assert_string_equal(fake_sys_only(ds)->gpu, "0000:03:00.0");
	assert_null(devices_find(ds, makedev(226, 0)));
	scratch_remove("class");
	assert_int_equal(devices_refresh(ds), 0);
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	devices_free(ds);
}

static void a_device_that_takes_the_name_of_another_is_another(void **state)
{
	struct devices *ds;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_pci(PCI_DIR "0000:04:00.0", "x/xe", "0x8086\n", "0x56a0\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = fake_sys_devices();
	fake_sys_node(PCI_DIR "0000:04:00.0", "drm", "card0", "226:0\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_string_equal(fake_sys_only(ds)->gpu, "0000:04:00.0");
	devices_free(ds);
}

static void a_device_whose_driver_was_loaded_again_is_another_instance(void **state)
{
	struct devices *ds;
	uint32_t instance;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = fake_sys_devices();
	instance = fake_sys_only(ds)->instance;
	assert_true(instance);
	assert_int_equal(devices_refresh(ds), 0);
	assert_true(fake_sys_only(ds)->instance == instance);
	fake_sys_link(PCI_DIR "0000:03:00.0", "drm", "card0");
	assert_int_equal(devices_refresh(ds), 0);
	assert_false(fake_sys_only(ds)->instance == instance);
	devices_free(ds);
}

static void a_node_that_is_half_there_is_looked_at_again(void **state)
{
	struct devices *ds;
	size_t n;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "garbage\n");
	ds = fake_sys_devices();
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	scratch_write(PCI_DIR "0000:03:00.0/drm/card0/dev", "226:\n");
	assert_int_equal(devices_refresh(ds), 0);
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	scratch_remove(PCI_DIR "0000:03:00.0/drm/card0/dev");
	assert_int_equal(devices_refresh(ds), 0);
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	scratch_write(PCI_DIR "0000:03:00.0/drm/card0/dev", "226:0\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_string_equal(fake_sys_only(ds)->gpu, "0000:03:00.0");
	devices_free(ds);
}

static void a_refresh_without_news_allocates_nothing(void **state)
{
	struct devices *ds;
	size_t before;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	ds = fake_sys_devices();
	assert_int_equal(devices_refresh(ds), 0);
	before = allocs_count();
	for (int i = 0; i < 10; i++)
		assert_int_equal(devices_refresh(ds), 0);
	assert_int_equal(allocs_count(), before);
	devices_free(ds);
}

static void out_of_memory_leaves_the_old_list_standing(void **state)
{
	struct devices *ds;
	int err;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = fake_sys_devices();
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	for (size_t n = 1;; n++) {
		allocs_fail_after(n);
		err = devices_refresh(ds);
		allocs_fail_after(0);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(fake_sys_only(ds)->n_nodes, 1);
		assert_true(n < 100);
	}
	assert_int_equal(fake_sys_only(ds)->n_nodes, 2);
	devices_free(ds);
	for (size_t n = 1;; n++) {
		allocs_fail_after(n);
		err = devices_new(scratch_root(), &ds);
		allocs_fail_after(0);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_true(n < 100);
	}
	assert_int_equal(fake_sys_only(ds)->n_nodes, 2);
	devices_free(ds);
}

static void a_directory_that_may_not_be_read_is_an_error(void **state)
{
	struct devices *ds;

	(void)state;
	fake_sys_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	fake_sys_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = fake_sys_devices();
	scratch_remove("class/drm");
	scratch_link("class/drm", "drm");
	assert_int_equal(devices_refresh(ds), -ELOOP);
	assert_string_equal(fake_sys_only(ds)->gpu, "0000:03:00.0");
	devices_free(ds);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_begin, scratch_end)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(sees_a_device_fall_asleep_and_wake_up),
		TEST(sees_devices_come_and_go),
		TEST(a_device_that_takes_the_name_of_another_is_another),
		TEST(a_device_whose_driver_was_loaded_again_is_another_instance),
		TEST(a_node_that_is_half_there_is_looked_at_again),
		TEST(a_refresh_without_news_allocates_nothing),
		TEST(out_of_memory_leaves_the_old_list_standing),
		TEST(a_directory_that_may_not_be_read_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
