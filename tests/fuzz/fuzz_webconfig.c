/* SPDX-License-Identifier: MIT */
/* Any bytes as the exporter's web configuration: taken whole, or an error that names its line. */
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "exporter/web_config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
	if (!condition)
		abort();
}

static char dir[] = "/tmp/fuzz_webconfig.XXXXXX";
static char path[64];

static void remove_dir(void)
{
	unlink(path);
	rmdir(dir);
}

/* In a directory with nothing beside it that could be named. */
static void write_file(const uint8_t *data, size_t size)
{
	int fd;

	if (!*path) {
		require(mkdtemp(dir) != NULL);
		snprintf(path, sizeof(path), "%s/c", dir);
		atexit(remove_dir);
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	require(fd >= 0 && write(fd, data, size) == (ssize_t)size && close(fd) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct web_config config = { 0 };
	char error[512] = "";

	/* files of this machine, some of which never end */
	if (memmem(data, size, "file", 4) && memchr(data, '/', size))
		return 0;
	write_file(data, size);
	if (web_config_read(path, &config, error, sizeof(error))) {
		require(strncmp(error, path, strlen(path)) == 0 && !strchr(error, '\n'));
	} else {
		require(!config.cert == !config.key);
		for (size_t i = 0; i < config.n_users; i++)
			require(config.users[i].name && *config.users[i].hash == '$');
	}
	web_config_done(&config);
	return 0;
}
