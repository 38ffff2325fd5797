using System.Text;
using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Local;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Repository;
using KubectlMlopsBackup.Repository.Snapshots;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.Diagnostics.Inside;

/// <summary>Whether a repository opens with the plan's passphrase, can be read, and takes and gives up an object: each right is really tried.</summary>
/// <param name="index">In <c>spec.repositories</c>.</param>
internal sealed class RepositoryCheck(LocalPlan plan, int index) : Check
{
    /// <summary>Always the same, with the same content: who may write and not delete leaves one small object, not one a look.</summary>
    private const string Probe = "doctor/probe";

    /// <summary>Sheets get lost, and people leave.</summary>
    private static readonly TimeSpan EscrowPatience = TimeSpan.FromDays(365);

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private static readonly byte[] Content = Encoding.ASCII.GetBytes("kubectl-mlopsbackup doctor: this object may be deleted\n");

    private RepositorySpec Spec => plan.Spec.Repositories[index];

    private string Field => $"spec.repositories[{index}]";

    public override string Id => $"repository/{Spec.Name}";

    public override async Task RunAsync(Findings found, CancellationToken cancellationToken)
    {
        using var time = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        time.CancelAfter(Patience);
        try
        {
            using var store = plan.Store(Spec);
            await OpenAsync(found, store, time.Token);
            if (found.All.All(f => f.Fault is null || f.Fault == Faults.RepositoryMissing.Id || f.Fault == Faults.RepositoryKey.Id
                || f.Fault == Faults.KeyNotEscrowed.Id))
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

    private async Task OpenAsync(Findings found, IObjectStore store, CancellationToken cancellationToken)
    {
        try
        {
            // It is the store's owner here: disposing of the repository would close it.
            var repository = await BackupRepository.OpenAsync(store, plan.Passphrase(), plan.Clock, cancellationToken);
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

            found.OkUnlessFault($"{store.Location} opens{(repository.Config.Encrypted ? " with the passphrase" : "")}: {catalog.Snapshots.Count} snapshots");
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
        if (proof is null)
        {
            found.Warning(
                Faults.KeyNotEscrowed, $"{Spec.Name}: nobody has shown that a passphrase of it is kept outside of the cluster: if the cluster is lost, so are the backups",
                "make a sheet to keep elsewhere: kubectl mlopsbackup key escrow --to sheet.html (for a plan in a cluster, with --direct); or show that you keep one: key escrow --confirm");
        }
        else if (plan.Clock.GetUtcNow() - proof.Time > EscrowPatience)
        {
            found.Warning(
                Faults.KeyNotEscrowed, $"{Spec.Name}: it was shown {Humanize.Age(plan.Clock.GetUtcNow() - proof.Time)} ago that a passphrase of it is kept elsewhere, and not since",
                "see that the sheet is where it should be, and type it: kubectl mlopsbackup key escrow --confirm (for a plan in a cluster, with --direct)");
        }
    }

    private async Task TryAsync(Findings found, IObjectStore store, CancellationToken cancellationToken)
    {
        var done = new List<string>();
        try
        {
            await store.PutAsync(Probe, Content, cancellationToken);
            done.Add("written");
            var read = await store.GetAsync(Probe, 4096, cancellationToken);
            if (!read.AsSpan().SequenceEqual(Content))
            {
                found.Problem(
                    Faults.RepositoryUnreadable, $"{Spec.Name}: {store.Location} gives back something else than what was written to {Probe}",
                    "do not trust this store: find out what stands between here and it (a cache, a proxy), and mirror elsewhere");
                return;
            }

            done.Add("read");
            var listed = false;
            await foreach (var one in store.ListAsync("doctor/", cancellationToken))
            {
                listed |= one.Key == Probe;
            }

            if (!listed)
            {
                found.Warning(
                    Faults.RepositoryUnreadable, $"{Spec.Name}: {store.Location} does not list what was just written: backups beside each other would not see each other",
                    "use a store that lists at once what was written (as AWS S3, Ceph and MinIO do)");
            }

            done.Add("listed");
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            Tell(found, done.Count == 0 ? Faults.RepositoryUnwritable : Faults.RepositoryUnreadable, e);
            return;
        }

        await DeleteAsync(found, store, done, cancellationToken);
        found.Ok($"{store.Location}: an object was {string.Join(", ", done)}");
    }

    /// <summary>An account that may not delete is safer; prune then needs another.</summary>
    private async Task DeleteAsync(Findings found, IObjectStore store, List<string> done, CancellationToken cancellationToken)
    {
        try
        {
            done.Add(await store.DeleteAsync(Probe, cancellationToken) == DeleteOutcome.Retained ? "kept by Object Lock" : "deleted");
        }
        catch (Exception e) when (e is UserError or IOException)
        {
            found.Warning(
                Faults.StoreRefuses, $"{Spec.Name}: this account may not delete there: {e.Message}",
                $"leave it so, where prune runs with another account; else {(e as UserError)?.Fix ?? "let it delete there"}");
        }
    }

    private void Tell(Findings found, Fault otherwise, Exception e)
    {
        var fault = Spec.S3 is null ? otherwise
            : e.Message.Contains("cannot be reached", StringComparison.Ordinal) || e.Message.Contains("does not answer", StringComparison.Ordinal)
                || e.Message.Contains("no secure connection", StringComparison.Ordinal) ? Faults.StoreUnreachable
            : e is UserError ? Faults.StoreRefuses
            : otherwise;
        found.Problem(fault, $"{Spec.Name}: {e.Message}", (e as UserError)?.Fix ?? (Spec.S3 is null
            ? "see whether the volume is mounted and has room, and whether its files are of the group spec.kubernetes.podSecurity.fsGroup"
            : "try it again; see the store's own state"));
    }
}
