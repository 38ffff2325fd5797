# Sourced by run.sh: the product and restic, each with what both can do. "place" says where the repositories lie: disk, s3.
# shellcheck shell=bash disable=SC2034,SC2154

# Each tool's repository, plan and folder for what it restores are below work/WHO.
prepare_ours() { # PLACE TREE
  rm -rf "$work/ours"
  mkdir -p "$work/ours"
  local repository=(--repository "disk=$work/ours/repository")
  [[ $1 == disk ]] || repository=(--repository "s3=s3://$bucket/ours" --s3-endpoint "$endpoint")
  quietly "$tool" init --local -f "$work/ours/plan.yaml" --name bench --artifacts "$2" "${repository[@]}" --passphrase-file "$work/passphrase"
  quietly ours init --repositories
}

ours() { "$tool" "$1" --local -f "$work/ours/plan.yaml" -q "${@:2}"; }

quietly() {
  "$@" >"$work/log" 2>&1 </dev/null || {
    tail -n 30 "$work/log" >&2
    die "failed: $*"
  }
}

prepare_restic() { # PLACE
  rm -rf "$work/restic" "$RESTIC_CACHE_DIR"
  mkdir -p "$work/restic"
  restic_at=("$restic" -q --password-file "$work/passphrase" -r "$work/restic/repository")
  [[ $1 == disk ]] || restic_at=("$restic" -q --password-file "$work/passphrase" -r "s3:$endpoint/$bucket/restic" --cacert "$work/s3.crt")
  quietly "${restic_at[@]}" init
}

backup_ours() { # KEY
  measure "$1" "$tool" backup artifacts --local -f "$work/ours/plan.yaml" -q
}

backup_restic() { # KEY TREE
  measure "$1" "${restic_at[@]}" backup "$2"
}

# Makes room for a restore. ext4 passes over inodes for five seconds after they were freed: what was deleted just now would slow down what
# is made next, whoever makes it.
make_room() { # FOLDER
  [[ -e $1 ]] || return 0
  rm -rf "$1"
  sync
  sleep 6
}

restore_ours() { # KEY
  make_room "$work/ours/restored"
  measure "$1" "$tool" restore artifacts --local -f "$work/ours/plan.yaml" -q --to "$work/ours/restored" --yes
}

restore_restic() { # KEY
  make_room "$work/restic/restored"
  measure "$1" "${restic_at[@]}" restore latest --target "$work/restic/restored"
}

verify_ours() { # KEY
  measure "$1" "$tool" verify data --local -f "$work/ours/plan.yaml" -q
}

verify_restic() { # KEY
  measure "$1" "${restic_at[@]}" check --read-data
}

# Bytes and objects that a tool has stored: sets stored_bytes and stored_objects.
# Not %d: mawk ends at 2^31.
stored() { # PLACE WHO
  if [[ $1 == disk ]]; then
    read -r stored_bytes stored_objects < <(find "$work/$2/repository" -type f -printf '%s\n' | awk '{ s += $1 } END { printf "%.0f %d\n", s, NR }')
  else
    s3_stored "$2"
  fi
}
