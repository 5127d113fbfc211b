"""Builds a fleet specification (fleet-specification.ts) in namespaces and dumps it as a snapshot directory."""

import json
import os
import time

from namespaces import Namespace

# Caches must neither hold back nor outlive an answer, and ICMP must not be rationed (arp(7), ip-sysctl.rst).
NEIGHBOUR_TIMING = {"locktime": 0, "proxy_delay": 0, "retrans_time_ms": 20, "mcast_solicit": 2, "ucast_solicit": 2}
# The lifetime of request and reply: more than any walk without a circle over nine hosts needs.
TTL = 40
# Switches carry whatever the hosts send: what is too long is dropped by the hosts' own links.
SWITCH_MTU = 65535
# The kernel tells a bridge's carrier and a link's routes of each other later, from a work queue (net/core/link_watch.c).
SETTLE_SECONDS = 1.5


class Fleet:
    """The hosts of one specification as namespaces, joined by one more that holds a switch for each segment."""

    def __init__(self, specification):
        self.specification = specification
        self.switch = Namespace()
        self.hosts = {host["name"]: Namespace() for host in specification["hosts"]}
        self.refused = {}
        self._quiet_ipv6()
        self._wire()
        self._configure()

    def close(self):
        for namespace in [*self.hosts.values(), self.switch]:
            namespace.close()

    def set_neighbour_timing(self, timing):
        for host in self.specification["hosts"]:
            for link in _links_with_neighbours(host):
                for key, value in timing.items():
                    self.hosts[host["name"]].write(f"ipv4/neigh/{link}/{key}", value)

    def _quiet_ipv6(self):
        for namespace in [*self.hosts.values(), self.switch]:
            namespace.write("ipv6/conf/all/disable_ipv6", 1)
            namespace.write("ipv6/conf/default/disable_ipv6", 1)

    def _wire(self):
        """Makes every segment a switch that learns, without spanning tree or multicast snooping."""
        self.switch.write("bridge/bridge-nf-call-iptables", 0)
        lines, counter = [], 0
        for segment in self.specification["segments"]:
            lines.append(f"link add {segment} type bridge stp_state 0 mcast_snooping 0 forward_delay 0")
            lines.append(f"link set {segment} up")
        for host in self.specification["hosts"]:
            for port in host["ports"]:
                counter += 1
                own = f"02:fe:00:00:{counter >> 8:02x}:{counter & 255:02x}"
                peer = f"name {port['link']} address {port['mac']} netns {self.hosts[host['name']].path}"
                lines.append(f"link add p{counter} address {own} type veth peer {peer}")
                lines.append(f"link set p{counter} mtu {SWITCH_MTU} master {port['segment']} up")
        refused = _batch(self.switch, "ip", lines)
        if refused:
            raise RuntimeError(f"expected all segments to be wired, the kernel refused: {refused}")

    def _configure(self):
        for host in self.specification["hosts"]:
            namespace = self.hosts[host["name"]]
            namespace.write("bridge/bridge-nf-call-iptables", 0)
            namespace.write("bridge/bridge-nf-call-arptables", 0)
            must = _batch(namespace, "ip", _link_lines(host))
            if must:
                raise RuntimeError(f"expected all links of {host['name']}, the kernel refused: {must}")
            for key, value in {"ip_default_ttl": TTL, "icmp_ratelimit": 0, "icmp_ratemask": 0}.items():
                namespace.write(f"ipv4/{key}", value)
            for setting in host["sysctls"]:
                key, value = setting.split("=")
                namespace.write("ipv4/" + "/".join(part.replace("/", ".") for part in key.split(".")), value)
            refused = _batch(namespace, "ip", [f"link set dev {mtu}" for mtu in host.get("mtus", [])])
            refused += _batch(namespace, "ip", _layer3_lines(host))
            refused += _batch(namespace, "bridge", [f"fdb {entry}" for entry in host["fdb"]])
            self.refused[host["name"]] = refused
        self.set_neighbour_timing(NEIGHBOUR_TIMING)


