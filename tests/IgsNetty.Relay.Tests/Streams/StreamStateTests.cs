using IgsNetty.Relay.Streams;
using Xunit;

namespace IgsNetty.Relay.Tests.Streams;

/// <summary>docs/protocol.md §6 and §8: the whole table, state × event.</summary>
public sealed class StreamStateTests
{
    /// <summary>
    /// Two letters are a state, sending half first: Pending, Open, Ended. A dash: the event may not happen there.
    /// Columns are the events in the order of <see cref="StreamEvent"/>.
    /// </summary>
    private static readonly Dictionary<string, string> Table = new()
    {
        //            Opened      Data        End         Reset
        //            sent recv   sent recv   sent recv   sent recv
        ["PP"] = "     OP   PO     -    -      -    -      EE   EE ",
        ["PO"] = "     OO   -      -    PO     -    PE     EE   EE ",
        ["PE"] = "     OE   -      -    -      -    -      EE   EE ",
        ["OP"] = "     -    OO     OP   -      EP   -      EE   EE ",
        ["OO"] = "     -    -      OO   OO     EO   OE     EE   EE ",
        ["OE"] = "     -    -      OE   -      EE   -      EE   EE ",
        ["EP"] = "     -    EO     -    -      -    -      EE   EE ",
        ["EO"] = "     -    -      -    EO     -    EE     EE   EE ",
        ["EE"] = "     EE   EE     EE   EE     EE   EE     EE   EE ",
    };

    public static TheoryData<string, StreamEvent, string> Cells
    {
        get
        {
            TheoryData<string, StreamEvent, string> cells = [];
            foreach ((string state, string row) in Table)
            {
                string[] results = row.Split(' ', StringSplitOptions.RemoveEmptyEntries);
                foreach (StreamEvent e in Enum.GetValues<StreamEvent>())
                {
                    cells.Add(state, e, results[(int)e]);
                }
            }

            return cells;
        }
    }

    [Fact]
    public void The_table_has_every_state_and_event()
    {
        Assert.Equal(9 * 8, Cells.Count);
        Assert.Equal(9, Table.Keys.Select(State).Distinct().Count());
    }

    [Theory]
    [MemberData(nameof(Cells))]
    public void Apply(string state, StreamEvent e, string expected)
    {
        StreamState before = State(state);
        bool allowed = before.TryApply(e, out StreamState after);
        Assert.Equal(expected != "-", allowed);
        Assert.Equal(State(allowed ? expected : state), after);
    }

    [Fact]
    public void Where_a_stream_begins()
    {
        Assert.Equal(State("OP"), StreamState.Opener);
        Assert.Equal(State("PO"), StreamState.Acceptor);
        Assert.Equal(["EE"], Table.Keys.Where(state => State(state).IsClosed));
    }

    private static StreamState State(string letters) => new(Half(letters[0]), Half(letters[1]));

    private static HalfState Half(char letter) => letter switch
    {
        'P' => HalfState.Pending,
        'O' => HalfState.Open,
        _ => HalfState.Ended,
    };
}
