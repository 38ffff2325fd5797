using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Kms;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>Whether a repository opens with the plan's passphrase or key, can be read, and takes and gives up an object: each right is really tried.</summary>
/// <param name="index">In <c>spec.repositories</c>.</param>
/// <param name="inCluster">In a pod: who reads a fix is elsewhere.</param>
internal sealed class RepositoryCheck(LocalPlan plan, int index, bool inCluster) : Check
{
    /// <summary>Sheets get lost, and people leave.</summary>
    private static readonly TimeSpan EscrowPatience = TimeSpan.FromDays(365);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    /// <summary>A look is no backup: who asks what is wrong does not wait for minutes.</summary>
    public static readonly S3RetryOptions Retry = new() { Tries = 4, TriesBeforeFirstAnswer = 2, Total = TimeSpan.FromSeconds(10), Connect = TimeSpan.FromSeconds(5) };

    private RepositorySpec Spec => plan.Spec.Repositories[index];

    private string Field => $"spec.repositories[{index}]";

    public override string Id => $"repository/{Spec.Name}";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(Patience);
        try
        {
            if (Spec.S3 is not null && !await TryStoreAsync(found, plan.StoreSettings(Spec) with { Retry = Retry }, time.Token))
            {
                return;
            }

            using var store = plan.Store(Spec);
            await OpenAsync(found, store, time.Token);
            if (Spec.S3 is null && found.All.All(f => f.Fault is null || f.Fault == Faults.RepositoryMissing.Id || f.Fault == Faults.RepositoryKey.Id
                || f.Fault == Faults.KmsKey.Id || f.Fault == Faults.KeyNotEscrowed.Id))
            {
                await TryAsync(found, store, time.Token);
            }
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            found.Problem(
                Faults.StoreUnreachable, $"{Spec.Name}: no answer within {Humanize.Duration(Patience)}",
                Spec.S3 is null ? "see whether the volume hangs: it may be a network file system whose server is away"
                    : $"check {Field}.s3.endpoint and region, the DNS, and whether a firewall or NetworkPolicy is in between");
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            // The store itself cannot be made: a credential is missing.
            Tell(found, Faults.RepositoryUnreadable, e);
        }
    }

    /// <returns>Whether there is more to see.</returns>
    private async Task<bool> TryStoreAsync(Findings found, S3StoreSettings settings, CancellationToken cancellationToken)
    {
        try
        {
            using var connection = new S3Connection(settings, plan.Clock);
            var trial = await new StoreTrial(connection).RunAsync(cancellationToken);
            TellTrial(found, settings, trial);
            return trial.Lacking.All(r => r == "s3:PutObject");
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            Tell(found, Faults.RepositoryUnreadable, e);
            return false;
        }
    }

    private void TellTrial(Findings found, S3StoreSettings settings, StoreTrialResult trial)
    {
        if (trial.Lacking.Count > 0)
        {
            found.Problem(
                Faults.StoreRefuses, $"{Spec.Name}: access denied in {settings}: {string.Join(", ", trial.Lacking)}",
                $"allow {string.Join(", ", trial.Lacking)} to this identity; kubectl mlopsbackup s3 policy backup prints the whole policy. Where it is allowed, look for a Deny: in the bucket's policy, or the organisation's"
                + (trial.Lacking.Count > 1 ? "; where nothing at all is allowed, see the secret key too: some stores (Ceph with STS) say no more of a wrong one" : "")
                + (settings.Encryption == S3ServerSideEncryption.Kms ? "; the KMS key's policy counts too" : ""));
        }

        if (trial.IsOther)
        {
            Untrue(found, settings.ToString());
        }

        if (trial.IsUnlisted)
        {
            Unlisted(found, settings.ToString());
        }

        if (trial.Lacking.Count > 0 || trial.IsOther)
        {
            return;
        }

        if (!trial.MayDelete)
        {
            found.Warning(
                Faults.StoreRefuses, $"{Spec.Name}: access denied in {settings}: s3:DeleteObject",
                "leave it so, where prune runs with another account; else allow s3:DeleteObject to this identity: kubectl mlopsbackup s3 policy prune prints the whole policy");
        }

        if (trial.Upload is { MayAbort: false } upload)
        {
            found.Warning(
                Faults.StoreRefuses,
                $"{Spec.Name}: access denied in {settings}: {UploadTrial.Right}: parts of an upload that fails stay, are paid for, and no list of objects shows them"
                + (upload.Left is { } left ? $"; so does the one that was tried, which has no parts ({left})" : ""),
                $"allow {UploadTrial.Right} to this identity: kubectl mlopsbackup s3 policy backup prints the whole policy. What is left goes by the rule of the bucket's lifecycle for unfinished uploads, "
                + "which kubectl mlopsbackup s3 setup makes, or by aws s3api abort-multipart-upload with an account that may");
        }

        var done = trial.MayDelete ? trial.Kept ? ", listed, kept by Object Lock" : ", listed, deleted" : ", listed";
        var mode = settings.ChecksumMode == S3ChecksumMode.WhenSupported ? "whenSupported" : "whenRequired";
        found.Ok($"{settings} at {settings.Endpoint?.GetLeftPart(UriPartial.Authority) ?? "AWS"}: an object was written, read{done}{(trial.Upload?.MayAbort == true ? "; an upload in parts was begun and given up" : "")}");
        found.Ok($"{settings}, checksums: {mode}: {trial.Checksums}");
    }

    private void Untrue(Findings found, string location) => found.Problem(
        Faults.RepositoryUnreadable, $"{Spec.Name}: {location} gives back something else than what was written to {StoreTrial.Key}",
        "do not trust this store: find out what stands between here and it (a cache, a proxy), and mirror elsewhere");

    private void Unlisted(Findings found, string location) => found.Warning(
        Faults.RepositoryUnreadable, $"{Spec.Name}: {location} does not list what was just written: backups beside each other would not see each other",
        "use a store that lists at once what was written (as AWS S3, Ceph and MinIO do)");

    private async Task OpenAsync(Findings found, IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            // It is the store's owner here: disposing of the repository would close it.
            var key = plan.Key(isLook: true);
            var repository = await BackupRepository.OpenAsync(store, key, plan.Clock, cancellationToken);
            var catalog = await SnapshotCatalog.LoadAsync(repository, cancellationToken);
            if (catalog.Damaged.Count > 0)
            {
                found.Problem(
                    Faults.RepositoryDamaged, $"{Spec.Name}: {catalog.Damaged.Count} object(s) of snapshots or their proofs cannot be read, such as {catalog.Damaged[0].Message}",
                    "see what is hurt: kubectl mlopsbackup verify data; another repository may have it whole: kubectl mlopsbackup mirror");
            }

            if (repository.Config.Encrypted)
            {
                await EscrowAsync(found, repository, cancellationToken);
            }

            found.OkUnlessFault($"{store.Location} opens{(repository.Config.Encrypted ? $" with {key!.Name}" : "")}: {catalog.Snapshots.Count} snapshots");
        }
        catch (UserError e) when (KmsException.IsCauseOf(e))
        {
            found.Problem(Faults.KmsKey, $"{Spec.Name}: {e.Message}", e.Fix!);
        }
        catch (UserError e) when (e.Code == ExitCode.WrongKey)
        {
            found.Problem(Faults.RepositoryKey, $"{Spec.Name}: {e.Message}", e.Fix ?? "give the passphrase that the repository was made with");
        }
        catch (UserError e) when (e.Code == ExitCode.NoRepository && e.InnerException is ObjectNotFoundException)
        {
            found.Problem(
                Faults.RepositoryMissing, $"{Spec.Name}: {e.Message}", "make it: kubectl mlopsbackup init --repositories; where there was one, see whether the right volume or prefix is meant");
        }
        catch (Exception e) when (e is RepositoryDamagedException)
        {
            found.Problem(Faults.RepositoryDamaged, $"{Spec.Name}: {e.Message}", "see what is hurt: kubectl mlopsbackup verify data; another repository may have it whole: kubectl mlopsbackup mirror");
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            Tell(found, Faults.RepositoryUnreadable, e);
        }
    }

    /// <summary>A passphrase that is only in the cluster is lost with it, and every backup with it.</summary>
    private async Task EscrowAsync(Findings found, BackupRepository repository, CancellationToken cancellationToken)
    {
        var proof = await EscrowProof.NewestAsync(repository, cancellationToken);
        if (proof is null && plan.Spec.Encryption?.Kms is not null)
        {
            // Its key is in no cluster: nothing is lost with one. A sheet helps against the loss of the key or the account.
            return;
        }

        if (inCluster && Spec.S3 is null)
        {
            // A volume is lost with its cluster, whoever keeps what opens it; a sheet is made for what is not.
            if (!plan.Spec.Repositories.Exists(r => r.S3 is not null))
            {
                found.Warning(
                    Faults.KeyNotEscrowed, $"{Spec.Name}: it lies in the cluster, and so does the only passphrase that is known to open it",
                    "keep a copy of the passphrase elsewhere; and a repository in S3 (spec.repositories), which outlives the cluster and can have a recovery sheet: key escrow --direct");
            }

            return;
        }

        var direct = inCluster ? " --direct" : "";

        if (proof is null)
        {
            found.Warning(
                Faults.KeyNotEscrowed, $"{Spec.Name}: nobody has shown that a passphrase of it is kept outside of the cluster: if the cluster is lost, so are the backups",
                $"make a sheet to keep elsewhere: kubectl mlopsbackup key escrow --to sheet.html{direct}; or show that you keep one: key escrow --confirm{direct}");
        }
        else if (plan.Clock.GetUtcNow() - proof.Time > EscrowPatience)
        {
            found.Warning(
                Faults.KeyNotEscrowed, $"{Spec.Name}: it was shown {Humanize.Age(plan.Clock.GetUtcNow() - proof.Time)} ago that a passphrase of it is kept elsewhere, and not since",
                $"see that the sheet is where it should be, and type it: kubectl mlopsbackup key escrow --confirm{direct}");
        }
    }

    /// <summary>Of a folder.</summary>
    private async Task TryAsync(Findings found, IObjectStore store, CancellationToken cancellationToken)
    {
        var written = false;
        try
        {
            await store.PutAsync(StoreTrial.Key, StoreTrial.Content, cancellationToken);
            written = true;
            var read = await store.GetAsync(StoreTrial.Key, 4096, cancellationToken);
            if (!read.AsSpan().SequenceEqual(StoreTrial.Content))
            {
                Untrue(found, store.Location);
                return;
            }

            if (!await store.ListAsync(StoreTrial.Folder, cancellationToken).AnyAsync(o => o.Key == StoreTrial.Key, cancellationToken))
            {
                Unlisted(found, store.Location);
            }

            await store.DeleteAsync(StoreTrial.Key, cancellationToken);
            found.Ok($"{store.Location}: an object was written, read, listed, deleted");
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            Tell(found, written ? Faults.RepositoryUnreadable : Faults.RepositoryUnwritable, e);
        }
    }

    private void Tell(Findings found, Fault otherwise, Exception e)
    {
        var fault = Spec.S3 is null ? otherwise : StoreFaults.Of(e, e is UserError ? Faults.StoreRefuses : otherwise);
        found.Problem(fault, $"{Spec.Name}: {e.Message}", (e as UserError)?.Fix ?? (Spec.S3 is null
            ? "see whether the volume is mounted and has room, and whether its files are of the group spec.kubernetes.podSecurity.fsGroup"
            : "try it again; see the store's own state"));
    }
}
