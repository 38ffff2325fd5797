using System.CommandLine;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.InCluster.Target;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery;
using KubectlMlopsBackup.Recovery.Journal;
using KubectlMlopsBackup.Recovery.Reports;
using KubectlMlopsBackup.Recovery.Sources;

namespace KubectlMlopsBackup.Commands;

internal static class RecoverCommand
{
    private static readonly Option<string> From = new("--from")
    {
        Description = "The bucket that the backups are in: s3://BUCKET/PREFIX. Nothing else is needed but the passphrase (or the KMS key), and credentials where the AWS SDK looks for them. Default: the repositories of the plan's file (--plan), or of the plan that is installed in the namespace.",
        HelpName = "S3",
    };

    private static readonly Option<string> Endpoint = new("--endpoint") { Description = "Of an S3 store that is not AWS.", HelpName = "URL" };

    private static readonly Option<string> Region = new("--region") { Description = "Of the bucket. Default: the AWS environment's.", HelpName = "NAME" };

    private static readonly Option<string> PassphraseFile = new("--passphrase-file") { Description = "File that holds the backups' passphrase, where this machine reads them. Default with --plan: as the plan says.", HelpName = "FILE" };

    private static readonly Option<string> KmsKeyId = new("--kms-key-id")
    {
        Description = "With --from: your key of AWS KMS that opens the backups, in the passphrase's place: an ARN, or alias/NAME.",
        HelpName = "KEY",
    };

    private static readonly Option<string> OfPlan = new("--of") { Description = "Name of the plan, where the bucket holds backups of several.", HelpName = "PLAN" };

    private static readonly Option<bool> Yes = new("--yes", "-y") { Description = "Do not ask." };

    private static readonly Option<bool> DryRun = new("--dry-run") { Description = "Show the steps, with what they took the last time against the RTO, and do nothing." };

    private static readonly Option<bool> Resume = new("--resume") { Description = "Go on with a recovery that was cut off, behind its last step that was done; from any machine." };

    private static readonly Option<bool> Restart = new("--restart") { Description = "Begin anew, where an unfinished recovery has left its journal." };

    private static readonly Option<bool> RunHooks = new("--run-hooks", "--run-infrastructure")
    {
        Description = "Run the commands of spec.recovery.infrastructure and spec.recovery.hooks although the plan comes from the backup or the cluster, and not from a file of yours.",
    };

    public static Command Create() => Verb.Create(
        "recover",
        "Bring the whole platform back: namespace and Secrets, PostgreSQL, its data, MLflow and its artifacts, the application, the schedules; checked and timed against the RTO.",
        [
            From, Endpoint, Region, PassphraseFile, KmsKeyId, OfPlan, RecoveryOptions.Point, SelectionOptions.At, Yes, DryRun, Resume, Restart, RunHooks,
            RecoveryOptions.Report, InClusterVerb.StartTimeout,
        ],
        RunAsync);

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (context.IsLocal)
        {
            throw new UserError("a platform is recovered in a cluster", "leave out --local; on one machine: restore all --local", ExitCode.Usage);
        }

        var began = context.Clock.GetUtcNow();
        var files = RecoveryOutput.Files(parsed.GetValue(RecoveryOptions.Report) ?? []);
        using var home = await HomeAsync(parsed, context, cancellationToken);
        var origin = await OriginAsync(parsed, context, home, cancellationToken);
        var resume = parsed.GetValue(Resume);
        RecoverOptions options;
        IReadOnlyList<string> hook;
        RecoveryReport? last = null;
        await using (origin.Source)
        {
            (options, hook) = await ChooseAsync(parsed, context, origin, began, resume, cancellationToken);
            last = parsed.GetValue(DryRun) ? await origin.Source.LastReportAsync(options.Installed.Name, cancellationToken) : null;
        }

        if (parsed.GetValue(DryRun))
        {
            return RecoverPreview.Show(context, last, options, hook);
        }

