/* SPDX-License-Identifier: MIT */
/*
 * floor - the least that must be done: no checks, no formats, no rules.
 *
 *	floor                                     a program that does nothing
 *	floor TEMPLATE TARGET SECRETS COMMAND...  each ${secret:NAME} becomes
 *	                                          the bytes of SECRETS/NAME
 *
 * What make bench measures others by.
 */
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define MARK "${secret:"
#define ROOM (1024 * 1024)

static char in[ROOM], out[ROOM];
static size_t out_len;

static void
add(const char *bytes, size_t len)
{
	if (len > ROOM - out_len)
		_exit(125);
	memcpy(out + out_len, bytes, len);
	out_len += len;
}

/* Append a secret without its final line ending. */
static void
add_secret(int dir, char *name)
{
	int fd = openat(dir, name, O_RDONLY | O_CLOEXEC);
	ssize_t len = read(fd, out + out_len, ROOM - out_len);

	if (fd == -1 || len < 0)
		_exit(125);
	close(fd);
	if (len > 0 && out[out_len + (size_t)len - 1] == '\n')
		len--;
	out_len += (size_t)len;
}

static void
render(char *text, int dir)
{
	char *mark, *close;

	while ((mark = strstr(text, MARK)) != NULL &&
	    (close = strchr(mark, '}')) != NULL) {
		add(text, (size_t)(mark - text));
		*close = '\0';
		add_secret(dir, mark + strlen(MARK));
		text = close + 1;
	}
	add(text, strlen(text));
}

int
main(int argc, char **argv)
{
	char temporary[4096];
	int fd;

	if (argc < 5)
		return 0;
	fd = open(argv[1], O_RDONLY | O_CLOEXEC);
	if (fd == -1 || read(fd, in, ROOM - 1) < 0)
		return 125;
	close(fd);
	render(in, open(argv[3], O_PATH | O_DIRECTORY | O_CLOEXEC));
	snprintf(temporary, sizeof(temporary), "%s.new", argv[2]);
	fd = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	if (fd == -1 || write(fd, out, out_len) != (ssize_t)out_len ||
	    close(fd) == -1 || rename(temporary, argv[2]) == -1)
		return 125;
	execv(argv[4], argv + 4);
	return 127;
}
