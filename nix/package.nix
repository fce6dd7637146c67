# SPDX-License-Identifier: ISC
# writ as a Nix package: callPackage ./nix/package.nix { }.
{
  lib,
  stdenv,
  meson,
  ninja,
  pkg-config,
  python3,
  audit,
  nettle,
  pam,
  pcre2,
  sudo,
  yajl,
  zlib,
}:

stdenv.mkDerivation {
  pname = "writ";
  version = "0.1.0";

  # What building takes, and no more: a change to a test does not rebuild the package.
  src = lib.cleanSourceWith {
    src = ../.;
    filter =
      path: type:
      !(builtins.elem (baseNameOf path) [
        ".ci"
        ".git"
        "build"
        "dev"
        "nix"
        "result"
        "tests"
      ]);
  };

  strictDeps = true;
  nativeBuildInputs = [
    meson
    ninja
    pkg-config
    python3
  ];
  buildInputs = [
    audit
    nettle
    pam
    pcre2
    sudo # for sudo_plugin.h
    yajl
    zlib
  ];

  # The module makes PAM's service and the policy; nothing is installed outside the package.
  mesonFlags = [
    "-Dplugindir=${placeholder "out"}/libexec/sudo"
    "-Dpamdir=${placeholder "out"}/lib/security"
    "-Dpamconfdir="
    "-Dlogrotatedir=${placeholder "out"}/share/writ/logrotate.d"
    "-Dlnavdir=${placeholder "out"}/share/lnav/formats"
    "-Daudit=enabled"
    "-Dtests=false"
  ];

  meta = {
    description = "Policy plugin for sudo that grants an AI agent's account single commands, argument by argument";
    license = lib.licenses.isc;
    platforms = lib.platforms.linux;
    mainProgram = "writ";
  };
}
