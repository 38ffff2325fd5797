using System.Globalization;
using System.Net;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Manifests;
using Scriban.Runtime;
using static KubectlMlopsBackup.Manifests.ObjectModel;

namespace KubectlMlopsBackup.Recovery.Drills;

/// <summary>What makes a namespace one for a drill: nothing leaves it, nothing in it is seen from outside, and it takes no more than it may.</summary>
internal static class DrillManifests
{
    public const string Isolation = "mlopsbackup-drill-isolation";
    public const string Repository = "mlopsbackup-drill-repository";
    public const string Quota = "mlopsbackup-drill";

    /// <param name="labels">Of the source namespace that the scratch one is to have too, such as its Pod Security level.</param>
    public static Manifest Namespace(string name, string drill, string source, IReadOnlyDictionary<string, string> labels, DateTimeOffset now)
    {
        var model = Model(name, drill);
        model["source"] = Quote(source);
        model["labels"] = Pairs(new Dictionary<string, string>(labels, StringComparer.Ordinal)) ?? [];
        model["seen"] = Quote(now.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        return new Manifest("Namespace", name, TemplateRenderer.Render("drill/namespace.yaml.sbn", model));
    }

    /// <summary>In the order in which they are applied: before anything else is in the namespace.</summary>
    /// <param name="plan">As it is for the scratch namespace.</param>
    public static IReadOnlyList<Manifest> Of(string ns, string drill, BackupPlan plan)
    {
        ScriptObject Named(string name)
        {
            var model = Model(name, drill);
            model["namespace"] = Quote(ns);
            return model;
        }

        var repository = Named(Repository);
        List<IS3Spec> buckets = [.. plan.Spec.Repositories.Select(r => r.S3).OfType<RepositoryS3Spec>(), .. plan.Spec.Artifacts?.S3 is { } artifacts ? [artifacts] : Array.Empty<IS3Spec>()];
        repository["instance"] = Quote(plan.Metadata.Name);
        repository["repositories"] = new ScriptArray(buckets.DistinctBy(b => b.Endpoint).Select(Place));
        repository["podIdentity"] = buckets.Exists(b => b is { Credentials: null, Endpoint: null });
        var quota = Named(Quota);
        quota["cpu"] = Quote(plan.Spec.Recovery.Drill.Cpu);
        quota["memory"] = Quote(plan.Spec.Recovery.Drill.Memory);
        quota["storage"] = Quote(plan.Spec.Recovery.Drill.Storage);
        return
        [
            new Manifest("NetworkPolicy", Isolation, TemplateRenderer.Render("drill/networkpolicy.yaml.sbn", Named(Isolation))),
            new Manifest("NetworkPolicy", Repository, TemplateRenderer.Render("drill/repository.yaml.sbn", repository)),
            new Manifest("ResourceQuota", Quota, TemplateRenderer.Render("drill/resourcequota.yaml.sbn", quota)),
            new Manifest("LimitRange", Quota, TemplateRenderer.Render("drill/limitrange.yaml.sbn", Named(Quota))),
        ];
    }

    /// <summary>By which a drill has rights in its own namespace.</summary>
    public static Manifest Binding(string ns, string drill, DrillGrant grant)
    {
        var model = Model(DrillScheduleManifests.Name, drill);
        model["namespace"] = Quote(ns);
        model["role"] = Quote(grant.Role);
        model["account"] = Quote(grant.Account);
        model["accountNamespace"] = Quote(grant.AccountNamespace);
        return new Manifest("RoleBinding", DrillScheduleManifests.Name, TemplateRenderer.Render("drill/rolebinding.yaml.sbn", model));
    }

    private static ScriptObject Model(string name, string drill) => new() { ["name"] = Quote(name), ["drill"] = Quote(drill) };

    /// <summary>As narrow as a NetworkPolicy can say it: an address, a namespace, or only the port of a host that has no fixed address.</summary>
    private static ScriptObject Place(IS3Spec s3)
    {
        var endpoint = s3.Endpoint is null ? null : new Uri(s3.Endpoint);
        var host = endpoint?.Host.Trim('[', ']');
        var parts = host?.Split('.') ?? [];
        var address = IPAddress.TryParse(host, out var parsed) ? parsed : null;
        return new ScriptObject
        {
            ["port"] = (endpoint?.Port ?? 443).ToString(CultureInfo.InvariantCulture),
            ["cidr"] = address is null ? null : Quote($"{address}/{(address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetwork ? 32 : 128)}"),
            ["namespace"] = address is null && parts.Length >= 3 && parts[2] == "svc" ? Quote(parts[1]) : null,
        };
    }
}
