/* SPDX-License-Identifier: MIT */
#include "print.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>

#include "options.h"

static int write_text(const struct buf *text, FILE *file)
{
	if (text->err)
		return text->err;
	return (text->len && fwrite(text->ptr, 1, text->len, file) != text->len) || fflush(file) ? -errno : 0;
}

int print(const struct buf *text)
{
	int error = write_text(text, stdout);

	if (!error || error == -EPIPE)
		return EXIT_OK;
	warnx("standard output: %s", strerror(-error));
	return EXIT_FAILED;
}

int print_to(const struct buf *text, const char *path, const char *option)
{
	FILE *file;
	int error;

	if (strcmp(path, "-") == 0)
		return print(text);
	file = fopen(path, "we");
	error = file ? write_text(text, file) : -errno;
	if (file && fclose(file) && !error)
		error = -errno;
	if (!error)
		return EXIT_OK;
	warnx("%s %s: %s", option, path, strerror(-error));
	return EXIT_FAILED;
}
