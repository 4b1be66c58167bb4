using Madang.Foundation.Http;
using Microsoft.AspNetCore.Http;

namespace Madang.Foundation.Accounts;

internal static class Refusals
{
    /// <returns>What the client is told when a change was not done.</returns>
    internal static Refused Refusal(this Change change) =>
        change switch
        {
            Change.Missing => new(StatusCodes.Status404NotFound),
            Change.Stale => new(StatusCodes.Status412PreconditionFailed),
            Change.LastAdmin => new(StatusCodes.Status409Conflict, "user.last_admin"),
            Change.WrongPassword => Refused.Field("current_password", "password.wrong"),
            _ => throw new ArgumentOutOfRangeException(nameof(change), change, "Not a failure."),
        };
}
