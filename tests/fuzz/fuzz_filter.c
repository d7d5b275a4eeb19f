/* SPDX-License-Identifier: MIT */
/* Any bytes as a filter expression: an error lies within them, and "not (X)" fits what X does not. */
#include <stdio.h>
#include <stdlib.h>

#include "report/filter.h"
#include "../unit/sample.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
	if (!condition)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char text[2 * FILTER_MAX_TEXT], opposite[sizeof(text) + sizeof("not ()")];
	struct filter f, not_f;
	struct filter_error error = { 0 };
	struct buf scratch = { 0 };

	if (size >= sizeof(text))
		return 0;
	memcpy(text, data, size);
	text[size] = '\0';
	if (filter_parse(text, &f, &error)) {
		require(error.at <= strlen(text) && error.expected);
		return 0;
	}
	snprintf(opposite, sizeof(opposite), "not (%s)", text);
	if (f.n > 0 && filter_parse(opposite, &not_f, &error) == 0)
		for (size_t i = 0; i < sample.n_clients; i++) {
			buf_reset(&scratch);
			require(filter_matches(&f, &sample.clients[i], &scratch) !=
				filter_matches(&not_f, &sample.clients[i], &scratch));
		}
	buf_done(&scratch);
	return 0;
}
