import { clusterFacts } from "./cluster-facts.js";
import { type LabFile, plainFile, programFile } from "./lab-file.js";
import type { PlatformHost } from "./platform-host.js";
import { standinText } from "./standin-text.js";
import { enabledUnit, unitPath } from "./systemd-files.js";

const FOLDER = "/usr/local/lib/k3s-standin";

/**
 * k3s.service of a node, with its facts at `factsPath`; nothing for other hosts. Kind, restarts and limits are those of k3s's own unit.
 *
 * @param factsPath where the platform keeps what the cluster is; a file there is only written where `facts` are asked for
 */
export function k3sFiles(host: PlatformHost, factsPath = `${FOLDER}/cluster`): readonly LabFile[] {
  const facts = clusterFacts(host);
  if (facts === null) return [];
  return [
    plainFile(unitPath("k3s.service"), unit(factsPath)),
    enabledUnit("k3s.service", "multi-user.target"),
    programFile(`${FOLDER}/k3s`, standinText("k3s/k3s")),
    programFile(`${FOLDER}/flannel`, standinText("k3s/flannel")),
    ...(factsPath.startsWith(FOLDER) ? [plainFile(factsPath, facts)] : []),
  ];
}

function unit(factsPath: string): string {
  return `[Unit]
Description=Lightweight Kubernetes (stand-in of Pointsman's lab: etcd and the pod network are real, the rest is not there)
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
NotifyAccess=all
Delegate=yes
LimitNOFILE=1048576
LimitNPROC=infinity
TasksMax=infinity
TimeoutStartSec=0
Restart=always
RestartSec=5s
ExecStart=${FOLDER}/k3s ${factsPath}

[Install]
WantedBy=multi-user.target
`;
}
