/** k3s's own: `--cluster-cidr` and `--service-cidr` of `k3s server`. */
export const DEFAULT_POD_CIDR = "10.42.0.0/16";
export const DEFAULT_SERVICE_CIDR = "10.43.0.0/16";
