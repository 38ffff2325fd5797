namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>Tests that share one server; each makes databases of its own.</summary>
[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresServer>
{
    public const string Name = "postgres";
}
