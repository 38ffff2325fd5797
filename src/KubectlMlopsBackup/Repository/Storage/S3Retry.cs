using Polly;
using Polly.Retry;

namespace KubectlMlopsBackup.Repository.Storage;

/// <summary>Repeats requests that failed for a passing reason, with growing and jittered pauses.</summary>
internal sealed class S3Retry
{
    private static readonly ResiliencePropertyKey<long> Began = new("began");

    private readonly S3RetryOptions _options;
    private readonly TimeProvider _time;
    private readonly Action<Exception> _beforeRetry;
    private readonly Func<Exception, bool> _isHopeless;
    private readonly ResiliencePipeline _pipeline;
    private volatile bool _answered;

    /// <param name="options">The limits.</param>
    /// <param name="time">The clock.</param>
    /// <param name="beforeRetry">Told of each fault that is retried.</param>
    /// <param name="isHopeless">Whether a fault that passes elsewhere cannot pass here.</param>
    public S3Retry(S3RetryOptions options, TimeProvider time, Action<Exception> beforeRetry, Func<Exception, bool> isHopeless)
    {
        _options = options;
        _time = time;
        _beforeRetry = beforeRetry;
        _isHopeless = isHopeless;
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = Math.Max(1, options.Tries - 1),
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = options.FirstDelay,
                MaxDelay = options.LongestDelay,
                ShouldHandle = args => ValueTask.FromResult(ShouldRetry(args)),
                OnRetry = args =>
                {
                    _beforeRetry(args.Outcome.Exception!);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
    }

    /// <summary>Runs until it succeeds, fails for good, or the limits are reached; then the last failure is thrown.</summary>
    /// <param name="operation">One try. Cancelled by its guard when it stalls.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<T> RunAsync<T>(Func<StallGuard, Task<T>> operation, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        var context = ResilienceContextPool.Shared.Get(cancellationToken);
        context.Properties.Set(Began, _time.GetTimestamp());
        try
        {
            return await _pipeline.ExecuteAsync(
                static async (ctx, state) => await state.self.TryAsync(state.operation, ctx.CancellationToken),
                context,
                (self: this, operation));
        }
        finally
        {
            ResilienceContextPool.Shared.Return(context);
        }
    }

    private async Task<T> TryAsync<T>(Func<StallGuard, Task<T>> operation, CancellationToken cancellationToken)
    {
        using var guard = new StallGuard(_options.Stall, _time, cancellationToken);
        try
        {
            var result = await operation(guard);
            _answered = true;
            return result;
        }
        catch (Exception failure) when (guard.HasStalled)
        {
            throw new TimeoutException($"nothing moved for {_options.Stall.TotalSeconds:0.#} s", failure);
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // The caller's wish wins over whatever the torn connection says.
            cancellationToken.ThrowIfCancellationRequested();
            _answered |= failure is Amazon.Runtime.AmazonServiceException { StatusCode: not 0 };
            throw;
        }
    }

    private bool ShouldRetry(RetryPredicateArguments<object> args)
    {
        if (args.Outcome.Exception is not { } failure || !S3Faults.IsTransient(failure, args.AttemptNumber + 1) || _isHopeless(failure))
        {
            return false;
        }

        var began = args.Context.Properties.GetValue(Began, 0);
        return _time.GetElapsedTime(began) < _options.Total
            && (_answered || !S3Faults.IsUnreachable(failure) || args.AttemptNumber + 1 < _options.TriesBeforeFirstAnswer);
    }
}
