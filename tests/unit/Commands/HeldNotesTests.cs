using KubectlMlopsBackup.Commands;

namespace KubectlMlopsBackup.UnitTests.Commands;

public sealed class HeldNotesTests
{
    [Fact]
    public void What_the_verb_shows_is_not_shown_again_and_the_rest_is_kept()
    {
        var held = new HeldNotes();
        held.Hold("pruned local: nothing to let go");
        held.Hold("warning: the store is slow");
        held.Hold("pruned local: nothing to let go");

        held.Forget("pruned local: nothing to let go");

        Assert.Equal(["warning: the store is slow"], held.Take());
        Assert.Empty(held.Take());
    }
}
