"""Flows whose packets have a size: `size` is a number of bytes of the IP packet, or "full".

A number is one echo request of that size with DF, as `ping -M do` sends it. "full" is what a TCP connection would do: first a small
request and its reply; then one as large as the links of both ends take (a tunnel is as wide as its sender says), and, as long as
none is delivered and the sender has learnt of a smaller path MTU, one of that size.
"""

import json
import os
import socket
import struct

from recorder import ECHO_REQUEST, _Record, _checksum
from remembered import RememberingRecorder

IP_MTU_DISCOVER, IP_MTU = 10, 14
DISCOVER_WANT, DISCOVER_DO = 1, 2
HEADERS = 28


class SizedRecorder(RememberingRecorder):
    """A recorder that knows flows with a size; a flow without one is as before."""

    def run(self, flow):
        size = flow.get("size")
        if size is None:
            return super().run(flow)
        if size == "full":
            return self._run_full(flow)
        self.flush()
        return self._attempt(flow, size, DISCOVER_DO)

    def _run_full(self, flow):
        small = super().run(flow)
        ends = None if small["verdict"] != "delivered" else self._ends(flow, small)
        if ends is None:
            return small
        size = ends
        while True:
            outcome = self._attempt(flow, size, DISCOVER_WANT)
            learnt = self._path_mtu(flow)
            if outcome["verdict"] == "delivered" or learnt >= size:
                return {**outcome, "bytes": size}
            size = learnt

    def _attempt(self, flow, size, discovery):
        self.identifier = self.identifier % 0xFFFF + 1
        self.record = _Record(flow["from"])
        self._drain(0)
        self.record = _Record(flow["from"])
        icmp = self.taps[flow["from"]].icmp
        icmp.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, discovery)
        refusal = self._send_sized(icmp, flow["to"], size)
        icmp.setsockopt(socket.IPPROTO_IP, IP_MTU_DISCOVER, DISCOVER_WANT)
        if refusal is None:
            self._await_end()
        return {**flow, **self.record.outcome(), "refusal": refusal}

    def _send_sized(self, icmp, to, size):
        payload = bytes(max(0, size - HEADERS))
        header = struct.pack("!BBHHH", ECHO_REQUEST, 0, 0, self.identifier, 1)
        checksum = _checksum(header + payload + bytes(len(payload) % 2))
        try:
            icmp.sendto(struct.pack("!BBHHH", ECHO_REQUEST, 0, checksum, self.identifier, 1) + payload, (to, 0))
            return None
        except OSError as refused:
            return os.strerror(refused.errno)

    def _ends(self, flow, small):
        """The size of a full packet, or None where nothing leaves the host."""
        responder = small["acceptedAt"][0]
        if responder == flow["from"]:
            return None
        there = self._route(flow["from"], [flow["to"]])
        source = there["prefsrc"]
        back = self._route(responder, [source, "from", flow["to"]])
        if there["dev"] in self._tunnels(flow["from"]):
            return self._link_mtu(flow["from"], there["dev"])
        return min(self._link_mtu(flow["from"], there["dev"]), self._link_mtu(responder, back["dev"]))

    def _route(self, host, words):
        output, _ = self.fleet.hosts[host].start(["ip", "-j", "route", "get", *words]).communicate()
        return json.loads(output)[0]

    def _tunnels(self, host):
        return [vxlan["link"] for vxlan in self._specified(host)["vxlans"]]

    def _specified(self, host):
        return next(each for each in self.fleet.specification["hosts"] if each["name"] == host)

    def _link_mtu(self, host, link):
        output, _ = self.fleet.hosts[host].start(["ip", "-j", "link", "show", "dev", link]).communicate()
        return json.loads(output)[0]["mtu"]

    def _path_mtu(self, flow):
        with self.fleet.hosts[flow["from"]]:
            with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
                asking.connect((flow["to"], 9))
                return asking.getsockopt(socket.IPPROTO_IP, IP_MTU)
