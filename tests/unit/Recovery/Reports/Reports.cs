using KubectlMlopsBackup.Recovery.Checks;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.UnitTests.Recovery.Reports;

/// <summary>Reports to write.</summary>
internal static class Reports
{
    private static readonly DateTimeOffset Start = new(2026, 11, 24, 5, 0, 0, TimeSpan.Zero);

    /// <summary>Every step done, every check passed, every count equal.</summary>
    public static RecoveryReport Passed()
    {
        (string Name, double Seconds, string? Detail)[] steps =
        [
            ("create namespace dr-test", 0.4, "quota and network policy applied"),
            ("configuration", 2.1, "38 objects, 6 workloads held at 0 replicas"),
            ("PostgreSQL up", 21.8, "postgres-0 ready"),
            ("restore postgres", 24.6, "1,047,835 rows in 41 tables, counts equal"),
            ("restore artifacts", 13.2, "9,667 files, 302.5 MiB"),
            ("MLflow up", 18.4, "deployment/mlflow-server ready"),
            ("application", 9.7, "deployment/churn-api ready"),
            ("checks", 4.9, "7 checks"),
        ];
        var at = Start;
        var made = new List<ReportStep>();
        foreach (var (name, seconds, detail) in steps)
        {
            made.Add(new ReportStep { Name = name, Started = at, Seconds = seconds, Outcome = StepOutcome.Done, Detail = detail });
            at = at.AddSeconds(seconds);
        }

        return ReportJudge.Judge(new RecoveryReport
        {
            Kind = ReportKind.Drill,
            Verdict = ReportVerdict.Failed,
            Plan = "mlops-platform",
            Target = "namespace dr-test of context prod-eu",
            Started = Start,
            Finished = at,
            Point = new ReportedPoint
            {
                Id = new string('a', 60) + "d784",
                Repository = "offsite",
                Time = Start.AddHours(-3),
                Snapshots =
                [
                    new ReportedSnapshot("postgres", new string('b', 64), Start.AddHours(-3)),
                    new ReportedSnapshot("artifacts", new string('c', 64), Start.AddHours(-2)),
                ],
            },
            Rpo = new Measure(3 * 3600, 24 * 3600),
            Rto = new Measure((at - Start).TotalSeconds, 4 * 3600),
            Steps = made,
            Checks =
            [
                Check("pods", "pods", "all 6 pods of 5 workloads are ready", 0.1),
                Check("api health", "http", "GET http://churn-api:8000/health: 200, status is \"ok\"", 0.3, attempts: 3),
                Check("mlflow health", "http", "GET http://mlflow-server:5000/health: 200", 0.1),
                Check("experiments", "sql", "SELECT count(*) FROM experiments: 12, at least 1", 0.1),
                Check("rows", "rows", "1,047,835 rows in 41 tables, as in snapshot bbbbbbbb", 1.4),
                Check("artifacts", "artifacts", "200 of 9,667 files drawn: 200 equal by SHA-256", 0.9),
                Check("registry", "mlflow", "12 experiments; the latest version of 7 of 7 models, each with its MLmodel", 2.0),
            ],
            Counts =
            [
                new ReportCount("tables", 41, 41),
                new ReportCount("rows", 1_047_835, 1_047_835),
                new ReportCount("artifact files", 9_667, 9_667),
                new ReportCount("artifact bytes", 317_194_240, 317_194_240, Bytes: true),
            ],
            Versions = new ReportVersions("1.4.0", "15.18 (Debian 15.18-0+deb12u1)", "v1.36.2", "3.4.0, schema 1b4c9ae3f2d0"),
            Past =
            [
                new PastRun(new string('1', 64), Start.AddDays(-91), ReportVerdict.Passed, 104),
                new PastRun(new string('2', 64), Start.AddDays(-182), ReportVerdict.Failed, null),
                new PastRun(new string('3', 64), Start.AddDays(-274), ReportVerdict.Passed, 121),
                new PastRun(new string('4', 64), Start.AddDays(-365), ReportVerdict.Passed, 88),
            ],
        });
    }

    /// <summary>Nothing worked.</summary>
    public static RecoveryReport Failed() => ReportJudge.Judge(Passed() with
    {
        Rto = null,
        Steps =
        [
            new ReportStep { Name = "create namespace dr-test", Started = Start, Seconds = 0.4, Outcome = StepOutcome.Done },
            new ReportStep
            {
                Name = "restore postgres",
                Started = Start.AddSeconds(0.4),
                Seconds = 61,
                Outcome = StepOutcome.Failed,
                Detail = "PostgreSQL at postgres:5432 refuses the password of user mlflow",
            },
            new ReportStep { Name = "restore artifacts", Outcome = StepOutcome.NotRun },
            new ReportStep { Name = "MLflow up", Outcome = StepOutcome.NotRun },
        ],
        Checks =
        [
            Check("pods", "pods", "deployment/mlflow-server: 0 of 1 ready: ImagePullBackOff", 300, CheckOutcome.Failed, 60),
            Check("api health", "http", "GET http://churn-api:8000/health: Connection refused (churn-api:8000)", 300, CheckOutcome.Failed, 60),
            Check("rows", "rows", "the database has no table public.runs", 0.2, CheckOutcome.Failed),
        ],
        Counts = [new ReportCount("tables", 41, 0), new ReportCount("rows", 1_047_835, 0)],
        Finished = Start.AddSeconds(364),
        Error = "PostgreSQL at postgres:5432 refuses the password of user mlflow",
        Fix = "check where the password comes from (file, environment or Secret)",
        Warnings = ["Secret mlflow-secrets is managed by Helm release mlflow, whose next upgrade may change it back"],
        Past = [],
    });

    /// <summary>Forty steps, with long names, one incomplete and a warning or two.</summary>
    public static RecoveryReport Long()
    {
        var at = Start;
        var steps = new List<ReportStep>();
        for (var i = 1; i <= 40; i++)
        {
            var seconds = 3 + ((i * 37) % 90);
            steps.Add(new ReportStep
            {
                Name = i % 7 == 0
                    ? $"wait for deployment/a-team-with-a-long-name-model-server-number-{i}-in-the-canary-ring to have all its replicas ready"
                    : $"apply apps/v1 Deployment inference-gateway-{i}",
                Started = at,
                Seconds = seconds,
                Outcome = i == 23 ? StepOutcome.Incomplete : i == 31 ? StepOutcome.Skipped : StepOutcome.Done,
                Detail = i == 23 ? "3 of 9,667 files could not be written: No space left on device" : i % 5 == 0 ? "as the configuration snapshot has it" : null,
            });
            at = at.AddSeconds(seconds);
        }

        return ReportJudge.Judge(Passed() with
        {
            Kind = ReportKind.Recovery,
            Steps = steps,
            Finished = at,
            Rto = new Measure((at - Start).TotalSeconds, 900),
            Counts = [new ReportCount("artifact files", 9_667, 9_664)],
            Warnings = ["the node had 92% of its memory in use", "5 objects are managed by Argo CD"],
        });
    }

    public static CheckResult Check(
        string name, string kind, string evidence, double seconds, CheckOutcome outcome = CheckOutcome.Passed, int attempts = 1) =>
        new() { Name = name, Kind = kind, Evidence = evidence, Seconds = seconds, Outcome = outcome, Attempts = attempts };
}
