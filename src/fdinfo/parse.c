/* SPDX-License-Identifier: MIT */
#include "parse.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

static void skip(struct str *s, size_t n)
{
	s->ptr += n;
	s->len -= n;
}

bool parse_line(struct str *text, struct str *ret)
{
	const char *end;
	size_t len;

	if (text->len == 0)
		return false;
	end = memchr(text->ptr, '\n', text->len);
	len = end ? (size_t)(end - text->ptr) : text->len;
	*ret = (struct str){ text->ptr, len };
	skip(text, end ? len + 1 : len);
	while (ret->len > 0 && ret->ptr[ret->len - 1] == '\r')
		ret->len--;
	return true;
}

bool parse_word(struct str *text, struct str *ret)
{
	size_t len = 0;

	while (text->len > 0 && is_blank(text->ptr[0]))
		skip(text, 1);
	while (len < text->len && !is_blank(text->ptr[len]))
		len++;
	if (len == 0)
		return false;
	*ret = (struct str){ text->ptr, len };
	skip(text, len);
	return true;
}

bool parse_key(struct str line, struct str *ret_key, struct str *ret_value)
{
	const char *p = line.ptr, *end = p + line.len;

	for (; p < end && *p != ':'; p++)
		if (*p < ' ' || *p > '~')
			return false;
	if (p == line.ptr || p == end)
		return false;
	*ret_key = (struct str){ line.ptr, (size_t)(p - line.ptr) };
	*ret_value = (struct str){ p + 1, (size_t)(end - p - 1) };
	return true;
}

bool parse_prefix(struct str *s, const char *prefix, size_t len)
{
	if (s->len < len || memcmp(s->ptr, prefix, len) != 0)
		return false;
	skip(s, len);
	return true;
}

struct str parse_trim(struct str s)
{
	while (s.len > 0 && is_blank(s.ptr[0]))
		skip(&s, 1);
	while (s.len > 0 && is_blank(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

#define UNIT(s) { (s), sizeof(s) - 1 }
const struct unit units_none[] = { { UNIT(""), 1 }, { { 0 }, 0 } };
const struct unit units_ns[] = { { UNIT("ns"), 1 }, { UNIT(""), 1 }, { { 0 }, 0 } };
const struct unit units_bytes[] = {
	{ UNIT(""), 1 },
	{ UNIT("KiB"), UINT64_C(1) << 10 }, { UNIT("kB"), UINT64_C(1) << 10 },
	{ UNIT("MiB"), UINT64_C(1) << 20 }, { UNIT("GiB"), UINT64_C(1) << 30 },
	{ { 0 }, 0 },
};
const struct unit units_hz[] = {
	{ UNIT("Hz"), 1 }, { UNIT(""), 1 },
	{ UNIT("KHz"), 1000 }, { UNIT("kHz"), 1000 },
	{ UNIT("MHz"), 1000000 }, { UNIT("GHz"), 1000000000 },
	{ { 0 }, 0 },
};

/* Takes the digits @s begins with off it. */
static bool take_digits(struct str *s, uint64_t *ret)
{
	uint64_t n = 0;
	size_t i = 0;

	for (; i < s->len && s->ptr[i] >= '0' && s->ptr[i] <= '9'; i++)
		if (__builtin_mul_overflow(n, 10u, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(s->ptr[i] - '0'), &n))
			return false;
	if (i == 0)
		return false;
	skip(s, i);
	*ret = n;
	return true;
}

bool parse_count(struct str value, const struct unit *units, uint64_t *ret)
{
	struct str rest = parse_trim(value);
	uint64_t n;

	if (!take_digits(&rest, &n))
		return false;
	while (rest.len > 0 && is_blank(rest.ptr[0]))
		skip(&rest, 1);
	while (units->name.ptr && !str_eq(rest, units->name))
		units++;
	if (!units->name.ptr || __builtin_mul_overflow(n, units->factor, &n) || n == UNKNOWN)
		return false;
	*ret = n;
	return true;
}

bool parse_digits(struct str s, uint64_t max, uint64_t *ret)
{
	uint64_t n;

	if (!take_digits(&s, &n) || s.len > 0 || n > max)
		return false;
	*ret = n;
	return true;
}
