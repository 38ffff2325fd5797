#!/usr/bin/env bash
# Prints the .NET runtime identifier of this machine.
set -euo pipefail
case "$(uname -s)" in
  Linux) os=linux ;;
  Darwin) os=osx ;;
  *) os=win ;;
esac
case "$(uname -m)" in
  aarch64 | arm64) echo "$os-arm64" ;;
  *) echo "$os-x64" ;;
esac
