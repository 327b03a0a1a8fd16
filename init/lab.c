// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "datagram.h"
#include "exercises.h"
#include "explain.h"
#include "failure.h"
#include "grade.h"
#include "hint.h"
#include "lab.h"
#include "narrate.h"
#include "run.h"
#include "save.h"
#include "technique.h"
#include "topology.h"
#include "trace.h"

/* A path or the name of a file is somebody's own object; all others are ours. */
static const struct technique *find_technique(const char *name)
{
	const char *dot = strrchr(name, '.');

	if (strchr(name, '/') || (dot && !strcmp(dot, ".o")))
		return technique_of_file(name, "", NULL);
	return technique_find(name);
}

/* What is to be put up: a technique in the topology that it works in, or a check's of both. */
static int find_setup(const char *name, const struct technique **technique, struct variant *variant)
{
	const struct check *check = check_find(name);

	*technique = find_technique(name);
	if (*technique)
		*variant = (*technique)->variant;
	else if (!check)
		return refused("there is no technique %s; there are: %s, a check, or the file of "
			       "an object",
			       name, technique_names());
	else
		*variant = check->variant;
	if (!*technique && check->technique)
		*technique = technique_find(check->technique);
	if (*technique && (*technique)->kind >= SOCKET_SENDS)
		return refused("%s is for sockets that a program puts into its map: `lab check`",
			       (*technique)->name);
	return 0;
}

int lab_up(const char *name)
{
	const struct technique *technique = NULL;
	struct variant variant = {};
	struct topology topology;
	struct attachment attachment;
	int err = name ? find_setup(name, &technique, &variant) : 0;

	if (err)
		return err;
	if (topology_is_up())
		return refused("the topology is up already: `lab down` first");
	err = topology_up(&topology, &variant);
	if (err)
		return err;
	if (technique)
		err = technique_attach(&attachment, technique, &topology, true);
	if (!err && technique)
		err = technique_keep(&attachment);
	if (err) {
		topology_down(&topology);
		return err;
	}
	topology_close(&topology);
	return 0;
}

static int up(int argc, char **argv)
{
	return lab_up(argc ? argv[0] : NULL);
}

static int down(int argc, char **argv)
{
	struct topology topology;
	int err;

	(void)argc;
	(void)argv;
	if (!topology_is_up())
		return refused("the topology is not up");
	err = topology_open(&topology);
	technique_drop_kept();
	/* The pairs go, and with them the hook and what was attached to it. */
	return err ? err : topology_down(&topology);
}

static int send_text(int argc, char **argv)
{
	union endpoint server = endpoint_at(address_ipv4(SERVER_ADDRESS), SERVER_PORT);
	char line[256];
	int fd, err = 0;

	snprintf(line, sizeof(line), "%s\n", argc ? argv[0] : "hello");
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return failed(-errno, "open a UDP socket");
	if (sendto(fd, line, strlen(line), 0, &server.any, sizeof(server)) < 0)
		err = failed(-errno, "send to 10.0.2.11:7777");
	else
		narrate(NULL, "echo %s | nc -u 10.0.2.11 %d",
			narrate_word(argc ? argv[0] : "hello"), SERVER_PORT);
	close(fd);
	return err;
}

static int receive_one(int fd)
{
	char data[1500], address[INET6_ADDRSTRLEN];
	union endpoint source;
	int ttl;
	ssize_t length = datagram_receive(fd, 0, data, sizeof(data), &source, &ttl);

	if (length < 0)
		return failed(length, "receive");
	printf("from %s:%u, TTL %d (64: redirected, 63: routed): %.*s",
	       address_text(endpoint_address(&source), address), endpoint_port(&source), ttl,
	       (int)length, data);
	fflush(stdout);
	return 0;
}

/* The server of netns_2, or of netns_1 where that takes what is for 10.0.2.11 as its own. */
static int open_server(enum device_id *where)
{
	struct topology topology;
	int local, fd, err = topology_open(&topology);

	if (err)
		return err;
	local = topology_has_local_route(&topology, &topology.variant);
	*where = local > 0 ? VETH1_2 : VETH2_2;
	fd = local < 0
		     ? failed(local, "read the routes of netns_1")
		     : netns_socket(&topology.netns[devices[*where].place], AF_INET, SOCK_DGRAM, 0);
	topology_close(&topology);
	return fd < 0 ? failed(fd, "open a UDP socket") : fd;
}

