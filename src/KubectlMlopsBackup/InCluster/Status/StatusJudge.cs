using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.State;

namespace KubectlMlopsBackup.InCluster.Status;

/// <summary>Measures against the plan, and collects what is wrong.</summary>
/// <param name="ns">In the cluster, where there are schedules to go by; null where the repositories alone are looked at.</param>
internal sealed class StatusJudge(PlanSpec spec, DateTimeOffset now, string? ns)
{
    /// <summary>Beyond the RPO: a backup takes its time, and one a year is an hour late (summer time).</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromHours(1);

    /// <summary>What the clocks of two machines may differ by.</summary>
    public static readonly TimeSpan Ahead = TimeSpan.FromMinutes(5);

    /// <summary>Of a volume that should stay free.</summary>
    public const double LeastFree = 0.2;

    /// <summary>Of growth, that must fit.</summary>
    private const int Nights = 2;

    private const string DrillSubject = "drill";

    /// <summary>A pod that still waits then waits in vain.</summary>
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(2);

    private readonly List<StatusProblem> problems = [];
    private readonly TimeSpan rpo = spec.Recovery.RpoDuration();

    private bool InCluster => ns is not null;

    /// <summary>It needs a cluster, wherever it is told.</summary>
    private string Drilling => ns is null ? "kubectl mlopsbackup drill" : Ours("drill");

    /// <param name="first">What is known of the plan's first repository.</param>
    /// <param name="later">A backup that is not in it.</param>
    public ComponentStatus Measure(Component component, RepositoryState? first, DateTimeOffset? later)
    {
        var known = first?.Components.FirstOrDefault(c => c.Component == component);
        var success = later > known?.NewestComplete || known?.NewestComplete is null ? later ?? known?.NewestComplete : known.NewestComplete;
        return new ComponentStatus
        {
            Component = component,
            LastSuccess = success,
            AgeSeconds = success is { } time ? Seconds(now - time) : null,
            RpoSeconds = rpo.TotalSeconds,
            Stale = now - success > rpo + Grace && !OnRequest(component),
            Snapshots = first is null ? null : known?.Snapshots ?? 0,
            VerifiedAt = known?.VerifiedAt,
            Verified = known?.Verified,
            Sizes = known?.Sizes ?? [],
            Seconds = known?.Seconds ?? [],
        };
    }

    public void Component(ComponentStatus component)
    {
        var name = component.Component.ToString().ToLowerInvariant();
        var onRequest = OnRequest(component.Component);
        var again = $"back it up: {Ours($"backup {name}")}";
        if (component.LastSuccess is not { } success)
        {
            if (component.Snapshots is null)
            {
                // Straight after a recovery, too. Without a cluster the repository itself says that it cannot be read.
                if (InCluster)
                {
                    problems.Add(new StatusProblem(
                        onRequest ? StatusSeverity.Warning : StatusSeverity.Error,
                        StatusProblemKind.Unknown,
                        name,
                        "whether it was ever backed up is not known: no Job that is still there has seen the repository",
                        $"have a Job look: {Ours("verify structure")}"));
                }
            }
            else
            {
                problems.Add(new StatusProblem(
                    onRequest ? StatusSeverity.Warning : StatusSeverity.Error,
                    StatusProblemKind.NeverSucceeded,
                    name,
                    component.Snapshots > 0 ? "no backup is complete" : "it was never backed up",
                    again));
            }
        }
        else if (success - now > Ahead)
        {
            // A date from the future would hide for as long that nothing is backed up any more.
            Error(
                StatusProblemKind.Clock,
                name,
                $"the newest backup is dated {Humanize.Age(success - now)} from now, so its age is not known: the clock of the node that made it is wrong, or this machine's",
                $"set the clock right (on the node: timedatectl set-ntp true), then {again}");
        }
        else if (component.Stale)
        {
            Error(StatusProblemKind.Stale, name, $"the newest backup is {Humanize.Age(now - success)} old, and the RPO is {spec.Recovery.Rpo}", again);
        }

        Run(name, component.LastRun, component.Running);
        if (InCluster && !onRequest)
        {
            Schedule(name, component.Schedule, StatusSeverity.Error, component.LastSuccess);
        }

        if (component.Snapshots > 0)
        {
            Verified(name, component.VerifiedAt);
        }
    }

    /// <summary>The configuration changes when somebody changes it: without a schedule it is backed up then.</summary>
    private bool OnRequest(Component component) => component == global::KubectlMlopsBackup.Repository.Snapshots.Component.Config && spec.Config?.Schedule is null;

