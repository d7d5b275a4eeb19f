/* SPDX-License-Identifier: MIT */
/*
 * The web configuration file: certificate, key and users. The part of the usual exporters' file that
 * gputop-exporter has: two maps of a YAML file,
 *
 *   tls_server_config:
 *     cert_file: /etc/gputop/exporter.crt
 *     key_file: /etc/gputop/exporter.key
 *   basic_auth_users:
 *     alice: $2y$10$...
 *
 * Passwords are hashes of crypt(5). It does not know who asks, nor what TLS is.
 */
#ifndef GPUTOP_WEB_CONFIG_H
#define GPUTOP_WEB_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

struct web_user {
	char *name;
	char *hash;
};

/* Zero-initialised is valid: neither TLS nor users. */
struct web_config {
	char *cert, *key;		/* PEM; NULL: no TLS */
	struct web_user *users;
	size_t n_users, users_size;
	char *accepted;			/* the last "name:password" found right: hashing is dear */
};

/*
 * Reads the file and those it names; a relative name is looked for beside it. Returns 0, or -errno with @error
 * (of @size) saying file, line and what is wrong. web_config_done() in any case.
 */
int web_config_read(const char *path, struct web_config *ret, char *error, size_t size);
void web_config_done(struct web_config *c);

/* Whether @name has this password. Hashes one also where there is no such user. */
bool web_config_check(struct web_config *c, const char *name, const char *password);

#endif
