using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace KubectlMlopsBackup.Configuration;

/// <summary>
/// Goes through the YAML before it is deserialized: names every unknown, doubled or wrongly typed field with its line,
/// and refuses what a plan needs not and an attacker might use (aliases, tags, depth, several documents).
/// </summary>
internal sealed class PlanReader
{
    /// <summary>The plan's own depth is 6; the scanner's work grows with the depth of flow collections.</summary>
    private const int DeepestNesting = 32;

    private readonly Parser _parser;
    private readonly PlanProblems _problems;
    private int _depth;

    private PlanReader(string text, PlanProblems problems)
    {
        _parser = new Parser(new StringReader(text));
        _problems = problems;
    }

    /// <summary>False where deserializing it could not work; the problems say why.</summary>
    public static bool Read(string text, PlanProblems problems)
    {
        var reader = new PlanReader(text, problems);
        try
        {
            return reader.ReadDocument();
        }
        catch (YamlException e)
        {
            problems.Add("", Line(e.Start), $"not valid YAML: {e.Message}");
            return false;
        }
    }

    private static int Line(Mark mark) => (int)mark.Line;

    private static bool IsNull(Scalar scalar) =>
        scalar.Style == ScalarStyle.Plain && scalar.Value is "" or "~" or "null" or "Null" or "NULL";

    private bool ReadDocument()
    {
        Next();
        if (Next() is not DocumentStart)
        {
            _problems.Add("", 0, "is empty; wants a BackupPlan (\"init --local\" writes one)");
            return false;
        }

        var wellFormed = ReadNode(PlanShape.Root, "", Next());
        Next();
        if (Next() is DocumentStart second)
        {
            _problems.Add("", Line(second.Start), "holds more than one YAML document; wants exactly one");
            return false;
        }

        return wellFormed;
    }

    private ParsingEvent Next()
    {
        if (!_parser.MoveNext())
        {
            throw new YamlException("ends unexpectedly");
        }

        var current = _parser.Current!;
        _depth += current.NestingIncrease;
        switch (current)
        {
            case AnchorAlias:
            case NodeEvent { Anchor.IsEmpty: false }:
                throw new YamlException(current.Start, current.End, "anchors and aliases (& and *) are not allowed in a plan");
            case NodeEvent { Tag.IsEmpty: false } node when !node.Tag.IsNonSpecific:
                throw new YamlException(current.Start, current.End, "tags (!) are not allowed in a plan");
        }

        return _depth <= DeepestNesting
            ? current
            : throw new YamlException(current.Start, current.End, $"nested deeper than {DeepestNesting} levels");
    }

    private bool ReadNode(PlanField field, string path, ParsingEvent node)
    {
        if (node is Scalar scalar)
        {
            return ReadScalar(field, path, scalar);
        }

        if (node is MappingStart && field.Kind == PlanFieldKind.Map)
        {
            return ReadMap(field, path);
        }

        if (node is MappingStart && field.Kind == PlanFieldKind.TextMap)
        {
            return ReadTextMap(path);
        }

        if (node is SequenceStart && field.Kind is PlanFieldKind.TextList or PlanFieldKind.MapList)
        {
            return ReadList(field, path);
        }

        Skip(node);
        _problems.Add(path, Line(node.Start), $"got {(node is MappingStart ? "a section of fields" : "a list")}; wants {field.Wanted}");
        return false;
    }

    private bool ReadScalar(PlanField field, string path, Scalar scalar)
    {
        var fits = IsNull(scalar) || field.Kind switch
        {
            PlanFieldKind.Text => true,
            PlanFieldKind.Number => int.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            PlanFieldKind.Flag => scalar.Value is "true" or "True" or "TRUE" or "false" or "False" or "FALSE",
            _ => false,
        };
        if (!fits)
        {
            // What stands where a section belongs may be anything, also a secret: it is not shown.
            var got = field.Kind is PlanFieldKind.Number or PlanFieldKind.Flag ? PlanProblems.Quote(scalar.Value) : "a single value";
            _problems.Add(path, Line(scalar.Start), $"got {got}; wants {field.Wanted}");
        }

        return fits;
    }

    private bool ReadMap(PlanField map, string path)
    {
        var wellFormed = true;
        for (var key = Next(); key is not MappingEnd; key = Next())
        {
            if (key is not Scalar { Value: var name })
            {
                Skip(key);
                Skip(Next());
                _problems.Add(path, Line(key.Start), "has a field whose name is not a text");
                wellFormed = false;
                continue;
            }

            var fieldPath = path.Length == 0 ? name : $"{path}.{name}";
            var line = Line(key.Start);
            var field = Array.Find(map.Fields, f => f.Name == name);
            if (field is null)
            {
                Skip(Next());
                AddUnknown(map, path, name, line);
            }
            else if (_problems.TryGetLine(fieldPath, out var first))
            {
                Skip(Next());
                _problems.Add(fieldPath, line, $"is set twice (first in line {first})");
                wellFormed = false;
            }
            else
            {
                _problems.Place(fieldPath, line);
                wellFormed &= ReadNode(field, fieldPath, Next());
            }
        }

        return wellFormed;
    }

    /// <summary>Any name goes; what may stand there is the validator's to say.</summary>
    private bool ReadTextMap(string path)
    {
        var wellFormed = true;
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var key = Next(); key is not MappingEnd; key = Next())
        {
            var value = Next();
            if (key is Scalar { Value: var name } && value is Scalar && names.Add(name))
            {
                continue;
            }

            var again = key is Scalar && value is Scalar;
            if (!again)
            {
                Skip(key);
                Skip(value);
            }

            _problems.Add(path, Line(key.Start), again ? "has a name twice" : "has a name or a value that is not a text");
            wellFormed = false;
        }

        return wellFormed;
    }

    private bool ReadList(PlanField list, string path)
    {
        var wellFormed = true;
        var element = list.Kind == PlanFieldKind.MapList
            ? list with { Kind = PlanFieldKind.Map }
            : list with { Kind = PlanFieldKind.Text };
        var index = 0;
        for (var node = Next(); node is not SequenceEnd; node = Next(), index++)
        {
            var elementPath = $"{path}[{index}]";
            _problems.Place(elementPath, Line(node.Start));
            wellFormed &= ReadNode(element, elementPath, node);
        }

        return wellFormed;
    }

    private void AddUnknown(PlanField map, string path, string name, int line)
    {
        var shown = name.Length <= 64 && !name.Any(char.IsControl) ? name : "(a long name)";
        var fieldPath = path.Length == 0 ? shown : $"{path}.{shown}";
        if (SecretFields.Explain(path, name) is { } explanation)
        {
            _problems.AddUnknown(fieldPath, line, $"unknown field; {explanation}", null);
            return;
        }

        var names = map.Fields.Select(f => f.Name).ToList();
        var nearest = Suggestion.Nearest(name, names);
        var hint = nearest is null ? $"known here: {string.Join(", ", names)}" : $"did you mean \"{nearest}\"?";
        var suggested = nearest is null ? null : path.Length == 0 ? nearest : $"{path}.{nearest}";
        _problems.AddUnknown(fieldPath, line, $"unknown field; {hint}", suggested);
    }

    /// <summary>Past this node and all that is in it. A loop, so that depth costs no stack.</summary>
    private void Skip(ParsingEvent node)
    {
        for (var open = node.NestingIncrease; open > 0;)
        {
            open += Next().NestingIncrease;
        }
    }
}
