{ config, lib, pkgs, ... }:

{
  networking = {
    hostName = "nl-k8s-04";
    useDHCP = false;

    # Infra zone: 10.10.0.0/16, with static routes to the other zones.
    interfaces.enp1s0.ipv4 = {
      addresses = [
        { address = "10.10.0.3"; prefixLength = 16; }
      ];
      routes = [
        # trusted zone
        { address = "10.0.0.0"; prefixLength = 16; via = "10.0.0.1"; options.onlink = ""; }
        # management zone: the Proxmox hosts
        { address = "10.11.0.0"; prefixLength = 16; via = "10.0.0.1"; options.onlink = ""; }
        # guest zone
        { address = "10.20.0.0"; prefixLength = 16; via = "10.0.0.1"; options.onlink = ""; }
      ];
    };

    defaultGateway = { address = "10.10.0.1"; interface = "enp1s0"; };
  };
}