static int listen_for_text(int argc, char **argv)
{
	char address[INET6_ADDRSTRLEN];
	union endpoint server;
	enum device_id where;
	int fd = open_server(&where), err;

	(void)argc;
	(void)argv;
	if (fd < 0)
		return fd;
	server = endpoint_at(address_ipv4(devices[where].address), SERVER_PORT);
	err = datagram_bind(fd, &server);
	if (err)
		failed(err, "bind %s:%d in %s", address_text(endpoint_address(&server), address),
		       SERVER_PORT, namespaces[devices[where].place]);
	else
		narrate(namespaces[devices[where].place], "nc -u -l %s %d",
			address_text(endpoint_address(&server), address), SERVER_PORT);
	while (!err)
		err = receive_one(fd);
	close(fd);
	return err;
}

static int list(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (int i = 0; i < checks_count; i++)
		printf("%-26s %s\n", checks[i].name, checks[i].about);
	return 0;
}

/* Checks and traces put up topologies of their own, under the same names. */
static int refuse_when_up(void)
{
	return topology_is_up() ? refused("the topology is up, and this puts up its own: "
					  "`lab down` first")
				: 0;
}

static int check(int argc, char **argv)
{
	struct parameters parameters = { .repeat = 1, .seed = getpid() };
	struct run_outputs outputs = { .console = stdout };
	struct text names = text_in(parameters.checks, sizeof(parameters.checks));
	int err = refuse_when_up();

	for (int i = 0; i < argc; i++)
		text_add(&names, "%s%s", i ? "," : "", argv[i]);
	return err ? err : run_checks(&parameters, &outputs) != VERDICT_PASS;
}

static int trace(int argc, char **argv)
{
	struct parameters parameters = { .repeat = 1, .seed = getpid() };
	struct run_outputs outputs = { .console = stdout };
	int err = refuse_when_up();

	snprintf(parameters.trace, sizeof(parameters.trace), "%s%s%s", argc ? argv[0] : "redirect",
		 argc > 1 ? "," : "", argc > 1 ? argv[1] : "");
	return err ? err : run_trace(&parameters, &outputs) != VERDICT_PASS;
}

/* The topology is opened anew for each packet: meanwhile somebody may have built another. */
static int show_what_passed(struct tracer *tracer)
{
	static char room[FOOTSTEPS_MAX * 256];
	static struct path path;
	struct text text = text_in(room, sizeof(room));
	struct topology topology;
	int err = topology_open(&topology);

	if (err)
		return err;
	err = tracer_take(tracer, &topology, &path);
	topology_close(&topology);
	if (!err && path.count)
		path_show(&path, &text);
	fputs(room, stdout);
	if (!err && path.lost)
		err = refused("more came than the tracer has room for");
	return err;
}

/* For who sends by other means than the probe. */
static int watch(int argc, char **argv)
{
	struct tracer tracer = {};
	int err = tracer_open(&tracer, "");

	(void)argc;
	(void)argv;
	if (!err)
		err = tracer_begin(&tracer);
	if (!err)
		printf("watching what goes to 10.0.2.11 and comes from it; Ctrl-C ends it\n");
	while (!err) {
		fflush(stdout);
		err = tracer_wait(&tracer);
		if (!err)
			err = show_what_passed(&tracer);
	}
	tracer_close(&tracer);
	return err;
}

static int object(int argc, char **argv)
{
	struct parameters parameters = { .repeat = 1, .seed = getpid() };
	struct run_outputs outputs = { .console = stdout };
	int err = refuse_when_up();

	if (!err && !argc)
		err = refused(
			"which object? a file, and then a section and an outcome if you like");
	if (err)
		return err;
	snprintf(parameters.section, sizeof(parameters.section), "%s", argc > 1 ? argv[1] : "");
	snprintf(parameters.expect, sizeof(parameters.expect), "%s", argc > 2 ? argv[2] : "");
	return run_object(&parameters, argv[0], &outputs) != VERDICT_PASS;
}

/* The work is here, or where the machine has put the exercises. */
static const char *work(void)
{
	for (int i = 0; i < exercises_count; i++)
		if (!access(exercises[i].name, F_OK))
			return ".";
	return "/root";
}

static const struct exercise *find_exercise(const char *number)
{
	char *rest;
	long wanted = strtol(number, &rest, 10);

	for (int i = 0; i < exercises_count; i++)
		if (exercises[i].number == wanted && !*rest)
			return &exercises[i];
	refused("there is no exercise %s", number);
	return NULL;
}

