// SPDX-License-Identifier: GPL-2.0
/*
 * redirect_fib.bpf.c with the length of the packet told, as XDP must. It is taken for that of one
 * frame: of a super-packet, which is longer than the MTU and yet need not be fragmented, the lookup
 * says FRAG_NEEDED.
 */
#define TELL_LENGTH
#include "redirect_fib.bpf.c"
