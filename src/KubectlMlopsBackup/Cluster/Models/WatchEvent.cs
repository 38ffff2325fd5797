using System.Text.Json;

namespace KubectlMlopsBackup.Cluster.Models;

/// <param name="Type">ADDED, MODIFIED, DELETED, BOOKMARK or ERROR.</param>
internal sealed record WatchEvent(string Type, JsonElement Object);
