#!/usr/bin/env bash
# Steps 2 to 7 of the procedure that the incident's report asks for, by hand, from the operator's host: procedure.sh SSH_CONFIG parallel|sequential
# It waits as long as the procedure says. The new system of each node is built already, as after `git pull` on it.
set -u
config=$1 option=$2
nodes=(nl-k8s-01 nl-k8s-02 nl-k8s-03 nl-k8s-04)
addresses=(10.10.0.2 10.10.0.4 10.10.0.5 10.10.0.3)

on() {
  local host=$1
  shift
  ssh -n -F "$config" "$host.lan" "$@"
}

on_all() {
  local node
  for node in "${nodes[@]}"; do on "$node" "$@" & done
  wait
}

echo "step 2: stop"
on_all systemctl stop k3s
for node in "${nodes[@]}"; do on "$node" systemctl is-active k3s; done

echo "step 3: clear"
for host in r5c nl-pve-01 nl-pve-02 "${nodes[@]}"; do on "$host" ip neigh flush all; done
sleep 5

echo "step 4: change, $option"
if [ "$option" = parallel ]; then
  on_all nixos-rebuild switch
else
  for i in "${!nodes[@]}"; do
    on "${nodes[$i]}" nixos-rebuild switch
    sleep 10
    ping -c 3 -W 2 "${addresses[$i]}" >/dev/null || echo "not reachable: ${nodes[$i]}"
  done
fi

echo "step 5: look"
for node in "${nodes[@]}"; do on "$node" 'ip route show; ip addr show' >/dev/null; done

echo "step 6: matrix"
for node in "${nodes[@]}"; do
  for address in "${addresses[@]}"; do
    on "$node" ping -c 1 -W 2 "$address" >/dev/null || echo "lost: $node $address"
  done
done

echo "step 7: start"
on_all systemctl start k3s
sleep 30
for node in "${nodes[@]}"; do on "$node" systemctl is-active k3s; done
