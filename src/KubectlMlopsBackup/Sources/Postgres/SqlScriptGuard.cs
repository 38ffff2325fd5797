using System.Text;

namespace KubectlMlopsBackup.Sources.Postgres;

/// <summary>
/// Reads along with a dump that goes to <c>psql</c>, and stops what would leave the database that it is meant for: commands of
/// psql itself (<c>\connect</c> leads into the live database), and statements about databases, roles and the server. Against
/// accidents with dumps of <c>pg_dump --create</c> and <c>pg_dumpall</c>; whoever writes a dump has its database all the same.
/// </summary>
internal sealed class SqlScriptGuard
{
    /// <summary>Longer than the list of columns of any table.</summary>
    private const int MostKept = 128 << 10;

    /// <summary>The last comment of every plain dump: without it, the dump was cut off, perhaps between two statements.</summary>
    private const string Completion = "PostgreSQL database dump complete";

    private static readonly string[] Refused =
    [
        "CREATE DATABASE", "DROP DATABASE", "ALTER DATABASE", "CREATE ROLE", "DROP ROLE", "ALTER ROLE", "CREATE USER", "DROP USER", "ALTER USER",
        "CREATE GROUP", "DROP GROUP", "ALTER GROUP", "CREATE TABLESPACE", "DROP TABLESPACE", "ALTER TABLESPACE", "ALTER SYSTEM", "COMMIT", "ROLLBACK",
        "BEGIN", "START TRANSACTION", "END", "PREPARE TRANSACTION",
    ];

    private enum State
    {
        Normal,
        LineComment,
        BlockComment,
        Text,
        EscapeText,
        Identifier,
        Dollar,
        Rows,
        Command,
    }

    private readonly StringBuilder statement = new();
    private readonly StringBuilder command = new();
    private readonly StringBuilder comment = new();
    private readonly StringBuilder tag = new();
    private readonly List<byte> row = new(4);
    private State state;
    private byte previous;
    private int depth;
    private bool rowsAfterLine;
    private bool inTag;
    private bool escaped;
    private bool escapeTextEnded;
    private bool signEnded;
    private bool complete;
    private int closing;

    /// <summary>Looks at the next bytes; what psql need not see (<c>\restrict</c>) is overwritten with spaces.</summary>
    /// <exception cref="UserError">Something that must not run.</exception>
    public void Check(Span<byte> bytes)
    {
        for (var i = 0; i < bytes.Length; i++)
        {
            var c = bytes[i];
            switch (state)
            {
                case State.Normal:
                    if (c == '\\')
                    {
                        state = State.Command;
                        command.Clear();
                        bytes[i] = (byte)' ';
                    }
                    else
                    {
                        Normal(c);
                    }

                    break;
                case State.Command:
                    if (c == '\n')
                    {
                        EndOfCommand();
                    }
                    else
                    {
                        command.Append((char)c);
                        bytes[i] = (byte)' ';
                    }

                    break;
                case State.Rows:
                    Rows(c);
                    break;
                default:
                    Inside(c);
                    break;
            }

            // What opened or closed a comment is no part of the next sign.
            previous = signEnded ? (byte)0 : c;
            signEnded = false;
        }
    }

    /// <summary>At the end of the dump.</summary>
    /// <exception cref="UserError">It ends in the middle of something.</exception>
    public void End()
    {
        if (state is not (State.Normal or State.LineComment) || statement.ToString().Trim().Length > 0 || !complete)
        {
            throw new UserError(
                $"the dump is cut off: it does not end with the comment \"{Completion}\", as every whole one does", "take another copy of it", ExitCode.CheckFailed);
        }
    }

