namespace KubectlMlopsBackup.Repository.Trees;

/// <summary>The value is the letter in a tree's line.</summary>
internal enum EntryType : byte
{
    Directory = (byte)'d',
    File = (byte)'f',
    SymbolicLink = (byte)'l',
    HardLink = (byte)'h',
    S3Object = (byte)'o',
}
