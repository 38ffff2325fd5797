using System.Globalization;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Sources.Postgres;
using Npgsql;

namespace KubectlMlopsBackup.Recovery.Checks;

/// <summary>A query of the plan's database that may read and nothing else.</summary>
internal static class SqlCheck
{
    private const int LongestShown = 120;

    public static async Task<CheckFinding> RunAsync(PostgresSettings settings, SqlCheckSpec spec, CancellationToken cancellationToken)
    {
        string? value;
        try
        {
            await using var connection = await PostgresConnections.OpenAsync(settings, settings.Database, cancellationToken);
            // The user's own way of naming tables.
            await connection.RunAsync("RESET search_path; RESET row_security; SET default_transaction_read_only = on", cancellationToken);
            await using var command = new NpgsqlCommand(spec.Query, connection);
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken) || reader.FieldCount == 0)
            {
                return CheckFinding.NotYet($"{Shown(spec.Query)}: no row");
            }

            value = reader.IsDBNull(0) ? null : Convert.ToString(reader.GetValue(0), CultureInfo.InvariantCulture);
        }
        catch (NpgsqlException e) when (e is not PostgresException)
        {
            throw PostgresErrors.Explain(e, settings);
        }
        catch (PostgresException e)
        {
            // Which table is not there, or who may not read it: also while it is still being restored.
            return CheckFinding.NotYet($"{Shown(spec.Query)}: {e.MessageText}");
        }

        var said = $"{Shown(spec.Query)}: {(value is null ? "NULL" : PlainText.Cut(value, LongestShown))}";
        return spec.Value is { } wanted
            ? value == wanted ? CheckFinding.Passed($"{said}, as wanted") : CheckFinding.NotYet($"{said}; wants {wanted}")
            : decimal.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= spec.Minimum
                ? CheckFinding.Passed($"{said}, at least {spec.Minimum}")
                : CheckFinding.NotYet($"{said}; wants at least {spec.Minimum}");
    }

    private static string Shown(string query) => PlainText.Cut(PlainText.Clean(query.ReplaceLineEndings(" ").Trim()), LongestShown);
}
