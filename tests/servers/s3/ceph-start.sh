#!/bin/bash
# ceph-start.sh [ROOT] [PORT] [memstore|bluestore]: a throw-away one-node Ceph with radosgw in a chroot that install.sh
# made; loopback only, no systemd, no LVM. Does nothing when it runs already. State and process ids: ROOT/srv/ceph.
#   NO_MGR=1          without ceph-mgr, which S3 does not need
#   SSL_PEM=FILE      key and certificate in one file: https on PORT+1 too
#   OSDGB=40          size of the (sparse) disk of bluestore
#   LC_DEBUG=10       seconds that a lifecycle "day" lasts
set -euo pipefail
ROOT=${1:-${MLOPSBACKUP_S3_ROOT:-/var/tmp/mlopsbackup-s3}}
PORT=${2:-${MLOPSBACKUP_S3_PORT:-7480}}
STORE=${3:-bluestore}
OSDGB=${OSDGB:-40}
MONPORT=${MONPORT:-$((PORT + 10000))}
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# Inside the chroot, and seen from outside.
D=/srv/ceph
STATE=$ROOT$D

# The first user makes roles, too.
caps() { chroot "$ROOT" radosgw-admin -c "$D/ceph.conf" -n client.rgw caps add --uid main --caps "roles=*" >/dev/null 2>&1 || true; }
answers() { curl -s -o /dev/null --max-time 5 "http://127.0.0.1:$PORT/"; }

pid=$(cat "$STATE/client.rgw.pid" 2>/dev/null || true)
if [ -n "$pid" ] && [ "$(cat "/proc/$pid/comm" 2>/dev/null)" = radosgw ] && answers; then
  caps
  echo "radosgw runs already: http://127.0.0.1:$PORT"
  exit
fi
if answers; then
  echo "ceph-start.sh: something else listens on port $PORT; choose another one" >&2
  exit 1
fi

# What is left of a broken start would only be in the way.
"$here/ceph-stop.sh" "$ROOT"
had=$(cat "$STATE/osd/type" 2>/dev/null || true)
if [ "$had" = memstore ]; then
  rm -rf "$STATE"
elif [ -n "$had" ] && [ "$had" != "$STORE" ]; then
  echo "ceph-start.sh: $STATE holds a $had, not a $STORE; ceph-stop.sh --wipe removes it" >&2
  exit 1
fi

"$here/mounts.sh" "$ROOT" up
mkdir -p "$STATE"/{mon,mgr,osd,log,run}
if [ -n "${SSL_PEM:-}" ]; then cp "$SSL_PEM" "$STATE/rgw.pem"; fi

FSID=$(cat "$STATE/fsid" 2>/dev/null || cat /proc/sys/kernel/random/uuid)
echo "$FSID" > "$STATE/fsid"
cat > "$STATE/ceph.conf" <<CONF
[global]
fsid = $FSID
mon_host = v2:127.0.0.1:$MONPORT
mon_initial_members = a
public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_ipv6 = false
auth_cluster_required = cephx
auth_service_required = cephx
auth_client_required = cephx
keyring = $D/keyring
admin_socket = $D/run/\$name.asok
log_file = $D/log/\$name.log
pid_file = $D/\$name.pid
run_dir = $D/run
crash_dir = $D/run
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 8
osd_pool_default_pgp_num = 8
osd_pool_default_pg_autoscale_mode = off
mon_allow_pool_size_one = true
mon_allow_pool_delete = true
mon_warn_on_pool_no_redundancy = false
mon_data_avail_crit = 1
mon_data_avail_warn = 2
osd_crush_chooseleaf_type = 0
mon_max_pg_per_osd = 1000
osd_objectstore = $STORE
bluestore_block_create = true
bluestore_block_size = $((OSDGB << 30))
bluestore_fsck_on_mount = false
bdev_enable_discard = false
memstore_device_bytes = $((6 << 30))
osd_memory_target = 1500000000
osd_op_num_shards = 2
[mon]
mon_data = $D/mon
[mgr]
mgr_data = $D/mgr
mgr_modules =
[osd]
osd_data = $D/osd
[client.rgw]
rgw_frontends = beast endpoint=127.0.0.1:$PORT${SSL_PEM:+ ssl_endpoint=127.0.0.1:$((PORT + 1)) ssl_certificate=$D/rgw.pem}
rgw_thread_pool_size = 64
rgw_lc_debug_interval = ${LC_DEBUG:-10}
rgw_dns_name = localhost
rgw_crypt_require_ssl = false
rgw_crypt_s3_kms_backend = testing
rgw_crypt_s3_kms_encryption_keys = testkey-1=YmluCmJvb3N0CmJvb3N0LWJ1aWxkCmNlcGguY29uZgo=
rgw_run_sync_thread = false
rgw_enable_usage_log = false
rgw_gc_obj_min_wait = 10
rgw_gc_processor_period = 10
rgw_gc_processor_max_time = 10
CONF

