using LxcfsFunctions.Hosting;
using LxcfsFunctions.Lxcfs;

namespace LxcfsFunctions.Page;

/// <summary>
/// The page that shows what becomes of a manifest. It lives behind the token where there is one, like the webhooks; where the
/// setting <c>Lxcfs__Page</c> is off there is nothing.
/// </summary>
internal static class PageEndpoints
{
    /// <summary>Where the page is found; its files, and the preview that it asks for, lie beside it.</summary>
    public const string Route = "/" + Webhook.Route + "page/";

    /// <summary>A browser asks for a document; the Functions host, a probe and curl don't, and get the cheap answer of <c>/</c>.</summary>
    public static bool IsWanted(HttpRequest request, HostingOptions options) =>
        options is { Page: true, Webhooks.Tokens.Count: 0 } && request.Headers.Accept.ToString().Contains("text/html", StringComparison.Ordinal);

    /// <summary>Without a token any segment will do.</summary>
    public static void GoTo(HttpResponse response)
    {
        PageHeaders.Write(response.Headers);
        response.Redirect(Route.Replace("{token}", "local", StringComparison.Ordinal));
    }

    public static void MapPage(this WebApplication app, HostingOptions options, LxcfsOptions lxcfs, PathTokens tokens)
    {
        if (!options.Page)
            return;
        var preview = new PreviewEndpoint(lxcfs, app.Logger);
        app.MapGet(Route + "{file?}", Behind(tokens, SendFileAsync));
        app.MapPost(Route + "preview", Behind(tokens, preview.AnswerAsync));
    }

    private static RequestDelegate Behind(PathTokens tokens, RequestDelegate answer) => context =>
    {
        if (!tokens.Accept((string?)context.Request.RouteValues["token"]))
            return Startup.NotFound(context);
        PageHeaders.Write(context.Response.Headers);
        return answer(context);
    };

    private static async Task SendFileAsync(HttpContext context)
    {
        var name = (string?)context.Request.RouteValues["file"];
        // Routing takes both spellings, but the addresses in the page are relative to the one with the slash.
        if (name is null && !context.Request.Path.Value!.EndsWith('/'))
            context.Response.Redirect("page/");
        else if (!await SiteFiles.SendAsync(context, name ?? SiteFiles.Index))
            await Startup.NotFound(context);
    }
}
