namespace LxcfsFunctions.Manifests;

/// <summary>Writes new values in YAML's block style, a line each.</summary>
internal sealed class BlockWriter(Indentation indentation)
{
    public IEnumerable<string> Member(Member member, int column)
    {
        var key = new string(' ', column) + FlowWriter.Yaml.Write(member.Key) + ":";
        return member.Value switch
        {
            MapNode { Members.Count: > 0 } map => [key, .. map.Members.SelectMany(child => Member(child, column + indentation.Step))],
            ListNode { Items.Count: > 0 } list => [key, .. list.Items.SelectMany(item => Item(item, column + indentation.Dash))],
            var value => [$"{key} {FlowWriter.Yaml.Write(value)}"],
        };
    }

    public IEnumerable<string> Item(Node item, int column)
    {
        if (item is not MapNode { Members.Count: > 0 } map)
            return [new string(' ', column) + "- " + FlowWriter.Yaml.Write(item)];
        var lines = map.Members.SelectMany(member => Member(member, column + 2)).ToArray();
        lines[0] = new string(' ', column) + "- " + lines[0][(column + 2)..];
        return lines;
    }
}
