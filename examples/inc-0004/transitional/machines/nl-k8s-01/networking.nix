{ config, lib, pkgs, ... }:

{
  networking = {
    hostName = "nl-k8s-01";
    useDHCP = false;

    # Left behind: a transitional prefix that excludes 10.10.0.4 and 10.10.0.5.
    interfaces.enp1s0.ipv4 = {
      addresses = [
        { address = "10.10.0.2"; prefixLength = 30; }
      ];
    };

    defaultGateway = { address = "10.10.0.1"; interface = "enp1s0"; };
  };
}