def write_snapshot(fleet, directory):
    """Writes the live state of every host in the layout every verb of pointsman reads."""
    settle(fleet)
    running = []
    for name, namespace in fleet.hosts.items():
        folder = os.path.join(directory, "hosts", name)
        os.makedirs(folder, exist_ok=True)
        for file, command in SNAPSHOT_COMMANDS.items():
            running.append((os.path.join(folder, file), namespace.start(command)))
        with open(os.path.join(folder, "sysctl.txt"), "w", encoding="ascii") as file:
            file.writelines(_sysctl_lines(namespace))
    for path, process in running:
        output, errors = process.communicate()
        if process.returncode != 0:
            raise RuntimeError(f"expected {os.path.basename(path)} from the kernel: {errors}")
        with open(path, "w", encoding="utf-8") as file:
            file.write(output if output.strip() else "[]\n")
    segments = {segment: [] for segment in fleet.specification["segments"]}
    for host in fleet.specification["hosts"]:
        for port in host["ports"]:
            segments[port["segment"]].append([host["name"], port["link"]])
    with open(os.path.join(directory, "wiring.json"), "w", encoding="utf-8") as file:
        json.dump({"segments": segments}, file, indent=1)


SNAPSHOT_COMMANDS = {
    "addr.json": ["ip", "-j", "-d", "addr", "show"],
    "route.json": ["ip", "-j", "-d", "route", "show", "table", "all"],
    "rule.json": ["ip", "-j", "rule", "show"],
    "neigh.json": ["ip", "-j", "neigh", "show"],
    "proxy-neigh.json": ["ip", "-j", "neigh", "show", "proxy"],
    "fdb.json": ["bridge", "-j", "fdb", "show"],
}


def settle(fleet):
    """Waits until every link that can have carrier has it."""
    end = time.monotonic() + SETTLE_SECONDS
    while _is_settling(fleet) and time.monotonic() < end:
        time.sleep(0.02)


def _is_settling(fleet):
    running = [namespace.start(["ip", "-o", "link", "show", "up"]) for namespace in fleet.hosts.values()]
    outputs = [process.communicate()[0] for process in running]
    return any("NO-CARRIER" in output or "state DOWN" in output for output in outputs)


def _sysctl_lines(namespace):
    with namespace:
        root = "/proc/sys/net/ipv4"
        for key in ("ip_forward", "ip_default_ttl", "icmp_echo_ignore_all", "icmp_echo_ignore_broadcasts"):
            with open(f"{root}/{key}", encoding="ascii") as file:
                yield f"net.ipv4.{key} = {file.read().strip()}\n"
        for link in sorted(os.listdir(f"{root}/conf")):
            for key in sorted(os.listdir(f"{root}/conf/{link}")):
                with open(f"{root}/conf/{link}/{key}", encoding="ascii") as file:
                    yield f"net.ipv4.conf.{link.replace('.', '/')}.{key} = {file.read().strip()}\n"


def _links_with_neighbours(host):
    names = [port["link"] for port in host["ports"]] + [bridge["link"] for bridge in host["bridges"]]
    return names + [vxlan["link"] for vxlan in host["vxlans"]]


def _link_lines(host):
    yield "link set lo up"
    for bridge in host["bridges"]:
        yield f"link add {bridge['link']} address {bridge['mac']} type bridge stp_state 0 mcast_snooping 0 forward_delay 0"
        for port in bridge["ports"]:
            yield f"link set {port} master {bridge['link']}"
    for vxlan in host["vxlans"]:
        yield (
            f"link add {vxlan['link']} address {vxlan['mac']} type vxlan id {vxlan['id']} local {vxlan['local']}"
            f" dev {vxlan['lower']} dstport {vxlan['port']} nolearning"
        )
        yield f"link set {vxlan['link']} mtu 1450"
    for link in _links_with_neighbours(host):
        if link not in host["down"]:
            yield f"link set dev {link} up"


def _layer3_lines(host):
    yield from (f"addr add {address}" for address in host["addresses"])
    yield from (f"route append {route}" for route in host["routes"])
    yield from (f"rule add {rule}" for rule in host["rules"])
    yield from (f"neigh replace {neighbour}" for neighbour in host["neighbours"])


def _batch(namespace, program, lines):
    """Runs all lines, going on after a refused one; gives the kernel's refusals."""
    text = "".join(f"{line}\n" for line in lines)
    if not text:
        return []
    _, errors = namespace.start([program, "-force", "-batch", "-"]).communicate(text)
    return [line for line in errors.splitlines() if line and not line.startswith("Command failed")]
