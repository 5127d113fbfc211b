{ config, lib, pkgs, ... }:

{
  networking = {
    hostName = "nl-k8s-01";
    useDHCP = false;

    # Infra zone: 10.10.0.0/16. Everything else goes through the router.
    interfaces.enp1s0.ipv4 = {
      addresses = [
        { address = "10.10.0.2"; prefixLength = 16; }
      ];
    };

    defaultGateway = { address = "10.10.0.1"; interface = "enp1s0"; };
  };
}
