namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>The answer to a SelfSubjectAccessReview or a LocalSubjectAccessReview.</summary>
internal sealed record AccessReviewView(AccessReviewStatus? Status);

internal sealed record AccessReviewStatus(bool Allowed, string? Reason);
