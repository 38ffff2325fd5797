using KubectlMlopsBackup.Seed;
using KubectlMlopsBackup.Seed.Commands;
using Npgsql;

try
{
    var configuration = new System.CommandLine.InvocationConfiguration { EnableDefaultExceptionHandler = false };
    return await SeedCommands.Root().Parse(args).InvokeAsync(configuration);
}
catch (Exception error) when (error is SeedError or NpgsqlException or IOException or UnauthorizedAccessException)
{
    await Console.Error.WriteLineAsync($"mlflow-seed: {error.Message}");
    return 1;
}
catch (OperationCanceledException)
{
    return 130;
}
