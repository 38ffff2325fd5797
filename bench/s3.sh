# Sourced by run.sh: a real S3 server of the benchmark's own (Debian's radosgw in a chroot below the work folder), on
# loopback. Over https for both tools, because restic reaches this server in no other way.
# shellcheck shell=bash disable=SC2034,SC2154

s3=$root/tests/servers/s3
s3_root=$dir/s3
s3_started='' bucket='' buckets=0

start_s3() {
  [[ $(id -u) == 0 ]] || die "the S3 server runs in a chroot, and needs root; name the other cases to leave it out"
  if [[ -n $s3_started ]]; then return; fi
  progress "starting the S3 server (its first start installs it)"
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=mlopsbackup-bench \
    -addext 'subjectAltName=IP:127.0.0.1,DNS:localhost' -keyout "$work/s3.key" -out "$work/s3.crt" 2>/dev/null
  cat "$work/s3.key" "$work/s3.crt" >"$work/s3.pem"
  s3_started=1
  # The locks of the run are not for its daemons.
  MLOPSBACKUP_S3_ROOT=$s3_root MLOPSBACKUP_S3_PORT=$S3_PORT MLOPSBACKUP_S3_STORE=bluestore OSDGB=$S3_DISK_GB SSL_PEM=$work/s3.pem \
    "$s3/up.sh" >"$work/s3.env" 2>"$work/log" 9>&- || { cat "$work/log" >&2; die "the S3 server did not start"; }
  # shellcheck disable=SC1091
  . "$work/s3.env"
  export AWS_ACCESS_KEY_ID=$MLOPSBACKUP_TEST_S3_ACCESS_KEY AWS_SECRET_ACCESS_KEY=$MLOPSBACKUP_TEST_S3_SECRET_KEY
  # OpenSSL's variable, which the product reads; restic is given --cacert.
  export SSL_CERT_FILE=$work/s3.crt
  unset SSL_CERT_DIR AWS_CA_BUNDLE
  endpoint=https://127.0.0.1:$((S3_PORT + 1))
}

stop_s3() {
  if [[ -z $s3_started ]]; then return; fi
  s3_started='' bucket=''
  "$s3/ceph-stop.sh" "$s3_root" --wipe
  "$s3/mounts.sh" "$s3_root" down
}

# A bucket of its own for each round; the one before goes, so that the server's disk does not fill up.
fresh_place() { # PLACE
  if [[ $1 == disk ]]; then return; fi
  [[ -z $bucket ]] || radosgw_admin bucket rm --bucket="$bucket" --purge-objects --bypass-gc >/dev/null 2>&1 ||
    die "the bucket of the last round could not be deleted"
  buckets=$((buckets + 1))
  bucket=bench-$$-$buckets
  # The hash is that of no bytes: this curl signs for S3 only with it.
  printf 'user = "%s:%s"\n' "$AWS_ACCESS_KEY_ID" "$AWS_SECRET_ACCESS_KEY" |
    curl -sS --fail-with-body -K - --cacert "$work/s3.crt" --aws-sigv4 aws:amz:us-east-1:s3 -X PUT "$endpoint/$bucket" \
      -H 'x-amz-content-sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' >"$work/log" ||
    die "the bucket could not be made"
}

radosgw_admin() { chroot "$s3_root" radosgw-admin -c /srv/ceph/ceph.conf -n client.rgw "$@" 9>&-; }

# Objects below WHO/ in the bucket's index. Sets stored_bytes and stored_objects.
s3_stored() { # WHO
  read -r stored_bytes stored_objects < <(radosgw_admin bucket list --bucket="$bucket" --max-entries=1000000 2>/dev/null |
    jq -r --arg prefix "$1/" '[.[] | select(.name | startswith($prefix)) | .meta.size] | "\(add // 0) \(length)"')
}
