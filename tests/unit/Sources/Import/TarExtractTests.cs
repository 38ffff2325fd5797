using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using KubectlMlopsBackup.Sources.Import;

namespace KubectlMlopsBackup.UnitTests.Sources.Import;

public sealed class TarExtractTests : IDisposable
{
    private readonly string root = Directory.CreateTempSubdirectory("mlopsbackup-tar-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string Target => Path.Combine(root, "target");

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Theory]
    [InlineData(TarEntryFormat.Pax)]
    [InlineData(TarEntryFormat.Gnu)]
    [InlineData(TarEntryFormat.Ustar)]
    public async Task Files_folders_and_links_come_out_with_modes_and_times(TarEntryFormat format)
    {
        var time = new DateTimeOffset(2025, 2, 3, 4, 5, 6, TimeSpan.Zero);
        await ExtractAsync(writer =>
        {
            Add(writer, Entry(format, TarEntryType.Directory, "./"), time);
            Add(writer, Entry(format, TarEntryType.Directory, "./a/"), time);
            Add(writer, Entry(format, TarEntryType.RegularFile, "./a/b", "content"), time, UnixFileMode.UserRead | UnixFileMode.GroupRead);
            Add(writer, Entry(format, TarEntryType.SymbolicLink, "./a/link", link: "b"), time);
            Add(writer, Entry(format, TarEntryType.HardLink, "./a/hard", link: "./a/b"), time);
            Add(writer, Entry(format, TarEntryType.RegularFile, "deep/er/empty"), time);
        });

        Assert.Equal("content", File.ReadAllText(Path.Combine(Target, "a/b")));
        Assert.Equal("content", File.ReadAllText(Path.Combine(Target, "a/hard")));
        Assert.Equal("b", new FileInfo(Path.Combine(Target, "a/link")).LinkTarget);
        Assert.Equal(0, new FileInfo(Path.Combine(Target, "deep/er/empty")).Length);
        Assert.Equal(time.UtcDateTime, File.GetLastWriteTimeUtc(Path.Combine(Target, "a/b")));
        Assert.Equal(time.UtcDateTime, Directory.GetLastWriteTimeUtc(Path.Combine(Target, "a")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.GroupRead, File.GetUnixFileMode(Path.Combine(Target, "a/b")));
    }

    [Theory]
    [InlineData("../outside")]
    [InlineData("a/../../outside")]
    [InlineData("a/..")]
    public async Task A_path_that_climbs_out_is_refused(string path)
    {
        await Assert.ThrowsAsync<InvalidDataException>(() => ExtractAsync(w => w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, path, "x"))));

