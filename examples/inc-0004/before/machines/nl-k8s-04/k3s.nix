{ config, lib, pkgs, ... }:

{
  services.k3s = {
    enable = true;
    role = "server";
    serverAddr = "https://10.10.0.2:6443";
    extraFlags = toString [
      "--node-ip=10.10.0.3"
      "--flannel-iface=enp1s0"
      "--flannel-backend=vxlan"
    ];
  };

  boot.kernel.sysctl."net.ipv4.ip_forward" = 1;
}
