using System.Xml.Linq;
using Madang.Foundation.Data;
using Microsoft.AspNetCore.DataProtection.Repositories;

namespace Madang.Foundation.Accounts;

/// <summary>
/// The keys that encrypt cookies, in the database, so that any process reads any other's cookie. The framework's interface is
/// synchronous; it is asked once a day.
/// </summary>
internal sealed class DataProtectionKeys(Database db) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() =>
        Task.Run(() =>
                db.Read(
                    sql => sql.Query<string>("SELECT xml FROM data_protection_keys ORDER BY id"),
                    CancellationToken.None
                )
            )
            .GetAwaiter()
            .GetResult()
            .ConvertAll(XElement.Parse);

    public void StoreElement(XElement element, string friendlyName) =>
        Task.Run(() => db.Write(sql => Add(sql, element, friendlyName), CancellationToken.None))
            .GetAwaiter()
            .GetResult();

    internal static Task<int> Add(Sql sql, XElement element, string name) =>
        sql.Execute(
            """
            INSERT INTO data_protection_keys (name, xml) VALUES (@name, @Xml)
            ON CONFLICT (name) DO NOTHING
            """,
            new { name, Xml = element.ToString(SaveOptions.DisableFormatting) }
        );
}
