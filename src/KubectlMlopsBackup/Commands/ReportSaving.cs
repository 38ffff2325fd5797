using KubectlMlopsBackup.Cluster.Api;
using KubectlMlopsBackup.Output;
using KubectlMlopsBackup.Recovery.Reports;

namespace KubectlMlopsBackup.Commands;

/// <summary>Stores the report of a recovery or a drill.</summary>
internal static class ReportSaving
{
    /// <param name="save">To the repositories, from wherever they are reached.</param>
    /// <returns>Null where no repository has taken it: that is said, and changes nothing of what the recovery or drill has shown.</returns>
    public static async Task<SavedReport?> SaveAsync(Func<Task<SavedReport>> save)
    {
        try
        {
            var saved = await save();
            foreach (var failure in saved.Failures)
            {
                await WarnAsync($"the report is not in repository {failure}");
            }

            return saved;
        }
        catch (Exception e) when (e is UserError or IOException or ClusterException)
        {
            await WarnAsync($"the report could not be stored: {e.Message}");
            return null;
        }
    }

    /// <summary>It has words of stores and clusters, which are no terminal's commands.</summary>
    private static Task WarnAsync(string warning) => Console.Error.WriteLineAsync($"warning: {PlainText.Clean(warning)}");
}
