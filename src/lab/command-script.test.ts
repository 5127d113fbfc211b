import { describe, expect, it } from "vitest";
import { commandScript } from "./command-script.js";

describe("The script of a boot", () => {
  it("gives runs of `ip` commands to one process, and writes sysctls between them without any", () => {
    const script = commandScript(
      [
        ["ip", "link", "set", "dev", "lo", "up"],
        ["ip", "addr", "add", "10.0.0.1/8", "dev", "eth0"],
        ["sysctl", "-w", "net.ipv4.conf.eth0/100.rp_filter=2"],
        ["bridge", "fdb", "append", "02:00:00:00:00:01", "dev", "flannel.1"],
        ["ip", "route", "add", "default", "via", "10.0.0.2"],
      ],
      "ns",
    );
    expect(script).toBe(`ip -n ns -batch - <<'END' || return 1
link set dev lo up
addr add 10.0.0.1/8 dev eth0
END
echo 2 >/proc/sys/net/ipv4/conf/eth0.100/rp_filter || return 1
bridge fdb append 02:00:00:00:00:01 dev flannel.1 || return 1
ip -n ns -batch - <<'END' || return 1
route add default via 10.0.0.2
END
`);
  });

  it("keeps words out of a batch that `ip` or the shell would read more into", () => {
    const link = ["ip", "link", "set", "dev", "a#$(x)'b", "up"];
    expect(commandScript([link])).toBe("ip link set dev 'a#$(x)'\\''b' up || return 1\n");
    const sysctl = ["sysctl", "-w", "net.ipv4.conf.a;b.rp_filter=1"];
    expect(commandScript([sysctl])).toBe("echo 1 >'/proc/sys/net/ipv4/conf/a;b/rp_filter' || return 1\n");
  });
});