inside() { chroot "$ROOT" "$@"; }
ceph() { inside ceph -c "$D/ceph.conf" --connect-timeout 20 "$@"; }

# wait_for WHAT COMMAND…: a minute, then a word on where to look.
wait_for() {
  local what=$1
  shift
  for _ in $(seq 300); do
    if "$@" >/dev/null 2>&1; then return; fi
    sleep .2
  done
  echo "ceph-start.sh: $what did not come up; see $STATE/log" >&2
  exit 1
}

KEYRING=$D/keyring
if [ ! -e "$STATE/mon/keyring" ]; then
  key() { inside ceph-authtool "$KEYRING" --gen-key -n "$@" >/dev/null; }
  inside ceph-authtool -C "$KEYRING" --gen-key -n mon. --cap mon 'allow *' >/dev/null
  key client.admin --cap mon 'allow *' --cap osd 'allow *' --cap mgr 'allow *'
  key mgr.x --cap mon 'allow profile mgr' --cap osd 'allow *'
  key osd.0 --cap mon 'allow profile osd' --cap mgr 'allow profile osd' --cap osd 'allow *'
  key client.rgw --cap mon 'allow rw' --cap osd 'allow rwx' --cap mgr 'allow rw'
  inside monmaptool --create --clobber --fsid "$FSID" --addv a "[v2:127.0.0.1:$MONPORT]" "$D/monmap" >/dev/null
  inside ceph-mon -c "$D/ceph.conf" --mkfs -i a --monmap "$D/monmap" --keyring "$KEYRING"
fi

inside ceph-mon -c "$D/ceph.conf" -i a
wait_for ceph-mon ceph mon stat
if [ ! -e "$STATE/osd/type" ]; then
  OSD=$(cat /proc/sys/kernel/random/uuid)
  ceph osd new "$OSD" >/dev/null
  inside ceph-osd -c "$D/ceph.conf" -i 0 --mkfs --osd-uuid "$OSD" --keyring "$KEYRING" >/dev/null 2>&1
fi
inside ceph-osd -c "$D/ceph.conf" -i 0 2>/dev/null
if [ -z "${NO_MGR:-}" ]; then inside ceph-mgr -c "$D/ceph.conf" -i x; fi
ceph config set global auth_allow_insecure_global_id_reclaim false 2>/dev/null || true
osd_is_up() { ceph osd stat 2>/dev/null | grep -q '1 up'; }
wait_for ceph-osd osd_is_up
inside radosgw -c "$D/ceph.conf" -n client.rgw
wait_for radosgw answers

# shellcheck source-path=SCRIPTDIR source=users.sh
. "$here/users.sh"
user() {
  inside radosgw-admin -c "$D/ceph.conf" -n client.rgw user create --uid "$1" --display-name "$1" \
    --access-key "$2" --secret-key "$3" >/dev/null 2>&1 || true
}
user main "$MAIN_ACCESS_KEY" "$MAIN_SECRET_KEY"
user other "$OTHER_ACCESS_KEY" "$OTHER_SECRET_KEY"
caps
echo "radosgw is ready: http://127.0.0.1:$PORT"
