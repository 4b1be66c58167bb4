using System.Net;
using System.Net.Sockets;

namespace Madang.Tests.Yards;

/// <summary>A port on loopback where nobody listens, and nobody else can as long as this lives.</summary>
internal sealed class NobodysPort : IDisposable
{
    private readonly Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    internal NobodysPort() => socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    internal int Number => ((IPEndPoint)socket.LocalEndPoint!).Port;

    public void Dispose() => socket.Dispose();
}
