# SPDX-License-Identifier: ISC
# Tags the sessions of agents on NixOS. To be imported by configuration.nix, with the package of writ and the
# accounts in question put in. See pam_writ(8).
{ config, lib, pkgs, ... }:

let
  writ = pkgs.writ;
  services = [ "sshd" "login" "su" "sudo" "cron" "systemd-user" ];
  rule = name: {
    # Directly after pam_loginuid, and so before pam_env.
    order = config.security.pam.services.${name}.rules.session.loginuid.order + 10;
    # As "required", but a module that cannot be loaded keeps nobody out.
    control = "[success=ok new_authtok_reqd=ok ignore=ignore module_unknown=ignore default=bad]";
    modulePath = "${writ}/lib/security/pam_writ.so";
    args = [ "subjects=ai-worker,%ai-workers" ];
  };
in
{
  security.pam.services = lib.genAttrs services (name: { rules.session.writ = rule name; });
  systemd.packages = [ writ ];
  systemd.timers.writ-sessions.wantedBy = [ "timers.target" ];
  systemd.tmpfiles.packages = [ writ ];
}
