namespace KubectlMlopsBackup.Commands.Help;

/// <summary>Which verbs belong to which task, and examples of them. A verb that is not named here is listed last, without examples.</summary>
internal static class HelpTopics
{
    public const string Rest = "Other";

    /// <summary>In the order in which a newcomer needs them.</summary>
    public static IReadOnlyList<(string Task, string[] Verbs)> Tasks { get; } =
    [
        ("Set up", ["init", "install", "uninstall", "render", "s3", "key", "import"]),
        ("Back up", ["backup", "mirror", "prune"]),
        ("Are we safe?", ["status", "list", "describe", "diff", "verify", "doctor", "logs", "report", "alerts", "dashboard", "exporter"]),
        ("Recover", ["restore", "recover", "drill", "export", "drop-previous"]),
        (Rest, ["completion", "version"]),
    ];

    /// <summary>By a verb's words, such as <c>key add</c>; "" for the program itself.</summary>
    public static IReadOnlyDictionary<string, HelpExample[]> Examples { get; } = new Dictionary<string, HelpExample[]>(StringComparer.Ordinal)
    {
        [""] =
        [
            new("a plan from what is in the namespace, then schedules and repositories", "init -n mlops-platform"),
            new("", "install --init"),
            new("back up now", "backup all -n mlops-platform"),
            new("are we safe?", "status -n mlops-platform"),
            new("everything back, as of the newest complete recovery point", "restore all --from latest -n mlops-platform"),
        ],
        ["init"] =
        [
            new("look at the namespace, and write mlopsbackup.yaml", "init -n mlops-platform"),
            new("without a cluster", "init --local --postgres postgres://mlflow@localhost/mlflow --artifacts /srv/mlflow --repository local=/backups --passphrase-file passphrase"),
            new("make the plan's repositories", "init --local --repositories"),
        ],
        ["install"] =
        [
            new("what would change", "install --diff"),
            new("schedules, accounts, volume, network policy; then the repositories", "install --init"),
            new("let the API server check all of it", "install --dry-run=server"),
        ],
        ["uninstall"] = [new("what would go; the backups stay", "uninstall --dry-run=client"), new("all but the backups", "uninstall -n mlops-platform")],
        ["render"] =
        [
            new("for kubectl", "render > backup.yaml"),
            new("one object", "render --show-only CronJob/postgres-backup"),
            new("a base for kustomize, Argo CD or Flux", "render -o kustomize --output-dir base/mlopsbackup"),
        ],
        ["s3 setup"] =
        [
            new("what would change", "s3 setup --dry-run"),
            new("make the buckets, or change what differs", "s3 setup"),
            new("for those who let Terraform do it", "s3 setup --print terraform > backup-bucket.tf"),
        ],
        ["s3 check"] = [new("does it still hold, and what can this store do?", "s3 check"), new("the settings only", "s3 check --no-probe -o json")],
        ["s3 policy"] =
        [
            new("what a restore may do, and no more", "s3 policy restore"),
            new("roles for the plan's accounts, as AWS CLI commands", "s3 policy --irsa --print aws-cli"),
            new("make them in IAM, or bring them to what the plan needs", "s3 policy --irsa --create"),
            new("backups that cannot delete", "s3 policy backup --write-only --pod-identity"),
        ],
        ["import"] =
        [
            new("which files, of which day", "import /old-backups --local --dry-run"),
            new("all of them; again, only what is new", "import /old-backups --local"),
        ],
        ["key add"] =
        [
            new("a second passphrase, kept elsewhere", "key add --local --new-passphrase-file second --label escrow"),
            new("in the cluster, once a plan with a new passphrase or KMS key is installed", "key add --old-passphrase-secret backup-passphrase/passphrase"),
        ],
        ["key escrow"] =
        [
            new("a page to print, for the safe", "key escrow --local --to sheet.html"),
            new("of the plan in a cluster: its repositories in S3", "key escrow --direct --to sheet.html"),
            new("prove, once a year, that the sheet still opens all", "key escrow --local --confirm"),
        ],
        ["backup"] =
        [
            new("everything, now", "backup all"),
            new("start it and do not wait; logs -f shows it", "backup artifacts --no-wait"),
            new("in this process, with retention afterwards", "backup all --local --prune"),
            new("the Kubernetes objects, into a repository that is not encrypted", "backup config --secrets=names-only"),
        ],
        ["diff"] = [new("what changed in the configuration since", "diff 4f2a91c3 latest"), new("for a program", "diff 4f2a91c3 8be07d15 -o json")],
        ["mirror"] = [new("copy what the others lack", "mirror"), new("back from the offsite copy", "mirror --from offsite --to local")],
        ["prune"] = [new("what would go, and why the rest stays", "prune --dry-run"), new("apply the plan's retention", "prune")],
        ["doctor"] =
        [
            new("what is wrong, what was seen, and the fix; exit code 4 when there is a problem", "doctor -n mlops-platform"),
            new("for a ticket, with secrets taken out", "doctor --bundle ticket.tar.gz"),
            new("make no Job: the database, the store and the repositories are not looked at then", "doctor --no-probe"),
            new("a plan without a cluster", "doctor --local"),
        ],
        ["alerts"] =
        [
            new("a PrometheusRule into the plan's namespace", "alerts --install --label release=prometheus"),
            new("a file for a Prometheus without the operator", "alerts --format rules -f mlopsbackup.yaml"),
        ],
        ["dashboard"] = [new("to be imported into Grafana", "dashboard > mlopsbackup.json")],
        ["exporter"] = [new("on this machine's port 9188", "exporter -n mlops-platform"), new("for a plan without a cluster", "exporter --local --address '*'")],
        ["status"] = [new("exit code 4 when not safe", "status -n mlops-platform"), new("stay", "status --watch"), new("for a program", "status -o json")],
        ["list"] = [new("snapshots", "list"), new("what is restored together: complete, consistent, verified?", "list --recovery-points"), new("of one component, all columns", "list postgres -o wide")],
        ["describe"] = [new("by the first digits of its id", "describe 4625f7c7")],
        ["verify"] =
        [
            new("all is there, by name and size", "verify structure"),
            new("read a twentieth, drawn anew each time", "verify data --read-data-subset 5%"),
            new("MLflow's database against its artifacts, in the newest recovery point", "verify mlflow"),
            new("the same of the platform as it is now", "verify mlflow --live"),
        ],
        ["logs"] = [new("the newest Job, until it has ended", "logs -f"), new("the newest backup of the database", "logs postgres")],
        ["report list"] = [new("what drills and recoveries came to", "report list")],
        ["report show"] = [new("the newest, as one page that needs nothing else", "report show latest --format html --file report.html")],
        ["restore"] =
        [
            new("compare, and write nothing", "restore all --from latest --dry-run"),
            new("everything, of the newest complete recovery point; asks first", "restore all --from latest"),
            new("as of a time", "restore all --at 2026-11-24T02:00:00Z"),
            new("one experiment's files, beside the live ones", "restore artifacts --local --include '3/**' --to /tmp/look"),
            new("the database under another name", "restore postgres --to-database mlflow_look"),
            new("Kubernetes objects: what would change, object by object", "restore config --existing update --dry-run"),
            new("in another namespace, nothing running yet", "restore config --to-namespace staging --hold-workloads"),
        ],
        ["export"] =
        [
            new("a dump for psql", "export postgres --format sql.gz"),
            new("an archive of one experiment", "export artifacts --include '3/**' --format tar.zst"),
            new("a folder of YAML, for kubectl", "export config"),
        ],
        ["recover"] =
        [
            new("the steps, and what they took the last time", "recover --from s3://mlops-backups/prod --passphrase-file passphrase --dry-run"),
            new("all of it, from the bucket and the key alone; asks first", "recover --from s3://mlops-backups/prod --passphrase-file passphrase"),
            new("go on where it was cut off, from any machine", "recover --from s3://mlops-backups/prod --passphrase-file passphrase --resume -n mlops-platform"),
        ],
        ["drill"] =
        [
            new("from the newest recovery point", "drill -n mlops-platform"),
            new("from any, with a page to show", "drill --random --report drill.html"),
            new("leave it there, look around, and take it away", "drill --keep"),
            new("", "drill --clean"),
        ],
        ["drop-previous"] = [new("all databases that restores have kept; asks first", "drop-previous"), new("one of them, without a cluster", "drop-previous mlflow_before_20261124T171454Z --local")],
        ["completion"] =
        [
            new("bash, in this shell", "completion bash"),
            new("for kubectl mlopsbackup <TAB>: into the PATH, as kubectl_complete-mlopsbackup", "completion kubectl"),
        ],
    };

    /// <summary>Where a verb is listed.</summary>
    public static string TaskOf(string verb) => Tasks.FirstOrDefault(t => t.Verbs.Contains(verb)).Task ?? Rest;
}
