{ config, lib, pkgs, ... }:

{
  networking = {
    hostName = "nl-k8s-03";
    useDHCP = false;

    # All of 10.0.0.0/8 is local: no gateway needed inside.
    interfaces.ens18.ipv4 = {
      addresses = [
        { address = "10.10.0.5"; prefixLength = 8; }
      ];
    };

    defaultGateway = { address = "10.0.0.1"; interface = "ens18"; };
  };
}
