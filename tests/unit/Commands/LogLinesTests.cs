using KubectlMlopsBackup.Commands;

namespace KubectlMlopsBackup.UnitTests.Commands;

public sealed class LogLinesTests
{
    [Fact]
    public void Progress_is_a_line_a_phase_and_the_result_is_one_line()
    {
        string[] log =
        [
            Progress("reading postgres", 1, 100),
            Progress("reading postgres", 2, 200),
            Progress("reading artifacts", 3, 300),
            """{"type":"note","time":"2026-11-24T02:00:04Z","message":"warning: a file changed"}""",
            Progress("reading artifacts", 5, 500),
            """{"type":"end","time":"2026-11-24T02:00:06Z","phase":"reading artifacts","filesDone":2,"bytesDone":600,"bytesPerSecond":100,"elapsedSeconds":6}""",
            """{"type":"result","time":"2026-11-24T02:00:07Z","result":{"components":[{"component":"artifacts","verdict":"complete","stats":{"bytes":2048,"bytesStored":1024,"seconds":6}}],"mirrors":[],"exitCode":0}}""",
        ];

        Assert.Equal(
            """
            02:00:02Z  reading postgres: 200 B, 0 files, 100 B/s
            02:00:03Z  reading artifacts: 300 B, 0 files, 100 B/s
            02:00:04Z  warning: a file changed
            02:00:06Z  reading artifacts: ended after 6.0s, 600 B, 2 files, 100 B/s
            02:00:07Z  result: artifacts complete, 2.0 KiB (1.0 KiB stored) in 6.0s

            """.ReplaceLineEndings("\n"),
            Text(null, log));
    }

    [Fact]
    public void While_it_is_followed_a_long_phase_says_something_now_and_then()
    {
        var text = Text(TimeSpan.FromSeconds(10), [.. Enumerable.Range(0, 31).Select(i => Progress("reading", i, i))]);

        Assert.Equal(["02:00:10Z", "02:00:20Z", "02:00:30Z"], text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l[..9]));
    }

    [Fact]
    public void An_error_comes_with_its_fix()
    {
        Assert.Equal(
            "02:00:00Z  error: no repository\n02:00:00Z    fix: make it\n",
            Text(null, """{"type":"error","time":"2026-11-24T02:00:00Z","message":"no repository","fix":"make it","exitCode":10}"""));
    }

    [Fact]
    public void What_is_no_line_of_the_agent_is_shown_as_it_is()
    {
        Assert.Equal("           Unhandled exception. \uFFFD[2J\n", Text(null, "Unhandled exception. \u001b[2J"));
    }

    [Theory]
    [InlineData("""[{"repository":"local","good":true},{"repository":"offsite","good":false,"hurtSnapshots":[],"damages":[]}]""", "result: local good, offsite DAMAGED: offsite: 0 snapshot(s) hurt")]
    [InlineData("""[{"id":"a"},{"id":"b"}]""", "result: 2 item(s): -o json has them")]
    [InlineData("""{"components":[{"component":"postgres","verdict":"failed","error":"no route"}]}""", "result: postgres failed: no route")]
    [InlineData("7", "result: -o json has it")]
    public void A_result_is_one_line_whatever_it_is_of(string json, string line)
    {
        using var document = System.Text.Json.JsonDocument.Parse(json);

        Assert.Equal(line, LogLines.Result(document.RootElement));
    }

    private static string Progress(string phase, int second, long bytes) =>
        $$"""{"type":"progress","time":"2026-11-24T02:00:{{second:00}}Z","phase":"{{phase}}","bytesDone":{{bytes}},"bytesPerSecond":100}""";

    private static string Text(TimeSpan? pace, params IEnumerable<string> log)
    {
        using var output = new StringWriter();
        var lines = new LogLines(output, TimeProvider.System, pace);
        foreach (var line in log)
        {
            lines.Add(line);
        }

        lines.Flush();
        return output.ToString();
    }
}
