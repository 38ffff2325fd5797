namespace KubectlMlopsBackup.Recovery.Journal;

/// <summary>Keeps the journal of one recovery.</summary>
internal interface IJournalStore
{
    /// <exception cref="UserError">Somebody else has taken the recovery over (<see cref="ExitCode.Locked"/>).</exception>
    Task SaveAsync(RecoveryJournal journal, CancellationToken cancellationToken);
}
