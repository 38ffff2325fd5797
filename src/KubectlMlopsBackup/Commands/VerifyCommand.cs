using System.CommandLine;
using System.Globalization;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.State;
using KubectlMlopsBackup.Repository.Verifying;

namespace KubectlMlopsBackup.Commands;

internal static class VerifyCommand
{
    private const string Mlflow = "mlflow";

    private static readonly Argument<string> What = new("LEVEL")
    {
        Description = "structure: all is there, by name and size. data: every byte is read and checked. mlflow: the database against the artifacts.",
        DefaultValueFactory = _ => "structure",
    };

    private static readonly Option<string> Subset = new("--read-data-subset")
    {
        Description = "With data: read only this share of it, drawn anew each time, such as 5%.",
        HelpName = "PERCENT",
    };

    public static Command Create()
    {
        What.AcceptOnlyFromAmong("structure", "data", Mlflow);
        return Verb.Create(
            "verify",
            "Prove that what is in the repositories can be restored; says which recovery points are hurt.",
            [
                What, Subset, ShareOption.Share, SelectionOptions.From, SelectionOptions.At, VerifyMlflow.Live, SelectionOptions.Repository,
                InClusterVerb.StartTimeout, DirectOptions.Direct, DirectOptions.PassphraseFile, VerifyPlatformCommand.Create(),
            ],
            RunAsync);
    }

    private static async Task<ExitCode> RunAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        RefuseWrongLevel(parsed);
        if (parsed.GetValue(What) == Mlflow)
        {
            return await VerifyMlflow.RunAsync(parsed, context, cancellationToken);
        }

        var options = Options(parsed);
        if (!context.ReadsHere)
        {
            ShareOption.RefuseInCluster(parsed);
            return await InClusterVerb.RunAsync(
                parsed, context, AgentJobs.BackupAccount, LocalJson.Default.IReadOnlyListVerifyReport, r => Print(context, r), cancellationToken);
        }

        var plan = await context.PlanAsync(cancellationToken);
        var repositories = plan.Chosen(parsed.GetValue(SelectionOptions.Repository));
        await RepositoryTwins.RefuseAsync(plan, repositories, cancellationToken);
        var reports = new List<VerifyReport>();
        using (var progress = context.Progress())
        {
            foreach (var spec in repositories)
            {
                using var repository = await plan.OpenAsync(spec, cancellationToken);
                var verifier = new Verifier(repository, options);
                using var feed = new ProgressFeed(progress.Counters, context.Clock)
                    .Bytes($"verifying {spec.Name}", () => (verifier.BytesRead, verifier.BytesToRead));
                var report = await verifier.RunAsync(cancellationToken);
                reports.Add(report with { Repository = spec.Name, State = await StateAsync(plan, spec, repository, cancellationToken) });
            }
        }

        var states = reports.Select(r => r.State).OfType<RepositoryState>().ToList();
        context.States = states.Count == plan.Spec.Repositories.Count ? states : null;
        Print(context, reports);
        return reports.TrueForAll(r => r.Good) ? ExitCode.Done : ExitCode.CheckFailed;
    }

    /// <exception cref="UserError">An option that means nothing with this level.</exception>
    private static void RefuseWrongLevel(ParseResult parsed)
    {
        var isMlflow = parsed.GetValue(What) == Mlflow;
        Option[] wrong = isMlflow ? [Subset, ShareOption.Share] : [SelectionOptions.From, SelectionOptions.At, VerifyMlflow.Live];
        foreach (var option in wrong.Where(o => parsed.GetResult(o) is { Implicit: false }))
        {
            throw new UserError(
                $"{option.Name} is {(isMlflow ? "not for verify mlflow" : "for verify mlflow only: the other levels look at whole repositories")}",
                $"leave {option.Name} out{(isMlflow ? "" : ", or run: verify mlflow")}",
                ExitCode.Usage);
        }
    }

    /// <summary>What is damaged may be just that: a report without it is better than none.</summary>
    private static async Task<RepositoryState?> StateAsync(
        LocalPlan plan, RepositorySpec spec, BackupRepository repository, CancellationToken cancellationToken)
    {
        try
        {
            return await RepositoryStateReader.ReadAsync(
                spec.Name, repository, plan.Name, trend: spec == plan.Spec.Repositories[0], cancellationToken);
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            return null;
        }
    }

    private static void Print(VerbContext context, IReadOnlyList<VerifyReport> reports)
    {
        context.Print(
            reports,
            LocalJson.Default.IReadOnlyListVerifyReport,
            VerifyTable.Of,
            r => r.SelectMany(x => x.HurtRecoveryPoints.Select(p => $"recoverypoint/{p}")));
        foreach (var line in reports.SelectMany(VerifyTable.Notes))
        {
            context.Say(line);
        }
    }

    private static VerifyOptions Options(ParseResult parsed)
    {
        var readData = parsed.GetValue(What) == "data";
        if (parsed.GetValue(ShareOption.Share) is { } share)
        {
            return readData && parsed.GetValue(Subset) is null
                ? new VerifyOptions { ReadData = true, Part = ShareOption.Parse(share) }
                : throw new UserError(
                    "--share is for: verify data, without --read-data-subset", "run: verify data --local --share INDEX/COUNT", ExitCode.Usage);
        }

        if (parsed.GetValue(Subset) is not { } text)
        {
            return new VerifyOptions { ReadData = readData };
        }

        return readData
            && double.TryParse(text.TrimEnd('%'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var percent)
            && percent is > 0 and <= 100
            ? new VerifyOptions { ReadData = true, Share = percent / 100 }
            : throw new UserError(
                $"--read-data-subset {text} does not do",
                "give a share of more than 0% and at most 100%, with: verify data",
                ExitCode.Usage);
    }
}
