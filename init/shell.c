// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include "failure.h"
#include "lab.h"
#include "machine.h"
#include "save.h"
#include "shell.h"
#include "wait.h"

/* What is here, and what to try first. What only some machines have is told where it is there. */
static const struct {
	const char *where, *words;
} greeting[] = {
	{ "/", "\n"
	       "  host                    netns_1                          netns_2\n"
	       "  veth1@1 10.0.1.10 ----- veth1@2 10.0.1.11\n"
	       "                          veth2@1 10.0.2.10 -------------- veth2@2 10.0.2.11\n"
	       "\n"
	       "  The topology is up and `redirect` is at work on veth1@2. Try:\n"
	       "    lab listen &     a server on 10.0.2.11:7777 in netns_2\n"
	       "    lab send hello   a datagram to it; the listener tells the TTL it came with\n"
	       "    lab help         the rest\n" },
	{ "/opt/compiler/lib/clang",
	  "  Or write a program of your own:\n"
	  "    make up          the article's program, attached; make listen &, make send\n"
	  "    ls               the exercises, a page in each; `lab grade 3` grades one\n" },
	{ "/bin/nano",
	  "    nano FILE        an editor that shows its keys, ^ for Ctrl; or vi FILE\n" },
	{ "/", "  Leave with `exit`; the machine then powers off.\n\n" },
};

static int greet(int terminal)
{
	for (size_t i = 0; i < sizeof(greeting) / sizeof(greeting[0]); i++)
		if (!access(greeting[i].where, F_OK) &&
		    write(terminal, greeting[i].words, strlen(greeting[i].words)) < 0)
			return failed(-errno, "greet");
	return 0;
}

/* /dev/console cannot be a controlling terminal; the device behind it can. */
static int open_terminal(void)
{
	char name[64], path[80];
	FILE *active = fopen("/sys/class/tty/console/active", "re");
	int fd;

	if (!active)
		return -errno;
	if (!fgets(name, sizeof(name), active))
		name[0] = '\0';
	fclose(active);
	snprintf(path, sizeof(path), "/dev/%s", strtok(name, " \n") ? name : "console");
	fd = open(path, O_RDWR | O_NOCTTY);
	return fd < 0 ? -errno : fd;
}

/*
 * What the host sends is taken as it comes: a line waits until it is read, up to 64 KiB of them,
 * and it is the shell that shows it. Without an echo busybox leaves its line editor out as well,
 * whose modes turn an end that came before them into a zero.
 */
static void take_lines(struct termios *terminal)
{
	terminal->c_iflag &= ~IXON;
	terminal->c_lflag &= ~(ECHO | ISIG | IEXTEN);
	memset(terminal->c_cc, _POSIX_VDISABLE, sizeof(terminal->c_cc));
	terminal->c_cc[VEOF] = 'D' & 0x1f;
}

static void prepare_terminal(int fd, const struct parameters *parameters)
{
	struct winsize size = { .ws_row = parameters->rows, .ws_col = parameters->columns };
	struct termios terminal;

	if (!tcgetattr(fd, &terminal)) {
		terminal.c_oflag |= OPOST | ONLCR;
		if (parameters->piped)
			take_lines(&terminal);
		tcsetattr(fd, TCSANOW, &terminal);
	}
	if (size.ws_row && size.ws_col)
		ioctl(fd, TIOCSWINSZ, &size);
}

static void __attribute__((noreturn)) become_shell(int terminal, bool piped)
{
	/* Without job control what runs in the background takes none of the lines. */
	static char *const arguments[][4] = { { "-sh" }, { "-sh", "-i", "+m" } };
	char *const environment[] = {
		"PATH=/bin:/sbin:/usr/bin:/usr/sbin",
		"HOME=/root",
		piped ? "TERM=dumb" : "TERM=vt100",
		"PS1=lab:\\w# ",
		NULL,
	};

	/* `poweroff -f` would not come past PID 1, which says what is lost and what the verdict is.
	 */
	prctl(PR_CAPBSET_DROP, CAP_SYS_BOOT);
	setsid();
	ioctl(terminal, TIOCSCTTY, 1);
	for (int i = 0; i < 3; i++)
		dup2(terminal, i);
	if (chdir("/root"))
		perror("cd /root");
	execve("/bin/sh", arguments[piped], environment);
	perror("run /bin/sh");
	_exit(127);
}

