/* SPDX-License-Identifier: GPL-2.0 */
/* The lab's parts as commands for a person: `lab up | down | send | listen | check | list`. */
#ifndef LAB_H
#define LAB_H

/* main() of the lab command; the status is the process's. */
int lab_main(int argc, char **argv);

/* Topology up, and a technique at work that stays so after the process. 0 or -errno. */
int lab_up(const char *technique);

#endif
