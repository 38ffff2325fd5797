using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster;

namespace KubectlMlopsBackup.Recovery.Drills;

/// <summary>
/// The namespace of one drill. It is only ever one that the drill has made itself, and is deleted by its uid: no mistake in a name can
/// take another one away.
/// </summary>
internal sealed class ScratchNamespace : IAsyncDisposable
{
    /// <summary>Of Pod Security, for drills that run by themselves: nobody watches what would run there.</summary>
    public const string LeastSecurity = "baseline";

    private const string SecurityLabels = "pod-security.kubernetes.io/";
    private const string EnforceLabel = $"{SecurityLabels}enforce";
    private const string Letters = "bcdfghjklmnpqrstvwxz2456789";
    private const int LongestName = 63;

    /// <summary>One digit: it is a drill's, what it has left, and one that is kept.</summary>
    private const int MostNumbers = 3;

    /// <summary>For a namespace to be gone.</summary>
    public static readonly TimeSpan Gone = TimeSpan.FromMinutes(3);

    /// <summary>How often a drill says that it still runs.</summary>
    private static readonly TimeSpan Beat = DrillNamespace.Silence / 10;

    private readonly ClusterApi api;
    private readonly TimeProvider clock;
    private readonly CancellationTokenSource stop = new();
    private readonly Task beating;

    private ScratchNamespace(ClusterApi api, string name, string uid, TimeProvider clock)
    {
        this.api = api;
        this.clock = clock;
        Name = name;
        Uid = uid;
        beating = BeatAsync();
    }

    public string Name { get; }

    public string Uid { get; }

    /// <summary>
    /// Those that are tried first, in this order: few, and known before, so that a role in a cloud can trust their accounts by name. Where all are taken, a
    /// name is made up that no role knows.
    /// </summary>
    public static IReadOnlyList<string> Names(string wanted) =>
        [wanted, .. Enumerable.Range(2, MostNumbers - 1).Select(n => $"{(wanted.Length > LongestName - 2 ? wanted[..(LongestName - 2)] : wanted)}-{n}")];

    /// <summary>Under the wanted name, or one like it where that is taken: an existing namespace is never used.</summary>
    /// <param name="source">The namespace that is rehearsed for.</param>
    /// <param name="least">The Pod Security level where the source enforces none; null for none, too.</param>
    /// <exception cref="UserError">The two are the same.</exception>
    public static async Task<ScratchNamespace> CreateAsync(
        ClusterApi api, string wanted, string source, string drill, TimeProvider clock, CancellationToken cancellationToken, string? least = null)
    {
        RefuseSame(wanted, source);
        var labels = await SecurityAsync(api, source, cancellationToken);
        if (least is not null && labels.GetValueOrDefault(EnforceLabel) is null or "privileged")
        {
            labels[EnforceLabel] = least;
        }

        var names = Names(wanted);
        for (var attempt = 0; ; attempt++)
        {
            var name = attempt < names.Count ? names[attempt] : Another(wanted);
            RefuseSame(name, source);
            try
            {
                var made = await api.CreateAsync(
                    ApiResource.Namespaces, null, DrillManifests.Namespace(name, drill, source, labels, clock.GetUtcNow()).Yaml, dryRun: false, cancellationToken);
                return new ScratchNamespace(api, name, (string)made["metadata"]!["uid"]!, clock);
            }
            catch (ClusterException e) when (e.Reason == "AlreadyExists")
            {
            }
        }
    }

    /// <exception cref="UserError">They are the same: a drill would be the disaster.</exception>
    public static void RefuseSame(string target, string source)
    {
        if (target == source)
        {
            throw new UserError(
                $"a drill into {target} would be a drill into the platform itself", "name another scratch namespace: --into NAME, or spec.recovery.drill.namespace", ExitCode.Usage);
        }
    }

