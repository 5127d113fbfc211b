"""The cache operations the lab needs thousands of times, as raw rtnetlink (rtnetlink(7), include/uapi/linux/neighbour.h, if_link.h)."""

import socket
import struct

RTM_NEWLINK = 16
RTM_NEWNEIGH, RTM_DELNEIGH, RTM_GETNEIGH = 28, 29, 30
NLM_F_REQUEST, NLM_F_ACK, NLM_F_DUMP = 0x1, 0x4, 0x300
NLMSG_ERROR, NLMSG_DONE = 2, 3
NDA_DST = 1
NUD_INCOMPLETE, NUD_NOARP, NUD_PERMANENT = 0x01, 0x40, 0x80
HEADER = struct.Struct("=LHHLL")
NDMSG = struct.Struct("=BBHiHBB")
IFINFOMSG = struct.Struct("=BxHiII")
IFLA_LINKINFO, IFLA_INFO_KIND, IFLA_INFO_DATA, IFLA_BR_FDB_FLUSH = 18, 1, 2, 21
ATTRIBUTE = struct.Struct("=HH")


class Caches:
    """What the kernel learns by itself in the namespace in which this object is made: neighbours, and the ports of bridges."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW | socket.SOCK_CLOEXEC, socket.NETLINK_ROUTE)
        self.socket.bind((0, 0))
        self.sequence = 0

    def close(self):
        self.socket.close()

    def entries(self):
        """All entries as (interface index, state, address bytes)."""
        self._send(RTM_GETNEIGH, NLM_F_REQUEST | NLM_F_DUMP, NDMSG.pack(socket.AF_INET, 0, 0, 0, 0, 0, 0))
        found = []
        while True:
            data = self.socket.recv(1 << 17)
            offset = 0
            while offset + HEADER.size <= len(data):
                length, kind, _, sequence, _ = HEADER.unpack_from(data, offset)
                if sequence == self.sequence:
                    if kind == NLMSG_DONE:
                        return found
                    if kind == NLMSG_ERROR:
                        raise OSError("expected a dump of the neighbour cache, found a netlink error")
                    if kind == RTM_NEWNEIGH:
                        found.append(_entry(data[offset + HEADER.size : offset + length]))
                offset += (length + 3) & ~3

    def is_resolving(self):
        """True while the kernel waits for an ARP answer to any request of this host."""
        return any(state & NUD_INCOMPLETE for _, state, _ in self.entries())

    def flush_bridge(self, index):
        """Deletes what a bridge learnt; static entries stay (net/bridge/br_netlink.c)."""
        flush = _attribute(IFLA_INFO_DATA, _attribute(IFLA_BR_FDB_FLUSH, b""))
        payload = IFINFOMSG.pack(socket.AF_UNSPEC, 0, index, 0, 0)
        payload += _attribute(IFLA_LINKINFO, _attribute(IFLA_INFO_KIND, b"bridge\0") + flush)
        self._send(RTM_NEWLINK, NLM_F_REQUEST | NLM_F_ACK, payload)
        _, kind, _, _, _, error = struct.unpack_from("=LHHLLi", self.socket.recv(4096))
        if kind != NLMSG_ERROR or error != 0:
            raise OSError(-error, "expected the bridge to forget what it learnt")

    def flush_neighbours(self):
        """Deletes what the kernel learnt; permanent and no-ARP entries stay."""
        for index, state, address in self.entries():
            if state & (NUD_PERMANENT | NUD_NOARP) or address is None:
                continue
            payload = NDMSG.pack(socket.AF_INET, 0, 0, index, 0, 0, 0)
            payload += _attribute(NDA_DST, address)
            self._send(RTM_DELNEIGH, NLM_F_REQUEST, payload)

    def _send(self, kind, flags, payload):
        self.sequence += 1
        self.socket.send(HEADER.pack(HEADER.size + len(payload), kind, flags, self.sequence, 0) + payload)


def _attribute(kind, value):
    return ATTRIBUTE.pack(ATTRIBUTE.size + len(value), kind) + value + b"\0" * (-len(value) % 4)


def _entry(message):
    _, _, _, index, state, _, _ = NDMSG.unpack_from(message)
    offset, address = NDMSG.size, None
    while offset + ATTRIBUTE.size <= len(message):
        length, kind = ATTRIBUTE.unpack_from(message, offset)
        if kind == NDA_DST:
            address = message[offset + ATTRIBUTE.size : offset + length]
        offset += (length + 3) & ~3
    return index, state, address
