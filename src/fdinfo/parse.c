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
	size_t i = 0;

	while (i < line.len && line.ptr[i] != ':') {
		if (line.ptr[i] < ' ' || line.ptr[i] > '~')
			return false;
		i++;
	}
	if (i == 0 || i == line.len)
		return false;
	*ret_key = (struct str){ line.ptr, i };
	*ret_value = (struct str){ line.ptr + i + 1, line.len - i - 1 };
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

const struct unit units_none[] = { { "", 1 }, { NULL, 0 } };
const struct unit units_ns[] = { { "ns", 1 }, { "", 1 }, { NULL, 0 } };
const struct unit units_bytes[] = {
	{ "KiB", UINT64_C(1) << 10 }, { "MiB", UINT64_C(1) << 20 }, { "", 1 },
	{ "GiB", UINT64_C(1) << 30 }, { "kB", UINT64_C(1) << 10 }, { NULL, 0 },
};
const struct unit units_hz[] = {
	{ "Hz", 1 }, { "MHz", 1000000 }, { "KHz", 1000 }, { "", 1 },
	{ "kHz", 1000 }, { "GHz", 1000000000 }, { NULL, 0 },
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
	rest = parse_trim(rest);
	while (units->name && !str_is(rest, units->name))
		units++;
	if (!units->name || __builtin_mul_overflow(n, units->factor, &n) || n == UNKNOWN)
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
