using System.Buffers;
using System.Text;
using System.Text.Json;
using KubectlMlopsBackup.Repository;
using Npgsql;

namespace KubectlMlopsBackup.Mlflow;

/// <summary>Rewrites every artifact URI of a database as a map says.</summary>
/// <remarks>
/// All of it is one statement that the server runs, since a restore in place hands its one transaction to <c>psql</c>,
/// and what columns there are is only known once the dump is in. What it needs and what it found go through
/// settings of the transaction: that works in a read-only one too.
/// </remarks>
internal sealed class ArtifactRewrite
{
    /// <summary>Holds the counts, as JSON, once <see cref="ArtifactRewriteSql.Statement"/> has run.</summary>
    public const string ResultSetting = "mlopsbackup.rewritten";

    private const string Marker = ArtifactMap.OptionName + ": ";

    private readonly ArtifactMap map;
    private readonly ArtifactMapCheck check;

    private ArtifactRewrite(ArtifactMap map, ArtifactMapCheck check)
    {
        this.map = map;
        this.check = check;
    }

    /// <summary>An OLD that fits nothing.</summary>
    public IReadOnlyList<string> Warnings => check.Warnings;

    /// <param name="map">Null where nothing is to be rewritten.</param>
    /// <param name="files">Of the snapshot that is restored.</param>
    /// <param name="listPath">Where its list of artifact URIs is.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <returns>Null without a map.</returns>
    /// <exception cref="UserError">No OLD fits any URI.</exception>
    public static async Task<ArtifactRewrite?> PrepareAsync(
        ArtifactMap? map, ISnapshotFiles files, string listPath, CancellationToken cancellationToken)
    {
        if (map is null)
        {
            return null;
        }

        await using var list = await files.OpenAsync(listPath, cancellationToken);
        return new ArtifactRewrite(
            map, await ArtifactMapCheck.RunAsync(map, ArtifactReferences.ReadAsync(list, cancellationToken), cancellationToken));
    }

    /// <summary>Settings that <see cref="ArtifactRewriteSql.Statement"/> reads, by name.</summary>
    /// <param name="write">False counts only.</param>
    /// <param name="except">Tables to be left as they are, as <c>schema.table</c>.</param>
    public IEnumerable<(string Name, string Value)> Settings(bool write, IEnumerable<string> except) =>
    [
        ("mlopsbackup.map", map.ToJson()),
        ("mlopsbackup.write", write ? "on" : "off"),
        ("mlopsbackup.untouched", Array(except)),
        ("mlopsbackup.expected", check.Expected > 0 ? "on" : "off"),
    ];

    /// <summary>In a transaction of its own.</summary>
    /// <param name="connection">To the database.</param>
    /// <param name="write">False counts only, in a read-only transaction.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="UserError">A value would not fit into its column. Nothing was changed.</exception>
    public async Task<IReadOnlyList<RewrittenColumn>> RunAsync(
        NpgsqlConnection connection, bool write, CancellationToken cancellationToken)
    {
        try
        {
            await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
            foreach (var (name, value) in write ? Settings(write, []) : Settings(write, []).Append(("transaction_read_only", "on")))
            {
                await using var set = new NpgsqlCommand("SELECT set_config($1, $2, true)", connection);
                set.Parameters.Add(new NpgsqlParameter<string> { TypedValue = name });
                set.Parameters.Add(new NpgsqlParameter<string> { TypedValue = value });
                await set.ExecuteNonQueryAsync(cancellationToken);
            }

            await using var rewrite = new NpgsqlCommand(ArtifactRewriteSql.Statement, connection);
            await rewrite.ExecuteNonQueryAsync(cancellationToken);
            await using var result = new NpgsqlCommand($"SELECT current_setting('{ResultSetting}')", connection);
            var counts = Read((string)(await result.ExecuteScalarAsync(cancellationToken))!);
            await transaction.CommitAsync(cancellationToken);
            return counts;
        }
        catch (PostgresException e) when (Refusal(e.MessageText) is { } refusal)
        {
            throw refusal;
        }
    }

    /// <param name="json">What is in <see cref="ResultSetting"/>.</param>
    public static IReadOnlyList<RewrittenColumn> Read(string json)
    {
        using var document = JsonDocument.Parse(json);
        return
        [
            .. document.RootElement.EnumerateArray().Select(c => new RewrittenColumn(
                c.GetProperty("s").GetString()!,
                c.GetProperty("t").GetString()!,
                c.GetProperty("c").GetString()!,
                c.GetProperty("hits").GetInt64(),
                c.GetProperty("total").GetInt64() - c.GetProperty("hits").GetInt64())),
        ];
    }

    private static string Array(IEnumerable<string> texts)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var text in texts)
            {
                json.WriteStringValue(text);
            }

            json.WriteEndArray();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <param name="said">By the server, or by <c>psql</c> in its name.</param>
    /// <returns>Null where it is not the rewriting that refused.</returns>
    public static UserError? Refusal(string said)
    {
        var at = said.IndexOf(Marker, StringComparison.Ordinal);
        return at < 0
            ? null
            : new UserError(said[at..], "choose a NEW that fits, or correct OLD; nothing was changed in the live database", ExitCode.Usage);
    }
}
