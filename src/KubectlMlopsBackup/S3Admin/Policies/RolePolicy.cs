using KubectlMlopsBackup.Configuration;
using KubectlMlopsBackup.Repository.Kms;

namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>The rights that a role needs for a plan, and no others. A test holds them against the requests that are really sent.</summary>
internal static class RolePolicy
{
    /// <summary>What prune lets go. Not the passphrases' keys, nor what says that a repository is one.</summary>
    private static readonly string[] Prunable = ["snapshots", "receipts", "verifications", "index", "packs", "marks", "leases", "shares", "reports"];

    /// <summary>What restores, drills and verifications write down.</summary>
    private static readonly string[] Proofs = ["verifications", "reports"];

    /// <param name="only">The name of one repository, or null for all.</param>
    /// <param name="writeOnly">For backups: nothing that is there can be deleted or overwritten.</param>
    /// <exception cref="UserError">The plan has nothing in S3.</exception>
    public static IReadOnlyList<PolicyStatement> Of(S3Role role, PlanSpec spec, string? only, bool writeOnly)
    {
        var statements = new List<PolicyStatement>();
        foreach (var repository in spec.Repositories.Where(r => r.S3 is not null && (only is null || r.Name == only)))
        {
            statements.AddRange(ForRepository(role, spec, repository, writeOnly));
        }

        if (spec.Artifacts?.S3 is { } artifacts && role is S3Role.Backup or S3Role.Restore)
        {
            statements.AddRange(ForArtifacts(role, artifacts, "of-artifacts"));
            if (role == S3Role.Restore && spec.Recovery.Drill.Artifacts is { } scratch)
            {
                statements.AddRange(ForArtifacts(role, scratch.In(artifacts, null), "of-drills"));
            }
        }

        if (spec.Encryption?.Kms is { } kms)
        {
            statements.Add(ForDataKey(role, kms));
        }

        return statements.Count > 0 ? statements : throw new UserError(
            "nothing of the plan lies in S3, nor is its key one of KMS", "name a plan with an s3 repository, s3 artifacts or encryption.kms", ExitCode.Usage);
    }

    private static IEnumerable<PolicyStatement> ForRepository(S3Role role, PlanSpec spec, RepositorySpec repository, bool writeOnly)
    {
        var s3 = repository.S3!;
        var place = new PolicyPlace(s3, repository.Name);
        yield return place.List();
        yield return place.Allow("Read", ["s3:GetObject"], place.All());
        // Restore and verify write down what they have proven, which retention keeps; and restore and drill what they came to.
        yield return role is S3Role.Backup or S3Role.Prune
            ? place.Allow("Write", ["s3:PutObject", "s3:AbortMultipartUpload"], place.All())
            : place.Allow("RecordProof", ["s3:PutObject"], role == S3Role.Restore ? place.Below(Proofs) : place.Below(Proofs[0]));
        if (role == S3Role.Prune || (role == S3Role.Backup && !writeOnly && PrunesAfterBackup(spec)))
        {
            yield return place.Allow("Delete", ["s3:DeleteObject"], place.Below(Prunable));
        }

        if (role == S3Role.Backup && writeOnly)
        {
            // Only the requests that make an object carry the header; those of an upload's parts do not.
            yield return place.Allow("NeverOverwrite", ["s3:PutObject"], place.All()) with
            {
                Deny = true,
                Conditions =
                [
                    new PolicyCondition("Null", "s3:if-none-match", ["true"]),
                    new PolicyCondition("Bool", "s3:ObjectCreationOperation", ["true"]),
                ],
            };
        }

        if (s3 is { ServerSideEncryption: "aws:kms", KmsKeyId: { } key })
        {
            yield return place.Key(key);
        }
    }

    private static IEnumerable<PolicyStatement> ForArtifacts(S3Role role, S3Spec artifacts, string name)
    {
        var place = new PolicyPlace(artifacts, name);
        yield return place.List();
        yield return place.Allow("Read", ["s3:GetObject"], place.All());
        if (role == S3Role.Restore)
        {
            yield return place.Allow("Write", ["s3:PutObject", "s3:AbortMultipartUpload"], place.All());
            // restore --delete
            yield return place.Allow("Delete", ["s3:DeleteObject"], place.All());
        }
    }

    /// <summary>The repositories are made by the backups' account; all others only open them.</summary>
    private static PolicyStatement ForDataKey(S3Role role, KmsSpec kms)
    {
        var region = KmsArn.Region(kms.KeyId) ?? kms.Region;
        return KeyStatement.Of(
            "OpenRepositories", role == S3Role.Backup ? ["kms:Decrypt", "kms:GenerateDataKey"] : ["kms:Decrypt"], S3Partition.Of(region), region, kms.KeyId);
    }

    private static bool PrunesAfterBackup(PlanSpec spec) => spec.Kubernetes?.PruneSchedule is null;
}
