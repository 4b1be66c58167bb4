using System.Diagnostics;
using System.Globalization;
using System.Net.Sockets;

namespace Madang.Tests.Yards;

/// <summary>
/// An SMTP server of our own: Debian's Exim on loopback, on a free port, in a temporary folder, stopped by its process. It asks for
/// a sign-in, offers STARTTLS, puts what it takes into files, refuses for good whom it calls <c>gone…</c>, and for now whom it calls
/// <c>later…</c>.
/// </summary>
public sealed class SmtpServer : IAsyncDisposable
{
    private const string Program = "/usr/sbin/exim4";
    private const string Nobody = "65534";
    public const string User = "yard";
    public const string Password = "우체통 열쇠";

    private readonly string folder = Path.Combine(Path.GetTempPath(), $"madang-smtp-{Guid.NewGuid():N}");
    private Process? server;

    public int Port { get; } = Ports.Free();

    /// <summary>The certificate that it shows, which nobody trusts who isn't told to.</summary>
    public string Certificate => Path.Combine(folder, "certificate.pem");

    /// <summary>What turns mail on in a yard.</summary>
    public string[] Settings(string tls = "none", string yard = "https://yard.example.com") =>
        [
            "--Mail:Host=localhost",
            $"--Mail:Port={Port}",
            $"--Mail:Tls={tls}",
            $"--Mail:User={User}",
            $"--Mail:Password={Password}",
            "--Mail:From=마당 <yard@yard.example.com>",
            $"--Public:BaseUrl={yard}",
        ];

    /// <summary>Starts it, or skips the test where it is not installed.</summary>
    public static async Task<SmtpServer> Start()
    {
        Assert.SkipUnless(
            File.Exists(Program),
            "Exim is not installed (Debian and Ubuntu: apt install exim4-daemon-light)."
        );
        var made = new SmtpServer();
        await made.Prepare();
        await made.Open();
        return made;
    }

    /// <summary>Lets it answer; after <see cref="Close"/>, again.</summary>
    public async Task Open()
    {
        string[] command = [Program, "-bdf", "-C", Path.Combine(folder, "exim.conf")];
        // Root gives up its rights to run what this configuration says, so it runs as nobody from the beginning.
        string[] words = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={Nobody}", $"--regid={Nobody}", "--clear-groups", .. command]
            : command;
        var start = new ProcessStartInfo(words[0], words[1..])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = folder,
        };
        server = Process.Start(start)!;
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        await Probe.Until(Answers);
    }

    /// <summary>Ends it, as if its machine were off.</summary>
    public async Task Close()
    {
        if (server is { HasExited: false })
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
        server?.Dispose();
        server = null;
    }

    /// <returns>What has come for an address, oldest first.</returns>
    public IReadOnlyList<Letter> For(string address)
    {
        var inbox = new DirectoryInfo(Path.Combine(folder, "mail", "new"));
        return inbox.Exists
            ?
            [
                .. inbox
                    .GetFiles()
                    .OrderBy(file => file.LastWriteTimeUtc)
                    .Select(file => Letter.Read(File.ReadAllText(file.FullName)))
                    .Where(letter => letter.Headers["Envelope-to"] == address),
            ]
            : [];
    }

    /// <returns>The newest letter for an address, once there are so many.</returns>
    public async Task<Letter> Come(string address, int count = 1)
    {
        await Probe.Until(() => For(address).Count >= count);
        return For(address)[^1];
    }

    /// <summary>What it has to say of its work, line by line.</summary>
    public string[] Log =>
        Path.Combine(folder, "log", "mainlog") is var log && File.Exists(log) ? File.ReadAllLines(log) : [];

    /// <returns>How often it was asked to take a mail for this address and refused for good.</returns>
    public int RefusalsOf(string address) =>
        Log.Count(line => line.Contains($" rejected RCPT <{address}>", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        await Close();
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private async Task Prepare()
    {
        Directory.CreateDirectory(folder);
        foreach (var name in new[] { "spool", "log", "mail" })
        {
            Directory.CreateDirectory(Path.Combine(folder, name));
        }
        await Run(
            "openssl",
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
            "-subj",
            "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost",
            "-keyout",
            Path.Combine(folder, "key.pem"),
            "-out",
            Certificate
        );
        var (user, group) = Environment.IsPrivilegedProcess
            ? (Nobody, Nobody)
            : (await Run("id", "-u"), await Run("id", "-g"));
        await File.WriteAllTextAsync(Path.Combine(folder, "exim.conf"), Configuration(user, group));
        if (Environment.IsPrivilegedProcess)
        {
            await Run("chown", "-R", $"{Nobody}:{Nobody}", folder);
        }
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient("localhost", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static async Task<string> Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardError = true, RedirectStandardOutput = true }
        )!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = await process.StandardOutput.ReadToEndAsync();
        await process.WaitForExitAsync();
        Assert.True(process.ExitCode == 0, await errors);
        return output.Trim();
    }

    private static string IsOurs => "${if and{{eq{$auth1}{" + User + "}}{eq{$auth2}{" + Password + "}}}}";

    private string Configuration(string user, string group) =>
        $$$"""
            spool_directory = {{{folder}}}/spool
            log_file_path = {{{folder}}}/log/%slog
            exim_user = {{{user}}}
            exim_group = {{{group}}}
            notifier_socket =
            keep_environment =
            primary_hostname = mail.example.com
            local_interfaces = 127.0.0.1
            daemon_smtp_ports = {{{Port.ToString(CultureInfo.InvariantCulture)}}}
            tls_certificate = {{{Certificate}}}
            tls_privatekey = {{{folder}}}/key.pem
            tls_advertise_hosts = *
            auth_advertise_hosts = *
            smtputf8_advertise_hosts = *
            smtp_accept_max = 0
            smtp_enforce_sync = false
            deliver_drop_privilege = true
            rfc1413_query_timeout = 0s
            host_lookup =
            acl_smtp_rcpt = check
            acl_smtp_data = accept

            begin acl
            check:
              deny local_parts = ^gone
                   message = no such mailbox
              defer local_parts = ^later
                   message = come back later
              accept authenticated = *
              deny message = sign in first

            begin routers
            all:
              driver = accept
              transport = files

            begin transports
            files:
              driver = appendfile
              directory = {{{folder}}}/mail
              maildir_format
              create_directory
              envelope_to_add
              return_path_add

            begin authenticators
            login:
              driver = plaintext
              public_name = LOGIN
              server_prompts = Username:: : Password::
              server_condition = {{{IsOurs}}}
              server_set_id = $auth1

            """;
}
