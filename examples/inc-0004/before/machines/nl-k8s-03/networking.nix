{ config, lib, pkgs, ... }:

{
  networking = {
    hostName = "nl-k8s-03";
    useDHCP = false;

    # Infra zone: 10.10.0.0/16. Everything else goes through the router.
    interfaces.ens18.ipv4 = {
      addresses = [
        { address = "10.10.0.5"; prefixLength = 16; }
      ];
    };

    defaultGateway = { address = "10.10.0.1"; interface = "ens18"; };
  };
}
