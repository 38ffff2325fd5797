namespace KubectlMlopsBackup.Repository.Packs;

internal static class PackKey
{
    public const string Prefix = "packs/";

    public static string Of(ChunkId pack)
    {
        var hex = pack.ToString();
        return $"{Prefix}{hex[..2]}/{hex}";
    }

    /// <returns>False for a key that no pack has.</returns>
    public static bool TryParse(string key, out ChunkId pack)
    {
        pack = default;
        return key.Length == Prefix.Length + 3 + (ChunkId.Size * 2)
            && ChunkId.TryParse(key[(Prefix.Length + 3)..], out pack)
            && Of(pack) == key;
    }
}
