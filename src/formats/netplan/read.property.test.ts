import { describeReader } from "../../../test/contract/reader-contract.js";
import { readNetplan } from "./index.js";

const SAMPLE = `network:
  version: 2
  renderer: networkd
  ethernets:
    eth0:
      match: {macaddress: "54:e1:ad:a5:1d:0f"}
      set-name: lan0
      addresses: [10.10.0.2/16, {"10.10.0.9/16": {label: "a"}}, "fd00::1/64"]
      gateway4: 10.10.0.1
      mtu: 9000
      routes:
        - {to: 10.0.0.0/16, via: 10.0.0.1, on-link: true, metric: 5, table: 7}
      routing-policy: [{from: 10.10.0.0/16, table: 7}]
  vlans:
    v5: {id: 5, link: eth0, dhcp4: yes}
  bridges:
    br0: {interfaces: [v5], parameters: {stp: no}}
`;

describeReader({ name: "netplan", read: readNetplan, paths: ["etc/netplan/a.yaml"], samples: [SAMPLE] });
