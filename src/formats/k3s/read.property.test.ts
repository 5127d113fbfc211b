import { describeReader } from "../../../test/contract/reader-contract.js";
import { readK3s } from "./index.js";

const SAMPLE = `node-ip: 10.10.0.2,fd00::2
flannel-backend: host-gw
cluster-init: true
tls-san:
  - a.example
  - 10.10.0.9
cluster-cidr: 10.42.0.0/16
service-cidr: 10.43.0.0/16
disable+: [traefik]
`;

const UNIT = `[Service]
Environment="K3S_URL=https://10.0.0.1:6443"
ExecStart=/usr/local/bin/k3s server \\
  --node-ip 10.10.0.2 '--flannel-backend=host-gw' --tls-san a,b
`;

describeReader({
  name: "k3s",
  read: readK3s,
  paths: ["etc/rancher/k3s/config.yaml", "etc/systemd/system/k3s.service"],
  samples: [SAMPLE, UNIT],
});
