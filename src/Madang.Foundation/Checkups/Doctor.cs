using System.Data.Common;
using Madang.Foundation.Data;
using Microsoft.Extensions.DependencyInjection;

namespace Madang.Foundation.Checkups;

/// <summary>All checkups of the foundation and of the rooms.</summary>
internal static class Doctor
{
    /// <summary>How long one may take; those that ask several servers have shorter limits for each.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(20);

    internal static void AddCheckups(this IServiceCollection services) =>
        services
            .AddSingleton<ICheckup, DatabaseCheckup>()
            .AddSingleton<ICheckup, SchemaCheckup>()
            .AddSingleton<ICheckup, DiskCheckup>()
            .AddSingleton<ICheckup, ClockCheckup>()
            .AddSingleton<ICheckup, FilesCheckup>()
            .AddSingleton<ICheckup, CacheCheckup>()
            .AddSingleton<ICheckup, MailCheckup>()
            .AddSingleton<ICheckup, KeysCheckup>()
            .AddSingleton<ICheckup, ProvidersCheckup>()
            .AddSingleton<ICheckup, DeliveriesCheckup>()
            .AddSingleton<ICheckup, BackupCheckup>();

    /// <summary>Looks, and makes a finding of whatever keeps it from looking.</summary>
    internal static async Task<IReadOnlyList<Finding>> Examine(ICheckup checkup, CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(Limit);
        try
        {
            return await checkup.Look(limit.Token);
        }
        catch (OperationCanceledException) when (!stop.IsCancellationRequested)
        {
            return Finding.Problem($"there was no answer within {Limit.TotalSeconds:0} seconds");
        }
        catch (DatabaseUnavailableException error)
        {
            return Finding.Problem($"the database does not answer: {error.InnerException?.Message ?? error.Message}");
        }
        catch (DbException error)
        {
            return Finding.Problem($"the database refuses ({error.Message}): see the line about its schema");
        }
        catch (Exception error) when (error is not OperationCanceledException)
        {
            // The others are still worth looking at.
            return Finding.Problem($"it could not be looked at ({error.GetType().Name}: {error.Message})");
        }
    }
}
