using System.CommandLine;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Jobs;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.InCluster;
using KubectlMlopsBackup.Manifests;
using KubectlMlopsBackup.Output;

namespace KubectlMlopsBackup.Commands;

/// <summary>A verb that runs in a Job of the installed plan: start it, follow it, and give its result as if it had run here.</summary>
internal sealed class InClusterVerb : IDisposable
{
    public static readonly Option<string> StartTimeout = new("--start-timeout")
    {
        Description = "In the cluster: how long to wait for a pod that no node takes. Default: 5m.",
        HelpName = "TIME",
    };

    private static readonly TimeSpan DefaultStart = TimeSpan.FromMinutes(5);

    private readonly VerbContext context;

    private InClusterVerb(VerbContext context, ClusterApi api, InstalledPlan installed, TimeSpan start)
    {
        this.context = context;
        Start = start;
        Api = api;
        Installed = installed;
        Run = new AgentRun(api, installed);
    }

    public ClusterApi Api { get; }

    public InstalledPlan Installed { get; private set; }

    public AgentRun Run { get; private set; }

    /// <summary>For a pod that does not start.</summary>
    public TimeSpan Start { get; }

    /// <exception cref="UserError">No cluster, or nothing installed there.</exception>
    public static async Task<InClusterVerb> BeginAsync(ParseResult parsed, VerbContext context, CancellationToken cancellationToken)
    {
        var start = StartTime(parsed);
        var api = await context.ClusterAsync(cancellationToken);
        try
        {
            return new InClusterVerb(context, api, await InstalledPlan.GetAsync(api, cancellationToken), start);
        }
        catch
        {
            api.Dispose();
            throw;
        }
    }

    /// <summary>From now on in another namespace, with the plan as it is there.</summary>
    public void Enter(InstalledPlan target)
    {
        Installed = target;
        Run = new AgentRun(Api, target);
    }

    /// <summary>A whole verb that needs the repositories only, with its arguments as they were given here.</summary>
    /// <param name="account">Whose rights at the S3 store it needs.</param>
    /// <param name="more">What else the Job needs; null for nothing.</param>
    /// <param name="not">Options that only mean something on this side.</param>
    public static async Task<ExitCode> RunAsync<T>(
        ParseResult parsed, VerbContext context, string account, JsonTypeInfo<T> type, Action<T> print, CancellationToken cancellationToken,
        Func<AgentJob, AgentJob>? more = null, params Option[] not)
    {
        using var verb = await BeginAsync(parsed, context, cancellationToken);
        var job = AgentJobs.Repositories(verb.Installed.Spec, JobName(parsed), account, ForwardedArguments.Of(parsed, [StartTimeout, .. not]));
        job = more?.Invoke(job) ?? job;
        var (code, result) = await verb.FollowAsync(await verb.Run.StartAsync(job, cancellationToken), type, cancellationToken);
        if (result is not null)
        {
            print(result);
        }

        return code;
    }

    /// <summary>With the verb that it belongs to: <c>key-list</c> is not <c>list</c>.</summary>
    private static string JobName(ParseResult parsed) => string.Join('-', ForwardedArguments.Verbs(parsed));

    /// <exception cref="UserError">It is no time.</exception>
    public static TimeSpan StartTime(ParseResult parsed)
    {
        var start = DefaultStart;
        return parsed.GetResult(StartTimeout) is null || parsed.GetValue(StartTimeout) is not { } text || PlanDuration.TryParse(text, out start)
            ? start
            : throw new UserError($"--start-timeout {text} is no time", $"write {PlanDuration.Wanted}", ExitCode.Usage);
    }

    /// <summary>Prints the failures; the result is the caller's to print.</summary>
    public Task<(ExitCode Code, T? Result)> FollowAsync<T>(JobView job, JsonTypeInfo<T> type, CancellationToken cancellationToken) =>
        FollowAsync(context, Api, Installed.Namespace, job, Start, type, cancellationToken);

    /// <summary>As above, for a Job of whatever verb.</summary>
    public static async Task<(ExitCode Code, T? Result)> FollowAsync<T>(
        VerbContext context, ClusterApi api, string ns, JobView job, TimeSpan start, JsonTypeInfo<T> type, CancellationToken cancellationToken)
    {
        var end = await new JobConsole(context, api, ns).FollowAsync(job, start, cancellationToken);
        foreach (var failure in end.Failures)
        {
            await Console.Error.WriteLineAsync($"error: {PlainText.Clean(failure.Message)}");
            if (failure.Fix is { } fix)
            {
                await Console.Error.WriteLineAsync($"  fix: {context.Addressed(PlainText.Clean(fix))}");
            }
        }

        return (end.Code, Read(end, type));
    }

    public void Dispose() => Api.Dispose();

    /// <summary>A result that was cut to fit into a termination message may lack what the type wants: then there is none.</summary>
    private static T? Read<T>(JobEnd end, JsonTypeInfo<T> type)
    {
        try
        {
            return end.Result is { } result ? result.Deserialize(type) : default;
        }
        catch (JsonException e)
        {
            Console.Error.WriteLine($"warning: what job {end.Job} said cannot be read: {e.Message}");
            return default;
        }
    }
}