    public void Verification(VerificationStatus verification)
    {
        Run("verify", verification.LastRun, verification.Running);
        Schedule("verify", verification.Schedule, StatusSeverity.Warning, verification.LastSuccess);
    }

    /// <summary>What the last rehearsal has shown, and whether the schedule for it is kept.</summary>
    public void Drill(DrillStatus drill)
    {
        if (drill is { Verdict: { } verdict, LastTime: { } time } && verdict != "passed")
        {
            // What came back wrong, or too late, would do so in earnest; what nobody has checked is only not proven.
            problems.Add(new StatusProblem(
                verdict is "failed" or "missed" ? StatusSeverity.Error : StatusSeverity.Warning,
                StatusProblemKind.DrillFailed,
                DrillSubject,
                $"the last one, {Humanize.Age(now - time)} ago, {DrillWord(verdict)}",
                $"see why: {Ours("report show")}; after a change: {Drilling}"));
        }

        if (drill.Overdue)
        {
            Warning(
                StatusProblemKind.DrillOverdue, DrillSubject,
                drill.LastTime is { } last ? $"the last one was {Humanize.Age(now - last)} ago, and another was due" : "one was due, and there never was one",
                $"rehearse the recovery: {Drilling}");
        }

        if (spec.Recovery.Drill.Schedule is null || !InCluster)
        {
            return;
        }

        // One that left a report is judged by that.
        if (drill.LastRun is { Verdict: not "complete", Ended: { } ended } && !(drill.LastTime >= drill.LastRun.Started))
        {
            Error(
                StatusProblemKind.DrillFailed, DrillSubject, $"the scheduled one ended without a report {Humanize.Age(now - ended)} ago: {drill.LastRun.Cause}",
                drill.LastRun.Fix ?? $"see: {Ours($"logs {drill.LastRun.Job}")}");
        }

        Run(DrillSubject, null, drill.Running);
        Schedule(DrillSubject, drill.Schedule, StatusSeverity.Warning, drill.LastTime);
    }

    /// <summary>What a drill that died could not take away. The next one does; until then it takes room, and holds a copy of the platform's data and Secrets.</summary>
    public void LeftOfDrills(IEnumerable<DrillNamespace> namespaces)
    {
        foreach (var left in namespaces.Where(n => n.IsLeft(now)))
        {
            Warning(
                StatusProblemKind.DrillLeft, DrillSubject, $"namespace {left.Name} is left of a drill that died {Humanize.Age(now - left.Seen)} ago",
                $"take it away: {Ours("drill --clean")}");
        }
    }

    private static string DrillWord(string verdict) => verdict switch
    {
        "missed" => "missed the RTO or the RPO",
        "incomplete" => "was incomplete",
        "cancelled" => "was cancelled",
        _ => "failed",
    };

    /// <summary>One a repository of the plan, in its order.</summary>
    public IReadOnlyList<RepositoryStatus> Repositories(KnownStates states, IReadOnlyList<ComponentStatus> components)
    {
        var all = new List<RepositoryStatus>();
        // Said once is enough: without a fresh backup there is no fresh recovery point.
        var said = components.Any(c => c.Stale || (c.LastSuccess is null && !OnRequest(c.Component)));
        var backedUp = components.Any(c => c.LastSuccess is not null);
        foreach (var repository in spec.Repositories)
        {
            var seen = states.Seen(repository.Name);
            var last = states.Last(repository.Name);
            if (last?.Error is { } error)
            {
                Error(StatusProblemKind.Unreadable, repository.Name, $"the repository could not be read: {error}", null);
            }
            else if (last is null && backedUp)
            {
                Warning(StatusProblemKind.Unknown, repository.Name, "nothing is known of it: the pods that could tell are gone", $"verify it: {Ours("verify structure")}");
            }

            if (seen is not null)
            {
                Repository(repository.Name, seen, said && all.Count == 0);
            }

            all.Add(Of(repository, seen, last));
        }

        Credentials(all);
        return all;
    }

    /// <summary>That one has ended is a warning, too: whether it was needed the runs will tell.</summary>
    private void Credentials(IEnumerable<RepositoryStatus> repositories)
    {
        foreach (var credential in CredentialExpiry.Of(spec, repositories.Select(r => (r.Repository, r.CertificateExpires))).Where(c => c.Time - now < CredentialExpiry.Notice))
        {
            Warning(
                StatusProblemKind.Expiring, credential.Credential,
                credential.Time <= now ? $"ended {Humanize.Age(now - credential.Time)} ago" : $"ends in {Humanize.Age(credential.Time - now)}",
                credential.IsCertificate
                    ? "have the store's certificate renewed"
                    : "put new keys into the place that the plan names, and the day on which they end into credentials.expires");
        }
    }

