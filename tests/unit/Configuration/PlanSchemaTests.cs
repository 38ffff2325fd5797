using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text.Json;
using KubectlMlopsBackup.Configuration;

namespace KubectlMlopsBackup.UnitTests.Configuration;

public sealed class PlanSchemaTests
{
    private static readonly string Docs = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "..", "docs");

    private static readonly JsonElement Schema = JsonDocument.Parse(File.ReadAllText(Path.Combine(Docs, "plan.schema.json"))).RootElement;

    [Fact]
    public void The_schema_and_the_model_and_the_reader_have_the_same_fields()
    {
        var model = ModelFields(typeof(BackupPlan), "").Order(StringComparer.Ordinal).ToList();

        Assert.Contains("spec.repositories[].s3.credentials.profile: text", model);
        Assert.Equal(model, SchemaFields(Schema, "").Order(StringComparer.Ordinal));
        Assert.Equal(model, ShapeFields(PlanShape.Root, "").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_reference_describes_every_field()
    {
        var page = File.ReadAllText(Path.Combine(Docs, "plan.md"));

        var missing = SchemaFields(Schema, "").Select(f => f[..f.IndexOf(':', StringComparison.Ordinal)].Split('.')[^1].TrimEnd(']', '['))
            .Distinct().Where(name => name is not ("metadata" or "spec" or "name" or "namespace")
                && !page.Contains($"| `{name}` |", StringComparison.Ordinal)).ToList();

        Assert.Empty(missing);
    }

    [Fact]
    public void The_example_in_the_reference_is_a_valid_plan()
    {
        var page = File.ReadAllText(Path.Combine(Docs, "plan.md"));
        var start = page.IndexOf("```yaml\n", StringComparison.Ordinal) + 8;

        Assert.Equal(2, Plans.Load(page[start..page.IndexOf("```", start, StringComparison.Ordinal)]).Spec.Repositories.Count);
    }

    [Theory]
    [InlineData(Plans.Minimal)]
    [InlineData(Plans.Full)]
    [InlineData(Plans.Cluster)]
    public void Valid_plans_satisfy_the_schema(string yaml) => Assert.Empty(Violations(yaml));

    // Values that only code can judge; the schema lets them pass.
    private static readonly string[] BeyondTheSchema =
    [
        "Mars/Olympus", "rto: 0h", "command: [x], drill: true", "99999d", "exclude: [b, ../c]", "exclude: [\"**\"]", "name: local\n      path: /c",
        "name: x\n      path: /b", "artifacts: {path: /backups/data}", "artifacts: {path: /}", "keepDaily: 0", "keepWithin: 23h",
        "postgres://u", "command: [x]}, {name: a", "drill: {artifacts: {bucket: abc, prefix", "prefix: ../d", "{bucket: a..b}", "10.0.0.1", "{bucket: abc, kmsKeyId: k", "{days: 89}", "replication: {bucket: abc}", "replication: {bucket: abd}", "AKIA", "host: \"a b\"",
        "arn:aws:kms:eu-central-1:111122223333:alias/b\", region", "kms: {keyId: alias/b, region: eu-west-1}\n", "mountPath: /etc/x", "{name: a, rows: {}}, {name: a", "jsonValue: b", "credentials: {usernameFile: x}", "{name: a, artifacts: {}}", "template: x", "{name: a, kind: otlp, url: \"http://a\"}, {name: a", "headersFile: b, headersEnv: C", "{{ if }}", "{create: false}", "labels: {app.kubernetes.io", "annotations: {\"a b\"", "affinityLabels", "deployment/a, deployment/a",
    ];

    public static TheoryData<string> WrongPlans()
    {
        var wrong = PlanValidatorTests.Wrong.Select(r => Plans.Minimal.With(r.Data.Item1, r.Data.Item2))
            .Concat(PlanValidatorTests.WrongS3.Select(r => Plans.Minimal.With("path: /backups", $"s3: {r.Data.Item1}")));
        return [.. wrong.Where(yaml => !BeyondTheSchema.Any(b => yaml.Contains(b, StringComparison.Ordinal)))];
    }

    [Theory]
    [MemberData(nameof(WrongPlans))]
    public void Wrong_plans_violate_the_schema(string yaml) => Assert.NotEmpty(Violations(yaml));

    [Fact]
    public void Defaults_in_the_schema_are_those_of_the_code()
    {
        var spec = Schema.GetProperty("properties").GetProperty("spec").GetProperty("properties");
        string? Default(string section, string field) => spec.GetProperty(section).GetProperty("properties").GetProperty(field).GetProperty("default").ToString();

        Assert.Equal(PlanDefaults.TimeZone, spec.GetProperty("timeZone").GetProperty("default").GetString());
        Assert.Equal(PlanDefaults.Compression, spec.GetProperty("compression").GetProperty("default").GetString());
        Assert.Equal(PlanDefaults.PostgresHost, Default("postgres", "host"));
        Assert.Equal($"{PlanDefaults.PostgresPort}", Default("postgres", "port"));
        Assert.Equal(PlanDefaults.SslMode, Default("postgres", "sslMode"));
        var kubernetes = new KubernetesSpec();
        Assert.Equal(kubernetes.ImagePullPolicy, Default("kubernetes", "imagePullPolicy"));
        Assert.Equal(kubernetes.ScratchSize, Default("kubernetes", "scratchSize"));
        Assert.Equal(kubernetes.VerifySchedule, Default("kubernetes", "verifySchedule"));
        Assert.Equal($"{kubernetes.NetworkPolicy}", Default("kubernetes", "networkPolicy"));
        Assert.Equal(PlanDefaults.Rpo, Default("recovery", "rpo"));
        Assert.Equal(PlanDefaults.Rto, Default("recovery", "rto"));
    }

    private static List<string> Violations(string yaml) =>
        new JsonSchemaChecker(Schema).Check(JsonSerializer.SerializeToElement(YamlReading.ToJson(yaml)));

    private static IEnumerable<string> SchemaFields(JsonElement schema, string path)
    {
        // Names of the user's own: no fields.
        if (!schema.TryGetProperty("properties", out var properties))
        {
            yield break;
        }

        foreach (var property in properties.EnumerateObject())
        {
            var value = property.Value.TryGetProperty("$ref", out var reference)
                ? Schema.GetProperty("$defs").GetProperty(reference.GetString()!["#/$defs/".Length..])
                : property.Value;
            var type = value.TryGetProperty("type", out var named) ? named.GetString()! : "string";
            var at = path + property.Name;
            var children = type switch
            {
                "object" => SchemaFields(value, at + "."),
                "array" when value.GetProperty("items").GetProperty("type").GetString() == "object" => SchemaFields(value.GetProperty("items"), at + "[]."),
                _ => [],
            };
            var kind = type switch { "string" => "text", "integer" => "number", "boolean" => "flag", "array" => "list", _ => value.TryGetProperty("properties", out _) ? "map" : "texts" };
            foreach (var field in children.Prepend($"{at}: {kind}"))
            {
                yield return field;
            }
        }
    }

    private static IEnumerable<string> ShapeFields(PlanField parent, string path) => parent.Fields.SelectMany(field =>
    {
        var kind = field.Kind switch
        {
            PlanFieldKind.Text => "text",
            PlanFieldKind.Number => "number",
            PlanFieldKind.Flag => "flag",
            PlanFieldKind.Map => "map",
            PlanFieldKind.TextMap => "texts",
            _ => "list",
        };
        return ShapeFields(field, path + field.Name + (field.Kind == PlanFieldKind.MapList ? "[]." : ".")).Prepend($"{path}{field.Name}: {kind}");
    });

    private static IEnumerable<string> ModelFields(Type type, string path) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).SelectMany(property =>
        {
            var name = path + JsonNamingPolicy.CamelCase.ConvertName(property.Name);
            var value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            return value == typeof(string) ? [$"{name}: text"]
                : value == typeof(int) ? [$"{name}: number"]
                : value == typeof(bool) ? [$"{name}: flag"]
                : value == typeof(List<string>) ? [$"{name}: list"]
                : value == typeof(Dictionary<string, string>) ? [$"{name}: texts"]
                : value.IsGenericType ? ModelFields(value.GetGenericArguments()[0], name + "[].").Prepend($"{name}: list")
                : ModelFields(value, name + ".").Prepend($"{name}: map");
        });

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
