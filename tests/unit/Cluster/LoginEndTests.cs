using System.Buffers.Text;
using System.Text;
using KubectlMlopsBackup.Cluster.Access;

namespace KubectlMlopsBackup.UnitTests.Cluster;

public sealed class LoginEndTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 24, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void A_token_says_its_end_and_its_life()
    {
        var end = LoginEnd.OfToken(Jwt($$"""{"sub":"ann","iat":{{Noon.ToUnixTimeSeconds()}},"exp":{{Noon.AddHours(24).ToUnixTimeSeconds()}}}"""))!;

        Assert.Equal(new LoginEnd("token", Noon, Noon.AddHours(24)), end);
        Assert.Equal(TimeSpan.FromHours(2), end.Notice);
        Assert.StartsWith("log in again", end.Fix, StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_with_an_end_alone_is_told_of_within_the_recovery_time_only() =>
        Assert.Equal(TimeSpan.Zero, LoginEnd.OfToken(Jwt($$"""{"exp":{{Noon.ToUnixTimeSeconds()}}.5}"""))!.Notice);

    [Theory]
    [InlineData("secret-token")]
    [InlineData("a.b.c")]
    [InlineData("..")]
    [InlineData("")]
    public void What_is_no_JWT_says_nothing(string token) => Assert.Null(LoginEnd.OfToken(token));

    [Theory]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("""{"exp":"soon"}""")]
    [InlineData("""{"exp":-1}""")]
    [InlineData("""{"exp":1e300}""")]
    public void A_JWT_without_a_good_end_says_nothing(string payload) => Assert.Null(LoginEnd.OfToken(Jwt(payload)));

    [Fact]
    public void What_is_too_long_is_not_looked_at() => Assert.Null(LoginEnd.OfToken(Jwt($$"""{"exp":{{Noon.ToUnixTimeSeconds()}},"x":"{{new string('x', 100_000)}}"}""")));

    [Fact]
    public void A_certificate_says_its_end()
    {
        using var certificate = FakeApiServer.Certificate("ann");

        var end = LoginEnd.OfCertificate(certificate);

        Assert.True(end.IsCertificate);
        Assert.Equal(certificate.NotAfter.ToUniversalTime(), end.Time.UtcDateTime);
        Assert.Equal(TimeSpan.FromHours(4), end.Notice);
        Assert.Equal(TimeSpan.FromDays(30), new LoginEnd("client certificate", Noon, Noon.AddDays(365)).Notice);
    }

    internal static string Jwt(string payload) => $"{Part("""{"alg":"none"}""")}.{Part(payload)}.c2ln";

    private static string Part(string text) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text));
}
