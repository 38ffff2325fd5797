using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Seed.Commands;
using Npgsql;

try
{
    var configuration = new System.CommandLine.InvocationConfiguration { EnableDefaultExceptionHandler = false };
    return await SeedCommands.Root().Parse(args).InvokeAsync(configuration);
}
catch (Exception thrown) when (Cause(thrown) is SeedError or NpgsqlException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"mlflow-seed: {Cause(thrown).Message}");
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}

// Parallel loops wrap what their bodies throw.
static Exception Cause(Exception error) => error is AggregateException { InnerException: { } inner } ? inner : error;