static int grade(int argc, char **argv)
{
	struct parameters parameters = { .seed = getpid() };
	const struct exercise *exercise = NULL;
	int err = refuse_when_up();
	bool passed;

	if (err)
		return err;
	if (argc && !(exercise = find_exercise(argv[0])))
		return -EINVAL;
	passed = grade_run(&parameters, work(), exercise ? exercise->number : 0, stdout, NULL) ==
		 VERDICT_PASS;
	if (!passed && exercise)
		hint_announce(exercise, stdout);
	return !passed;
}

static int hint(int argc, char **argv)
{
	const struct exercise *exercise = argc ? find_exercise(argv[0]) : NULL;

	if (!argc)
		return refused("a hint of which exercise? its number");
	return exercise ? hint_open(exercise, stdout) : -EINVAL;
}

static int explain_name(int argc, char **argv)
{
	static char room[16384];
	struct text text = text_in(room, sizeof(room));
	int err = argc ? explain(argv[0], &text)
		       : refused("explain what? a check, a technique or an outcome");

	fputs(room, stdout);
	return err;
}

static int save(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	return save_work(stdout);
}

/* Who is told that something is lost knows it the second time. */
static int leave(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	if (!save_may_leave(stdout, "The same again leaves without it"))
		return 1;
	return kill(1, SIGTERM) ? failed(-errno, "tell PID 1") : 0;
}

static int help(int argc, char **argv);

static const struct command {
	const char *name, *arguments, *about;
	int (*run)(int argc, char **argv);
	int most;   /* arguments */
	bool steps; /* of ip, tc and others: --narrate goes with it */
} commands[] = {
	{ "up", "[TECHNIQUE]",
	  "the topology, and a program on veth1@2 when one is named: ours, or a FILE.bpf.o", up, 1,
	  true },
	{ "down", "", "take it all away", down, 0, true },
	{ "listen", "", "the server, as a rule 10.0.2.11:7777 in netns_2; Ctrl-C ends it",
	  listen_for_text, 0, true },
	{ "send", "[TEXT]", "a datagram to it, from here", send_text, 1, true },
	{ "check", "[NAME ...]", "run these checks, or all", check, CHECK_NAMES_MAX, false },
	{ "trace", "[NAME [NAME]]", "the way of a datagram under that check or technique, or two",
	  trace, 2, false },
	{ "watch", "", "the way of every datagram to 10.0.2.11 and from it, as it comes", watch, 0,
	  false },
	{ "object", "FILE [SECTION [OUTCOME]]",
	  "what becomes of a datagram under your own object, and its way", object, 3, false },
	{ "grade", "[N]", "what your work on the exercises is worth, or on exercise N", grade, 1,
	  false },
	{ "hint", "N", "the next hint of exercise N", hint, 1, false },
	{ "save", "", "what you changed or made in /root: to /share, or into work/ of --output",
	  save, 0, false },
	{ "leave", "", "power off, once you know what is not saved; `exit` does the same", leave, 0,
	  false },
	{ "list", "", "the checks and what each must find", list, 0, false },
	{ "explain", "NAME", "what that check, technique or outcome is, and what must be seen",
	  explain_name, 1, false },
	{ "help", "", "this", help, 0, false },
};

#define COMMANDS (sizeof(commands) / sizeof(commands[0]))

static int help(int argc, char **argv)
{
	(void)argc;
	(void)argv;
	for (size_t i = 0; i < COMMANDS; i++)
		printf("lab %-7s %-25s %s\n", commands[i].name, commands[i].arguments,
		       commands[i].about);
	puts("lab --narrate up|down|listen|send  with each step as a command of ip, tc and others");
	return 0;
}

int lab_main(int argc, char **argv)
{
	bool narrates = argc > 1 && !strcmp(argv[1], "--narrate");
	const struct command *command = NULL;
	int result;

	argc -= narrates;
	argv += narrates;
	for (size_t i = 0; i < COMMANDS && argc > 1; i++)
		if (!strcmp(commands[i].name, argv[1]))
			command = &commands[i];
	if (!command || argc - 2 > command->most || (narrates && !command->steps)) {
		fprintf(stderr, "lab: %s\n",
			argc < 2   ? "which command?"
			: !command ? "no such command"
			: argc - 2 > command->most
				? "too many arguments"
				: "--narrate goes with up, down, listen and send");
		help(0, NULL);
		return 2;
	}
	if (narrates)
		narrate_begin(stdout);
	result = command->run(argc - 2, argv + 2);
	if (result < 0)
		fprintf(stderr, "lab %s: %s\n", argv[1], failure_text());
	return result ? 1 : 0;
}
