using QRCoder;

namespace KubectlMlopsBackup.Escrow;

/// <summary>A QR code of which a quarter may be illegible (level Q, ISO/IEC 18004).</summary>
internal static class QrCode
{
    private const string Alphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    /// <param name="text">Of the code's own alphabet of capitals, so that it stays small: a lower-case letter would need another mode.</param>
    /// <returns>Rows, true where it is dark, with the four modules of white around it that readers need.</returns>
    public static bool[][] Of(string text)
    {
        if (text.Any(c => !Alphabet.Contains(c, StringComparison.Ordinal)))
        {
            throw new ArgumentException("is not of the alphabet", nameof(text));
        }

        using var code = QRCodeGenerator.GenerateQrCode(text, QRCodeGenerator.ECCLevel.Q);
        return [.. code.ModuleMatrix.Select(row => row.Cast<bool>().ToArray())];
    }
}
