{ config, lib, pkgs, ... }:

{
  networking = {
    hostName = "nl-k8s-04";
    useDHCP = false;

    # All of 10.0.0.0/8 is local: no gateway needed inside.
    interfaces.enp1s0.ipv4 = {
      addresses = [
        { address = "10.10.0.3"; prefixLength = 8; }
      ];
    };

    defaultGateway = { address = "10.0.0.1"; interface = "enp1s0"; };
  };
}
