using System.Text.Encodings.Web;
using System.Text.Unicode;
using Madang.Foundation.Accounts;
using Madang.Foundation.Accounts.Outside;
using Madang.Foundation.Caching;
using Madang.Foundation.Checkups;
using Madang.Foundation.Data;
using Madang.Foundation.Events;
using Madang.Foundation.Files;
using Madang.Foundation.Http;
using Madang.Foundation.Mail;
using Madang.Foundation.Schema;
using Madang.Foundation.Telemetry;
using Madang.Foundation.Web;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption;
using Microsoft.AspNetCore.DataProtection.AuthenticatedEncryption.ConfigurationModel;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Madang.Foundation.Modules;

/// <summary>What every room stands on, registered once.</summary>
public static class FoundationServices
{
    /// <summary>Registers the foundation for these rooms, and the rooms that run.</summary>
    public static void AddFoundation(this WebApplicationBuilder builder, Rooms rooms, Database db)
    {
        var services = builder.Services;
        services.AddSingleton(rooms).AddSingleton(db).AddSingleton(new SchemaRunner(db, rooms.All));
        services.AddSingleton(db.Clock);
        services.AddSingleton<IHousework, ExpiredRows>().AddHostedService<HouseworkWorker>();
        services.AddFiles(builder.Configuration, db).AddSingleton<IHousework, ScratchFiles>();
        services.AddEvents(rooms, db);
        services.AddAccounts(builder.Configuration);
        services.AddMail(builder.Configuration);
        services.AddOutsideSignIn(builder.Configuration, builder.Environment.IsProduction());
        services.AddContract(builder.Configuration);
        services.AddCaching(builder.Configuration);
        services.AddCompression();
        services.AddPages();
        services.AddCheckups();
        builder.AddTelemetry();
        foreach (var room in rooms.Running)
        {
            room.AddServices(services);
        }
    }

    private static IServiceCollection AddFiles(
        this IServiceCollection services,
        IConfiguration configuration,
        Database db
    )
    {
        var uploads = Path.Combine(Path.GetFullPath(configuration["Data:Directory"] ?? "data"), "uploads");
        var files = new FileStore(uploads, db.Clock);
        services.AddSingleton(files);
        return services.AddSingleton(all => new KeptFiles(
            files,
            S3Settings.Of(configuration) is { } s3
                ? new S3Files(s3, db.Clock, all.GetRequiredService<ILogger<S3Files>>())
                : null
        ));
    }

    private static void AddEvents(this IServiceCollection services, Rooms rooms, Database db)
    {
        var bell = new DeliveryBell();
        db.Outbox = new OutboxSettings(
            [.. FoundationHandlers.All, .. rooms.All.SelectMany(room => room.Handlers)],
            bell.Ring
        );
        services.AddSingleton(bell).AddSingleton<DeliveryStore>().AddHostedService<DeliveryWorker>();
    }

