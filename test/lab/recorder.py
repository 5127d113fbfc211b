"""Sends one echo request per flow and records where the kernel took request and reply.

Two sockets per host tell everything. A packet socket for ETH_P_IP sees exactly what `ip_rcv` sees, after bridges took
their ports' frames: link, PACKET_HOST or foreign, TTL. A raw ICMP socket sees what was delivered locally, after source
validation: that is how an accepted request and an accepted reply are known. Every hop of a walk has one TTL less than
the one before, which orders the records across hosts.
"""

import os
import select
import socket
import struct
import time

from fleet_builder import NEIGHBOUR_TIMING, TTL
from netlink import Caches

ETH_P_IP = 0x0800
ECHO_REPLY, REDIRECT, ECHO_REQUEST, TIME_EXCEEDED = 0, 5, 8, 11
PACKET_HOST, PACKET_BROADCAST = 0, 1
IP_PKTINFO = 8
UDP_HEADER, VXLAN_HEADER, ETHERNET_HEADER = 8, 8, 14
# Quiet time after which a flow with no ARP request under way has come to its end, and the limit of the whole flow.
HASTY = {"quiet": 0.006, "limit": 3.0, "timing": NEIGHBOUR_TIMING}
# The same for a second look: nothing that a busy machine delays may be taken for a loss.
PATIENT = {"quiet": 0.25, "limit": 8.0, "timing": {**NEIGHBOUR_TIMING, "retrans_time_ms": 300}}


class HostTap:
    """The sockets of one host."""

    def __init__(self, name, namespace, bridges):
        self.name = name
        with namespace:
            self.packets = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_IP))
            self.icmp = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
            self.caches = Caches()
            self.bridges = [socket.if_nametoindex(bridge) for bridge in bridges]
            self.route_flush = os.open("/proc/sys/net/ipv4/route/flush", os.O_WRONLY)
        self.packets.setblocking(False)
        self.icmp.setblocking(False)
        self.icmp.setsockopt(socket.IPPROTO_IP, socket.IP_TTL, TTL)
        self.icmp.setsockopt(socket.IPPROTO_IP, IP_PKTINFO, 1)

    def close(self):
        for owned in (self.packets, self.icmp, self.caches):
            owned.close()
        os.close(self.route_flush)

    def flush(self):
        self.caches.flush_neighbours()
        for bridge in self.bridges:
            self.caches.flush_bridge(bridge)
        os.write(self.route_flush, b"1\n")


class Recorder:
    """Runs flows one after another over one fleet."""

    def __init__(self, fleet):
        self.fleet = fleet
        self.taps = {}
        for host in fleet.specification["hosts"]:
            bridges = [bridge["link"] for bridge in host["bridges"]]
            self.taps[host["name"]] = HostTap(host["name"], fleet.hosts[host["name"]], bridges)
        with fleet.switch:
            self.switch = Caches()
            self.segments = [socket.if_nametoindex(segment) for segment in fleet.specification["segments"]]
        self.poll = select.epoll()
        self.readers = {}
        for tap in self.taps.values():
            for owned, read in ((tap.packets, self._read_packets), (tap.icmp, self._read_icmp)):
                self.poll.register(owned, select.EPOLLIN)
                self.readers[owned.fileno()] = (read, tap)
        self.identifier = 0
        self.pace = HASTY

    def close(self):
        self.poll.close()
        self.switch.close()
        for tap in self.taps.values():
            tap.close()

    def set_pace(self, pace):
        if pace is not self.pace:
            self.fleet.set_neighbour_timing(pace["timing"])
            self.pace = pace

    def flush(self):
        """Empties every cache that a flow may have filled."""
        for tap in self.taps.values():
            tap.flush()
        for segment in self.segments:
            self.switch.flush_bridge(segment)

    def run(self, flow):
        """One flow {from, to}: what the kernel decided."""
        self.flush()
        self.identifier = self.identifier % 0xFFFF + 1
        self.record = _Record(flow["from"])
        self._drain(0)
        self.record = _Record(flow["from"])
        refusal = self._send(flow)
        if refusal is None:
            self._await_end()
        return {**flow, **self.record.outcome(), "refusal": refusal}

    def _send(self, flow):
        header = struct.pack("!BBHHH", ECHO_REQUEST, 0, 0, self.identifier, 1)
        header = struct.pack("!BBHHH", ECHO_REQUEST, 0, _checksum(header), self.identifier, 1)
        try:
            self.taps[flow["from"]].icmp.sendto(header, (flow["to"], 0))
            return None
        except OSError as refused:
            return os.strerror(refused.errno)

    def _await_end(self):
        end = time.monotonic() + self.pace["limit"]
        while time.monotonic() < end:
            if self._drain(self.pace["quiet"]):
                if self.record.is_delivered:
                    self._drain(0)
                    return
            elif not any(tap.caches.is_resolving() for tap in self.taps.values()):
                if not self._drain(0):
                    return
        self.record.is_unfinished = True

    def _drain(self, timeout):
        """Reads all that is there; False where nothing came within the timeout (seconds)."""
        events = self.poll.poll(timeout)
        for descriptor, _ in events:
            read, tap = self.readers[descriptor]
            read(tap)
        return bool(events)

    def _read_packets(self, tap):
        for data, _, address in _messages(tap.packets):
            if address[2] in (PACKET_HOST, PACKET_BROADCAST):
                self._see(tap.name, data, address[2] == PACKET_BROADCAST)

    def _see(self, host, packet, is_broadcast):
        if _is_later_fragment(packet):
            return
        ttl, protocol, payload = _parse_ip(packet)
        if protocol == socket.IPPROTO_ICMP and len(payload) >= 8:
            kind, _, _, identifier, _ = struct.unpack_from("!BBHHH", payload)
            if kind in (ECHO_REQUEST, ECHO_REPLY) and identifier == self.identifier:
                self.record.arrived(host, kind, ttl, is_broadcast)
            elif kind in (REDIRECT, TIME_EXCEEDED) and self._quotes_this_flow(payload[8:]):
                self.record.told(host, kind, packet)
        elif protocol == socket.IPPROTO_UDP and ttl <= 1 and self._carries_this_flow(payload):
            self.record.is_outer_looping = True

    def _quotes_this_flow(self, quoted):
        if len(quoted) < 28:
            return False
        _, protocol, payload = _parse_ip(quoted)
        if protocol == socket.IPPROTO_UDP:
            return self._carries_this_flow(payload)
        return len(payload) >= 6 and struct.unpack_from("!H", payload, 4)[0] == self.identifier

    def _carries_this_flow(self, datagram):
        inner = datagram[UDP_HEADER + VXLAN_HEADER + ETHERNET_HEADER :]
        if len(inner) < 28:
            return False
        _, protocol, payload = _parse_ip(inner)
        return protocol == socket.IPPROTO_ICMP and struct.unpack_from("!H", payload, 4)[0] == self.identifier

    def _read_icmp(self, tap):
        for data, ancillary, _ in _messages(tap.icmp):
            _, _, payload = _parse_ip(data)
            kind, _, _, identifier, _ = struct.unpack_from("!BBHHH", payload)
            if identifier != self.identifier:
                continue
            if kind in self.record.accepted_at and _is_to_own_address(data, ancillary):
                self.record.accepted_at[kind].append(tap.name)


