/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as an fdinfo text: what was understood is understood again from what is written of it, and
 * what is written as a client record is one record of the same text, whatever the driver printed.
 */
#include <stdlib.h>

#include "fdinfo/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
	if (!condition)
		abort();
}

static void require_same_text(struct str a, struct str b)
{
	require(a.ptr && b.ptr ? str_eq(a, b) : !a.ptr && !b.ptr);
}

static void require_same(const struct fdinfo *a, const struct fdinfo *b)
{
	require(a->is_legacy == b->is_legacy);
	require_same_text(a->driver, b->driver);
	require_same_text(a->pdev, b->pdev);
	require_same_text(a->client_name, b->client_name);
	require(a->client_id == b->client_id);
	require(a->n_engines == b->n_engines);
	for (size_t i = 0; i < a->n_engines; i++)
		require(str_eq(a->engines[i].name, b->engines[i].name) &&
			memcmp(a->engines[i].value, b->engines[i].value,
			       sizeof(a->engines[i].value)) == 0);
	require(a->n_regions == b->n_regions);
	for (size_t i = 0; i < a->n_regions; i++)
		require(str_eq(a->regions[i].name, b->regions[i].name) &&
			memcmp(a->regions[i].value, b->regions[i].value,
			       sizeof(a->regions[i].value)) == 0);
	require(a->n_extras == b->n_extras);
	for (size_t i = 0; i < a->n_extras; i++)
		require(str_eq(a->extras[i], b->extras[i]));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct record r, again;
	static struct buf out;
	const struct str text = { (const char *)data, size };

	record_reset(&r);
	require(fdinfo_parse(&r.fi, text) == 0);
	buf_reset(&out);
	fdinfo_write(&r.fi, &out);
	require(fdinfo_parse(&again.fi, (struct str){ out.ptr, out.len }) == 0);
	require(again.fi.n_malformed == 0);
	require_same(&r.fi, &again.fi);

	r.process.comm = r.process.cmdline = r.gpu = r.text = text;
	buf_reset(&out);
	record_write_client(&r, &out);
	require(out.err == 0 && out.len >= 2 && memcmp(out.ptr + out.len - 2, "\n\n", 2) == 0);
	require(memmem(out.ptr, out.len, "\n\n", 2) == out.ptr + out.len - 2);
	require(record_parse(&again, (struct str){ out.ptr, out.len - 1 }) == 0);
	require(again.kind == RECORD_CLIENT && again.n_garbage == 0);
	if (size < (32u << 10))
		require(str_eq(again.process.comm, text) && str_eq(again.process.cmdline, text));
	return 0;
}
