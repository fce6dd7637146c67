# SPDX-License-Identifier: ISC
#
# Evaluates nix/module.nix with a configuration: just enough of nixpkgs' lib, pkgs and option
# declarations for it, so that no nixpkgs is needed. Types are not checked.
{ package, configuration }:

let
  lib = {
    inherit (builtins) concatStringsSep;
    types = rec {
      package = path;
      path = null;
      bool = null;
      str = null;
      anything = null;
      strMatching = _: null;
      listOf = _: null;
      nonEmptyListOf = _: null;
      attrsOf = _: null;
      either = _: _: null;
    };
    mkOption = option: option;
    mkEnableOption = _: { default = false; };
    literalExpression = text: text;
    mkIf = condition: content: if condition then content else null;
    optionalString = condition: text: if condition then text else "";
    genAttrs =
      names: value:
      builtins.listToAttrs (map (name: { inherit name; value = value name; }) names);
  };
  pkgs = {
    callPackage = _: _: package;
    writeText = name: text: { inherit name text; };
    runCommand = name: _: script: { inherit name script; };
  };

  # What other modules declare: the options that ours reads.
  config.security = {
    sudo = {
      enable = configuration.sudo or true;
      package = "/nix/store/0-sudo";
    };
    writ = builtins.mapAttrs (name: option: configuration.${name} or option.default) module.options.security.writ;
    pam.services = lib.genAttrs [ "sshd" "login" "su" "sudo" "cron" "systemd-user" ] (_: {
      rules.session.loginuid.order = 10500;
    });
  };
  module = import ../../nix/module.nix { inherit config lib pkgs; };
in
module.config