class _Record:
    """What was seen of one flow."""

    def __init__(self, sender):
        self.sender = sender
        self.arrivals = {ECHO_REQUEST: [], ECHO_REPLY: []}
        self.accepted_at = {ECHO_REQUEST: [], ECHO_REPLY: []}
        self.redirects = []
        self.expired_at = []
        self.is_outer_looping = False
        self.is_unfinished = False

    @property
    def is_delivered(self):
        return self.sender in self.accepted_at[ECHO_REPLY]

    def arrived(self, host, kind, ttl, is_broadcast):
        self.arrivals[kind].append((-ttl, len(self.arrivals[kind]), host, is_broadcast))

    def _walk(self, kind):
        """The hosts in order. All of a segment hear a broadcast frame, and none forwards it: only its takers count.
        What a host hears on two links of one segment is one arrival.
        """
        arrivals = {
            (negative_ttl, host): None
            for negative_ttl, _, host, is_broadcast in sorted(self.arrivals[kind])
            if not is_broadcast or host in self.accepted_at[kind]
        }
        return [host for _, host in arrivals]

    def told(self, host, kind, packet):
        source = socket.inet_ntoa(packet[12:16])
        if kind == TIME_EXCEEDED:
            self.expired_at.append(source)
            return
        offset = (packet[0] & 15) * 4
        self.redirects.append({"at": host, "by": source, "gateway": socket.inet_ntoa(packet[offset + 4 : offset + 8])})

    def outcome(self):
        return {
            "verdict": self._verdict(),
            "path": self._walk(ECHO_REQUEST),
            "back": self._walk(ECHO_REPLY),
            "acceptedAt": self.accepted_at[ECHO_REQUEST],
            "redirects": self.redirects,
            "expiredAt": self.expired_at,
            "isUnfinished": self.is_unfinished,
        }

    def _verdict(self):
        if self.is_delivered:
            return "delivered"
        seen = self.arrivals[ECHO_REQUEST] + self.arrivals[ECHO_REPLY]
        if self.is_outer_looping or any(negative_ttl >= -1 for negative_ttl, *_ in seen):
            return "loop"
        return "lost-reply" if self.accepted_at[ECHO_REQUEST] else "lost"


def _is_to_own_address(packet, ancillary):
    """The kernel names another address than the destination where it took the packet as a broadcast (ipv4_pktinfo_prepare)."""
    for level, kind, data in ancillary:
        if level == socket.IPPROTO_IP and kind == IP_PKTINFO:
            return data[4:8] == packet[16:20]
    return False


def _messages(owned):
    while True:
        try:
            data, ancillary, _, address = owned.recvmsg(2048, 64)
        except BlockingIOError:
            return
        yield data, ancillary, address


def _is_later_fragment(packet):
    return struct.unpack_from("!H", packet, 6)[0] & 0x1FFF != 0


def _parse_ip(packet):
    return packet[8], packet[9], packet[(packet[0] & 15) * 4 :]


def _checksum(data):
    total = sum(struct.unpack(f"!{len(data) // 2}H", data))
    total = (total >> 16) + (total & 0xFFFF)
    return ~(total + (total >> 16)) & 0xFFFF
