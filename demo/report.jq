# The recovery report, from the product's own answers (-o json) and the checks of run.sh.

def grouped: tostring | [while(length > 0; .[:-3]) | .[-3:]] | reverse | join(",");
def fixed($digits): pow(10; $digits) as $p | . * $p | round / $p | tostring
  | if $digits > 0 and (contains(".") | not) then . + ".0" else . end;
def bytes: if . < 1048576 then "\(. / 1024 | fixed(1)) KiB" else "\(. / 1048576 | fixed(1)) MiB" end;
def duration: if . < 120 then "\(fixed(1)) s" elif . < 7200 then "\(. / 60 | fixed(0)) min" else "\(. / 3600 | fixed(0)) h" end;
def padded($width): . + " " * ($width - length) // .;
def target($limit): "\(duration | padded(10)) target \($limit | duration | padded(8)) \(if . <= $limit then "met" else "MISSED" end)";
def line($name): "  \($name | padded(18)) \(.)";

($restore[0]) as $r
| ($list[0] | map(select(.repository == $r.repository))) as $snapshots
| ($snapshots | map(select(.component == "postgres")) | last) as $postgres
| ($snapshots | map(select(.component == "artifacts")) | last) as $artifacts
| ([$snapshots[].bytes] | add) as $all
| ([$snapshots[].bytesStored] | add) as $stored
| ($postgres.bytesStored + $artifacts.bytesStored) as $sent
| ($r.postgres.tables | length) as $tables
| ([$r.postgres.tables[] | select(.actual == .expected)] | length) as $equal
| ([$r.postgres.tables[].actual // 0] | add) as $rows
| ([$r.postgres.tables[].expected] | add) as $expected
| ([$verify[0][]?.bytesRead] | add // 0) as $read
| ($checks | split("\n") | map(select(length > 0) | split("\t"))) as $results
| (
    "RECOVERY REPORT",
    "",
    ("\($r.recoveryPoint[:8]) of \($r.time[:19] | sub("T"; " ")) UTC, from the repository \"\($r.repository)\"" | line("Recovery point")),
    ($r.rpoSeconds | target($r.rpoTargetSeconds) | line("RPO (lost)")),
    ($r.seconds | target($r.rtoTargetSeconds) | line("RTO (down)")),
    "",
    ("\($rows | grouped) of \($expected | grouped) rows back, \($equal) of \($tables) tables equal" | line("Database")),
    ("\($r.artifacts.files | grouped) of \($artifacts.files | grouped) files back, \($r.artifacts.bytes | bytes)" | line("Artifacts")),
    "",
    ("\($snapshots | length) snapshots of \($all | bytes) take \($stored | bytes)" | line("Repository")),
    ("\($all / $stored | fixed(1)) : 1, by deduplication and compression" | line("Dedup ratio")),
    ("\($sent | bytes) sent for \($postgres.bytes + $artifacts.bytes | bytes): \($sent * 100 / ($postgres.bytes + $artifacts.bytes) | fixed(1))%" | line("Second backup")),
    ("\($read | bytes) read and checked" | line("Verified")),
    "",
    ($results[] | "  \(.[0])  \(.[1])"),
    "",
    "  \($proof) s of proof after the restore; \($total) s for the whole demo",
    "",
    (if ($results | length) > 0 and all($results[]; .[0] == "passed") then "RECOVERED" else "NOT RECOVERED" end)
  )
