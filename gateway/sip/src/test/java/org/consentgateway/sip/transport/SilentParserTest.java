package org.consentgateway.sip.transport;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.consentgateway.sip.counters.LiveCounters;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What somebody sends is not written out: a log that strangers fill is none. */
class SilentParserTest {
    private static final String HEAD =
            """
            OPTIONS sip:a@b.c SIP/2.0
            Via: SIP/2.0/UDP b.c;branch=z9hG4bK1
            From: <sip:a@b.c>;tag=1
            To: <sip:b@b.c>
            Call-ID: 1
            CSeq: 1 OPTIONS
            """
                    .replace("\n", "\r\n");

    private final CountedParser parser =
            new CountedParser(new LiveCounters(() -> 0), false, () -> 0, _ -> {});

    @ParameterizedTest
    @ValueSource(
            strings = {
                "P-Preferred-Service: urn:x",
                "p-asserted-service:urn:urn-7:",
                "P-Asserted-Service: urn:urn-7:3gpp-service.",
                "P-Asserted-Service: \"",
                "CSeq: 1x INVITE"
            })
    void nothingThatIsMalformedIsWrittenToStandardError(String field) throws Exception {
        var written = new ByteArrayOutputStream();
        PrintStream before = System.err;
        System.setErr(new PrintStream(written, true, StandardCharsets.UTF_8));
        try {
            parser.parseSIPMessage(
                    (HEAD + field + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII),
                    true,
                    false,
                    (_, _, _, _, _) -> {});
        } finally {
            System.setErr(before);
        }
        assertThat(written.toString(StandardCharsets.UTF_8)).isEmpty();
    }
}