    /// <param name="phase">Null where the claim is not there.</param>
    public void Claim(string repository, string claim, string? phase)
    {
        switch (phase)
        {
            case "Bound":
                break;
            case null:
                Error(StatusProblemKind.Missing, repository, $"its PersistentVolumeClaim {claim} is not there", $"install the plan again: {Ours("install")}");
                break;
            case "Lost":
                Error(StatusProblemKind.Missing, repository, $"the volume of its PersistentVolumeClaim {claim} is lost", $"see: {Kubectl($"describe pvc {claim}")}");
                break;
            default:
                // Many StorageClasses wait for the first pod.
                Warning(StatusProblemKind.Missing, repository, $"its PersistentVolumeClaim {claim} has no volume yet ({phase})", $"see: {Kubectl($"describe pvc {claim}")}");
                break;
        }
    }

    public StatusReport Report(
        string plan, string? ns, IReadOnlyList<ComponentStatus> components, VerificationStatus? verification, IReadOnlyList<RepositoryStatus> repositories,
        DrillStatus? drill = null)
    {
        var safe = !problems.Exists(p => p.Severity == StatusSeverity.Error);
        return new StatusReport
        {
            Plan = plan,
            Namespace = ns,
            Time = now,
            Safe = safe,
            ExitCode = (int)(safe ? ExitCode.Done : ExitCode.CheckFailed),
            Problems = [.. problems.OrderBy(p => p.Severity).ThenBy(p => p.Kind)],
            Components = components,
            Verification = verification,
            Drill = drill,
            Repositories = repositories,
        };
    }

    private void Run(string subject, RunStatus? last, RunStatus? running)
    {
        if (last is { Verdict: not "complete" })
        {
            var kind = last.Verdict switch
            {
                "damaged" => StatusProblemKind.Damaged,
                "incomplete" => StatusProblemKind.Incomplete,
                _ => StatusProblemKind.Failed,
            };
            var when = last.Ended is { } ended ? $" {Humanize.Age(now - ended)} ago" : "";
            Error(kind, subject, $"the last run was {Word(last.Verdict)}{when}: {last.Cause}", last.Fix ?? $"see: {Ours($"logs {last.Job}")}");
        }

        if (running is { Verdict: "waiting", Cause: { } cause })
        {
            var severity = now - running.Started > StartPatience ? StatusSeverity.Error : StatusSeverity.Warning;
            problems.Add(new StatusProblem(severity, StatusProblemKind.Waiting, subject, $"job {running.Job} does not run: {cause}", $"see: {Kubectl($"describe job {running.Job}")}"));
        }
    }

    private static string Word(string verdict) => verdict == "failed" ? "a failure" : verdict == "damaged" ? "a finding of damage" : verdict;

    private void Schedule(string subject, ScheduleStatus? schedule, StatusSeverity severity, DateTimeOffset? success)
    {
        if (schedule is null)
        {
            problems.Add(new StatusProblem(severity, StatusProblemKind.Missing, subject, "its CronJob is not there", $"install the plan again: {Ours("install")}"));
        }
        else if (schedule.Suspended)
        {
            var (message, fix) = schedule.Suspension(Kubectl, Ours, ns);
            problems.Add(new StatusProblem(severity, StatusProblemKind.Suspended, subject, $"the schedule is {message}: CronJob {schedule.CronJob}", fix));
        }
        else if (schedule.MissedSince is { } due)
        {
            problems.Add(new StatusProblem(
                schedule.GivenUp && !(success > due) ? severity : StatusSeverity.Warning,
                StatusProblemKind.Missed,
                subject,
                $"the run of {Humanize.Age(now - due)} ago {(schedule.GivenUp ? "was missed" : "has not begun yet")}",
                $"see: {Kubectl($"describe cronjob {schedule.CronJob}")}"));
        }
    }

    private void Verified(string subject, DateTimeOffset? verified)
    {
        var fix = $"verify now: {Ours("verify data")}";
        if (verified is not { } time)
        {
            Warning(StatusProblemKind.Unverified, subject, "no backup of it was ever verified", fix);
        }
        else if (CronSchedule.Parse(spec.Kubernetes?.VerifySchedule ?? PlanDefaults.VerifySchedule, spec.TimeZone)?.Interval(now) is { } interval
            && now - time > (2 * interval) + Grace)
        {
            Warning(StatusProblemKind.Unverified, subject, $"it was last verified {Humanize.Age(now - time)} ago", fix);
        }
    }

