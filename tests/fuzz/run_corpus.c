/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target without a fuzzer over its corpus and the captured texts; each file is a TAP test.
 * fuzz_NAME finds its corpus below tests/fuzz/corpus/NAME.
 */
#include <glob.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* 0 if the file was read and survived. */
static int run(const char *path)
{
	static uint8_t data[4 << 20];
	FILE *f = fopen(path, "re");
	size_t size;

	if (!f)
		return -1;
	size = fread(data, 1, sizeof(data), f);
	if (ferror(f) || !feof(f)) {
		fclose(f);
		return -1;
	}
	fclose(f);
	return LLVMFuzzerTestOneInput(data, size);
}

int main(int argc, char **argv)
{
	const char *srcdir = getenv("top_srcdir");
	const char *name = strrchr(argv[0], '_');
	char corpus[512], texts[512];
	int n_failed = 0;
	glob_t found;

	(void)argc;
	snprintf(corpus, sizeof(corpus), "%s/tests/fuzz/corpus/%s/*", srcdir ? srcdir : ".",
		 name ? name + 1 : "");
	snprintf(texts, sizeof(texts), "%s/tests/data/fdinfo/*.fdinfo", srcdir ? srcdir : ".");
	if (glob(corpus, 0, NULL, &found) || glob(texts, GLOB_APPEND, NULL, &found)) {
		printf("Bail out! no corpus in %s or %s\n", corpus, texts);
		return 1;
	}
	printf("1..%zu\n", found.gl_pathc);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		int failed = run(found.gl_pathv[i]) != 0;

		printf("%sok %zu - %s\n", failed ? "not " : "", i + 1,
		       strrchr(found.gl_pathv[i], '/') + 1);
		fflush(stdout);
		n_failed += failed;
	}
	globfree(&found);
	return n_failed > 0;
}
