namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <summary>Which request fails how. A schedule is asked once a request, one at a time.</summary>
internal static class FaultSchedule
{
    public static Func<ProxyRequest, ProxyFault?> None { get; } = _ => null;

    public static Func<ProxyRequest, ProxyFault?> Always(ProxyFault fault) => _ => fault;

    /// <param name="seed">The same seed gives the same faults for the same order of requests.</param>
    /// <param name="probability">0 to 1.</param>
    /// <param name="faults">One of them, evenly.</param>
    public static Func<ProxyRequest, ProxyFault?> Random(int seed, double probability, params ProxyFault[] faults)
    {
        var random = new Random(seed);
        return _ => random.NextDouble() < probability ? faults[random.Next(faults.Length)] : null;
    }

    /// <summary>The first request gets the first of them, and so on; then all is well.</summary>
    public static Func<ProxyRequest, ProxyFault?> Scripted(params ProxyFault?[] faults) =>
        request => request.Count <= faults.Length ? faults[request.Count - 1] : null;

    /// <summary>The first request of a method fails.</summary>
    public static Func<ProxyRequest, ProxyFault?> First(string method, ProxyFault fault)
    {
        var done = false;
        return request =>
        {
            if (done || request.Method != method)
            {
                return null;
            }

            done = true;
            return fault;
        };
    }
}
