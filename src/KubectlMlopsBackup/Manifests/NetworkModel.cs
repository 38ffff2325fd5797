using System.Globalization;
using KubectlMlopsBackup.Configuration;
using Scriban.Runtime;

namespace KubectlMlopsBackup.Manifests;

/// <summary>Where the Jobs' pods may go.</summary>
internal static class NetworkModel
{
    /// <param name="model">That of the object; added to.</param>
    public static ScriptObject Of(ScriptObject model, BackupPlan plan)
    {
        var buckets = Buckets(plan.Spec).ToList();
        IReadOnlyList<KmsSpec> kms = plan.Spec.Encryption?.Kms is { } key ? [key] : [];
        model["instance"] = ObjectModel.Quote(plan.Metadata.Name);
        model["postgresPort"] = plan.Spec.Postgres?.Port.ToString(CultureInfo.InvariantCulture);
        model["awsPorts"] = new ScriptArray(buckets.Select(b => Port(b.Endpoint)).Concat(kms.Select(k => Port(k.Endpoint))).Distinct().Order().Select(p => p.ToString(CultureInfo.InvariantCulture)));
        model["notificationPorts"] = new ScriptArray(
            (plan.Spec.Notifications ?? []).Select(n => n.Port).Distinct().Order().Select(p => p.ToString(CultureInfo.InvariantCulture)));
        model["pushPorts"] = new ScriptArray(
            (plan.Spec.Monitoring?.Push ?? []).Select(p => new Uri(p.Url).Port).Distinct().Order().Select(p => p.ToString(CultureInfo.InvariantCulture)));
        model["kms"] = kms.Count > 0;
        model["podIdentity"] = buckets.Exists(b => b is { Credentials: null, Endpoint: null }) || kms is [{ Credentials: null, Endpoint: null }];
        return model;
    }

    /// <summary>The ports of the servers that the plan's checks go to, for the pods that run them. Null where there are none.</summary>
    public static ScriptObject? OfChecks(ScriptObject model, BackupPlan plan)
    {
        var ports = (plan.Spec.Recovery.Checks ?? []).Select(c => c.Endpoint()).OfType<IEndpointSpec>()
            .Select(e => e.Url is { } url ? new Uri(url).Port : e.Port).Distinct().Order().Select(p => p.ToString(CultureInfo.InvariantCulture)).ToList();
        if (ports.Count == 0)
        {
            return null;
        }

        model["selector"] = ObjectModel.Pairs(ObjectModel.Selector(plan, AgentJobs.PlatformCheck));
        model["ports"] = new ScriptArray(ports);
        return model;
    }

    private static IEnumerable<IS3Spec> Buckets(PlanSpec spec)
    {
        if (spec.Artifacts?.S3 is { } artifacts)
        {
            yield return artifacts;
        }

        foreach (var repository in spec.Repositories)
        {
            if (repository.S3 is { } s3)
            {
                yield return s3;
            }
        }
    }

    private static int Port(string? endpoint) => endpoint is null ? 443 : new Uri(endpoint).Port;
}
