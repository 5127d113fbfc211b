import { readFileSync } from "node:fs";
import { describeEditor } from "../../../test/contract/editor-contract.js";
import { editNixos, readNixos } from "./index.js";

const INCIDENT = readFileSync("examples/inc-0004/fixed/machines/nl-k8s-01/networking.nix", "utf8");

const NAMED = `{ config, lib, ... }:
let
  site = { bits = 24; router = "10.1.0.1"; }; # shared
  own = "10.1.0.7";
in {
  imports = [ ./mtu.nix ];
  networking.useDHCP = false;
  networking.interfaces.eth0 = {
    ipv4.addresses = [ { address = own; prefixLength = site.bits; } ];
    ipv4.routes = [
      # the office
      { address = "192.168.0.0"; prefixLength = 16; via = site.router; }
    ];
  };
  networking.interfaces."eth1".ipv4.addresses = [
    { address = "10.2.0.7"; prefixLength = 24; }
    { address = "10.3.0.7"; prefixLength = 16; }
  ];
  networking.defaultGateway = site.router;
  networking.vlans.lan7 = { id = 7; interface = "eth1"; };
}
`;

const UNITS = `{
  networking.useNetworkd = true;
  systemd.network = {
    networks."10-a" = {
      matchConfig.Name = "ens18";
      address = [ "10.0.0.5/16" "10.9.0.5/24" ];
      routes = [
        { Gateway = "10.0.0.1"; GatewayOnLink = true; }
        { Destination = "172.16.0.0/12"; Gateway = "10.0.0.2"; Metric = 7; }
      ];
      linkConfig.MTUBytes = "1500";
    };
    networks."20-b" = { name = "ens19"; networkConfig.Address = "10.8.0.5/24"; };
  };
}
`;

describeEditor({
  name: "nixos",
  read: readNixos,
  edit: editNixos,
  leastMade: 60,
  samples: [
    { name: "the incident's module", path: "a/networking.nix", files: { "a/networking.nix": INCIDENT } },
    {
      name: "a module with names and an import",
      path: "b",
      files: { "b/default.nix": NAMED, "b/mtu.nix": "{ networking.interfaces.eth1.mtu = 9000; }\n" },
    },
    { name: "units of systemd-networkd", path: "c.nix", files: { "c.nix": UNITS } },
  ],
});
