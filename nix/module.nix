# SPDX-License-Identifier: ISC
#
# writ on NixOS. In configuration.nix:
#
#   imports = [ /path/to/writ/nix/module.nix ];
#   security.writ = {
#     enable = true;
#     subjects = [ "ai-worker" "%ai-workers" ];
#     policy = ./policy.json;
#   };
#
# The policy is tried when the system is built: one that does not load, or whose examples do not hold,
# makes no new system, and the old one stays.
{
  config,
  lib,
  pkgs,
  ...
}:

let
  cfg = config.security.writ;
  subjects = "subjects=${lib.concatStringsSep "," cfg.subjects}";
  sudoers = "${config.security.sudo.package}/libexec/sudo/sudoers.so";

  policy =
    if builtins.isAttrs cfg.policy then
      pkgs.writeText "policy.json" (builtins.toJSON cfg.policy)
    else
      cfg.policy;
  triedPolicy = pkgs.runCommand "writ-policy.json" { } ''
    ${cfg.package}/bin/writ test --commands ${cfg.commands} ${policy}
    cp ${policy} "$out"
  '';

  # Directly after pam_loginuid, and so before pam_env, which may let a user replace what sshd said of
  # his key. As "required", but a module that cannot be loaded keeps nobody out. See pam_writ(8).
  tag = name: {
    order = config.security.pam.services.${name}.rules.session.loginuid.order + 10;
    control = "[success=ok new_authtok_reqd=ok ignore=ignore module_unknown=ignore default=bad]";
    modulePath = "${cfg.package}/lib/security/pam_writ.so";
    args = [ subjects ];
  };
in
{
  options.security.writ = {
    enable = lib.mkEnableOption "writ, which decides by argument what some accounts may do with sudo";

    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.callPackage ./package.nix { };
      defaultText = lib.literalExpression "pkgs.callPackage ./package.nix { }";
      description = "The package of writ.";
    };

    subjects = lib.mkOption {
      type = lib.types.nonEmptyListOf (lib.types.strMatching "%?[A-Za-z_][A-Za-z0-9_.-]*[$]?");
      example = [
        "ai-worker"
        "%ai-workers"
      ];
      description = "The accounts, and with `%` the groups, that the policy governs. Everybody else's sudo stays as it is.";
    };

    policy = lib.mkOption {
      type = lib.types.either lib.types.path (lib.types.attrsOf lib.types.anything);
      example = lib.literalExpression "./policy.json";
      description = "The policy: a file, or the same as an attribute set. See writ_policy(5).";
    };

    commands = lib.mkOption {
      type = lib.types.path;
      default = "${cfg.package}/share/writ/commands";
      defaultText = lib.literalExpression ''"''${config.security.writ.package}/share/writ/commands"'';
      description = "The folder of command files, which say how programs read their arguments.";
    };

    audit = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether what all of sudo's plugins say to anybody's command is an event too (the plugin `writ_audit`).";
    };

    sessions = lib.mkOption {
      type = lib.types.listOf lib.types.str;
      default = [
        "sshd"
        "login"
        "su"
        "sudo"
        "cron"
        "systemd-user"
      ];
      description = "The PAM services whose sessions of subjects are tagged. Each must have pam_loginuid.";
    };

    clearSessions = lib.mkOption {
      type = lib.types.bool;
      default = true;
      description = "Whether a timer clears the records of sessions that are over.";
    };

    forward = lib.mkOption {
      type = lib.types.bool;
      default = false;
      description = "Whether a timer sends what waits for the policy's log servers; see writ-forward(1).";
    };
  };

  config = lib.mkIf cfg.enable {
    assertions = [
      {
        assertion = config.security.sudo.enable;
        message = "security.writ is a plugin for sudo: it needs security.sudo.enable (sudo-rs has no plugins).";
      }
    ];

    environment.systemPackages = [ cfg.package ];

    environment.etc."writ/policy.json".source = triedPolicy;
    environment.etc."sudo.conf".text = ''
      Plugin writ_policy ${cfg.package}/libexec/sudo/writ.so ${subjects} commands=${cfg.commands} sudoers=${sudoers}
      Plugin sudoers_io ${sudoers}
      Plugin sudoers_audit ${sudoers}
    ''
    + lib.optionalString cfg.audit ''
      Plugin writ_audit ${cfg.package}/libexec/sudo/writ.so ${subjects}
    '';

    # PAM's service around a subject's command; nobody is asked for a password unless a rule says so.
    security.pam.services =
      lib.genAttrs cfg.sessions (name: {
        rules.session.writ = tag name;
      })
      // {
        writ.text = builtins.readFile ../plugin/pam.d/writ.nixos;
      };

    # As record/writ.logrotate.in, which says why.
    services.logrotate.settings.writ = {
      files = "/var/log/writ/events.jsonl";
      frequency = "weekly";
      rotate = 104;
      missingok = true;
      notifempty = true;
      compress = true;
      delaycompress = true;
      nocopytruncate = true;
      nocreate = true;
      postrotate = ''
        (umask 027; set -C; : >/var/log/writ/events.jsonl) 2>/dev/null || :
        chgrp adm /var/log/writ/events.jsonl 2>/dev/null || :
      '';
    };

    systemd.packages = lib.mkIf (cfg.clearSessions || cfg.forward) [ cfg.package ];
    systemd.timers.writ-sessions.wantedBy = lib.mkIf cfg.clearSessions [ "timers.target" ];
    systemd.timers.writ-forward.wantedBy = lib.mkIf cfg.forward [ "timers.target" ];
    systemd.paths.writ-forward.wantedBy = lib.mkIf cfg.forward [ "paths.target" ];
    systemd.tmpfiles.packages = [ cfg.package ];
  };
}
