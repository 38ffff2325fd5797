namespace KubectlMlopsBackup.EndToEndTests.Cli.Fixtures;

/// <summary>Tests of the published binary that share one server.</summary>
[CollectionDefinition(Name)]
public sealed class CliTests : ICollectionFixture<PlatformServer>
{
    public const string Name = "cli";
}
