#!/usr/bin/env bash
# Tries dist/adapter.js in Neovim: nvim-dap.sh FOLDER, the folder of a checkout of nvim-dap (release 0.4.0 for Neovim
# 0.7, 0.10.0 for 0.10 and later). Not part of `npm test`: no release of Debian 12 has nvim-dap.
set -euo pipefail
plugin=$(cd "${1:?the folder of nvim-dap}" && pwd)
here=$(cd "$(dirname "$0")" && pwd)
state=$(mktemp -d)
trap 'rm -rf "$state"' EXIT
PROJECT=$(cd "$here/../.." && pwd) XDG_STATE_HOME=$state XDG_CACHE_HOME=$state XDG_DATA_HOME=$state \
  timeout 120 nvim --clean --headless --cmd "set runtimepath+=$plugin" -c "luafile $here/nvim-dap.lua"
