using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Reports;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Recovery.Reports;

/// <summary>The reports in the plan's repositories, from within this process.</summary>
internal sealed class ReportArchive : IDisposable
{
    public const string Latest = "latest";

    private const string Json = "application/json";
    private const int ShortestId = 4;
    private const int MostPast = 20;

    private readonly List<(string Name, BackupRepository Repository, ReportCatalog Catalog)> open = [];

    private ReportArchive()
    {
    }

    /// <summary>Repositories that could not be opened, and why.</summary>
    public List<(RepositorySpec Spec, Exception Error)> Failed { get; } = [];

    /// <summary>Objects that could not be read, and in which repository.</summary>
    public IReadOnlyList<(string Repository, RepositoryDamagedException Error)> Damaged => [.. open.SelectMany(o => o.Catalog.Damaged.Select(d => (o.Name, d)))];

    /// <param name="only">The name of one repository, or null for all.</param>
    /// <exception cref="UserError">None could be opened.</exception>
    public static async Task<ReportArchive> OpenAsync(LocalPlan plan, string? only, CancellationToken cancellationToken)
    {
        var archive = new ReportArchive();
        foreach (var spec in plan.Chosen(only))
        {
            try
            {
                var repository = await plan.OpenAsync(spec, cancellationToken);
                archive.open.Add((spec.Name, repository, new ReportCatalog([], [])));
                archive.open[^1] = (spec.Name, repository, await ReportCatalog.LoadAsync(repository, cancellationToken));
            }
            catch (Exception e) when (e is UserError or IOException)
            {
                archive.Failed.Add((spec, e));
            }
        }

        return archive.open.Count > 0 ? archive : throw archive.Failed[0].Error;
    }

    /// <summary>Each once, oldest first.</summary>
    public IReadOnlyList<ListedReport> List() =>
        [.. open
            .SelectMany(o => o.Catalog.Reports.Select(r => (o.Name, Report: r)))
            .GroupBy(r => r.Report.Id, StringComparer.Ordinal)
            .Select(g => ListedReport.Of(g.First().Report, [.. g.Select(r => r.Name)]))
            .OrderBy(r => r.Time).ThenBy(r => r.Id, StringComparer.Ordinal)];

    /// <param name="id">Its first digits, or <c>latest</c>.</param>
    /// <exception cref="UserError">None or several fit, or it was written by a newer version.</exception>
    /// <exception cref="RepositoryDamagedException">It is no report.</exception>
    public async Task<(string Id, RecoveryReport Report)> FindAsync(string id, CancellationToken cancellationToken)
    {
        if (id != Latest && id.Length < ShortestId)
        {
            throw new UserError($"ID {id} is too short", $"give at least {ShortestId} digits, or latest; report list shows the ids", ExitCode.Usage);
        }

        var all = List();
        var fitting = id == Latest ? all.TakeLast(1).ToList() : [.. all.Where(r => r.Id.StartsWith(id, StringComparison.OrdinalIgnoreCase))];
        if (fitting.Count != 1)
        {
            throw new UserError(
                fitting.Count > 1 ? $"{fitting.Count} reports begin with {id}" : id == Latest ? "there is no report yet" : $"there is no report {id}",
                fitting.Count > 1 ? "give more digits" : "report list shows what there is",
                ExitCode.Usage);
        }

        var (_, repository, catalog) = open.First(o => o.Name == fitting[0].Repositories[0]);
        var entry = catalog.Reports.First(r => r.Id == fitting[0].Id);
        try
        {
            return (entry.Id, Unpack(await ReportCatalog.ReadAsync(repository, entry, cancellationToken), entry.Key));
        }
        catch (ObjectNotFoundException e)
        {
            throw new UserError($"report {entry.Id[..8]} was deleted a moment ago", "report list shows what there is", inner: e);
        }
    }

    /// <summary>Compares a report with earlier ones and writes it into every repository that takes it.</summary>
    /// <exception cref="UserError">None has taken it.</exception>
    public async Task<SavedReport> SaveAsync(RecoveryReport report, CancellationToken cancellationToken)
    {
        report = report with { Past = Past(report) };
        var packed = Pack(report);
        var id = "";
        var saved = new List<string>();
        var failures = Failed.Select(f => (f.Spec.Name, f.Error)).ToList();
        foreach (var (name, repository, _) in open)
        {
            try
            {
                id = await ReportCatalog.WriteAsync(repository, packed, cancellationToken);
                saved.Add(name);
            }
            catch (Exception e) when (e is UserError or IOException)
            {
                failures.Add((name, e));
            }
        }

        return saved.Count > 0
            ? new SavedReport(id, report, saved, [.. failures.Select(f => $"{f.Name}: {f.Error.Message}")])
            : throw failures[0].Error;
    }

    public void Dispose()
    {
        foreach (var (_, repository, _) in open)
        {
            repository.Dispose();
        }
    }

    internal static StoredReport Pack(RecoveryReport report) => new(
        new ReportHead
        {
            Time = report.Started,
            Plan = report.Plan,
            Report = Word(report.Kind),
            Verdict = Word(report.Verdict),
            Seconds = report.Rto?.Seconds,
            RecoveryPoint = report.Point?.Id,
            Snapshots = [.. report.Point?.Snapshots.Select(s => s.Id) ?? []],
            Type = Json,
        },
        report.ToJson());

    /// <exception cref="RepositoryDamagedException">It is no report.</exception>
    internal static RecoveryReport Unpack(StoredReport stored, string key)
    {
        if (stored.Head.Type != Json)
        {
            throw new RepositoryDamagedException(key, $"is a report of another kind ({PlainType(stored.Head.Type)})");
        }

        try
        {
            return RecoveryReport.FromJson(stored.Body.Span);
        }
        catch (InvalidDataException e)
        {
            throw new RepositoryDamagedException(key, e.Message, e);
        }
    }

    private static string PlainType(string type) => Output.PlainText.Cut(Output.PlainText.Clean(type), 60);

    /// <summary>From their heads alone.</summary>
    private IReadOnlyList<PastRun> Past(RecoveryReport report) =>
        [.. List()
            .Where(r => r.Plan == report.Plan && r.Kind == Word(report.Kind) && r.Time < report.Started)
            .OrderByDescending(r => r.Time)
            .Take(MostPast)
            .Select(r => new PastRun(r.Id, r.Time, Verdict(r.Verdict), r.Seconds))];

    private static string Word(ReportKind kind) => kind.ToString().ToLowerInvariant();

    private static string Word(ReportVerdict verdict) => verdict.ToString().ToLowerInvariant();

    private static ReportVerdict Verdict(string word) =>
        Enum.TryParse<ReportVerdict>(word, ignoreCase: true, out var verdict) && Enum.IsDefined(verdict) ? verdict : ReportVerdict.Failed;
}
