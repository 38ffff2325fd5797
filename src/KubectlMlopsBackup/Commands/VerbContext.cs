using System.CommandLine;
using System.Text.Json.Serialization.Metadata;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Commands.Next;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Monitoring.Notifications;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.Commands;

/// <summary>What a verb has at hand: the options of every verb, the plan, the ways to print.</summary>
internal sealed class VerbContext
{
    private const string DefaultPlan = "mlopsbackup.yaml";

    private readonly ParseResult parsed;
    private readonly Terminal output;
    private readonly Lazy<bool> isDirect;

    public VerbContext(ParseResult parsed)
    {
        this.parsed = parsed;
        isDirect = new Lazy<bool>(() => DirectOptions.Read(parsed));
        output = Terminal.Output(parsed.GetValue(GlobalOptions.Color));
        Format = OutputFormats.Parse(parsed.GetValue(GlobalOptions.Output), parsed.CommandResult.Command.Name == RenderCommand.Name);
    }

    public OutputFormat Format { get; }

    public TimeProvider Clock { get; } = TimeProvider.System;

    public string PlanPath => PathOf(parsed);

    /// <summary>The plan that a command line means.</summary>
    public static string PathOf(ParseResult parsed) =>
        parsed.GetValue(GlobalOptions.Plan)
        ?? Environment.GetEnvironmentVariable("MLOPSBACKUP_PLAN")
        ?? DefaultPlan;

    public bool IsTable => Format is OutputFormat.Table or OutputFormat.Wide;

    /// <summary>The plan of this machine; with <c>--direct</c> the installed one, as far as it can be reached from here.</summary>
    public async Task<LocalPlan> PlanAsync(CancellationToken cancellationToken)
    {
        if (!isDirect.Value)
        {
            return Loaded = await LocalPlan.LoadAsync(PlanPath, Clock, Warn, cancellationToken);
        }

        using var api = await ClusterAsync(cancellationToken);
        var installed = await InstalledPlan.GetAsync(api, cancellationToken);
        return await DirectPlan.LoadAsync(
            api, installed, parsed.GetValue(DirectOptions.PassphraseFile), Clock, Warn, cancellationToken);
    }

    /// <summary>The plan of this machine, once it was read.</summary>
    public LocalPlan? Loaded { get; private set; }

    /// <summary>What a verb wants to be told of its end; null for what its exit code says.</summary>
    public Notice? Notice { get; set; }

    /// <summary>Why a part of the verb's work failed, where the verb came to its end all the same; null where none did.</summary>
    public Exception? PartFailure { get; set; }

    /// <summary>What every repository of the plan holds after the verb; null where it has not looked.</summary>
    public IReadOnlyList<RepositoryState>? States { get; set; }

    /// <summary>It pruned every repository, beside its other work.</summary>
    public bool HasPruned { get; set; }

    public bool IsLocal => parsed.GetValue(GlobalOptions.Local);

    /// <summary>Local, or with <c>--direct</c>: the repositories are read in this process.</summary>
    public bool ReadsHere => isDirect.Value || IsLocal;

    public bool IsVerbose => parsed.GetValue(GlobalOptions.Verbose);

    /// <summary>What Jobs have said beside their results, and was not shown: most of it says what the result says.</summary>
    public HeldNotes Held { get; } = new();

    /// <summary>A line for people, on standard error, beside the result.</summary>
    public void Note(string line)
    {
        line = PlainText.Clean(line);
        Held.Forget(line);
        Console.Error.WriteLine(line);
    }

    /// <summary>What a verb knows better than its name and exit code say; null for what those say.</summary>
    public NextStep? Next { get; set; }

    /// <summary>Where the verb works, once it has gone to a cluster.</summary>
    public string? Namespace { get; private set; }

    /// <exception cref="UserError">No cluster is named, or its kubeconfig cannot be used.</exception>
    public Task<ClusterApi> ClusterAsync(CancellationToken cancellationToken) => ClusterAsync(null, cancellationToken);

    /// <param name="ns">The namespace where <c>-n</c> names none; null for the context's.</param>
    /// <exception cref="UserError">No cluster is named, or its kubeconfig cannot be used.</exception>
    public async Task<ClusterApi> ClusterAsync(string? ns, CancellationToken cancellationToken)
    {
        var options = ClusterFlags.Read(parsed);
        var api = await ClusterApi.ConnectAsync(options with { Namespace = options.Namespace ?? ns }, Clock, cancellationToken);
        Namespace = api.Namespace;
        return api;
    }

    /// <exception cref="UserError">The cluster was meant, and this version cannot do that yet.</exception>
    /// <param name="hasDirect">The verb has <see cref="DirectOptions.Direct"/>.</param>
    public void RequireHere(string verb, bool hasDirect = false)
    {
        if (!ReadsHere)
        {
            throw new UserError(
                $"{verb} in a Job is not in this version",
                hasDirect
                    ? $"from this machine, for the S3 repositories of the plan that is installed: {verb} --direct; for a plan of this machine: {verb} --local"
                    : $"run it in this process with: {verb} --local",
                ExitCode.Usage);
        }
    }

    public ProgressReporter Progress() => ProgressReporter.Create(
        Format, parsed.GetValue(GlobalOptions.Quiet), Console.Error, Terminal.Error(), Clock);

    /// <summary>What standard output leads to.</summary>
    public Terminal OutputTerminal => output;

    public void Print<T>(T result, JsonTypeInfo<T> type, Func<T, TableWriter> table, Func<T, IEnumerable<string>> names)
    {
        TerminationMessage.Current.Write(result, type);
        new ResultPrinter(Console.Out, Format, output.IsTerminal ? Terminal.Width() : null)
            .Print(result, type, table, names);
    }

    private static void Warn(string warning) => Console.Error.WriteLine($"warning: {warning}");

    /// <summary>With its commands going to where this one went.</summary>
    public string Addressed(string text) => CommandAddress.Add(text, parsed);

    /// <summary>A line for people, beside the tables only.</summary>
    public void Say(string line)
    {
        if (IsTable)
        {
            Console.Out.WriteLine(line);
        }
    }

    public static Task ConfirmAsync(IReadOnlyList<string> what, bool yes, CancellationToken cancellationToken) =>
        what.Count == 0
            ? Task.CompletedTask
            : ConfirmPrompt.ForConsole().RequireAsync(string.Join(", and ", what), yes, cancellationToken);
}
