using System.Text;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace KubectlMlopsBackup.Configuration;

/// <summary>Turns a YAML file into a complete and valid <see cref="BackupPlan"/>.</summary>
internal static class PlanLoader
{
    /// <summary>Bytes. A plan with a comment on every field has some 6 KiB.</summary>
    public const int LargestPlan = 1024 * 1024;

    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <exception cref="UserError">The file cannot be read, or is not a valid plan (<see cref="ExitCode.Usage"/>).</exception>
    public static async Task<BackupPlan> LoadAsync(string path, CancellationToken cancellationToken) =>
        Parse(await ReadTextAsync(path, cancellationToken).ConfigureAwait(false), path, Path.GetDirectoryName(Path.GetFullPath(path))!);

    /// <summary>The plan as it was written, not yet checked.</summary>
    /// <exception cref="UserError">The file cannot be read (<see cref="ExitCode.Usage"/>).</exception>
    public static async Task<string> ReadTextAsync(string path, CancellationToken cancellationToken)
    {
        var bytes = await ReadAsync(path, cancellationToken).ConfigureAwait(false);
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new UserError($"plan {path} is not UTF-8 text", "save it as UTF-8", ExitCode.Usage, e);
        }
    }

    /// <param name="name">For messages.</param>
    /// <param name="baseDirectory">An absolute folder: relative paths in the plan start there.</param>
    /// <exception cref="UserError">It is not a valid plan; every error is in the message.</exception>
    public static BackupPlan Parse(string text, string name, string baseDirectory)
    {
        if (text.Length > LargestPlan)
        {
            throw TooLarge(name);
        }

        text = text.TrimStart('\uFEFF');
        var problems = new PlanProblems(name);
        if (PlanReader.Read(text, problems))
        {
            var plan = Deserialize(text, problems);
            if (plan is not null)
            {
                PlanDefaults.Apply(plan, baseDirectory);
                PlanValidator.Validate(plan, problems);
                problems.ThrowIfAny();
                return plan;
            }
        }

        problems.ThrowIfAny();
        throw new InvalidOperationException("a plan that is not well-formed has no problem to show");
    }

    private static BackupPlan? Deserialize(string text, PlanProblems problems)
    {
        var deserializer = new StaticDeserializerBuilder(new PlanYamlContext())
            .WithNamingConvention(CamelCaseNamingConvention.Instance)
            .WithDuplicateKeyChecking()
            .IgnoreUnmatchedProperties()
            .Build();
        try
        {
            return deserializer.Deserialize<BackupPlan>(text) ?? new BackupPlan();
        }
        catch (YamlException e)
        {
            problems.Add("", (int)e.Start.Line, $"cannot be read: {e.Message}");
            return null;
        }
    }

    private static async Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 4096, useAsync: true);
            using var content = new MemoryStream();
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await file.ReadAsync(buffer, cancellationToken).ConfigureAwait(false)) > 0)
            {
                content.Write(buffer, 0, count);
                if (content.Length > LargestPlan)
                {
                    throw TooLarge(path);
                }
            }

            return content.ToArray();
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new UserError($"plan {path} does not exist", "write one with \"kubectl mlopsbackup init --local\", or name another with --plan", ExitCode.Usage, e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"plan {path} cannot be read: {e.Message}", null, ExitCode.Usage, e);
        }
    }

    private static UserError TooLarge(string name) =>
        new($"plan {name} is larger than 1 MiB", "name the plan's YAML file, not something else", ExitCode.Usage);
}