        Assert.False(File.Exists(Path.Combine(root, "outside")));
    }

    [Fact]
    public async Task An_absolute_path_lands_inside()
    {
        await ExtractAsync(w => w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "/etc/motd", "x")));

        Assert.True(File.Exists(Path.Combine(Target, "etc/motd")));
    }

    [Fact]
    public async Task Nothing_is_written_through_a_link()
    {
        var outside = Directory.CreateDirectory(Path.Combine(root, "outside")).FullName;
        foreach (var link in new[] { outside, "../outside" })
        {
            await Assert.ThrowsAsync<InvalidDataException>(() => ExtractAsync(w =>
            {
                w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.SymbolicLink, "a", link: link));
                w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "a/stolen", "x"));
            }));
            await Assert.ThrowsAsync<InvalidDataException>(() => ExtractAsync(w =>
            {
                w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.SymbolicLink, "a", link: link));
                w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.Directory, "a"));
                w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "a/stolen", "x"));
            }));
        }

        Assert.Empty(Directory.GetFileSystemEntries(outside));
    }

    [Fact]
    public async Task A_file_over_a_link_takes_its_place_and_not_its_target()
    {
        var victim = Path.Combine(root, "victim");
        File.WriteAllText(victim, "safe");
        await ExtractAsync(w =>
        {
            w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.SymbolicLink, "a", link: victim));
            w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "a", "x"));
        });

        Assert.Equal("safe", File.ReadAllText(victim));
        Assert.Equal("x", File.ReadAllText(Path.Combine(Target, "a")));
    }

    [Theory]
    [InlineData("../secret")]
    [InlineData("link")]
    [InlineData("nowhere")]
    public async Task A_hard_link_is_to_a_file_of_the_archive(string to)
    {
        var secret = Path.Combine(root, "secret");
        File.WriteAllText(secret, "secret");
        await Assert.ThrowsAsync<InvalidDataException>(() => ExtractAsync(w =>
        {
            w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.SymbolicLink, "link", link: secret));
            w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.HardLink, "stolen", link: to));
        }));

        Assert.False(File.Exists(Path.Combine(Target, "stolen")));
    }

    [Fact]
    public async Task Devices_are_refused()
    {
        var device = new PaxTarEntry(TarEntryType.CharacterDevice, "null") { DeviceMajor = 1, DeviceMinor = 3 };
        await Assert.ThrowsAsync<InvalidDataException>(() => ExtractAsync(w => w.WriteEntry(device)));
        await Assert.ThrowsAsync<InvalidDataException>(() => ExtractAsync(w => w.WriteEntry(new PaxTarEntry(TarEntryType.Fifo, "pipe"))));
    }

    [Fact]
    public async Task An_archive_that_is_cut_off_anywhere_is_refused()
    {
        var archive = Archive(w =>
        {
            w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "a", new string('x', 2000)));
            w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "b", "y"));
        });
        for (var length = 0; length < archive.Length - 1024; length += 256)
        {
            var cut = archive[..length];
            var failure = await Record.ExceptionAsync(() => ExtractAsync(new MemoryStream(cut)));
            Assert.True(failure is InvalidDataException or EndOfStreamException, $"cut at {length} of {archive.Length}: {failure?.ToString() ?? "accepted"}");
        }
    }

    [Fact]
    public async Task A_damaged_compression_is_refused()
    {
        using var zipped = new MemoryStream();
        await using (var gzip = new GZipStream(zipped, CompressionLevel.Fastest, leaveOpen: true))
        {
            gzip.Write(Archive(w => w.WriteEntry(Entry(TarEntryFormat.Pax, TarEntryType.RegularFile, "a", "content"))));
        }

        var bytes = zipped.ToArray();
        bytes[^6] ^= 1;
        await Assert.ThrowsAsync<InvalidDataException>(() => ExtractAsync(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress)));
    }

    private Task ExtractAsync(Action<TarWriter> write) => ExtractAsync(new MemoryStream(Archive(write)));

    private async Task ExtractAsync(Stream archive)
    {
        if (Directory.Exists(Target))
        {
            Directory.Delete(Target, recursive: true);
        }

        Directory.CreateDirectory(Target);
        await new TarExtract(Target).RunAsync(archive, Token);
    }

    private static byte[] Archive(Action<TarWriter> write)
    {
        var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            write(writer);
        }

        return archive.ToArray();
    }

    private static void Add(TarWriter writer, TarEntry entry, DateTimeOffset time, UnixFileMode? mode = null)
    {
        entry.ModificationTime = time;
        entry.Mode = mode ?? entry.Mode;
        writer.WriteEntry(entry);
    }

    private static TarEntry Entry(TarEntryFormat format, TarEntryType type, string name, string? content = null, string? link = null)
    {
        TarEntry entry = format switch
        {
            TarEntryFormat.Gnu => new GnuTarEntry(type, name),
            TarEntryFormat.Ustar => new UstarTarEntry(type, name),
            _ => new PaxTarEntry(type, name),
        };
        if (content is not null)
        {
            entry.DataStream = new MemoryStream(Encoding.UTF8.GetBytes(content));
        }

        if (link is not null)
        {
            entry.LinkName = link;
        }

        if (OperatingSystem.IsLinux() && Environment.UserName == "root")
        {
            entry.Uid = 0;
            entry.Gid = 0;
        }

        return entry;
    }
}
