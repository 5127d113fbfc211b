/** Flags whose values are kept as text: they belong to the cluster's network, the model has no field for them. */
export const KEPT_KEYS: ReadonlySet<string> = new Set([
  "node-external-ip",
  "bind-address",
  "advertise-address",
  "advertise-port",
  "https-listen-port",
  "supervisor-port",
  "apiserver-port",
  "apiserver-bind-address",
  "cluster-dns",
  "cluster-domain",
  "service-node-port-range",
  "disable",
  "disable-kube-proxy",
  "disable-network-policy",
  "disable-cloud-controller",
  "disable-apiserver",
  "disable-etcd",
  "egress-selector-mode",
  "flannel-ipv6-masq",
  "flannel-external-ip",
  "flannel-conf",
  "flannel-cni-conf",
  "node-internal-dns",
  "node-external-dns",
  "datastore-endpoint",
  "servicelb-namespace",
  "kube-proxy-arg",
  "kube-controller-manager-arg",
  "lb-server-port",
]);

/** Flags that only a server has; whoever sets one is a server. https://docs.k3s.io/cli/server */
export const SERVER_KEYS: ReadonlySet<string> = new Set([
  "cluster-init",
  "cluster-cidr",
  "service-cidr",
  "cluster-dns",
  "cluster-domain",
  "service-node-port-range",
  "flannel-backend",
  "flannel-ipv6-masq",
  "flannel-external-ip",
  "egress-selector-mode",
  "tls-san",
  "advertise-address",
  "advertise-port",
  "disable",
  "disable-kube-proxy",
  "disable-network-policy",
  "disable-cloud-controller",
  "disable-apiserver",
  "disable-etcd",
  "datastore-endpoint",
  "write-kubeconfig",
  "write-kubeconfig-mode",
  "secrets-encryption",
  "etcd-expose-metrics",
  "kube-controller-manager-arg",
  "kube-scheduler-arg",
  "kube-apiserver-arg",
]);

/** Flags that the model reads itself. */
export const MODELLED_KEYS: ReadonlySet<string> = new Set([
  "node-ip",
  "flannel-backend",
  "flannel-iface",
  "cluster-cidr",
  "service-cidr",
  "server",
  "tls-san",
  "cluster-init",
  "multi-cluster-cidr",
  "vpn-auth",
  "vpn-auth-file",
]);

/** Flags without effect on the network of nodes and pods; their values are not kept (some are secrets). https://docs.k3s.io/cli/server and /agent */
export const HARMLESS_KEYS: ReadonlySet<string> = new Set(
  `agent-token agent-token-file airgap-extra-registry alsologtostderr cluster-reset cluster-reset-restore-path config
  container-runtime-endpoint containerd-restart data-dir datastore-cafile datastore-certfile datastore-keyfile debug default-local-storage-path
  default-runtime disable-agent disable-apiserver-lb disable-controller-manager disable-default-registry-endpoint disable-helm-controller disable-scheduler
  docker embedded-registry enable-pprof enable-servicelb etcd-arg etcd-disable-snapshots etcd-expose-metrics etcd-s3 etcd-s3-access-key
  etcd-s3-bucket etcd-s3-bucket-lookup-type etcd-s3-config-secret etcd-s3-endpoint etcd-s3-endpoint-ca etcd-s3-folder etcd-s3-insecure
  etcd-s3-proxy etcd-s3-region etcd-s3-retention etcd-s3-secret-key etcd-s3-session-token etcd-s3-skip-ssl-verify etcd-s3-timeout
  etcd-snapshot-compress etcd-snapshot-dir etcd-snapshot-name etcd-snapshot-reconcile-interval etcd-snapshot-retention
  etcd-snapshot-schedule-cron helm-job-image image-credential-provider-bin-dir image-credential-provider-config image-service-endpoint kine-tls
  kube-apiserver-arg kube-cloud-controller-arg kube-cloud-controller-manager-arg kube-scheduler-arg kubelet-arg log
  log_file logtostderr no-deploy node-label node-name node-taint nonroot-devices pause-image prefer-bundled-bin private-registry
  protect-kernel-defaults resolv-conf rootless secrets-encryption secrets-encryption-provider selinux snapshotter
  supervisor-metrics system-default-registry tls-san-security token token-file v vmodule with-node-id write-kubeconfig
  write-kubeconfig-group write-kubeconfig-mode`.split(/\s+/),
);
