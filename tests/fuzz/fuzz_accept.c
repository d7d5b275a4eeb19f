/* SPDX-License-Identifier: MIT */
/* Any text as an Accept header: the answer depends neither on case nor on what is not for us. */
#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "exporter/accept.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char other[] = " , image/png;q=1";
	char *text = malloc(size + sizeof(other));
	size_t len;
	bool answer;

	require(text != NULL);
	memcpy(text, data, size);
	text[size] = '\0';
	len = strlen(text);
	answer = accept_openmetrics(text);
	memcpy(text + len, other, sizeof(other));
	require(accept_openmetrics(text) == answer);
	for (size_t i = 0; i < len; i++)
		text[i] = (char)toupper((unsigned char)text[i]);
	require(accept_openmetrics(text) == answer);
	require(!answer || strstr(text, "APPLICATION/OPENMETRICS-TEXT"));
	free(text);
	return 0;
}
