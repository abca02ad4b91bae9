using System.Text;
using LxcfsFunctions.Infra.Tests;

namespace LxcfsFunctions.ClusterTests.Rig;

/// <summary>The report of a run, printed at its end and kept as artifacts/cluster/report.txt.</summary>
public sealed class EventReport : IDisposable
{
    private readonly List<EventFigures> _events = [];
    private readonly List<StartFigures> _starts = [];
    private readonly List<string> _facts = [];

    internal EventFigures Add(EventFigures figures)
    {
        _events.Add(figures);
        return figures;
    }

    internal void Add(StartFigures figures) => _starts.Add(figures);

    internal void Add(string fact) => _facts.Add(fact);

    public void Dispose()
    {
        if (_events.Count + _facts.Count == 0)
            return;
        var folder = Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "cluster")).FullName;
        var text = ToString();
        File.WriteAllText(Path.Combine(folder, "report.txt"), text);
        Console.WriteLine(text);
    }

    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var fact in _facts)
            text.AppendLine(fact);
        text.AppendLine("\n| event | readers | reads | failed | wrong | longest broken view | until all read right |\n|---|---|---|---|---|---|---|");
        foreach (var item in _events)
            text.AppendLine(item.ToString());
        text.AppendLine("\n| pods started meanwhile | how many | bare | until they had the files | refused by the kubelet, made anew | failed reads | until their first instruction | that of pods without the annotation |\n|---|---|---|---|---|---|---|---|");
        foreach (var item in _starts)
            text.AppendLine(item.ToString());
        return text.ToString();
    }
}
