using LxcfsFunctions.Hosting;

namespace LxcfsFunctions;

/// <summary>Whom the webhooks answer, whoever hosts them; read once at the start.</summary>
internal sealed record WebhookOptions
{
    private const int MiB = 1024 * 1024;

    /// <summary>The secrets that a path may carry; none where anybody may call.</summary>
    public IReadOnlyList<string> Tokens { get; init; } = [];

    /// <summary>Bytes of a body; a larger one is refused with 413.</summary>
    public int MaxRequestBodyBytes { get; init; }

    /// <param name="anonymous">Whether anybody may call unless a setting says otherwise.</param>
    public static WebhookOptions Read(SettingsReader settings, bool anonymous)
    {
        var options = new WebhookOptions
        {
            Tokens = settings.ReadList(
                "Tokens", [], $"secrets of at least {PathTokens.LeastLength} letters, digits, - or _ (openssl rand -hex 32 makes one)",
                token => PathTokens.IsUsable(token) ? token : null, secret: true),
            // An API server's own requests end at 3 MiB; a review carries an object twice at most.
            MaxRequestBodyBytes = settings.ReadNumber("MaxRequestBodyBytes", 8 * MiB, 1024, 64 * MiB),
        };
        if (!settings.ReadBool("AllowAnonymous", anonymous) && options.Tokens.Count == 0)
            settings.AddError(
                "Tokens", "none is set, so anybody could call; set a secret of at least "
                + $"{PathTokens.LeastLength} characters, or {SettingsReader.Section}__AllowAnonymous=true where only the cluster's network reaches this");
        return options;
    }
}
