using System.Text.Json.Nodes;

namespace KubectlMlopsBackup.S3Admin.Policies;

/// <summary>A role that is to be made: what it may do, and who may act as it.</summary>
/// <param name="Role">Such as <c>backup</c>.</param>
/// <param name="Name">Of the role in IAM.</param>
/// <param name="ServiceAccounts">Whose pods act as it.</param>
/// <param name="Namespace">Of these accounts.</param>
/// <param name="Trust">Null where nobody was asked for.</param>
internal sealed record GrantedRole(string Role, string Name, IReadOnlyList<string> ServiceAccounts, string Namespace, JsonObject Policy, JsonObject? Trust)
{
    /// <summary>Of other namespaces, that act as it too.</summary>
    public IReadOnlyList<GuestAccount> Guests { get; init; } = [];

    /// <summary>All that act as it: the plan's own first.</summary>
    public IEnumerable<GuestAccount> Accounts => ServiceAccounts.Select(a => new GuestAccount(Namespace, a)).Concat(Guests);

    /// <summary>IAM's own limit.</summary>
    private const int LongestName = 64;

    public static string NameOf(string plan, S3Role role)
    {
        var suffix = "-" + role.ToString().ToLowerInvariant();
        var name = $"mlopsbackup-{plan}";
        return (name.Length + suffix.Length > LongestName ? name[..(LongestName - suffix.Length)] : name) + suffix;
    }
}
