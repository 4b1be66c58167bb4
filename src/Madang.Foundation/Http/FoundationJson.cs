using System.Text.Json.Serialization;
using Madang.Foundation.Accounts;
using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Events;
using Madang.Foundation.Going;
using Madang.Foundation.Mail;
using Madang.Foundation.Web;

namespace Madang.Foundation.Http;

/// <summary>The source-generated JSON of Foundation's own things.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(Problem))]
[JsonSerializable(typeof(SignUpInput))]
[JsonSerializable(typeof(SignInInput))]
[JsonSerializable(typeof(RefreshInput))]
[JsonSerializable(typeof(TokenPair))]
[JsonSerializable(typeof(UserView))]
[JsonSerializable(typeof(PublicProfile))]
[JsonSerializable(typeof(Page<UserView>))]
[JsonSerializable(typeof(ProfileInput))]
[JsonSerializable(typeof(PasswordInput))]
[JsonSerializable(typeof(PasswordProofInput))]
[JsonSerializable(typeof(UserChangeInput))]
[JsonSerializable(typeof(PersonalTokenInput))]
[JsonSerializable(typeof(PersonalTokenView))]
[JsonSerializable(typeof(NewPersonalTokenView))]
[JsonSerializable(typeof(Page<PersonalTokenView>))]
[JsonSerializable(typeof(Page<SessionView>))]
[JsonSerializable(typeof(CursorPage<SignInView>))]
[JsonSerializable(typeof(ForgottenInput))]
[JsonSerializable(typeof(NewPasswordInput))]
[JsonSerializable(typeof(VerificationInput))]
[JsonSerializable(typeof(EmailInput))]
[JsonSerializable(typeof(InvitationInput))]
[JsonSerializable(typeof(InvitationView))]
[JsonSerializable(typeof(NewInvitationView))]
[JsonSerializable(typeof(Page<InvitationView>))]
[JsonSerializable(typeof(WorkspaceView))]
[JsonSerializable(typeof(WorkspaceInput))]
[JsonSerializable(typeof(List<ExportedSession>))]
[JsonSerializable(typeof(List<PersonalTokenView>))]
[JsonSerializable(typeof(List<ExportedSignIn>))]
[JsonSerializable(typeof(List<Connection>))]
[JsonSerializable(typeof(FirstPasswordInput))]
[JsonSerializable(typeof(GoView))]
[JsonSerializable(typeof(WebManifest))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(MemoShared))]
[JsonSerializable(typeof(UserDeleted))]
[JsonSerializable(typeof(MailedLinkAsked))]
[JsonSerializable(typeof(ConnectionChanged))]
[JsonSerializable(typeof(LoanDueSoon))]
[JsonSerializable(typeof(LoanOverdue))]
[JsonSerializable(typeof(HoldReady))]
internal sealed partial class FoundationJson : JsonSerializerContext;
