using Microsoft.AspNetCore.Http;

namespace KubectlMlopsBackup.EndToEndTests.Fixtures;

/// <param name="Count">The how-manieth request, from 1.</param>
/// <param name="Method">Such as PUT.</param>
/// <param name="Target">Path and query as sent.</param>
/// <param name="Headers">As sent; a copy, which outlives the request.</param>
internal sealed record ProxyRequest(int Count, string Method, string Target, IHeaderDictionary Headers);
