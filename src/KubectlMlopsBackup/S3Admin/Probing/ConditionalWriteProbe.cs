using System.Net;
using KubectlMlopsBackup.Repository.Storage;

namespace KubectlMlopsBackup.S3Admin.Probing;

/// <summary><c>If-None-Match: *</c>: of two writers of a key the second is refused.</summary>
internal sealed class ConditionalWriteProbe : IStoreProbe
{
    private static readonly S3PutFeatures Feature = new(NoOverwrite: true, Checksum: false);

    public string Ability => "conditional writes";

    public bool Required => false;

    public string Without =>
        "looks before each write whether the key is taken, one request more. Names are hashes, so a second writer of a key writes the same; but write-only credentials cannot keep a thief from overwriting: use versioning";

    public async Task<ProbeResult> RunAsync(ProbeScope scope, CancellationToken cancellationToken)
    {
        if (await ProbeScope.RefusalAsync(() => scope.PutAsync("once", [1], Feature, cancellationToken)) is { } first)
        {
            return new ProbeResult(false, $"If-None-Match is not understood: {ProbeScope.Line(first)}");
        }

        return await ProbeScope.RefusalAsync(() => scope.PutAsync("once", [2], Feature, cancellationToken)) switch
        {
            null => new ProbeResult(false, "If-None-Match is ignored: a second write to the same key was accepted"),
            { StatusCode: HttpStatusCode.PreconditionFailed } second => new ProbeResult(true, $"a second write to the same key: {ProbeScope.Line(second)}"),
            var other => new ProbeResult(false, $"a second write to the same key: {ProbeScope.Line(other)}, not 412"),
        };
    }
}
