/* SPDX-License-Identifier: MIT */
/* A Unix socket that anybody may connect to. It does not know who does, nor what is said. */
#ifndef GPUTOPD_UNIX_SOCKET_H
#define GPUTOPD_UNIX_SOCKET_H

/*
 * Listens at @path, mode 0666, in place of a socket that nobody listens on any more. Returns 0 with the
 * descriptor, or -errno: -EADDRINUSE if somebody listens there, -EEXIST if no socket is
 * there but something else, -ENAMETOOLONG.
 */
int unix_socket_listen(const char *path, int *ret);

#endif
