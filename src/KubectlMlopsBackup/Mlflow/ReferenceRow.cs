namespace KubectlMlopsBackup.Mlflow;

/// <summary>A row of a <see cref="ReferenceQuery"/>.</summary>
/// <param name="Column">Where the value stands.</param>
/// <param name="Id">Of the object.</param>
/// <param name="Deleted">It, or the experiment it is in.</param>
/// <param name="Value">As MLflow wrote it.</param>
/// <param name="ExperimentId">Empty where none is known.</param>
/// <param name="Word">What must lie there; of a tag, its key.</param>
/// <param name="Location">Where the value leads; of a tag, its run's own URI. Empty where the value says that itself.</param>
internal sealed record ReferenceRow(
    ArtifactColumn Column, string Id, bool Deleted, string Value, string ExperimentId, string Word, string Location)
{
    public ArtifactReference ToReference(string uri) =>
        new(Column.Kind, Id, Deleted, $"{Column.Table}.{Column.Column}", uri)
        {
            ExperimentId = ExperimentId,
            Expects = Word switch
            {
                ReferenceSql.Files => ArtifactExpectation.Files,
                ReferenceSql.Model => ArtifactExpectation.Model,
                ReferenceSql.Trace => ArtifactExpectation.Trace,
                _ => ArtifactExpectation.Nothing,
            },
            Location = Location,
        };
}
