// SPDX-License-Identifier: GPL-2.0
/*
 * Every frame that crosses one of the four veths or a backlog, from where the kernel itself tells
 * of it. No packet socket: that clones each frame that is sent, which the frame's own way would
 * show. What XDP redirects is no sk_buff, and not seen until it has become one.
 */
#include "vmlinux.h"
#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>
#include "captured.h"

#define EAGAIN 11

char LICENSE[] SEC("license") = "GPL";

/* Not a ring buffer: only into these can the kernel copy an sk_buff that lies in pieces. */
struct {
	__uint(type, BPF_MAP_TYPE_PERF_EVENT_ARRAY);
	__uint(key_size, sizeof(int));
	__uint(value_size, sizeof(int));
} frames SEC(".maps");

__u64 lost[POINTS][DEVICE_NAMES];

/* The names say all: vethP@E. Other devices are none of the lab's. */
static __always_inline int device_number(const struct net_device *device)
{
	char name[16] = {};
	__u8 pair, end;

	bpf_probe_read_kernel(name, sizeof(name), device->name);
	pair = name[4] - '1';
	end = name[6] - '1';
	if (name[0] != 'v' || name[1] != 'e' || name[2] != 't' || name[3] != 'h' || pair > 1 ||
	    name[5] != '@' || end > 1 || name[7])
		return -1;
	return 2 * pair + end;
}

static __always_inline int note(struct sk_buff *skb, const struct net_device *device,
				enum point point)
{
	struct captured seen = { .time = bpf_ktime_get_ns(), .point = point };
	int number = device_number(device);
	__u64 pulled = skb->data - skb->head - skb->mac_header;
	__u32 length = skb->len;

	if (number < 0)
		return 0;
	seen.device = number;
	seen.type = BPF_CORE_READ_BITFIELD_PROBED(skb, pkt_type);
	if (pulled && pulled <= sizeof(seen.header)) {
		bpf_probe_read_kernel(seen.header, sizeof(seen.header), skb->data - pulled);
		seen.ethernet = pulled;
	}
	seen.length = length + seen.ethernet;
	seen.taken = length < FRAME_LIMIT ? length : FRAME_LIMIT;
	if (bpf_skb_output(skb, &frames, BPF_F_CURRENT_CPU | (__u64)seen.taken << 32, &seen,
			   sizeof(seen)))
		__sync_fetch_and_add(&lost[point][number & (DEVICE_NAMES - 1)], 1);
	return 0;
}

/* The context is the function's arguments, side by side, and under fexit the result behind them. */

SEC("tp_btf/net_dev_start_xmit")
int capture_sent(__u64 *arguments)
{
	return note((struct sk_buff *)arguments[0], (struct net_device *)arguments[1], SENT);
}

SEC("tp_btf/netif_rx")
int capture_queued(__u64 *arguments)
{
	struct sk_buff *skb = (struct sk_buff *)arguments[0];

	return note(skb, skb->dev, QUEUED);
}

SEC("tp_btf/netif_receive_skb")
int capture_received(__u64 *arguments)
{
	struct sk_buff *skb = (struct sk_buff *)arguments[0];

	return note(skb, skb->dev, RECEIVED);
}

/* bpf_redirect_peer(): the other namespace's device receives it, of which the kernel tells nobody.
 */
SEC("fexit/skb_do_redirect")
int capture_handed_over(__u64 *arguments)
{
	struct sk_buff *skb = (struct sk_buff *)arguments[0];

	return (int)arguments[1] == -EAGAIN ? note(skb, skb->dev, RECEIVED) : 0;
}
