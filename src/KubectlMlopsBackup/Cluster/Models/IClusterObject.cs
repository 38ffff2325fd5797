namespace KubectlMlopsBackup.Cluster.Models;

/// <summary>Some fields of an object of the API: those that are read here.</summary>
internal interface IClusterObject
{
    Metadata Metadata { get; }
}
