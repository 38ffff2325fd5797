namespace KubectlMlopsBackup.Repository.Crypto;

/// <summary>The kind byte of an object's header; part of its key derivation, so that one kind never passes for another.</summary>
internal enum ObjectKind : byte
{
    DataPack = (byte)'P',
    TreePack = (byte)'T',
    Index = (byte)'I',
    Snapshot = (byte)'S',
    Receipt = (byte)'R',
    Verification = (byte)'V',
    Report = (byte)'E',
    Mark = (byte)'M',
    Lease = (byte)'L',
    Share = (byte)'H',
    Escrow = (byte)'K',
}
