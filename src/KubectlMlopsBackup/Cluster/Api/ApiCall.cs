namespace KubectlMlopsBackup.Cluster.Api;

/// <summary>One request, in the words of a Role: so that a refusal can say which rule is missing.</summary>
/// <param name="Verb">get, list, watch, create, patch, update, delete.</param>
/// <param name="Namespace">Null for what is in none.</param>
/// <param name="Name">Null for the whole collection.</param>
/// <param name="Subresource">Such as <c>log</c>; null for none.</param>
/// <param name="Query">Escaped, without the question mark; null for none.</param>
internal sealed record ApiCall(string Verb, ApiResource Resource, string? Namespace, string? Name = null, string? Subresource = null, string? Query = null)
{
    /// <summary>What the server says of itself.</summary>
    public static readonly ApiCall Version = new("get", new ApiResource("", "", "version", "Version", Namespaced: false), null) { Address = "version" };

    /// <summary>Of what is no object of the API, such as <c>.well-known/openid-configuration</c>; null for objects.</summary>
    public string? Address { get; init; }

    /// <summary>Media types that the answer may have; null for JSON.</summary>
    public string? Accept { get; init; }

    /// <summary>Relative to the server's address, without a leading slash: servers may be below a path.</summary>
    public string Path
    {
        get
        {
            if (Address is not null)
            {
                return Address;
            }

            var path = Resource.Group.Length == 0 ? $"api/{Resource.Version}" : $"apis/{Resource.Group}/{Resource.Version}";
            if (Resource.Namespaced && Namespace is not null)
            {
                path += $"/namespaces/{Uri.EscapeDataString(Namespace)}";
            }

            path += $"/{Resource.Plural}";
            if (Name is not null)
            {
                path += $"/{Uri.EscapeDataString(Name)}";
            }

            if (Subresource is not null)
            {
                path += $"/{Subresource}";
            }

            return Query is null ? path : $"{path}?{Query}";
        }
    }

    /// <summary>What the API server says of itself, such as which kinds it has.</summary>
    /// <param name="path">Without a leading slash.</param>
    /// <param name="accept">Media types, the best first; null for JSON.</param>
    public static ApiCall Discovery(string path, string? accept = null) => new("get", ApiResource.Namespaces, null) { Address = path, Accept = accept };

    /// <summary>For messages: <c>pods/postgres-backup-abc in namespace mlops</c>.</summary>
    public override string ToString()
    {
        if (Address is not null)
        {
            return $"/{Address}";
        }

        var what = Resource.ToString();
        if (Name is not null)
        {
            what += $"/{Name}";
        }

        if (Subresource is not null)
        {
            what += $"/{Subresource}";
        }

        return Namespace is null ? what : $"{what} in namespace {Namespace}";
    }

    /// <summary>The line that a Role lacks where this call is refused.</summary>
    public string Rule()
    {
        if (Address is not null)
        {
            return $"{{nonResourceURLs: [\"/{Address}\"], verbs: [\"{Verb}\"]}}";
        }

        var resource = Subresource is null ? Resource.Plural : $"{Resource.Plural}/{Subresource}";
        return $"{{apiGroups: [\"{Resource.Group}\"], resources: [\"{resource}\"], verbs: [\"{Verb}\"]}}";
    }
}
