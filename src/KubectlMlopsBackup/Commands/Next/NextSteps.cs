namespace KubectlMlopsBackup.Commands.Next;

/// <summary>
/// Which command follows on which end of which verb. Only those that are read by people: what prints a script, a manifest or a file
/// for another program has nothing to follow it.
/// </summary>
internal static class NextSteps
{
    private static readonly NextStep Doctor = new("doctor", "what is wrong, what was seen, and the fix");
    private static readonly NextStep Status = new("status", "are we safe?");
    private static readonly NextStep BackUp = new("backup all", "a backup now; the next ones are made by the schedules");
    private static readonly NextStep Points = new("list --recovery-points", "what can be gone back to");

    /// <param name="verb">Its words, such as <c>verify platform</c>.</param>
    /// <param name="run">The command line as it was given.</param>
    /// <returns>Null where nothing is to be done.</returns>
    public static NextStep? After(string verb, ExitCode code, RunLine run) => code switch
    {
        ExitCode.Done => Done(verb, run),
        // What was wrong with the command line is said; whoever cancels knows what comes next.
        ExitCode.Cancelled or ExitCode.Usage => null,
        ExitCode.NoRepository => verb is "init" or "install"
            ? new("s3 setup", "make the plan's buckets, where they are not there yet")
            : new("init --repositories", "make the plan's repositories"),
        ExitCode.Locked => run.IsLocal ? null : new("logs -f", "what runs there, until it has ended"),
        ExitCode.Incomplete => Incomplete(verb, run) ?? Doctor,
        ExitCode.CheckFailed => CheckFailed(verb, run) ?? Doctor,
        _ => Failed(verb, run),
    };

    private static NextStep? Done(string verb, RunLine run) => verb switch
    {
        _ when run.Has("--dry-run") => AfterPreview(verb, run),
        "init" when run.Has("--repositories") => BackUp,
        "init" => run.IsLocal
            ? new("init --repositories", "make its repositories, once you have read it")
            : new("install --init", "schedules, accounts, volume; then the repositories: once you have read it"),
        "install" when run.Has("--diff") => Status,
        "install" => run.Has("--init") ? BackUp : new("init --repositories", "make the repositories, in a Job; once"),
        "uninstall" => new("install", "if it was a mistake: it finds the backups again"),
        "backup" when run.Has("--no-wait") => new("logs -f", "what it does, until it has ended"),
        "backup" or "prune" or "mirror" or "logs" or "drop-previous" or "doctor" => Status,
        "status" => new("verify data", "read it all: every byte is what was written"),
        "list" when !run.Has("--recovery-points") => Points,
        "list" or "describe" => new("restore all --from latest --dry-run", "compare it with what is there, and write nothing"),
        "diff" => new("restore config --dry-run", "what would be put back"),
        "verify" => Verified(run),
        "verify platform" => Status,
        "restore" => run.Has("--to") || run.Has("--to-database") || run.Has("--to-namespace")
            ? null
            : new("verify platform", "does the platform work again?"),
        "recover" => new("backup all", "what was recovered has no backup of its own yet"),
        "drill" when run.Has("--clean") => Status,
        "drill" => new("report show latest --format html --file drill.html", "the report, to be shown"),
        "report save" or "report list" => new("report show latest", "the newest, whole"),
        "import" => Points,
        "key add" or "key remove" => new($"key list{Direct(run)}", "who can open the repositories"),
        "key list" => new($"key escrow --to sheet.html{(run.IsLocal ? "" : " --direct")}", "a recovery sheet for the safe"),
        "s3 setup" => new("s3 check", "does it hold, and what can this store do?"),
        "s3 check" => new("s3 policy", "the least rights for the plan's accounts"),
        _ => null,
    };

    private static string Direct(RunLine run) => run.Has("--direct") ? " --direct" : "";

    private static NextStep? AfterPreview(string verb, RunLine run) =>
        // Nothing differs: there is nothing to restore. Of the configuration, it says what would be done.
        verb == "restore" && run.Argument != "config" ? Status
        : new(run.Without("--dry-run")!, verb is "restore" or "recover" ? "do it; asks first" : "do it");

    private static NextStep? Verified(RunLine run) => run.Argument switch
    {
        "data" => new("verify mlflow", "MLflow's database against its artifacts"),
        "mlflow" => Status,
        _ => new("verify data", "every byte is read and checked"),
    };

    private static NextStep? Incomplete(string verb, RunLine run) => verb switch
    {
        "install" when run.Has("--diff") => new(run.Without("--diff")!, "do it"),
        "backup" => new("list", "the snapshot's id; describe ID names all that was left out"),
        "restore" => new($"restore {run.Argument ?? "all"} --from latest --dry-run", "what differs still"),
        _ => null,
    };

    private static NextStep? CheckFailed(string verb, RunLine run) => verb switch
    {
        "restore" when run.Has("--dry-run") => new(run.Without("--dry-run")!, "put it back; asks first"),
        "verify" when run.Argument == "mlflow" => new("restore artifacts --from latest --dry-run", "what of it a backup has"),
        "verify" => Points,
        "verify platform" => new("restore all --from latest --dry-run", "what differs from the newest recovery point"),
        "drill" => new("report show latest", "which step or check it was"),
        "doctor" => new("doctor --bundle ticket.tar.gz", "if the fixes do not help: for a ticket, with secrets taken out"),
        _ => null,
    };

    private static NextStep? Failed(string verb, RunLine run) => verb switch
    {
        // They have said so themselves, with all that belongs to it.
        "doctor" or "recover" or "s3 setup" or "s3 check" => null,
        _ => Doctor,
    };
}
