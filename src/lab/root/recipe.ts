/** The release that the root is made of; etcd, nix and netplan of other releases would be other facts. */
export const SUITE = "bookworm";

/** Everything that some lab host runs; services start only where a host's files say so. */
export const PACKAGES: readonly string[] = [
  "systemd",
  "systemd-sysv",
  "dbus",
  "iproute2",
  "iputils-ping",
  "iputils-arping",
  "openssh-server",
  "ifupdown2",
  // ifupdown2 asks brctl of its bridges, and warns where there is none.
  "bridge-utils",
  "netplan.io",
  "python3",
  "procps",
  "kmod",
  "netbase",
  "nftables",
  "etcd-server",
  "etcd-client",
  "nix-bin",
  // debootstrap resolves no virtual package: nix-bin needs its `perl-dbdabi`.
  "libdbi-perl",
  "sudo",
  "fping",
  "curl",
  "tcpdump",
  "busybox-static",
];

/** What would work against the clock, the network or the console of a lab host. */
export const MASKED: readonly string[] = [
  "apt-daily.timer",
  "apt-daily-upgrade.timer",
  "console-getty.service",
  "dpkg-db-backup.timer",
  "e2scrub_all.timer",
  "e2scrub_reap.service",
  "fstrim.timer",
  "getty.target",
  "systemd-pstore.service",
  "systemd-timesyncd.service",
];

/** Services that packages turn on and only some hosts run; a host's files turn on its own. */
export const NOT_ENABLED: readonly string[] = [
  "etc/systemd/system/basic.target.wants/networking.service",
  "etc/systemd/system/network.target.wants/networking.service",
  "etc/systemd/system/shutdown.target.wants/networking.service",
  "etc/systemd/system/multi-user.target.wants/etcd.service",
  "etc/systemd/system/etcd2.service",
];

/** What one root has of another host, or what only an installation needs. */
export const LEFT_OUT: readonly string[] = [
  "etc/apt/sources.list",
  "etc/hostname",
  "etc/resolv.conf",
  "usr/share/doc",
  "usr/share/locale",
  "usr/share/man",
  "var/cache/apt",
  "var/lib/apt/lists",
  "var/lib/dbus/machine-id",
];

/** The SSH server answers keys alone, at once, and with the host key that the lab has made. */
export const SSHD_CONFIGURATION = `HostKey /etc/ssh/ssh_host_ed25519_key
PasswordAuthentication no
KbdInteractiveAuthentication no
PermitRootLogin prohibit-password
UsePAM no
UseDNS no
MaxStartups 200
`;

/** What a program of Debian needs besides its libraries, in the root of busybox. */
export const BUSYBOX_FILES: Readonly<Record<string, string>> = {
  "etc/passwd":
    "root:x:0:0:root:/root:/bin/ash\nsshd:x:22:22:sshd:/var/empty:/bin/false\nnobody:x:65534:65534:nobody:/var:/bin/false\n",
  "etc/group": "root:x:0:\nsshd:x:22:\nnogroup:x:65534:\n",
  "etc/shadow": "root:*:0:0:99999:7:::\nsshd:*:0:0:99999:7:::\n",
  "etc/shells": "/bin/ash\n/bin/sh\n",
  "etc/os-release":
    'NAME="pointsman lab: stand-in for OpenWrt"\nID=pointsman-lab-busybox\nPRETTY_NAME="busybox, stand-in for OpenWrt"\n',
  "etc/nsswitch.conf": "passwd: files\ngroup: files\nshadow: files\nhosts: files\n",
  "etc/ssh/sshd_config": SSHD_CONFIGURATION.replace("UsePAM no\n", ""),
};

/** Folders of the root of busybox; `/var` is kept in memory there, as OpenWrt keeps it. */
export const BUSYBOX_FOLDERS: readonly string[] = [
  "bin",
  "sbin",
  "usr/bin",
  "usr/sbin",
  "lib",
  "dev",
  "proc",
  "sys",
  "run",
  "tmp",
  "root",
  "mnt",
];

/** OpenSSH's server: what reaches a busybox host is then the same as what reaches the others. */
export const SSHD = "usr/sbin/sshd";

/** Counts up when the steps change and these lists do not. */
const STEPS_VERSION = 1;

/** All that a root follows from, in an order of its own: its digest names the root. */
export const RECIPE = {
  STEPS_VERSION,
  SUITE,
  PACKAGES,
  MASKED,
  NOT_ENABLED,
  LEFT_OUT,
  SSHD_CONFIGURATION,
  BUSYBOX_FILES,
  BUSYBOX_FOLDERS,
  SSHD,
} as const;