    private static void AddAccounts(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<SignInSettings>(configuration.GetSection("SignIn"));
        services.AddSingleton<UserDirectory>();
        services.AddSingleton<IUserDirectory>(all => all.GetRequiredService<UserDirectory>());
        services.AddSingleton(all => new AccountStore(
            all.GetRequiredService<Database>(),
            all.GetRequiredService<UserDirectory>()
        ));
        services.AddSingleton<WorkspaceStore>().AddSingleton<InvitationStore>();
        services.AddSingleton<SessionStore>().AddSingleton<RefreshTokens>();
        services.AddSingleton<OwnSessions>().AddSingleton<SignInRecords>();
        services.AddSingleton<PersonalTokenStore>();
        services.AddSingleton<SigningKeys>().AddSingleton<AccessTokens>().AddSingleton<KnownCallers>();
        services.AddSingleton<SignInAttempts>().AddSingleton<AbsentUser>().AddSingleton<KnownDevices>();
        services.AddHostedService(all => all.GetRequiredService<AbsentUser>());
        services.AddScoped(all => new SignUp(
            all.GetRequiredService<Database>(),
            all.GetRequiredService<UserManager<User>>(),
            all.GetRequiredService<IOptions<SignInSettings>>(),
            all.GetRequiredService<Mailer>()
        ));
        services.AddScoped(all => new SignIn(
            all.GetRequiredService<Database>(),
            all.GetRequiredService<AccountStore>(),
            all.GetRequiredService<UserManager<User>>(),
            all.GetRequiredService<SignInAttempts>(),
            all.GetRequiredService<AbsentUser>(),
            all.GetRequiredService<KnownDevices>()
        ));
        services.AddScoped(all => new PasswordChange(
            all.GetRequiredService<AccountStore>(),
            all.GetRequiredService<UserManager<User>>(),
            all.GetRequiredService<SignInAttempts>(),
            all.GetRequiredService<KnownDevices>()
        ));
        services.AddSingleton<IExportSource, AccountExport>();
        services.AddScoped<PasswordProof>().AddScoped<AccountDeletion>().AddScoped<Settings>();
        services.AddIdentityCore<User>().AddUserStore<IdentityStore>();
        services.AddScoped<IPasswordValidator<User>, PasswordRules>();
        // Identity's own rules about kinds of characters give way to ours (PasswordRules).
        services.Configure<IdentityOptions>(identity =>
            identity.Password = new PasswordOptions
            {
                RequiredLength = PasswordRules.Shortest,
                RequireDigit = false,
                RequireLowercase = false,
                RequireNonAlphanumeric = false,
                RequireUppercase = false,
            }
        );
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = PasswordRules.Rounds);
        services.AddHostedService<FirstDataProtectionKey>();
        services
            .AddDataProtection()
            .SetApplicationName("madang")
            // One pass over each cookie instead of two (NIST SP 800-38D); keys from before keep what they were made for.
            .UseCryptographicAlgorithms(
                new AuthenticatedEncryptorConfiguration { EncryptionAlgorithm = EncryptionAlgorithm.AES_256_GCM }
            );
        services.AddSingleton<IConfigureOptions<KeyManagementOptions>>(
            all => new ConfigureOptions<KeyManagementOptions>(keys =>
                keys.XmlRepository = new DataProtectionKeys(all.GetRequiredService<Database>())
            )
        );
        services
            .AddAuthentication(SchemeChoice)
            .AddPolicyScheme(
                SchemeChoice,
                null,
                choice =>
                    choice.ForwardDefaultSelector = http =>
                        http.Request.Headers.Authorization.Count > 0 ? BearerHandler.Name : WebSession.Name
            )
            .AddScheme<AuthenticationSchemeOptions, BearerHandler>(BearerHandler.Name, null)
            .AddCookie(WebSession.Name, WebSession.Configure);
        services.AddScoped<WebSession>();
        services.AddSingleton<IAuthorizationHandler, MayPass>();
        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswers>();
        var policy = new AuthorizationPolicyBuilder().AddRequirements(new MayPass()).Build();
        services.AddAuthorizationBuilder().SetDefaultPolicy(policy).SetFallbackPolicy(policy);
    }

    private static void AddMail(this IServiceCollection services, IConfiguration configuration)
    {
        services.Configure<MailSettings>(configuration.GetSection("Mail"));
        services.AddSingleton<Mailer>().AddSingleton<MailedLinkStore>().AddSingleton<TakeOver>();
        services.AddSingleton<IEventHandler, MailedLinkHandler>().AddSingleton<IEventHandler, ConnectionHandler>();
        services.AddScoped(all => new PasswordReset(
            all.GetRequiredService<Database>(),
            all.GetRequiredService<AccountStore>(),
            all.GetRequiredService<MailedLinkStore>(),
            all.GetRequiredService<Mailer>(),
            all.GetRequiredService<UserManager<User>>(),
            all.GetRequiredService<KnownDevices>(),
            all.GetRequiredService<TakeOver>()
        ));
        services.AddScoped(all => new EmailVerification(
            all.GetRequiredService<AccountStore>(),
            all.GetRequiredService<MailedLinkStore>(),
            all.GetRequiredService<Mailer>(),
            all.GetRequiredService<UserManager<User>>(),
            all.GetRequiredService<SignInAttempts>(),
            all.GetRequiredService<KnownDevices>(),
            all.GetRequiredService<TakeOver>()
        ));
    }

    private const string SchemeChoice = "Choice";

    private static void AddContract(this IServiceCollection services, IConfiguration configuration)
    {
        services.ConfigureHttpJsonOptions(json => Json.Configure(json.SerializerOptions));
        services.AddSingleton<ContractJson>().AddSingleton<InputCheck>().AddSingleton<UnchangedAnswers>();
        services.AddSingleton<JsonParts>().AddSingleton<MakingLimits>();
        services.AddSingleton<CheckInput>().AddSingleton<ConditionalAnswers>();
        services.AddValidation();
        services.AddExceptionHandler<Failures>();
        // Bad input reaches our one handler in production as in development.
        services.Configure<Microsoft.AspNetCore.Routing.RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        services.AddRateLimiter(RateLimits.Configure);
        services.Configure<ForwardedHeadersOptions>(forwarded => KnownProxies.Configure(forwarded, configuration));
        services.AddCors(cors =>
            cors.AddDefaultPolicy(policy =>
                policy
                    .WithOrigins(configuration.GetSection("Http:AllowedOrigins").Get<string[]>() ?? [])
                    .AllowAnyHeader()
                    .AllowAnyMethod()
                    .WithExposedHeaders("ETag", "Location", "Retry-After", "WWW-Authenticate")
            )
        );
    }

    private static void AddPages(this IServiceCollection services)
    {
        services.AddSingleton<CheckQuery>().AddSingleton<CheckToken>();
        // Hangul stays as it is: pages are UTF-8, and half the size without entities.
        services.AddSingleton(HtmlEncoder.Create(UnicodeRanges.All));
        services.AddHttpContextAccessor();
        services.AddSingleton<StaticFiles>();
        services.AddAntiforgery(antiforgery =>
        {
            antiforgery.Cookie.Name = "madang_form";
            antiforgery.Cookie.HttpOnly = true;
            antiforgery.Cookie.SameSite = SameSiteMode.Lax;
            antiforgery.Cookie.SecurePolicy = CookieSecurePolicy.SameAsRequest;
            antiforgery.FormFieldName = "form_token";
            // We send our own, stricter Content-Security-Policy.
            antiforgery.SuppressXFrameOptionsHeader = true;
        });
    }
}
