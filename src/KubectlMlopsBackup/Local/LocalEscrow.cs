using System.Globalization;
using System.Text.Json;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Escrow;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Crypto;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Local;

/// <summary>A passphrase of its own to be kept on paper, which opens the repositories when all else is gone.</summary>
internal sealed class LocalEscrow(LocalPlan plan, string? only)
{
    /// <summary>Lets a new recovery passphrase open the repositories.</summary>
    /// <param name="keep">Puts the sheet where it is to be kept. Only when that is done the repositories are changed: a key that nobody has would stay for ever.</param>
    /// <returns>The sheet that was kept.</returns>
    /// <exception cref="UserError">A repository cannot be opened, or is not encrypted.</exception>
    public async Task<RecoverySheet> CreateAsync(Func<RecoverySheet, Task> keep, CancellationToken cancellationToken)
    {
        var now = plan.Clock.GetUtcNow();
        var passphrase = RecoveryPassphrase.Create();
        var open = new List<(RepositorySpec Spec, BackupRepository Repository, byte[] Key)>();
        try
        {
            foreach (var spec in plan.Chosen(only))
            {
                var repository = await plan.OpenAsync(spec, cancellationToken);
                open.Add((spec, repository, []));
                if (!repository.Secrets.Encrypted)
                {
                    throw new UserError(
                        $"repository {spec.Name} is not encrypted: whoever can read it needs no passphrase", "choose others with --repository", ExitCode.Usage);
                }

                var label = string.Create(CultureInfo.InvariantCulture, $"escrow {now:yyyy-MM-dd}");
                open[^1] = (spec, repository, (await new PassphraseKey(passphrase).WrapAsync(repository.Secrets, repository.Config.Id, label, now, cancellationToken)).Encode());
            }

            var sheet = new RecoverySheet(plan.Name, now, passphrase, [.. open.Select(o => Entry(o.Spec, o.Repository, o.Key))]);
            await keep(sheet);
            foreach (var (_, repository, key) in open)
            {
                await repository.Store.PutAsync(ObjectName.Of(KeyFile.Prefix, key), key, cancellationToken);
            }

            return sheet;
        }
        finally
        {
            foreach (var (_, repository, _) in open)
            {
                repository.Dispose();
            }
        }
    }

    /// <summary>Proves that a passphrase which is kept elsewhere opens every repository, and records that.</summary>
    /// <param name="typed">As a person typed it.</param>
    /// <returns>Names of the repositories with the ids of the keys.</returns>
    /// <exception cref="UserError">It does not open one of them: what it opens is recorded all the same.</exception>
    public async Task<IReadOnlyList<(string Repository, string KeyId)>> ConfirmAsync(string typed, CancellationToken cancellationToken)
    {
        var confirmed = new List<(string Repository, string KeyId)>();
        UserError? failure = null;
        foreach (var spec in plan.Chosen(only))
        {
            using var repository = await plan.OpenAsync(spec, cancellationToken);
            if (!repository.Secrets.Encrypted)
            {
                continue;
            }

            try
            {
                var key = await FindAsync(repository, typed, cancellationToken);
                await new EscrowProof(plan.Clock.GetUtcNow(), key).RecordAsync(repository, cancellationToken);
                confirmed.Add((spec.Name, key));
            }
            catch (UserError e) when (e.Code == ExitCode.WrongKey)
            {
                failure = new UserError(
                    $"{spec.Name}: {e.Message}", "look for typing mistakes; else the sheet is of another plan, or its key was removed: make a new one with key escrow --to FILE",
                    ExitCode.WrongKey);
            }
        }

        return failure is not null ? throw failure : confirmed;
    }

    private static async Task<string> FindAsync(BackupRepository repository, string typed, CancellationToken cancellationToken)
    {
        try
        {
            return await RepositoryKeys.FindIdAsync(repository.Store, repository.Config.Id, new PassphraseKey(RecoveryPassphrase.Normalize(typed)), cancellationToken);
        }
        catch (UserError e) when (e.Code == ExitCode.WrongKey)
        {
            // One that somebody else thought of.
            return await RepositoryKeys.FindIdAsync(repository.Store, repository.Config.Id, new PassphraseKey(typed.Trim()), cancellationToken);
        }
    }

    private static RecoverySheetRepository Entry(RepositorySpec spec, BackupRepository repository, byte[] key)
    {
        var id = ObjectName.Of(KeyFile.Prefix, key)[KeyFile.Prefix.Length..];
        if (spec.S3 is not { } s3)
        {
            var address = spec.Volume is { } volume ? $"volume claim {volume.ClaimName}" : repository.Location;
            return new RecoverySheetRepository(spec.Name, address, repository.Config.Id, id, $"path: {Quoted(spec.Path ?? "./repository")}");
        }

        var more = new[] { ("prefix", s3.Prefix), ("region", s3.Region), ("endpoint", s3.Endpoint) }.Where(f => !string.IsNullOrEmpty(f.Item2)).ToList();
        return new RecoverySheetRepository(
            spec.Name,
            repository.Location + string.Concat(more.Where(f => f.Item1 != "prefix").Select(f => $", {f.Item1} {f.Item2}")),
            repository.Config.Id,
            id,
            $"s3: {{bucket: {Quoted(s3.Bucket)}{string.Concat(more.Select(f => $", {f.Item1}: {Quoted(f.Item2!)}"))}}}");
    }

    /// <summary>JSON's quotes are YAML's.</summary>
    private static string Quoted(string text) => $"\"{JsonEncodedText.Encode(text)}\"";
}