    private void Repository(string name, RepositoryState state, bool said)
    {
        if (state.Damaged > 0)
        {
            Error(StatusProblemKind.Damaged, name, $"{state.Damaged} object(s) of the repository cannot be read", $"see what is hurt: {Ours("verify data")}");
        }

        if (!said)
        {
            if (state.Usable() is not { } point)
            {
                Error(StatusProblemKind.NoRecoveryPoint, name, "there is no complete recovery point in it", $"back up all: {Ours("backup all")}");
            }
            else if (now - point.Time > rpo + Grace + Lag())
            {
                Error(
                    StatusProblemKind.Stale, name, $"the newest complete recovery point in it is {Humanize.Age(now - point.Time)} old, and the RPO is {spec.Recovery.Rpo}",
                    $"back up all, or copy what is there: {Ours("mirror")}");
            }
        }

        if (state.Usable() is { Consistent: false } lacking)
        {
            Warning(
                StatusProblemKind.Inconsistent, name, $"the database of recovery point {lacking.Id} names artifacts that it does not have",
                $"see which: {Ours($"verify mlflow --from {lacking.Id}")}");
        }

        Space(name, state);
    }

    private void Space(string name, RepositoryState state)
    {
        if (state is not { FreeBytes: { } free, TotalBytes: > 0 and { } total })
        {
            return;
        }

        var growth = Growth(state);
        if (free < Nights * growth)
        {
            Warning(
                StatusProblemKind.Space, name, $"{Humanize.Bytes(free)} are free, and {Nights} nights may need {Humanize.Bytes(Nights * growth)}",
                "make the volume larger, or keep less: spec.repositories[].retention in the plan");
        }
        else if (free < LeastFree * total)
        {
            Warning(
                StatusProblemKind.Space, name, $"only {Humanize.Bytes(free)} of {Humanize.Bytes(total)} are free ({Humanize.Percent((double)free / total)})",
                "make the volume larger, or keep less: spec.repositories[].retention in the plan");
        }
    }

    /// <summary>A recovery point is whole once the artifacts are backed up after the database: what the schedules leave between the two is no fault.</summary>
    private TimeSpan Lag()
    {
        var first = spec.Postgres?.Schedule ?? (InCluster ? PlanDefaults.PostgresSchedule : null);
        var second = spec.Artifacts?.Schedule ?? (InCluster ? PlanDefaults.ArtifactsSchedule : null);
        return spec.Postgres is not null && spec.Artifacts is not null && first is not null && second is not null
            && CronSchedule.Parse(first, spec.TimeZone)?.After(now) is { } postgres
            && CronSchedule.Parse(second, spec.TimeZone)?.After(postgres) is { } artifacts
            ? artifacts - postgres
            : TimeSpan.Zero;
    }

    private RepositoryStatus Of(RepositorySpec repository, RepositoryState? seen, RepositoryState? last)
    {
        var usable = seen?.Usable();
        return new RepositoryStatus
        {
            Repository = repository.Name,
            AsOf = seen?.Time,
            Error = last?.Error,
            RecoveryPoint = usable,
            AgeSeconds = usable is null ? null : Seconds(now - usable.Time),
            NewestPoint = seen?.RecoveryPoint is { Complete: false } newest ? newest : null,
            Snapshots = seen?.Components.Sum(c => c.Snapshots),
            Bytes = seen?.Bytes,
            ContentBytes = seen?.ContentBytes,
            Encrypted = seen?.Encrypted,
            EscrowedAt = seen?.EscrowedAt,
            KmsKeyId = spec.Encryption?.Kms?.KeyId,
            CertificateExpires = seen?.CertificateExpires,
            Damaged = seen?.Damaged,
            FreeBytes = seen?.FreeBytes,
            TotalBytes = seen?.TotalBytes,
            GrowthBytes = seen is null ? null : Growth(seen),
            Claim = repository.Volume?.ClaimName,
        };
    }

    private static long Growth(RepositoryState state) => state.Components.Sum(c => c.Growth);

    private static double Seconds(TimeSpan time) => Math.Round(time.TotalSeconds);

    /// <summary>A command that can be pasted, wherever the caller's own context leads.</summary>
    private string Ours(string verb) => $"kubectl mlopsbackup {verb}{(ns is null ? " --local" : $" -n {ns}")}";

    private string Kubectl(string verb) => $"kubectl -n {ns} {verb}";

    private void Error(StatusProblemKind kind, string subject, string message, string? fix) =>
        problems.Add(new StatusProblem(StatusSeverity.Error, kind, subject, message, fix));

    private void Warning(StatusProblemKind kind, string subject, string message, string? fix) =>
        problems.Add(new StatusProblem(StatusSeverity.Warning, kind, subject, message, fix));
}
