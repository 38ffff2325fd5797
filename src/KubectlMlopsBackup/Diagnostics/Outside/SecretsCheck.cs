using System.Text.Json;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Cluster.Models;
using KubectlMlopsBackup.InCluster.Installing;

namespace KubectlMlopsBackup.Diagnostics.Outside;

/// <summary>Whether the Secrets that the plan names are there, with their keys. No value is looked at, but whether it is empty.</summary>
internal sealed class SecretsCheck(ClusterLook look) : Check
{
    public override string Id => "secrets";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        var groups = PlanSecrets.Of(look.Spec).GroupBy(s => s.Secret, StringComparer.Ordinal).ToList();
        if (groups.Count == 0)
        {
            return;
        }

        var secrets = await Task.WhenAll(groups.Select(g =>
            look.Api.FindAsync(ApiResource.Secrets, look.Namespace, g.Key, ClusterJson.Default.ObjectView, cancellationToken)));
        foreach (var (group, secret) in groups.Zip(secrets))
        {
            Look(found, group.Key, [.. group], secret);
        }

        found.OkUnlessFault($"{string.Join(", ", groups.Select(g => g.Key))}: there, with all keys that the plan names");
    }

    private void Look(Findings found, string name, IReadOnlyList<PlanSecret> uses, ObjectView? secret)
    {
        if (secret is null)
        {
            found.Problem(
                Faults.SecretMissing, $"{uses[0].Field} names Secret {name}, which namespace {look.Namespace} does not have",
                PlanSecrets.MakeCommand(look.Namespace, name, uses, isInstalled: true));
            return;
        }

        foreach (var use in uses.Where(u => u.Key is not null))
        {
            if (secret.Data?.TryGetValue(use.Key!, out var value) != true)
            {
                var has = secret.Data is { Count: > 0 } data ? string.Join(", ", data.Keys.Order(StringComparer.Ordinal)) : "none";
                found.Problem(
                    Faults.SecretKeyMissing, $"{use.Field} names the key {use.Key} of Secret {name}, whose keys are: {has}",
                    $"set {use.Field}.key in the plan to one of its keys and install it again, or add the key: {look.Kubectl($"edit secret {name}")}");
            }
            else if (value.ValueKind == JsonValueKind.String && value.GetString()!.Length == 0)
            {
                found.Problem(
                    Faults.SecretEmpty, $"{use.Field}: the key {use.Key} of Secret {name} is there, and empty",
                    $"{look.Kubectl($"delete secret {name}")}; then {PlanSecrets.MakeCommand(look.Namespace, name, uses, isInstalled: true)}");
            }
        }
    }
}
