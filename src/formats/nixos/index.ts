/**
 * The NixOS dialect: a module and its imports as the boot of one host.
 *
 * For: `networking.*`, `systemd.network.*`, `boot.kernel.sysctl` and `services.k3s.*`, read without `nix` or from what
 * `nix-instantiate` prints for our own shim.
 * Not for: running `nix` (the caller does), option types, nixpkgs' own modules, flakes.
 * Law: what the files do not give is an issue and never a guess; no input throws or runs without end.
 */
export { editNixos } from "./edit.js";
export { readNixos } from "./read.js";
export { readNixosEvaluated } from "./read-evaluated.js";
export { NIXOS_SHIM, nixInstantiateArguments, nixInstantiateEnvironment } from "./shim.js";