        await VerbContext.ConfirmAsync([What(options, hook, resume)], parsed.GetValue(Yes), cancellationToken);
        List<JournalStep> first = hook.Count > 0 && !resume ? [await InfrastructureHook.RunAsync(hook, context.Clock, cancellationToken)] : [];
        using var api = await context.ClusterAsync(options.Namespace, cancellationToken);
        await LoginWarning.SayAsync(api, options.Installed.Spec, context.Clock, cancellationToken);
        CheckJournal(await RecoverRun.EarlierAsync(api, options.Namespace, cancellationToken), options.Namespace, resume, parsed.GetValue(Restart));
        RecoveryResult result;
        using (var progress = context.Progress())
        {
            var console = new RecoveryConsole(progress);
            result = await new RecoverRun(api, options, console, console.Note, console.Begin, context.Clock).RunAsync(first, resume, cancellationToken);
        }

        var report = ReportBuilder.Of(result, ReportKind.Recovery, options.Installed.Spec, await ClusterVersion.ReadAsync(api, cancellationToken));
        var saved = await ReportSaving.SaveAsync(() => origin.SaveAsync(report));
        await RecoveryOutput.ShowAsync(context, saved?.Report ?? report, saved?.Id, files);
        if (result.Cancelled || result.Failure is not null)
        {
            await Console.Error.WriteLineAsync(
                $"go on with: kubectl mlopsbackup recover --resume -n {options.Namespace}{(parsed.GetValue(From) is null ? "" : ", and the same --from")}; from any machine");
        }

