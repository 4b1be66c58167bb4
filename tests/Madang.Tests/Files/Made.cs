using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;
using Madang.Foundation.Files;

namespace Madang.Tests.Files;

/// <summary>Real pictures, made here byte by byte, with what cameras and programs put into them.</summary>
internal static class Made
{
    /// <summary>Stands in every piece of a picture that must go.</summary>
    internal const string Secret = "GPS 37.5665N 126.9780E";

    private static ReadOnlySpan<byte> PngSignature => [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A];

    /// <returns>A PNG of one colour, with these chunks before its data.</returns>
    internal static byte[] Png(int width = 3, int height = 2, params byte[][] chunks) =>
        [
            .. PngSignature,
            .. Header(width, height),
            .. chunks.SelectMany(chunk => chunk),
            .. Chunk("IDAT", Deflated(new byte[height * (1 + (width * 3))])),
            .. Chunk("IEND", []),
        ];

    /// <returns>A header alone says how many pixels there are; the data is a few bytes.</returns>
    internal static byte[] PngBomb(int width, int height) =>
        [
            .. PngSignature,
            .. Header(width, height),
            .. Chunk("IDAT", Deflated(new byte[100_000])),
            .. Chunk("IEND", []),
        ];

    internal static byte[] Chunk(string name, byte[] data)
    {
        byte[] named = [.. Encoding.ASCII.GetBytes(name), .. data];
        return [.. BigEndian(data.Length), .. named, .. BigEndian((int)Crc.End(Crc.Add(Crc.Start, named)))];
    }

    internal static byte[] Text => Encoding.UTF8.GetBytes($"Comment\0{Secret}");

    /// <returns>EXIF with a place in it, and an orientation.</returns>
    internal static byte[] Exif(int orientation) =>
        [
            .. "II*\0"u8,
            8,
            0,
            0,
            0,
            2,
            0,
            0x0E,
            0x01,
            2,
            0,
            (byte)Secret.Length,
            0,
            0,
            0,
            38,
            0,
            0,
            0,
            0x12,
            0x01,
            3,
            0,
            1,
            0,
            0,
            0,
            (byte)orientation,
            0,
            0,
            0,
            0,
            0,
            0,
            0,
            .. Encoding.ASCII.GetBytes(Secret),
        ];

    /// <returns>A baseline JPEG of one grey block of 8 × 8, with these segments behind its start.</returns>
    internal static byte[] Jpeg(params byte[][] segments) =>
        [
            0xFF,
            0xD8,
            .. Segment(0xE0, [.. "JFIF\0"u8, 1, 1, 0, 0, 1, 0, 1, 1, 1, .. "tmb"u8]),
            .. segments.SelectMany(segment => segment),
            .. Segment(0xDB, [0, .. Enumerable.Repeat((byte)1, 64)]),
            .. Segment(0xC0, [8, 0, 8, 0, 16, 1, 1, 0x11, 0]),
            .. Segment(0xC4, [0x00, 1, .. new byte[15], 0]),
            .. Segment(0xC4, [0x10, 1, .. new byte[15], 0]),
            .. Segment(0xDA, [1, 1, 0, 0, 63, 0]),
            0x3F,
            0xFF,
            0x00,
            0x3F,
            0xFF,
            0xD9,
        ];

    internal static byte[] Segment(byte marker, byte[] data) =>
        [0xFF, marker, (byte)((data.Length + 2) >> 8), (byte)(data.Length + 2), .. data];

    /// <returns>A lossless WebP of 1 × 1 in the extended form, with these chunks behind its image.</returns>
    internal static byte[] Webp(byte flags, params byte[][] chunks)
    {
        byte[] body =
        [
            .. "WEBP"u8,
            .. Riff("VP8X", [flags, 0, 0, 0, 0, 0, 0, 0, 0, 0]),
            .. Riff("VP8L", LosslessPixel),
            .. chunks.SelectMany(chunk => chunk),
        ];
        return [.. "RIFF"u8, .. LittleEndian(body.Length), .. body];
    }

    internal static byte[] Riff(string name, byte[] data) =>
        [.. Encoding.ASCII.GetBytes(name), .. LittleEndian(data.Length), .. data, .. new byte[data.Length & 1]];

    /// <returns>A GIF of two frames that repeats, with these blocks behind its screen.</returns>
    internal static byte[] Gif(params byte[][] blocks) =>
        [
            .. "GIF89a"u8,
            1,
            0,
            1,
            0,
            0x80,
            0,
            0,
            0,
            0,
            0,
            255,
            255,
            255,
            0x21,
            0xFF,
            11,
            .. "NETSCAPE2.0"u8,
            3,
            1,
            0,
            0,
            0,
            .. blocks.SelectMany(block => block),
            .. GifFrame,
            .. GifFrame,
            0x3B,
        ];

    internal static byte[] GifExtension(byte label, string text) =>
        [0x21, label, (byte)text.Length, .. Encoding.ASCII.GetBytes(text), 0];

    private static byte[] GifFrame =>
        [0x21, 0xF9, 4, 0, 10, 0, 0, 0, 0x2C, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0];

    /// <summary>VP8L: its signature, 1 × 1, and a few bits.</summary>
    private static byte[] LosslessPixel => [0x2F, 0, 0, 0, 0, 0x07, 0x10, 0x11, 0x11, 0x88, 0x88, 0x08, 0x06];

    private static byte[] Header(int width, int height) =>
        Chunk("IHDR", [.. BigEndian(width), .. BigEndian(height), 8, 2, 0, 0, 0]);

    private static byte[] Deflated(byte[] bytes)
    {
        using var deflated = new MemoryStream();
        using (var zlib = new ZLibStream(deflated, CompressionLevel.SmallestSize))
        {
            zlib.Write(bytes);
        }
        return deflated.ToArray();
    }

    private static byte[] BigEndian(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, number);
        return bytes;
    }

    private static byte[] LittleEndian(int number)
    {
        var bytes = new byte[4];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, number);
        return bytes;
    }
}
