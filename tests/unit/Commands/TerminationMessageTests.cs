using System.Text;
using System.Text.Json;
using CsCheck;
using KubectlMlopsBackup.Commands;

namespace KubectlMlopsBackup.UnitTests.Commands;

public sealed class TerminationMessageTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("termination-");

    private string Log => Path.Combine(_folder.FullName, "log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_failure_is_one_line_of_json()
    {
        new TerminationMessage(Log).WriteFailure("no repository at /x", "run init", ExitCode.NoRepository);

        Assert.Equal("""{"error":"no repository at /x","fix":"run init","exitCode":10}""", File.ReadAllText(Log));
    }

    [Fact]
    public void The_first_result_stays()
    {
        var message = new TerminationMessage(Log);

        message.WriteFailure("first", null, ExitCode.Incomplete);
        message.WriteFailure("second", null, ExitCode.Failed);

        Assert.Equal("""{"error":"first","exitCode":3}""", File.ReadAllText(Log));
    }

    [Fact]
    public void A_log_that_cannot_be_written_does_not_fail_the_run()
    {
        var place = Path.Combine(_folder.FullName, "missing", "log");

        new TerminationMessage(place).WriteFailure("x", null, ExitCode.Failed);

        Assert.False(File.Exists(place));
    }

    [Fact]
    public void What_fits_is_whole()
    {
        using var result = JsonDocument.Parse("""{ "plan": "é", "components": [ {"files": 3} ] }""");

        Assert.Equal("""{"plan":"é","components":[{"files":3}]}""", Encoding.UTF8.GetString(TerminationMessage.Fit(result.RootElement)));
    }

    [Fact]
    public void What_is_too_long_keeps_its_figures_and_loses_the_ends_of_lists()
    {
        var problems = string.Join(",", Enumerable.Range(0, 500).Select(i => $"\"the file run-{i}/model.pkl could not be read\""));
        using var result = JsonDocument.Parse($$"""{"exitCode":3,"problems":[{{problems}}],"problemCount":500}""");

        using var read = JsonDocument.Parse(TerminationMessage.Fit(result.RootElement));

        var kept = read.RootElement;
        Assert.True(kept.GetProperty("truncated").GetBoolean());
        Assert.Equal((3, 500, 20), (kept.GetProperty("exitCode").GetInt32(), kept.GetProperty("problemCount").GetInt32(), kept.GetProperty("problems").GetArrayLength()));
    }

    [Fact]
    public void Every_result_fits_and_is_json() =>
        Gen.String[Gen.Char["a\"\\\u00e9\u2603\ud83d\ude00\n"], 0, 3000].List[0, 40].Sample(texts =>
        {
            using var bytes = new MemoryStream();
            using (var json = new Utf8JsonWriter(bytes))
            {
                json.WriteStartArray();
                foreach (var text in texts)
                {
                    json.WriteStringValue(text.Replace("\ud83d", "", StringComparison.Ordinal).Replace("\ude00", "\ud83d\ude00", StringComparison.Ordinal));
                }

                json.WriteEndArray();
            }

            using var result = JsonDocument.Parse(bytes.ToArray());
            var fitted = TerminationMessage.Fit(result.RootElement);

            Assert.InRange(fitted.Length, 1, TerminationMessage.Longest);
            using var read = JsonDocument.Parse(fitted);
        });
}
