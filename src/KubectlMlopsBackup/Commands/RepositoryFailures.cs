using KubectlMlopsBackup.Local;

namespace KubectlMlopsBackup.Commands;

/// <summary>Names the repositories that could not be opened and the objects that could not be read: a list must not look whole when it is not.</summary>
internal static class RepositoryFailures
{
    public static ExitCode Tell(OpenRepositories repositories)
    {
        foreach (var (spec, error) in repositories.Failed)
        {
            Console.Error.WriteLine($"repository {spec.Name} could not be opened: {error.Message}");
        }

        var damaged = false;
        foreach (var repository in repositories.Open)
        {
            foreach (var damage in repository.Catalog.Damaged)
            {
                damaged = true;
                Console.Error.WriteLine($"repository {repository.Name} is damaged: {damage.Message}");
            }
        }

        return damaged ? ExitCode.CheckFailed : repositories.Failed.Count > 0 ? ExitCode.Incomplete : ExitCode.Done;
    }
}
