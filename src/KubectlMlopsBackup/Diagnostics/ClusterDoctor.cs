using System.Net;
using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Diagnostics.Outside;
using KubectlMlopsBackup.InCluster;

namespace KubectlMlopsBackup.Diagnostics;

/// <summary>Looks at an installed plan from outside, with the caller's own rights; what only a pod sees is asked of one.</summary>
internal sealed class ClusterDoctor(ClusterApi api, TimeProvider clock)
{
    private const string ServerId = "server";
    private const string PlanId = "plan";

    /// <param name="more">Further checks for the installed plan, to be run beside the others; null for none.</param>
    public async Task<DoctorReport> RunAsync(Func<ClusterLook, IEnumerable<Check>>? more, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        var found = new List<Finding>();
        var installed = await BeginAsync(found, cancellationToken);
        if (installed is var (server, plan))
        {
            var look = new ClusterLook(api, plan, clock, cancellationToken);
            found.AddRange(await CheckRunner.RunAsync([new ServerCheck(server), .. Checks(look), .. more?.Invoke(look) ?? []], cancellationToken));
        }

        return DoctorReport.Of(installed?.Plan.Name, api.Namespace, clock.GetUtcNow(), clock.GetElapsedTime(began), found);
    }

    /// <summary>All that can be seen from outside, but for the server itself.</summary>
    public static IReadOnlyList<Check> Checks(ClusterLook look) =>
    [
        new VersionCheck(look), new LoginCheck(look), new CallerCheck(look), new AccountsCheck(look), new ObjectsCheck(look), new SecretsCheck(look), new ServiceCheck(look),
        new ClaimsCheck(look), new NodesCheck(look), new WorkloadsCheck(look), new AdmissionCheck(look), new SchedulesCheck(look), new RunsCheck(look), new DrillsCheck(look),
        new BackupsCheck(look), new SpaceCheck(look), new MlflowCheck(look),
    ];

    /// <returns>Null where there is nothing to look at: why is among the findings then.</returns>
    private async Task<(ServerVersion Server, InstalledPlan Plan)?> BeginAsync(List<Finding> found, CancellationToken cancellationToken)
    {
        var server = new Findings(ServerId);
        var plan = new Findings(PlanId);
        (ServerVersion, InstalledPlan)? both = null;
        try
        {
            var version = await api.VersionAsync(cancellationToken);
            both = await PlanAsync(plan, cancellationToken) is { } installed ? (version, installed) : null;
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Unauthorized)
        {
            var now = clock.GetUtcNow();
            var end = await api.LoginEndAsync(cancellationToken) is { } login && login.Time <= now ? login : null;
            server.Problem(Faults.CallerUnknown, end is null ? e.Message : $"{LoginCheck.Words(end, now)}: {e.Message}", end?.Fix ?? e.Fix!);
        }
        catch (ClusterException e)
        {
            server.Problem(Faults.ApiUnreachable, e.Message, e.Fix ?? "see whether the API server is up: kubectl version");
        }

        found.AddRange(server.All);
        found.AddRange(plan.All);
        return both;
    }

    private async Task<InstalledPlan?> PlanAsync(Findings found, CancellationToken cancellationToken)
    {
        try
        {
            var installed = await InstalledPlan.FindAsync(api, cancellationToken);
            if (installed is null)
            {
                found.Problem(
                    Faults.PlanMissing, $"namespace {api.Namespace} has no ConfigMap {Manifests.ManifestRenderer.PlanConfigMap}",
                    $"name the platform's namespace with -n, or install a plan: kubectl mlopsbackup init -n {api.Namespace} && kubectl mlopsbackup install --init");
                return null;
            }

            found.Ok($"{installed.Name}, installed in namespace {api.Namespace}");
            return installed;
        }
        catch (UserError e)
        {
            found.Problem(Faults.PlanInvalid, e.Message, e.Fix ?? "correct the plan and install it again");
            return null;
        }
        catch (ClusterException e) when (e.Status == HttpStatusCode.Forbidden)
        {
            found.Problem(Faults.CallerRights, e.Message, e.Fix ?? "have the right to get the ConfigMap added to your Role");
            return null;
        }
    }
}
