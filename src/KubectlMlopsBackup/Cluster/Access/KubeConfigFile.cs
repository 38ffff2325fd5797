using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace KubectlMlopsBackup.Cluster.Access;

/// <summary>Reads one kubeconfig file. Relative file names in it start at its own folder.</summary>
internal sealed class KubeConfigFile
{
    private readonly string folder;

    private KubeConfigFile(string folder) => this.folder = folder;

    /// <exception cref="UserError">It cannot be read, or is no YAML.</exception>
    public static void Read(string path, KubeConfig into)
    {
        var yaml = new YamlStream();
        try
        {
            using var text = File.OpenText(path);
            yaml.Load(text);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new UserError($"kubeconfig {path} cannot be read: {e.Message}", "name another with --kubeconfig, or set KUBECONFIG", ExitCode.Usage, e);
        }
        catch (YamlException e)
        {
            // Not the parser's own message: it may quote the file, which holds secrets.
            throw new UserError($"kubeconfig {path} is no YAML (line {e.Start.Line})", null, ExitCode.Usage);
        }

        if (yaml.Documents.Count > 0 && yaml.Documents[0].RootNode is YamlMappingNode root)
        {
            new KubeConfigFile(Path.GetDirectoryName(Path.GetFullPath(path))!).Read(root, into);
        }
    }

    private void Read(YamlMappingNode root, KubeConfig into)
    {
        into.AddCurrent(Text(root, "current-context"));
        foreach (var (name, cluster) in Named(root, "clusters", "cluster"))
        {
            into.Add(name, new ClusterEntry(
                Text(cluster, "server"), Full(Text(cluster, "certificate-authority")), Text(cluster, "certificate-authority-data"),
                Text(cluster, "insecure-skip-tls-verify") == "true", Text(cluster, "tls-server-name"), Text(cluster, "proxy-url")));
        }

        foreach (var (name, context) in Named(root, "contexts", "context"))
        {
            into.Add(name, new ContextEntry(Text(context, "cluster"), Text(context, "user"), Text(context, "namespace")));
        }

        foreach (var (name, user) in Named(root, "users", "user"))
        {
            into.Add(name, User(user));
        }
    }

    private UserEntry User(YamlMappingNode user) => new()
    {
        ClientCertificate = Full(Text(user, "client-certificate")),
        ClientCertificateData = Text(user, "client-certificate-data"),
        ClientKey = Full(Text(user, "client-key")),
        ClientKeyData = Text(user, "client-key-data"),
        Token = Text(user, "token"),
        TokenFile = Full(Text(user, "tokenFile")),
        Username = Text(user, "username"),
        Password = Text(user, "password"),
        As = Text(user, "as"),
        AsGroups = [.. Items(user, "as-groups").OfType<YamlScalarNode>().Select(s => s.Value ?? "")],
        Exec = Child(user, "exec") is YamlMappingNode exec ? Exec(exec) : null,
        AuthProvider = Child(user, "auth-provider") is YamlMappingNode provider ? Text(provider, "name") : null,
    };

    private ExecEntry Exec(YamlMappingNode exec)
    {
        var command = Text(exec, "command") ?? "";
        return new ExecEntry(
            Text(exec, "apiVersion") ?? "client.authentication.k8s.io/v1",
            // As kubectl has it: a bare name is looked for in PATH, one with a separator is a file.
            command.Contains('/') || command.Contains(Path.DirectorySeparatorChar) ? Full(command)! : command,
            [.. Items(exec, "args").OfType<YamlScalarNode>().Select(s => s.Value ?? "")],
            Items(exec, "env").OfType<YamlMappingNode>().Where(e => Text(e, "name") is not null)
                .ToDictionary(e => Text(e, "name")!, e => Text(e, "value") ?? "", StringComparer.Ordinal),
            Text(exec, "installHint"),
            Text(exec, "provideClusterInfo") == "true",
            Text(exec, "interactiveMode"));
    }

    private static IEnumerable<(string Name, YamlMappingNode Value)> Named(YamlMappingNode root, string list, string key) =>
        from item in Items(root, list).OfType<YamlMappingNode>()
        let name = Text(item, "name")
        where name is not null
        select (name, Child(item, key) as YamlMappingNode ?? new YamlMappingNode());

    private static IEnumerable<YamlNode> Items(YamlMappingNode node, string key) => Child(node, key) as YamlSequenceNode ?? [];

    private static YamlNode? Child(YamlMappingNode node, string key) => node.Children.TryGetValue(new YamlScalarNode(key), out var value) ? value : null;

    private static string? Text(YamlMappingNode node, string key) => (Child(node, key) as YamlScalarNode)?.Value is { Length: > 0 } text ? text : null;

    private string? Full(string? path) => path is null ? null : Path.GetFullPath(path, folder);
}
