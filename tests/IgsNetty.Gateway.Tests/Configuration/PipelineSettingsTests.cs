using IgsNetty.Gateway.Configuration;
using IgsNetty.Relay.Pipeline;
using Xunit;

namespace IgsNetty.Gateway.Tests.Configuration;

public sealed class PipelineSettingsTests
{
    public static TheoryData<string, string, string> BadRows => new()
    {
        { """ "FrameBytes": 65536 """, "Pipeline:FrameBytes", "is not a known key; known here: BufferKiB, ReadPerTurnKiB" },
        { """ "BufferKiB": 100 """, "Pipeline:BufferKiB", "must be 16, 32, 64, 128, 256, 512 or 1024, not '100'" },
        { """ "ReadPerTurnKiB": 0 """, "Pipeline:ReadPerTurnKiB", "from 1 to 65536, not '0'" },
        { """ "QuantumKiB": 65537 """, "Pipeline:QuantumKiB", "from 1 to 65536, not '65537'" },
        { """ "SmallPayloadBytes": 16385 """, "Pipeline:SmallPayloadBytes", "from 0 to 16384, not '16385'" },
        { """ "StartWindowKiB": 63 """, "Pipeline:StartWindowKiB", "from 64 to 1048576, not '63'" },
        { """ "MaxWindowKiB": 100 """, "Pipeline:MaxWindowKiB", "100 is less than Pipeline:StartWindowKiB (384)" },
        { """ "MaxShortPathWindowKiB": 128, "StartWindowKiB": 256 """, "Pipeline:MaxShortPathWindowKiB", "128 is less than Pipeline:StartWindowKiB (256)" },
        { """ "LinkUnsentKiB": -1 """, "Pipeline:LinkUnsentKiB", "from 0 to 16384, not '-1'" },
        { """ "LinkSendBufferKiB": 16385 """, "Pipeline:LinkSendBufferKiB", "from 0 to 16384, not '16385'" },
        { """ "BusyPollMicroseconds": "long" """, "Pipeline:BusyPollMicroseconds", "from 0 to 10000, not 'long'" },
    };

    [Theory]
    [MemberData(nameof(BadRows))]
    public void A_wrong_key(string keys, string key, string part) =>
        Loading.OneError(Loading.Json($$"""{ "Pipeline": { {{keys}} } }"""), key, part);

    [Fact]
    public void Every_key()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json("""
            { "Proxy": { "Enabled": true }, "Pipeline": { "BufferKiB": 64, "ReadPerTurnKiB": 128, "QuantumKiB": 32, "SmallPayloadBytes": 100, "StartWindowKiB": 512,
              "MaxShortPathWindowKiB": 2048, "MaxWindowKiB": 4096, "LinkUnsentKiB": 96, "LinkSendBufferKiB": 128, "BusyPollMicroseconds": 0 } }
            """));
        PipelineOptions expected = new()
        {
            BufferBytes = 65_536,
            ReadBytesPerTurn = 131_072,
            QuantumBytes = 32_768,
            SmallPayloadBytes = 100,
            StartWindowBytes = 524_288,
            MaxShortPathWindowBytes = 2_097_152,
            MaxWindowBytes = 4_194_304,
            LinkUnsentBytes = 98_304,
            LinkSendBufferBytes = 131_072,
        };
        Assert.Equal((expected, TimeSpan.Zero), (configuration.Pipeline, configuration.BusyPoll));
    }

    [Fact]
    public void Nothing_said()
    {
        GatewayConfiguration configuration = Loading.Valid(Loading.Json("""{ "Proxy": { "Enabled": true } }"""));
        Assert.Equal((new PipelineOptions(), TimeSpan.FromMicroseconds(50)), (configuration.Pipeline, configuration.BusyPoll));
    }
}