        return ReportJudge.Code(report);
    }

    /// <returns>The cluster that the plan is installed in; null where the backups and the plan come from elsewhere, and there may be no cluster yet.</returns>
    private static async Task<ClusterApi?> HomeAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        if (parsed.GetValue(From) is not null)
        {
            return null;
        }

        if (PlanFile(parsed, context) is not { } file)
        {
            return await context.ClusterAsync(cancellationToken);
        }

        var plan = await FromFileAsync(file, cancellationToken);
        var needsCluster = plan.Spec.Repositories.TrueForAll(r => r.S3 is null)
            || (parsed.GetValue(PassphraseFile) is null && plan.Spec.Encryption?.PassphraseSecret is not null);
        return needsCluster ? await context.ClusterAsync(plan.Namespace, cancellationToken) : null;
    }

    private static async Task<RecoverOrigin> OriginAsync(ParseResult parsed, VerbContext context, ClusterApi? home, CancellationToken cancellationToken)
    {
        var file = PlanFile(parsed, context) is { } path ? await FromFileAsync(path, cancellationToken) : null;
        if (parsed.GetValue(From) is not null)
        {
            var local = LocalPlan.Of(ReadPlan(parsed), context.Clock, Warn, new SecretResolver());
            return await RecoverOrigin.OfBucketAsync(local, file, cancellationToken);
        }

        RefuseBucketOptions(parsed);
        var patience = InClusterVerb.StartTime(parsed);
        if (file is null)
        {
            var installed = await InstalledPlan.FindAsync(home!, cancellationToken) ?? throw new UserError(
                $"no plan is installed in namespace {home!.Namespace}{(home.Context is { } name ? $" of context {name}" : "")}",
                "name its namespace with -n, its file with --plan FILE, or the bucket that the backups are in with --from s3://BUCKET/PREFIX",
                ExitCode.Usage);
            return await RecoverOrigin.OfClusterAsync(context, home!, installed, isInstalled: true, parsed.GetValue(DryRun), patience, cancellationToken);
        }

        if (file.Spec.Repositories.Exists(r => r.S3 is not null))
        {
            var local = await DirectPlan.LoadAsync(home, file, parsed.GetValue(PassphraseFile), context.Clock, Warn, cancellationToken);
            return await RecoverOrigin.OfFileAsync(local, file, cancellationToken);
        }

        return home!.Namespace == file.Namespace
            ? await RecoverOrigin.OfClusterAsync(context, home, file, isInstalled: false, parsed.GetValue(DryRun), patience, cancellationToken)
            : throw new UserError(
                $"all repositories of plan {file.Name} are on volumes of namespace {file.Namespace}, and pods of namespace {home.Namespace} cannot have them",
                "leave -n out to recover into the platform's own namespace", ExitCode.Usage);
    }

    /// <returns>Null where none was named: one that happens to lie in this folder is not meant.</returns>
    private static string? PlanFile(ParseResult parsed, VerbContext context) => parsed.GetResult(GlobalOptions.Plan) is null ? null : context.PlanPath;

    private static void RefuseBucketOptions(ParseResult parsed)
    {
        if (new Option[] { Endpoint, Region, KmsKeyId, OfPlan }.FirstOrDefault(o => parsed.GetResult(o) is not null) is { } option)
        {
            throw new UserError($"{option.Name} belongs to --from, and the plan says it here", $"leave {option.Name} out, or name the bucket with --from", ExitCode.Usage);
        }
    }

    private static void Warn(string warning) => Console.Error.WriteLine($"warning: {PlainText.Clean(warning)}");

    private static BackupPlan ReadPlan(ParseResult parsed)
    {
        var from = parsed.GetValue(From)!;
        if (!S3Address.TryParse(from, out var bucket, out var prefix))
        {
            throw new UserError($"--from {from} is no bucket", "write it as s3://BUCKET/PREFIX", ExitCode.Usage);
        }

        var endpoint = parsed.GetValue(Endpoint);
        if (endpoint is not null && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var uri) && uri is { Scheme: "http" or "https", UserInfo.Length: 0 }))
        {
            throw new UserError("--endpoint is no address of a store", "write it as https://s3.example.com", ExitCode.Usage);
        }

        var passphraseFile = parsed.GetValue(PassphraseFile);
        var kmsKeyId = KmsOptions.Read(parsed, KmsKeyId);
        if (passphraseFile is not null && kmsKeyId is not null)
        {
            throw new UserError("--passphrase-file and --kms-key-id are two ways to open the same", "use one of them", ExitCode.Usage);
        }

        return BucketPlan.ToRead(bucket, prefix, parsed.GetValue(Region), endpoint, passphraseFile, kmsKeyId);
    }

    /// <returns>What is to be recovered, and the command that makes the infrastructure; empty for none.</returns>
    private static async Task<(RecoverOptions Options, IReadOnlyList<string> Hook)> ChooseAsync(
        ParseResult parsed, VerbContext context, RecoverOrigin origin, DateTimeOffset began, bool resume, CancellationToken cancellationToken)
    {
        var points = await origin.Source.PointsAsync(cancellationToken);
        var name = origin.Plan?.Name ?? PlanName(points, parsed.GetValue(OfPlan));
        var selection = RecoveryOptions.Read(parsed, random: false);
        var earlier = resume ? await ResumedAsync(parsed, context, origin.Plan?.Namespace, cancellationToken) : null;
        if (earlier is not null)
        {
            selection = new PointSelection(earlier.Point, null, false);
        }

        var point = selection.Choose(points, name, origin.Reachable);
        // A configuration that was backed up in the meantime is not what the steps until now have applied.
        point = point with { Config = earlier?.Config ?? point.Config };
        var snapshot = point.Config ?? throw new UserError(
            $"recovery point {point.Id[..8]} has no configuration: there is nothing to rebuild the platform from",
            "choose another with --point, or make the platform by hand and restore into it: restore all", ExitCode.Usage);
        var reading = await origin.Source.ConfigAsync(snapshot, cancellationToken);
        foreach (var line in reading.Notes("left out of the configuration"))
        {
            Warn(line);
        }

        var installed = origin.Plan ?? BucketPlan.Installed(reading.Objects, name);
        if (origin.Plan is null)
        {
            AgentVersion.CheckRecorded(installed, ToolVersion.Current);
        }
        else if (!origin.IsTheUsers)
        {
            AgentVersion.Check(installed, "a recovery", ToolVersion.Current);
        }

        var hook = origin.IsTheUsers || parsed.GetValue(RunHooks) ? installed.Spec.Recovery.Infrastructure : [];
        if (hook.Count == 0 && installed.Spec.Recovery.Infrastructure.Count > 0)
        {
            await Console.Error.WriteLineAsync("note: spec.recovery.infrastructure is not run: the plan is no file of this machine; --run-hooks runs it");
        }

        var (read, from) = origin.ReadBy(installed, point);
        return (
            new RecoverOptions
            {
                Installed = read,
                Namespace = parsed.GetValue(ClusterFlags.Namespace) ?? installed.Namespace,
                Point = from,
                Objects = reading.Objects,
                From = origin.Source.Location,
                Began = began,
                StartPatience = InClusterVerb.StartTime(parsed),
                RunHooks = origin.IsTheUsers || parsed.GetValue(RunHooks),
            },
            hook);
    }

    private static async Task<InstalledPlan> FromFileAsync(string path, CancellationToken cancellationToken)
    {
        var text = await PlanLoader.ReadTextAsync(path, cancellationToken);
        var plan = PlanLoader.Parse(text, path, Path.GetDirectoryName(Path.GetFullPath(path))!);
        return new InstalledPlan(
            plan,
            text,
            plan.Metadata.Namespace ?? throw new UserError($"plan {path} names no namespace", "add metadata.namespace: that of the platform that was backed up", ExitCode.Usage),
            ToolVersion.Current);
    }

    private static string PlanName(IReadOnlyList<ListedRecoveryPoint> points, string? wanted)
    {
        var names = points.Select(p => p.Plan).Distinct().Order(StringComparer.Ordinal).ToList();
        return wanted ?? (names.Count == 1
            ? names[0]
            : throw new UserError(
                names.Count == 0 ? "there is no recovery point in the bucket" : $"the bucket holds backups of several plans: {string.Join(", ", names)}",
                names.Count == 0 ? "name the prefix that the plan has, s3://BUCKET/PREFIX" : "name one with --of", ExitCode.Usage));
    }

    /// <param name="ofPlan">The plan's namespace; null where the plan is not known yet.</param>
    private static async Task<RecoveryJournal> ResumedAsync(ParseResult parsed, VerbContext context, string? ofPlan, CancellationToken cancellationToken)
    {
        if ((parsed.GetValue(ClusterFlags.Namespace) ?? ofPlan) is not { } ns)
        {
            throw new UserError("--resume needs to know where", "name the namespace that is recovered with -n", ExitCode.Usage);
        }

        using var api = await context.ClusterAsync(ns, cancellationToken);
        return await RecoverRun.EarlierAsync(api, ns, cancellationToken) is { Ended: null } journal
            ? journal
            : throw new UserError($"there is no recovery to resume in namespace {ns}", "begin one: leave out --resume", ExitCode.Usage);
    }

    private static void CheckJournal(RecoveryJournal? earlier, string ns, bool resume, bool restart)
    {
        if (earlier is { Ended: null } && !resume && !restart)
        {
            throw new UserError(
                $"namespace {ns} has an unfinished recovery of {earlier.Began:u} to recovery point {earlier.Point[..Math.Min(8, earlier.Point.Length)]}",
                "go on with it: --resume; or begin anew: --restart", ExitCode.Locked);
        }
    }

    private static string What(RecoverOptions options, IReadOnlyList<string> hook, bool resume) =>
        $"{(hook.Count > 0 && !resume ? $"run {hook[0]} on this machine, and " : "")}{(options.RunHooks && options.Installed.Spec.Recovery.Hooks is { Count: > 0 } hooks ? $"run the hooks {string.Join(", ", hooks.Select(h => h.Name))} on this machine, and " : "")}{(resume ? "go on to bring" : "bring")} plan {options.Installed.Name} back to its state of {options.Point.Time:u}"
        + $" in namespace {options.Namespace}: what is missing there is made, its workloads stand still, its database and artifacts are replaced";
}
