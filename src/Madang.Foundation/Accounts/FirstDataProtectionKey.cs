using System.Xml.Linq;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.DataProtection.Internal;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.Repositories;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Accounts;

/// <summary>
/// Where no key is good for cookies now, the framework makes one that is used at once; two processes that start together would make
/// two, and each could not read the other's cookies. So the first key is made here, before the framework looks, and only one is kept.
/// Later ones are made two days before they are used, and found in time by everybody.
/// </summary>
internal sealed class FirstDataProtectionKey(
    Database db,
    IKeyManager keys,
    IOptions<KeyManagementOptions> options,
    IActivator activator
) : IHostedService
{
    /// <summary>A key that another process has just made may begin a little later than our clock has it; the framework allows as much.</summary>
    private static readonly TimeSpan Skew = TimeSpan.FromMinutes(5);

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        // The framework compares its keys' times with the system's clock, whatever ours says.
        var now = DateTimeOffset.UtcNow;
        var newest = await db.Read(Newest, cancellationToken);
        if (
            keys.GetAllKeys().Any(key => !key.IsRevoked && key.ActivationDate <= now + Skew && key.ExpirationDate > now)
        )
        {
            return;
        }
        var made = new OneElement();
        new XmlKeyManager(
            Options.Create(
                new KeyManagementOptions
                {
                    XmlRepository = made,
                    AuthenticatedEncryptorConfiguration = options.Value.AuthenticatedEncryptorConfiguration,
                }
            ),
            activator
        ).CreateNewKey(now, now + options.Value.NewKeyLifetime);
        await db.Write(
            async sql =>
            {
                await WorkspaceStore.Lock(sql);
                return await Newest(sql) == newest ? await DataProtectionKeys.Add(sql, made.Element!, made.Name) : 0;
            },
            cancellationToken
        );
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static Task<long> Newest(Sql sql) =>
        sql.Single<long>("SELECT coalesce(max(id), 0) FROM data_protection_keys");

    /// <summary>Takes what the framework's key manager would store.</summary>
    private sealed class OneElement : IXmlRepository
    {
        internal XElement? Element { get; private set; }

        internal string Name { get; private set; } = "";

        public IReadOnlyCollection<XElement> GetAllElements() => [];

        public void StoreElement(XElement element, string friendlyName) => (Element, Name) = (element, friendlyName);
    }
}
