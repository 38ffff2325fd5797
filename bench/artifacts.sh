# Sourced by run.sh: the cases that back up a tree of artifacts.
# shellcheck shell=bash disable=SC2034,SC2154

run_artifacts() { # PLACE
  local place=$1 round who before tree_size=$SIZE
  [[ $place == disk ]] || tree_size=$S3_SIZE
  # The tree, two repositories of it, and two restored copies.
  [[ -n $quick ]] || need_space 26
  make_tree artifacts --runs "$RUNS" --logged-models "$LOGGED_MODELS" --files "$FILES" --bytes "$tree_size"
  [[ $place == disk ]] || start_s3
  for ((round = 1; round <= ROUNDS; round++)); do
    progress "$place, round $round of $ROUNDS"
    shrink_tree
    fresh_place "$place"
    prepare_ours "$place" "$tree"
    prepare_restic "$place"
    in_turn backup "$place" first
    in_turn backup "$place" unchanged
    for who in ours restic; do
      stored "$place" $who
      sample "$place.$who.size" "$stored_bytes"
    done
    grow_tree
    in_turn backup "$place" grown
    for who in ours restic; do
      before=$(tail -n 1 "$work/samples/$place.$who.size")
      stored "$place" $who
      sample "$place.$who.growth" "$((stored_bytes - before))"
    done
    in_turn restore "$place" restore
    if ((round == 1)); then
      source_sum=$(tree_sum "$tree")
      check_tree "the product" "$work/ours/restored"
      check_tree restic "$work/restic/restored$tree"
    fi
    rm -rf "$work"/{ours,restic}/restored
    in_turn verify "$place" verify
  done
  shrink_tree
  rm -rf "$work"/{ours,restic}
  artifacts_rows "$place" "$([[ $place == disk ]] || echo 'S3: ')"
}

# Ours, then theirs.
in_turn() { # VERB PLACE WHAT
  "$1_ours" "$2.ours.$3"
  "$1_restic" "$2.restic.$3" "$tree"
}

artifacts_rows() { # PLACE PREFIX
  row "$2first backup of $tree_size, wall" s "$1.ours.first.wall" "$1.restic.first.wall" 0.5
  row "$2first backup of $tree_size, CPU" s "$1.ours.first.cpu" "$1.restic.first.cpu" 0.7
  row "$2first backup of $tree_size, peak memory" MiB "$1.ours.first.memory" "$1.restic.first.memory" -
  row "$2the same again, nothing changed, wall" s "$1.ours.unchanged.wall" "$1.restic.unchanged.wall" 0.5
  row "$2after $GROW_PERCENT % new runs, wall" s "$1.ours.grown.wall" "$1.restic.grown.wall" 0.5
  row "$2after $GROW_PERCENT % new runs, bytes stored" bytes "$1.ours.growth" "$1.restic.growth" 1.02
  row "$2full restore, wall" s "$1.ours.restore.wall" "$1.restic.restore.wall" 0.7
  row "$2verify all data, wall" s "$1.ours.verify.wall" "$1.restic.verify.wall" 0.6
  row "$2repository size" bytes "$1.ours.size" "$1.restic.size" 1
}

# What runbooks do today, and the limit. For information: "ours" is a first, encrypted, deduplicated backup.
run_references() {
  local round name
  make_tree artifacts --runs "$RUNS" --logged-models "$LOGGED_MODELS" --files "$FILES" --bytes "$SIZE"
  mkdir -p "$work/reference"
  for ((round = 1; round <= REFERENCE_ROUNDS; round++)); do
    prepare_ours disk "$tree"
    backup_ours references.ours
    rm -rf "$work/ours"
    # shellcheck disable=SC2016
    measure references.gzip bash -o pipefail -c 'tar -C "$1" -c . | gzip >"$2"' - "$tree" "$work/reference/tar"
    # shellcheck disable=SC2016
    measure references.zstd bash -o pipefail -c 'tar -C "$1" -c . | zstd -q -T0 -f -o "$2"' - "$tree" "$work/reference/tar"
    rm -f "$work/reference/tar"
    measure references.cp cp -r "$tree" "$work/reference/copy"
    rm -rf "$work/reference/copy"
  done
  for name in gzip zstd cp; do
    local title
    case $name in gzip) title='tar | gzip' ;; zstd) title='tar | zstd -T0' ;; *) title='cp -r' ;; esac
    row "first backup of $SIZE against $title, wall" s references.ours.wall references.$name.wall -
    row "first backup of $SIZE against $title, CPU" s references.ours.cpu references.$name.cpu -
  done
}

run_small_files() {
  local round who bytes objects
  make_tree small --runs "$SMALL_RUNS" --logged-models 0 --traces 0 --files "$SMALL_FILES" --bytes 0 --small-size "$SMALL_SIZE"
  start_s3
  for ((round = 1; round <= ROUNDS; round++)); do
    fresh_place s3
    prepare_ours s3 "$tree"
    prepare_restic s3
    for who in ours restic; do
      s3_stored $who
      bytes=$stored_bytes objects=$stored_objects
      "backup_$who" small.$who "$tree"
      s3_stored $who
      sample small.$who.objects "$(calc "($stored_objects - $objects) / (($stored_bytes - $bytes) / 16 / 1048576)")"
      sample small.$who.size "$((stored_bytes - bytes))"
      progress "$who stored $((stored_objects - objects)) objects, $((stored_bytes - bytes)) bytes"
    done
  done
  # Checked once, untimed.
  restore_ours small.ours.restore
  restore_restic small.restic.restore
  source_sum=$(tree_sum "$tree")
  check_tree "the product" "$work/ours/restored"
  check_tree restic "$work/restic/restored$tree"
  rm -rf "$work"/{ours,restic}
  row "S3: $SMALL_FILES files of $SMALL_SIZE, first backup, wall (3 x faster)" s small.ours.wall small.restic.wall 0.333
  row "S3: the same, bytes stored" bytes small.ours.size small.restic.size -
  row_absolute "S3: the same, objects per 16 MiB stored" '' small.ours.objects small.restic.objects 1
}

run_memory() {
  local round
  [[ -n $quick ]] || need_space 20
  make_tree memory --runs "$MEMORY_RUNS" --files "$MEMORY_FILES" --bytes "$MEMORY_SIZE"
  for ((round = 1; round <= MEMORY_ROUNDS; round++)); do
    prepare_ours disk "$tree"
    prepare_restic disk
    in_turn backup memory first
    in_turn backup memory unchanged
    # A restore of a million files takes minutes: that all was read and can be had is checked by the tools themselves.
    if ((round == 1)); then
      quietly ours verify data
      quietly ours restore artifacts --dry-run
      quietly "${restic_at[@]}" check --read-data
    fi
  done
  rm -rf "$work"/{ours,restic}
  row_absolute "$MEMORY_FILES files, first backup, peak memory" MiB memory.ours.first.memory memory.restic.first.memory 350
  row "$MEMORY_FILES files, first backup, peak memory against restic" MiB memory.ours.first.memory memory.restic.first.memory 1
  row "$MEMORY_FILES files, nothing changed, peak memory" MiB memory.ours.unchanged.memory memory.restic.unchanged.memory 1
  row "$MEMORY_FILES files, first backup, wall" s memory.ours.first.wall memory.restic.first.wall -
  row "$MEMORY_FILES files, nothing changed, wall" s memory.ours.unchanged.wall memory.restic.unchanged.wall -
}
