# Sourced by run.sh: the tools, and the data, which is made once and stays.
# shellcheck shell=bash disable=SC2034,SC2154

install_tools() {
  "$root/scripts/setup.sh"
  local missing=()
  [[ -x /usr/bin/time ]] || missing+=(time)
  command -v openssl >/dev/null || missing+=(openssl)
  if ((${#missing[@]})); then
    [[ $(id -u) == 0 ]] || die "run this as root, or install: ${missing[*]}"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq "${missing[@]}" >/dev/null
  fi
  install_restic
  [[ -x $tool ]] || "$root/scripts/build.sh" "$("$root/scripts/rid.sh")" "$root/out" >&2
  tool=$(realpath "$tool")
  MSBUILDDISABLENODEREUSE=1 dotnet build "$root/tests/seed" -c Release --nologo -v q -p:UseSharedCompilation=false >"$work/log" ||
    { cat "$work/log" >&2; die "tests/seed does not build"; }
}

# The newest one that Debian has, from unstable, unpacked in a folder of its own: a release keeps the restic that it
# came with for years, and beating that one would prove little. The system's own lists of packages are not touched.
install_restic() {
  restic=${RESTIC:-$dir/peers/usr/bin/restic}
  if [[ -x $restic ]]; then return; fi
  [[ -z ${RESTIC:-} ]] || die "RESTIC=$RESTIC is not there"
  progress "installing restic"
  local apt=$work/apt options
  mkdir -p "$apt"/{lists/partial,cache/archives/partial,parts} "$dir/peers"
  echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] http://deb.debian.org/debian unstable main" >"$apt/sources.list"
  : >"$apt/status"
  options=(-qq -o "Dir::Etc::SourceList=$apt/sources.list" -o "Dir::Etc::SourceParts=$apt/parts" -o "Dir::State::Lists=$apt/lists"
    -o "Dir::State::Status=$apt/status" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root -o Acquire::Languages=none)
  if apt-get "${options[@]}" update && (cd "$apt" && apt-get "${options[@]}" download restic) &&
    dpkg-deb -x "$apt"/restic_*.deb "$dir/peers" && "$restic" version >/dev/null 2>&1; then
    return
  fi
  # One that this machine's C library can't run, or no way to unstable.
  rm -rf "$dir/peers"
  command -v restic >/dev/null || DEBIAN_FRONTEND=noninteractive apt-get install -y -qq restic >/dev/null
  restic=$(command -v restic)
  progress "using this release's own: $("$restic" version)"
}

need_space() { # GiB
  (($(df --output=avail -k "$dir" | tail -n 1) >= $1 * 1024 * 1024)) || die "$dir has less than $1 GiB free; name another folder with MLOPSBACKUP_BENCH_DIR"
}

# Makes a tree unless it is there, named by its options so that another size is another tree. Sets tree and tree_options.
make_tree() { # NAME OPTION...
  local name=$1
  shift
  tree_options=("$@")
  tree=$dir/data/$name-$(cksum <<<"$*" | cut -d' ' -f1)
  if [[ ! -e $tree.files ]]; then
    progress "making the data: mlflow-seed create $*"
    rm -rf "$tree"
    mkdir -p "$dir/data"
    "$seed" create --artifacts "$tree" "$@" >"$work/log" || die "the data could not be made: see $work/log"
    list_tree >"$tree.part"
    mv "$tree.part" "$tree.files"
  fi
  shrink_tree
  warm_tree
}

list_tree() { (cd "$tree" && find . -mindepth 1 | LC_ALL=C sort); }

# A day's growth only adds files.
grow_tree() { "$seed" grow --artifacts "$tree" "${tree_options[@]}" --percent "$GROW_PERCENT" --day 1 >"$work/log" || die "the data could not be grown"; }

# Deletes what a growth has added, deepest first, so that every round starts with the same tree.
shrink_tree() {
  list_tree | LC_ALL=C comm -13 "$tree.files" - | LC_ALL=C sort -r | (cd "$tree" && tr '\n' '\0' | xargs -0 -r rm -d --)
}

warm_tree() { find "$tree" -type f -print0 | xargs -0 -r cat >/dev/null; }

tree_sum() { # FOLDER
  "$seed" checksum --artifacts "$1" | grep '^artifacts '
}

# Both restored trees are what was backed up: without it no figure counts.
check_tree() { # NAME FOLDER
  [[ $(tree_sum "$2") == "$source_sum" ]] || die "$1 did not restore what was backed up"
  progress "$1 restored all: $(sed -n 's/^artifacts sha256 //p' <<<"$source_sum" | cut -c1-12)"
}