    private void Normal(byte c)
    {
        if (inTag)
        {
            // $tag$ or $1
            if (c == '$')
            {
                tag.Append('$');
                inTag = false;
                state = State.Dollar;
                closing = 0;
                return;
            }

            if (char.IsAsciiLetterOrDigit((char)c) || c == '_' || c >= 0x80)
            {
                tag.Append((char)c);
                if (tag.Length == 2 && char.IsAsciiDigit((char)c))
                {
                    inTag = false;
                }

                return;
            }

            inTag = false;
        }

        switch ((char)c)
        {
            case '\'':
                // A doubled quote in a text ends it here, and begins it again.
                state = (previous is (byte)'E' or (byte)'e' && IsLoneLetter()) || (previous == '\'' && escapeTextEnded) ? State.EscapeText : State.Text;
                escapeTextEnded = false;
                Keep('\'');
                break;
            case '"':
                state = State.Identifier;
                Keep('"');
                break;
            case '-' when previous == '-':
                state = State.LineComment;
                comment.Clear();
                Trim(1);
                break;
            case '*' when previous == '/':
                state = State.BlockComment;
                depth = 1;
                signEnded = true;
                Trim(1);
                break;
            case '$' when !IsPartOfName(previous):
                inTag = true;
                tag.Clear().Append('$');
                break;
            case ';':
                EndOfStatement();
                break;
            case '\n' when rowsAfterLine:
                rowsAfterLine = false;
                state = State.Rows;
                row.Clear();
                break;
            case ' ' or '\n' or '\r' or '\t':
                if (statement.Length > 0 && statement[^1] != ' ')
                {
                    Keep(' ');
                }

                break;
            default:
                Keep(char.ToUpperInvariant((char)c));
                break;
        }
    }

    private void Inside(byte c)
    {
        switch (state)
        {
            case State.LineComment when c != '\n':
                if (comment.Length < 2 * Completion.Length)
                {
                    comment.Append((char)c);
                }

                break;
            case State.LineComment:
                complete |= comment.ToString().Trim() == Completion;
                state = State.Normal;
                if (rowsAfterLine)
                {
                    Normal(c);
                }

                break;
            case State.BlockComment when c == '*' && previous == '/':
                depth++;
                signEnded = true;
                break;
            case State.BlockComment when c == '/' && previous == '*':
                state = --depth == 0 ? State.Normal : State.BlockComment;
                signEnded = true;
                break;
            case State.Text when c == '\'':
                state = State.Normal;
                break;
            case State.EscapeText when escaped:
                escaped = false;
                break;
            case State.EscapeText when c == '\\':
                escaped = true;
                break;
            case State.EscapeText when c == '\'':
                escapeTextEnded = true;
                state = State.Normal;
                break;
            case State.Identifier when c == '"':
                state = State.Normal;
                break;
            case State.Dollar:
                closing = c == tag[closing] ? closing + 1 : c == '$' ? 1 : 0;
                if (closing == tag.Length)
                {
                    state = State.Normal;
                    Keep('$');
                }

                break;
        }
    }

    /// <summary>Rows of COPY, up to a line with <c>\.</c> alone.</summary>
    private void Rows(byte c)
    {
        if (c != '\n')
        {
            if (row.Count < 4)
            {
                row.Add(c);
            }

            return;
        }

        if (row is [(byte)'\\', (byte)'.'] or [(byte)'\\', (byte)'.', (byte)'\r'])
        {
            state = State.Normal;
        }

        row.Clear();
    }

    private void EndOfCommand()
    {
        state = State.Normal;
        var text = command.ToString().TrimEnd();
        if (!text.StartsWith("restrict ", StringComparison.Ordinal) && !text.StartsWith("unrestrict ", StringComparison.Ordinal))
        {
            throw Refuse($"\\{text.Split(' ')[0]}");
        }
    }

    private void EndOfStatement()
    {
        var text = statement.ToString().Trim();
        statement.Clear();
        if (Array.Find(Refused, r => text.StartsWith(r, StringComparison.Ordinal) && (text.Length == r.Length || text[r.Length] == ' ')) is { } refused)
        {
            throw Refuse(refused);
        }

        if (text.StartsWith("COPY ", StringComparison.Ordinal))
        {
            if (!text.Contains(" FROM STDIN", StringComparison.Ordinal))
            {
                throw Refuse("COPY from or to a file or program");
            }

            rowsAfterLine = true;
        }
    }

    private static UserError Refuse(string what) => new(
        $"the dump has \"{what}\" in it, which reaches beyond its own database: it is refused, and nothing of it was kept",
        "make it of one database, without --create (pg_dump DATABASE); of a file, take these lines out first",
        ExitCode.Usage);

    private void Keep(char c)
    {
        if (statement.Length < MostKept)
        {
            statement.Append(c);
        }
    }

    private void Trim(int count) => statement.Length -= Math.Min(count, statement.Length);

    private bool IsLoneLetter() => statement.Length < 2 || !IsPartOfName((byte)statement[^2]);

    private static bool IsPartOfName(byte c) => char.IsAsciiLetterOrDigit((char)c) || c == '_' || c >= 0x80;
}