/* The host's driver of it may be still to come. */
struct console {
	char path[16];
	int fd;
};

static int open_hvc(void *context)
{
	struct console *console = context;

	console->fd = open(console->path, O_RDWR | O_NOCTTY);
	return console->fd >= 0;
}

/* The end of a session hangs its terminal up: it is opened anew for each. */
static void serve_once(struct console *console, int number, const struct parameters *parameters)
{
	char line[256];
	pid_t shell;

	wait_until(open_hvc, console, WAIT_LIMIT_MS);
	if (console->fd < 0)
		_exit(1);
	prepare_terminal(console->fd, parameters);
	dprintf(console->fd, "\nconsole %d: Enter brings a prompt\n", number);
	if (read(console->fd, line, sizeof(line)) > 0) {
		shell = fork();
		if (!shell)
			become_shell(console->fd, false);
		waitpid(shell, NULL, 0);
	}
	close(console->fd);
}

/* Where run-qemu.sh --attach comes in; a shell only when somebody is there, whose terminal tells
 * its size. */
static void serve_console(int number, const struct parameters *parameters)
{
	struct console console;

	snprintf(console.path, sizeof(console.path), "/dev/hvc%d", number);
	if (fork())
		return;
	for (;;)
		serve_once(&console, number + 2, parameters);
}

/* SIGCHLD, and what busybox's halt, poweroff and reboot send to PID 1. */
static sigset_t awaited_signals(void)
{
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGCHLD);
	sigaddset(&signals, SIGUSR1);
	sigaddset(&signals, SIGUSR2);
	sigaddset(&signals, SIGTERM);
	return signals;
}

/* As PID 1 it also buries every orphan. */
static bool has_ended(pid_t shell)
{
	bool has = false;
	pid_t ended;

	while ((ended = waitpid(-1, NULL, WNOHANG)) > 0)
		has |= ended == shell;
	return has;
}

/* Until the shell has ended or somebody has asked for a power-off; a person is asked once. */
static void await_end(pid_t shell, int terminal, const sigset_t *signals, bool piped)
{
	int signal;

	do
		signal = sigwaitinfo(signals, NULL);
	while (signal <= 0 || (signal == SIGCHLD && !has_ended(shell)) ||
	       (signal != SIGCHLD && !piped &&
		!save_may_leave(stdout, "`lab leave` leaves without it")));
	/* From here on only PID 1 writes there, beginning with a line. */
	ioctl(terminal, TIOCVHANGUP);
	if (signal != SIGCHLD)
		printf("\n");
	save_may_leave(stdout, "It is too late now: the machine goes off");
}

int shell_run(const struct parameters *parameters)
{
	int err = machine_mount_attached(parameters), terminal;
	sigset_t signals = awaited_signals();
	pid_t shell;

	if (!err)
		err = save_begin();
	if (!err)
		err = lab_up("redirect");
	if (err)
		return err;
	terminal = open_terminal();
	if (terminal < 0)
		return failed(terminal, "open the console's terminal");
	prepare_terminal(terminal, parameters);
	err = greet(terminal);
	if (err)
		return err;
	if (parameters->piped)
		dprintf(terminal, "# input %s\n", parameters->nonce);
	for (uint32_t i = 0; i < parameters->consoles; i++)
		serve_console(i, parameters);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	shell = fork();
	if (!shell) {
		sigprocmask(SIG_UNBLOCK, &signals, NULL);
		become_shell(terminal, parameters->piped);
	}
	if (shell < 0)
		return failed(-errno, "start the shell");
	await_end(shell, terminal, &signals, parameters->piped);
	return 0;
}
