/* SPDX-License-Identifier: MIT */
#include "web_config.h"

#include <crypt.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../fdinfo/array.h"

#define FILE_MAX (1 << 20)

enum section { NO_SECTION, TLS, USERS };

struct reader {
	const char *path;
	struct web_config *config;
	enum section section;
	unsigned int line;
	char *error;
	size_t size;
};

void web_config_done(struct web_config *c)
{
	free(c->cert);
	free(c->key);
	for (size_t i = 0; i < c->n_users; i++) {
		free(c->users[i].name);
		free(c->users[i].hash);
	}
	free(c->users);
	free(c->accepted);
	*c = (struct web_config){ 0 };
}

static int fail(const struct reader *r, int e, const char *what, const char *name)
{
	snprintf(r->error, r->size, "%s:%u: %s%s", r->path, r->line, what, name);
	return e;
}

static int read_file(const char *path, char **ret)
{
	FILE *f = fopen(path, "re");
	char *text;
	size_t n;
	int e = 0;

	if (!f)
		return -errno;
	text = malloc(FILE_MAX + 1);
	n = text ? fread(text, 1, FILE_MAX, f) : 0;
	if (!text)
		e = -ENOMEM;
	else if (ferror(f))
		e = -EIO;
	else if (n == FILE_MAX)
		e = -EFBIG;
	fclose(f);
	if (e) {
		free(text);
		return e;
	}
	text[n] = '\0';
	*ret = text;
	return 0;
}

static int read_beside(const struct reader *r, const char *name, char **ret)
{
	const char *slash = strrchr(r->path, '/');
	char path[4096];
	int e;

	free(*ret);
	*ret = NULL;
	snprintf(path, sizeof(path), "%.*s%s", *name == '/' || !slash ? 0 : (int)(slash + 1 - r->path), r->path,
		 name);
	e = read_file(path, ret);
	return e ? fail(r, e, strerror(-e), name) : 0;
}

static int add_user(struct reader *r, const char *name, const char *hash)
{
	struct web_config *c = r->config;
	struct web_user *u;

	if (*hash != '$')
		return fail(r, -EINVAL, "no password hash of crypt(5): ", name);
	if (ARRAY_RESERVE(&c->users, &c->users_size, c->n_users + 1))
		return -ENOMEM;
	u = &c->users[c->n_users++];
	*u = (struct web_user){ strdup(name), strdup(hash) };
	return u->name && u->hash ? 0 : -ENOMEM;
}

static int take_value(struct reader *r, const char *key, const char *value)
{
	if (r->section == USERS)
		return add_user(r, key, value);
	if (r->section == TLS && strcmp(key, "cert_file") == 0)
		return read_beside(r, value, &r->config->cert);
	if (r->section == TLS && strcmp(key, "key_file") == 0)
		return read_beside(r, value, &r->config->key);
	return fail(r, -EINVAL, "not known: ", key);
}

/* Takes blanks and one pair of quotes off both ends. */
static char *strip(char *s)
{
	size_t len;

	s += strspn(s, " \t");
	len = strlen(s);
	while (len && strchr(" \t\r", s[len - 1]))
		s[--len] = '\0';
	if (len >= 2 && (*s == '"' || *s == '\'') && s[len - 1] == *s) {
		s[len - 1] = '\0';
		s++;
	}
	return s;
}

static int take_line(struct reader *r, char *line)
{
	bool is_inner = *line == ' ';
	char *key = line, *value = strchr(line, ':');

	if (line[strspn(line, " \t\r")] == '\0' || line[strspn(line, " \t")] == '#')
		return 0;
	if (!value || *line == '\t')
		return fail(r, -EINVAL, "not \"name: value\"", "");
	*value++ = '\0';
	key = strip(key);
	value = strip(value);
	if (is_inner)
		return take_value(r, key, value);
	r->section = strcmp(key, "tls_server_config") == 0 ? TLS :
		     strcmp(key, "basic_auth_users") == 0 ? USERS : NO_SECTION;
	return r->section == NO_SECTION || *value ? fail(r, -EINVAL, "not known: ", key) : 0;
}

int web_config_read(const char *path, struct web_config *ret, char *error, size_t size)
{
	struct reader r = { .path = path, .config = ret, .error = error, .size = size };
	char *text = NULL, *next;
	int e = read_file(path, &text);

	if (e) {
		snprintf(error, size, "%s: %s", path, strerror(-e));
		return e;
	}
	snprintf(error, size, "%s: out of memory", path);
	next = text;
	for (char *line; !e && (line = strsep(&next, "\n"));) {
		r.line++;
		e = take_line(&r, line);
	}
	if (!e && !ret->cert != !ret->key)
		e = fail(&r, -EINVAL, "cert_file and key_file need each other", "");
	free(text);
	return e;
}

/* Takes as long wherever the texts differ. */
static bool is_same(const char *a, const char *b)
{
	size_t len = strlen(a);
	unsigned char differs = len != strlen(b);

	for (size_t i = 0; i < len && b[i]; i++)
		differs |= (unsigned char)(a[i] ^ b[i]);
	return !differs;
}

bool web_config_check(struct web_config *c, const char *name, const char *password)
{
	struct crypt_data data = { 0 };
	char *pair = NULL;
	bool is_right = false, is_known = false;

	if (asprintf(&pair, "%s:%s", name, password) < 0)
		return false;
	if (c->accepted && is_same(c->accepted, pair)) {
		free(pair);
		return true;
	}
	for (size_t i = 0; i < c->n_users && !is_right; i++) {
		const char *hash;

		if (strcmp(c->users[i].name, name) != 0)
			continue;
		is_known = true;
		hash = crypt_r(password, c->users[i].hash, &data);
		is_right = hash && *hash == '$' && is_same(hash, c->users[i].hash);
	}
	/* a name that is not there takes as long as one that is, or the time tells which are */
	if (!is_known && c->n_users)
		(void)crypt_r(password, c->users[0].hash, &data);
	if (is_right) {
		free(c->accepted);
		c->accepted = pair;
	} else {
		free(pair);
	}
	return is_right;
}