    /// <summary>Takes away what earlier drills of the same source have left: those that have not said for minutes that they still run.</summary>
    /// <param name="kept">Also those that are kept.</param>
    /// <returns>What is deleted now.</returns>
    public static async Task<IReadOnlyList<DrillNamespace>> SweepAsync(
        ClusterApi api, string source, bool kept, TimeProvider clock, CancellationToken cancellationToken)
    {
        var deleted = new List<DrillNamespace>();
        foreach (var old in await DrillNamespace.ListAsync(api, source, cancellationToken))
        {
            if ((old.IsKept ? kept : old.IsLeft(clock.GetUtcNow()))
                && await api.DeleteAsync(ApiResource.Namespaces, null, old.Name, old.Uid, dryRun: false, cancellationToken))
            {
                deleted.Add(old);
            }
        }

        return deleted;
    }

    /// <summary>Leaves it there to be looked at; later drills leave it alone too.</summary>
    public async Task KeepAsync(CancellationToken cancellationToken)
    {
        await StopBeatingAsync();
        await AnnotateAsync(DrillNamespace.KeptAnnotation, "true", cancellationToken);
    }

    /// <summary>Deletes it, and waits until all of it is gone.</summary>
    /// <param name="patience">For it to be gone; afterwards the cluster goes on alone.</param>
    /// <returns>False where it was still going.</returns>
    public async Task<bool> DeleteAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        await StopBeatingAsync();
        var began = clock.GetTimestamp();
        if (await api.DeleteAsync(ApiResource.Namespaces, null, Name, Uid, dryRun: false, cancellationToken))
        {
            await HurryAsync(cancellationToken);
        }

        return await WaitGoneAsync(api, Name, Uid, patience - clock.GetElapsedTime(began), clock, cancellationToken);
    }

    /// <returns>False where it was still going after that time.</returns>
    public static async Task<bool> WaitGoneAsync(ClusterApi api, string name, string uid, TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (await api.FindAsync(ApiResource.Namespaces, null, name, ClusterJson.Default.ObjectView, cancellationToken) is { } there && there.Metadata.Uid == uid)
        {
            if (clock.GetElapsedTime(began) > patience)
            {
                return false;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(500), clock, cancellationToken);
        }

        return true;
    }

    public async ValueTask DisposeAsync()
    {
        await StopBeatingAsync();
        stop.Dispose();
    }

    /// <summary>Nobody needs what these pods would still put in order, and in a namespace that goes nobody makes new ones.</summary>
    private async Task HurryAsync(CancellationToken cancellationToken)
    {
        var pods = await api.ListAsync(ApiResource.Pods, Name, null, null, ClusterJson.Default.ListViewPodView, cancellationToken);
        await Task.WhenAll(pods.Items.Select(p => api.DeleteAsync(ApiResource.Pods, Name, p.Metadata.Name, p.Metadata.Uid, dryRun: false, 1, cancellationToken)));
    }

    private static string Another(string wanted) =>
        $"{(wanted.Length > LongestName - 6 ? wanted[..(LongestName - 6)] : wanted)}-{RandomNumberGenerator.GetString(Letters, 5)}";

    /// <summary>What the pods of the platform are held to in their own namespace, they are held to here.</summary>
    private static async Task<Dictionary<string, string>> SecurityAsync(ClusterApi api, string source, CancellationToken cancellationToken)
    {
        try
        {
            var there = await api.FindAsync(ApiResource.Namespaces, null, source, ClusterJson.Default.ObjectView, cancellationToken);
            return (there?.Metadata.Labels ?? []).Where(l => l.Key.StartsWith(SecurityLabels, StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            return new Dictionary<string, string>();
        }
    }

    private async Task BeatAsync()
    {
        try
        {
            using var timer = new PeriodicTimer(Beat, clock);
            while (await timer.WaitForNextTickAsync(stop.Token))
            {
                try
                {
                    await AnnotateAsync(DrillNamespace.SeenAnnotation, clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture), stop.Token);
                }
                catch (ClusterException)
                {
                    // The next beat may get through; the silence that counts is ten of them.
                }
            }
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task StopBeatingAsync()
    {
        await stop.CancelAsync();
        await beating;
    }

    private Task<JsonObject> AnnotateAsync(string key, string value, CancellationToken cancellationToken) => api.MergeAsync(
        ApiResource.Namespaces,
        null,
        Name,
        null,
        new JsonObject { ["metadata"] = new JsonObject { ["uid"] = Uid, ["annotations"] = new JsonObject { [key] = value } } },
        cancellationToken);
}
