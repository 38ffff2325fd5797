namespace KubectlMlopsBackup.Testing;

/// <param name="Operation">What is about to be done.</param>
/// <param name="Key">The key or the prefix; empty where an object has none yet.</param>
/// <param name="Count">The how-manieth call of this operation, from 1.</param>
/// <param name="Total">The how-manieth call of all, from 1.</param>
internal readonly record struct StoreCall(StoreOperation Operation, string Key, int Count, int Total);
