{ config, lib, pkgs, ... }:

{
  networking = {
    hostName = "nl-k8s-02";
    useDHCP = false;

    # Infra zone: 10.10.0.0/16, with static routes to the other zones.
    interfaces.ens18.ipv4 = {
      addresses = [
        { address = "10.10.0.4"; prefixLength = 16; }
      ];
      routes = [
        # trusted zone
        { address = "10.0.0.0"; prefixLength = 16; via = "10.0.0.1"; }
        # management zone: the Proxmox hosts
        { address = "10.11.0.0"; prefixLength = 16; via = "10.0.0.1"; }
        # guest zone
        { address = "10.20.0.0"; prefixLength = 16; via = "10.0.0.1"; }
      ];
    };

    defaultGateway = { address = "10.10.0.1"; interface = "ens18"; };
  };
}
