/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "exporter/accept.h"

static const struct {
	const char *accept;
	bool is_openmetrics;
} cases[] = {
	/* what Prometheus 2.42 sends, and newer ones */
	{ "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,"
	  "text/plain;version=0.0.4;q=0.5,*/*;q=0.1", true },
	{ "application/openmetrics-text;version=1.0.0;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,"
	  "text/plain;version=0.0.4;q=0.3,*/*;q=0.2", true },
	{ NULL, false },
	{ "", false },
	{ "*/*", false },
	{ "text/html, application/xhtml+xml, */*;q=0.8", false },
	{ "application/openmetrics-text", true },
	{ "Application/OpenMetrics-Text ; Version=\"1.0.0\"", true },
	{ "application/openmetrics-text; version=0.0.1", false },
	{ "application/openmetrics-text; version=2.0.0", false },
	{ "application/openmetrics-text;q=0", false },
	{ "application/openmetrics-text;q=0.000, text/plain", false },
	{ "text/plain;q=0.9, application/openmetrics-text;q=0.8", false },
	{ "text/plain;q=0.1, application/openmetrics-text;q=0.11", true },
	{ "application/openmetrics-textual", false },
	{ ";,=;q,,;q=;q=x", false },
	{ "application/openmetrics-text;q=", true },
	{ "application/openmetrics-text;q=1.999,text/plain;q=1", true },
};

static void readers_get_what_they_prefer(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if (accept_openmetrics(cases[i].accept) != cases[i].is_openmetrics)
			fail_msg("%s", cases[i].accept ? cases[i].accept : "no header");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(readers_get_what_they_prefer) };

	return cmocka_run_group_tests(tests, NULL, NULL);
}
