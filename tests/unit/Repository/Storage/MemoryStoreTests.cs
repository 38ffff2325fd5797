using KubectlMlopsBackup.Repository.Storage;
using KubectlMlopsBackup.Testing;

namespace KubectlMlopsBackup.UnitTests.Repository.Storage;

public sealed class MemoryStoreTests : ObjectStoreConformance
{
    private protected override IObjectStore Store { get; } = new MemoryStore();
}
